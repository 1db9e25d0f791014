"""The difference of two means from different cases, rows in clusters.

What this module does not know: which of the two is trusted.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from anchorset.infra.stats.rate import rate_interval
from anchorset.infra.stats.spread import Keys


@dataclass(frozen=True, slots=True, kw_only=True)
class UnpairedDifference:
    """First mean minus second, -1 to 1, and its limits."""

    delta: float
    low: float
    high: float
    first: float
    second: float
    n_first: int
    n_second: int


def unpaired_difference(
    first: Any,
    second: Any,
    *,
    first_clusters: Keys | None = None,
    second_clusters: Keys | None = None,
    confidence: float = 0.95,
) -> UnpairedDifference:
    """Mean of `first` (n,) minus mean of `second` (m,), each value 0-1.

    MOVER: the distances from each mean to its own clustered limit are squared and added (Zou and Donner 2008,
    Construction of confidence limits about effect measures; for two rates of single rows this is Newcombe's 1998
    method 10, with Student's t). Clusters with rows on both sides make the two means alike; that is left out, which
    makes the interval wider, never narrower, where likeness is positive. Raises InputError for an empty side.
    """
    one = rate_interval(first, clusters=first_clusters, confidence=confidence)
    two = rate_interval(second, clusters=second_clusters, confidence=confidence)
    delta = one.rate - two.rate
    return UnpairedDifference(
        delta=delta,
        low=delta - math.hypot(one.rate - one.low, two.high - two.rate),
        high=delta + math.hypot(one.high - one.rate, two.rate - two.low),
        first=one.rate,
        second=two.rate,
        n_first=one.n,
        n_second=two.n,
    )
