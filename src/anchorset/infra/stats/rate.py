"""A pass rate or a mean score with its interval, rows in clusters.

What this module does not know: which system was scored.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from anchorset.infra.stats.intervals import wilson
from anchorset.infra.stats.special import student_quantile
from anchorset.infra.stats.spread import Keys, codes_of, mean_of, outcomes, spread, weights_of

FEW_CLUSTERS = 10
"""Fewer clusters than this that differ at all: a variance estimated from them is not trusted alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A rate or mean, 0-1, and its limits."""

    rate: float
    low: float
    high: float
    method: Literal["score", "robust"]
    n: int
    clusters: int
    design_effect: float
    """How many times more rows it takes than independent ones would; 1 for one row a cluster."""


def rate_interval(
    values: Any, *, clusters: Keys | None = None, weights: Any | None = None, confidence: float = 0.95
) -> Rate:
    """The (weighted) mean of `values` (n,), each 0-1, with an interval that knows about clusters.

    0/1 values: Wilson's interval with the effective n in place of n and Student's t in place of z (Korn and Graubard
    1998; Franco et al. 2019 compare such designs). Other scores: cluster-robust mean ± t se, widened to that Wilson
    interval while fewer than ten clusters differ from the most common score. Raises InputError.
    """
    row = outcomes(values, "values")
    codes, count = codes_of(clusters, row.size)
    weight = weights_of(weights, row.size)
    mean = mean_of(row, weight)
    found = spread(row, weight, codes, count)
    binary = bool(((row == 0) | (row == 1)).all())
    if not found.df:
        low, high = 0.0, 1.0
    else:
        t = student_quantile((1 + confidence) / 2, found.df)
        low, high = wilson(mean * found.n_effective, found.n_effective, quantile=t)
        if not binary:
            half = t * math.sqrt(found.variance)
            plain = max(0.0, mean - half), min(1.0, mean + half)
            values_seen, times = np.unique(row, return_counts=True)
            unusual = np.bincount(codes, row != values_seen[times.argmax()], count)
            few = np.count_nonzero(unusual) < FEW_CLUSTERS
            low, high = (min(low, plain[0]), max(high, plain[1])) if few else plain
    return Rate(
        rate=mean,
        low=low,
        high=high,
        method="score" if binary else "robust",
        n=row.size,
        clusters=count,
        design_effect=found.design_effect,
    )
