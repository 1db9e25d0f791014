"""Who is near whom under every shuffle: each row's nearest row on its own side and on the other side.

What this module does not know: what near means to a signal.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anchorset.trust.audit.crowd import Crowd
from anchorset.trust.audit.features import Floats
from anchorset.trust.audit.null import Labels

NEIGHBOURS = 64
"""Rows that are looked through. When all of them are on one side, the other side is at least as far as the last."""

_BLOCK = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearness:
    """Cosines, (n, columns): 1 the same direction, -1 opposite."""

    own: Floats
    """To the nearest other row of the same side; 1 for a text that stands more than once."""
    other: Floats
    """To the nearest row of the other side."""


def nearness(crowd: Crowd, labels: Labels) -> Nearness:
    """The nearest of both sides under every column.

    Rows of one declared group are no neighbours of each other: a group is meant to be alike.
    """
    near, cosine = _neighbours(crowd)
    synthetic = labels.synthetic
    own = np.full(synthetic.shape, np.nan, dtype=np.float32)
    other = np.full(synthetic.shape, np.nan, dtype=np.float32)
    for rank in range(near.shape[1]):
        alike = synthetic[near[:, rank]] == synthetic
        score = np.broadcast_to(cosine[:, rank, None], alike.shape)
        for found, where in ((own, alike), (other, ~alike)):
            np.copyto(found, score, where=where & np.isnan(found))
        if rank % 8 == 7 and not (np.isnan(own).any() or np.isnan(other).any()):
            break
    last = cosine[:, -1, None] if near.shape[1] else np.full((len(near), 1), -1.0, dtype=np.float32)
    for found in (own, other):
        np.copyto(found, np.broadcast_to(last, found.shape), where=np.isnan(found))
    own[crowd.count > 1] = 1.0
    return Nearness(own=own, other=other)


def _neighbours(crowd: Crowd) -> tuple[NDArray[np.intp], Floats]:
    vectors, group = crowd.vectors, crowd.declared
    n = len(vectors)
    k = min(NEIGHBOURS, n - 1)
    near, score = np.zeros((n, k), dtype=np.intp), np.zeros((n, k), dtype=np.float32)
    for start in range(0, n if k else 0, _BLOCK):
        cosine = vectors[start : start + _BLOCK] @ vectors.T
        cosine[group[start : start + _BLOCK, None] == group[None, :]] = -2.0
        best = np.argpartition(-cosine, k - 1, axis=1)[:, :k]
        found = np.take_along_axis(cosine, best, axis=1)
        order = np.argsort(-found, axis=1, kind="stable")
        near[start : start + _BLOCK] = np.take_along_axis(best, order, axis=1)
        score[start : start + _BLOCK] = np.take_along_axis(found, order, axis=1)
    return near, np.maximum(score, -1.0)
