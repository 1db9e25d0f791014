"""The cluster bootstrap of a weighted mean: whole clusters are drawn with replacement.

What this module does not know: what the values mean.
"""

from __future__ import annotations

import numpy as np

from anchorset.infra.stats.special import normal_tail, student_quantile
from anchorset.infra.stats.spread import Codes, Floats, sums_by

_BLOCK = 4_000_000
"""Draws held in memory at once."""


def cluster_bootstrap(
    values: Floats, weights: Floats, codes: Codes, count: int, *, confidence: float, resamples: int, seed: int
) -> tuple[float, float]:
    """Limits of the mean of `values` (n,) under `weights` (n,), `count` clusters; (-1, 1) for one cluster.

    A ratio of sums in each resample, so clusters may differ in size. Expanded percentile interval (Hesterberg 2015,
    What teachers should know about the bootstrap, 5.2): the tail is Φ(-t √(G/(G-1))) with G - 1 degrees of freedom,
    which undoes the narrowness of the plain percentiles with few clusters. Values that do not vary give no width: use
    a score interval when few clusters differ.
    """
    if count < 2:
        return -1.0, 1.0
    means = bootstrap_means(sums_by(codes, weights * values, count), sums_by(codes, weights, count), resamples, seed)
    tail = normal_tail(student_quantile((1 + confidence) / 2, count - 1) * (count / (count - 1)) ** 0.5)
    low, high = np.quantile(means, [tail, 1 - tail])
    return float(low), float(high)


def bootstrap_means(sums: Floats, weights: Floats, resamples: int, seed: int) -> Floats:
    """(resamples,) ratios Σ sums / Σ weights over clusters drawn with replacement; both inputs are (clusters,)."""
    rng = np.random.default_rng(seed)
    kinds, times = np.unique(np.stack([sums, weights], axis=1), axis=0, return_counts=True)
    if len(kinds) <= len(sums) // 10:
        # Clusters that look the same are drawn as a count: a million clusters of a few kinds cost as much as a few.
        drawn = rng.multinomial(len(sums), times / times.sum(), size=resamples) @ kinds
        return np.asarray(drawn[:, 0] / drawn[:, 1])
    rows = max(1, _BLOCK // len(sums))
    ratios = []
    for start in range(0, resamples, rows):
        pick = rng.integers(0, len(sums), size=(min(rows, resamples - start), len(sums)))
        ratios.append(sums[pick].sum(axis=1) / weights[pick].sum(axis=1))
    return np.concatenate(ratios)
