"""The cases of a dataset version as arrays: bucket, cluster, and where each id stands.

What this module does not know: results, and what people said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anchorset.core.case import Case
from anchorset.core.lineage import clusters
from anchorset.core.provenance import REAL_BUCKETS, SEED

REDTEAM = "redteam"

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """Arrays are (n_cases,), in the order of `cases`."""

    cases: tuple[Case, ...]
    place: dict[str, int]
    """Case id -> row."""
    bucket: NDArray[np.str_]
    cluster: NDArray[np.intp]
    names: tuple[str, ...]
    """Cluster of each case by name."""
    seed: Mask
    synthetic: Mask
    """Everything that is not real."""
    usual: Mask
    """Synthetic, attacks left out: they are meant to be unlike what users write."""

    @property
    def buckets(self) -> list[str]:
        """Those that have a case: the seed first, other real ones, then techniques by size."""
        found, counts = np.unique(self.bucket, return_counts=True)
        sizes = dict(zip(found.tolist(), counts.tolist(), strict=True))
        return sorted(sizes, key=lambda name: (ORDER.get(name, len(ORDER)), -sizes[name], name))

    def count(self, where: Mask) -> int:
        """Independent groups among the cases where `where` is true."""
        return len(np.unique(self.cluster[where]))


ORDER = {name: at for at, name in enumerate(REAL_BUCKETS)}


def population(cases: Sequence[Case]) -> Population:
    """The arrays. A case without a cluster gets the one of its roots; an id that stands twice counts once."""
    once = tuple({case.id: case for case in cases}.values())
    derived = clusters([case for case in once if case.cluster is None], {})
    names = tuple(case.cluster or derived[case.id] for case in once)
    codes = {name: code for code, name in enumerate(dict.fromkeys(names))}
    bucket = np.array([case.bucket for case in once], dtype=np.str_)
    synthetic = ~np.isin(bucket, REAL_BUCKETS)
    return Population(
        cases=once,
        place={case.id: row for row, case in enumerate(once)},
        bucket=bucket,
        cluster=np.array([codes[name] for name in names], dtype=np.intp),
        names=names,
        seed=bucket == SEED,
        synthetic=synthetic,
        usual=synthetic & (bucket != REDTEAM),
    )
