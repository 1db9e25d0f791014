"""Does an axis part the seeds at all? A permutation test on their vectors.

What this module does not know: cells, and what an axis that parts nothing costs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from anchorset.core.behaviour import AxisFound
from anchorset.core.case import Case
from anchorset.core.hashing import draw
from anchorset.map.placing import told

ENOUGH = 5
"""Groups of seeds a value needs to be asked about."""
MOST = 2_000
"""Seeds looked at, by lowest hash: more would find differences too small to matter."""
SHUFFLES = 199


def axes_found(
    seeds: Sequence[Case], axes: Sequence[str], *, vectors: NDArray[np.float32], groups: Mapping[str, str]
) -> tuple[AxisFound, ...]:
    """What each axis explains of the seeds that carry it in their metadata.

    Seeds placed by a description are left out: what was found by likeness would be alike by construction.
    """
    return tuple(_found(axis, seeds, vectors, groups) for axis in axes)


def _found(axis: str, seeds: Sequence[Case], vectors: NDArray[np.float32], groups: Mapping[str, str]) -> AxisFound:
    rows = [(draw("axis", seed.id), at) for at, seed in enumerate(seeds) if told(seed, axis) and vectors[at].any()]
    counts = Counter(told(seed, axis) for seed in seeds if told(seed, axis))
    seen: set[tuple[str, str]] = set()
    once = []  # one seed a group and value: near-duplicates are one voice
    for _, at in sorted(rows):
        key = (groups.get(seeds[at].id, seeds[at].id), told(seeds[at], axis))
        if key not in seen:
            seen.add(key)
            once.append(at)
    once = once[:MOST]
    enough = {value for value, n in Counter(told(seeds[at], axis) for at in once).items() if n >= ENOUGH}
    once = [at for at in once if told(seeds[at], axis) in enough]
    explained, p = (None, None) if len(enough) < 2 else _between(vectors[once], [told(seeds[at], axis) for at in once])
    return AxisFound(axis=axis, values=dict(sorted(counts.items())), explained=explained, p=p)


def _between(vectors: NDArray[np.float32], values: Sequence[str]) -> tuple[float, float]:
    """(share of the variance that lies between the values, its p under shuffled values).

    The pseudo F of Anderson (2001), A new method for non-parametric multivariate analysis of variance, in its monotone
    form SSB / SST; p = (b + 1) / (B + 1) (Phipson and Smyth 2010).
    """
    centred = vectors.astype(np.float64) - vectors.mean(axis=0, dtype=np.float64)
    whole = float((centred**2).sum())
    codes = np.unique(np.array(values), return_inverse=True)[1].reshape(-1)
    starts = np.concatenate([[0], np.cumsum(np.bincount(codes))[:-1]])
    sizes = np.bincount(codes)[:, None]
    order = np.argsort(codes, kind="stable")
    if whole <= 1e-9:
        return 0.0, 1.0

    def share(rows: NDArray[np.intp]) -> float:
        sums = np.add.reduceat(centred[rows], starts, axis=0)
        return float((sums**2 / sizes).sum()) / whole

    observed = share(order)
    rng = np.random.default_rng(draw("axis", len(values)))
    more = sum(share(rng.permutation(len(values))) >= observed - 1e-12 for _ in range(SHUFFLES))
    return round(observed, 4), (more + 1) / (SHUFFLES + 1)
