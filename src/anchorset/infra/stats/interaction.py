"""Did one slice move otherwise than another? The difference of two paired differences.

What this module does not know: which slice is trusted.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from anchorset.infra.stats.intervals import Interval, crossing
from anchorset.infra.stats.paired import Pairs, pairs
from anchorset.infra.stats.special import normal_tail
from anchorset.infra.stats.spread import Keys, codes_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Interaction:
    """The first slice's delta minus the second's, -2 to 2, its limits and the two-sided p that it is 0."""

    delta: float
    low: float
    high: float
    p: float
    correlation: float
    """Between the two deltas, from clusters that have rows in both slices; 0 when they share none."""


def interaction(
    baseline: Any,
    candidate: Any,
    first: Any,
    *,
    clusters: Keys | None = None,
    weights: Any | None = None,
    confidence: float = 0.95,
) -> Interaction:
    """Delta of the rows where `first` (n,) is true, minus delta of the others; pairs as in `paired_difference`.

    Interval: MOVER (Zou and Donner 2008, Construction of confidence limits about effect measures, with their
    correlation term): the distances from each delta to its own limits are squared and added, so few flips stay wide.
    The deltas are correlated where a cluster has rows in both slices: the covariance is Σ over clusters of the
    product of what the cluster adds to the error of either (the off-diagonal of the cluster-robust matrix).
    p: one minus the confidence at which the limit touches 0; so p < 0.05 exactly when the 95 % interval leaves out 0.
    Raises InputError when a slice is empty.
    """
    inside = np.asarray(first, dtype=bool)
    before, after = np.asarray(baseline, dtype=np.float64), np.asarray(candidate, dtype=np.float64)
    codes, count = codes_of(clusters, inside.size)
    share = None if weights is None else np.asarray(weights, dtype=np.float64)
    sides = [
        pairs(before[rows], after[rows], clusters=codes[rows], weights=None if share is None else share[rows])
        for rows in (inside, ~inside)
    ]
    one, other = sides
    added = []
    for side, rows in zip(sides, (inside, ~inside), strict=True):
        full = np.zeros(count)
        full[np.unique(codes[rows])] = side.spread.contributions
        added.append(full)
    scale = math.sqrt(one.spread.variance * other.spread.variance)
    correlation = min(max(float(added[0] @ added[1]) / scale, -1.0), 1.0) if scale > 0 else 0.0
    delta = one.spread.mean - other.spread.mean
    low, high = _mover(one, other, correlation, confidence)

    def apart(z: float) -> float:
        """Rises through 0 where the limit on the far side of 0 reaches it; z stands for its confidence."""
        low, high = _mover(one, other, correlation, 1 - 2 * normal_tail(z))
        return -low if delta > 0 else high

    # Searched on the scale of z, where limits move nearly in proportion; 7 is a p of 3e-12.
    p = 1.0 if delta == 0 else 2 * normal_tail(crossing(apart, 0.0, 7.0))
    return Interaction(delta=delta, low=low, high=high, p=p, correlation=correlation)


def _mover(one: Pairs, other: Pairs, correlation: float, confidence: float) -> Interval:
    if confidence <= 0:
        delta = one.spread.mean - other.spread.mean
        return delta, delta
    low, high = one.limits(confidence)
    other_low, other_high = other.limits(confidence)
    mean, other_mean = one.spread.mean, other.spread.mean

    def reach(near: float, far: float) -> float:
        return math.sqrt(max(near * near - 2 * correlation * near * far + far * far, 0.0))

    return (
        mean - other_mean - reach(mean - low, other_high - other_mean),
        mean - other_mean + reach(high - mean, other_mean - other_low),
    )
