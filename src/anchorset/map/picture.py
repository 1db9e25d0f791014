"""Where the seeds lie in the two directions in which they differ most.

What this module does not know: how a picture is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from anchorset.core.behaviour import Point
from anchorset.core.case import Case
from anchorset.core.hashing import draw

MOST = 1_200
"""Points drawn, by lowest hash; more hide one another."""


def points(seeds: Sequence[Case], vectors: NDArray[np.float32], broad_of: Mapping[str, str]) -> tuple[Point, ...]:
    """Principal components of the vectors (Pearson 1901), scaled to -1 to 1; readable seeds only, in hash order."""
    rows = sorted(
        (at for at, seed in enumerate(seeds) if seed.id in broad_of),
        key=lambda at: (draw("point", seeds[at].id), seeds[at].id),
    )
    if len(rows) < 2:
        return ()
    whole = np.round(vectors[rows], 4).astype(np.float64)
    whole -= whole.mean(axis=0)
    # The scatter of a few hundred dimensions is small whatever the number of seeds.
    _, directions = np.linalg.eigh(whole.T @ whole)
    plane = directions[:, ::-1][:, :2]
    # A direction has no sign: the longest component points up.
    plane = plane * np.where(plane[np.abs(plane).argmax(axis=0), np.arange(plane.shape[1])] < 0, -1, 1)
    drawn = whole[:MOST] @ plane
    drawn = drawn / max(float(np.abs(drawn).max()), 1e-9)
    return tuple(
        Point(x=round(float(x), 4), y=round(float(y), 4), behaviour=broad_of[seeds[at].id])
        for at, (x, y) in zip(rows[:MOST], drawn, strict=True)
    )
