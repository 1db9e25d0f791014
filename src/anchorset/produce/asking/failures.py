"""What the product failed becomes orders for more of the same: cells by their share of the failures.

What this module does not know: runs, and how an answer was judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from anchorset.core.case import Case
from anchorset.core.plan import ALL, Brief, cell_name
from anchorset.core.provenance import Technique
from anchorset.core.quota import largest_remainder
from anchorset.produce.asking.settings import Failure


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """Briefs, with what their prompts tell of the failures."""

    briefs: tuple[Brief, ...]
    failures: dict[str, tuple[Failure, ...]]
    """Cell -> what failed there: for `Asking.failures`."""
    unplaced: int
    """Failed cases that are in no cell, because a value of the axes is not in their metadata."""


def briefs_of_failures(
    failures: Sequence[tuple[Case, str]],
    *,
    axes: Sequence[str],
    n: int,
    technique: Technique = "prompted",
    language: str | None = None,
) -> Ordered:
    """Briefs for `n` candidates in all, over the cells of what failed in proportion to how much failed there.

    `failures`: failed case and why, in a sentence. A case that failed several times counts once, with its first reason.
    `axes`: of the grid; none: one cell, `all`. The order of the failures does not matter.
    """
    kept: dict[str, Failure] = {}
    for case, why in sorted(failures, key=lambda one: (one[0].id, one[1])):
        kept.setdefault(case.id, Failure(case=case, why=" ".join(why.split())))
    cells: dict[str, list[Failure]] = {}
    values: dict[str, dict[str, str]] = {}
    unplaced = 0
    for failure in kept.values():
        known = failure.case.metadata
        if any(known.get(axis) is None for axis in axes):
            unplaced += 1
            continue
        where = {axis: str(known[axis]) for axis in axes}
        name = cell_name(where) if axes else ALL
        values[name] = where
        cells.setdefault(name, []).append(failure)
    counts = largest_remainder(n, {name: float(len(cells[name])) for name in sorted(cells)}) if cells else {}
    briefs = tuple(
        Brief(technique=technique, cell=name, values=values[name], count=count, language=language)
        for name, count in counts.items()
        if count
    )
    return Ordered(
        briefs=briefs, failures={name: tuple(cells[name]) for name in sorted(cells)}, unplaced=unplaced
    )  # fmt: skip
