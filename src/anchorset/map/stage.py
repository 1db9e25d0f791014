"""map: which cell each seed is in, and which seeds say nearly the same.

What this module does not know: what will be made of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anchorset.core.case import Case
from anchorset.core.plan import UNASSIGNED
from anchorset.infra.embed.duplicates import groups
from anchorset.map.cells import cells_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """The seeds, put in order."""

    cells: Mapping[str, Mapping[str, str]]
    """Cell name -> axis values, sorted by name."""
    seeds_in: Mapping[str, int]
    """Cell name -> number of seeds."""
    unassigned: int
    """Seeds that lack an axis value."""
    groups: Mapping[str, str]
    """Seed id -> group id, for seeds that have near-duplicates."""

    @property
    def n_groups(self) -> int:
        """What "50 seeds" counts: groups, every seed without a near-duplicate being its own."""
        return sum(self.seeds_in.values()) + self.unassigned - len(self.groups) + len(set(self.groups.values()))


def map(seeds: Sequence[Case], *, axes: Sequence[str], vectors: NDArray[np.float32]) -> Mapped:
    """Cells by metadata, groups by likeness. `vectors` (n_seeds, dim): unit length, in the order of the seeds."""
    cells, home = cells_of(seeds, axes)
    counts = Counter(home.values())
    return Mapped(
        cells=cells,
        seeds_in={name: counts[name] for name in cells},
        unassigned=counts[UNASSIGNED],
        groups=groups_of(seeds, vectors),
    )


def groups_of(seeds: Sequence[Case], vectors: NDArray[np.float32]) -> dict[str, str]:
    """Seed id -> group id (`g_` and the hex of its smallest seed), for seeds that have near-duplicates."""
    return {
        seeds[row].id: "g_" + min(seeds[at].id for at in rows).removeprefix("c_")
        for rows in groups([seed.text for seed in seeds], vectors)
        if len(rows) > 1
        for row in rows
    }
