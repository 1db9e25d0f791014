"""The candidate's score minus the baseline's on the same cases, with its interval; exact McNemar.

What this module does not know: buckets and verdicts.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from anchorset.core.errors import InputError
from anchorset.infra.stats.bootstrap import cluster_bootstrap
from anchorset.infra.stats.intervals import Interval, tango
from anchorset.infra.stats.rate import FEW_CLUSTERS
from anchorset.infra.stats.special import fair_coin_p, student_quantile
from anchorset.infra.stats.spread import Codes, Floats, Keys, Spread, codes_of, mean_of, outcomes, spread, weights_of

Method = Literal["auto", "score", "robust", "bootstrap"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedDifference:
    """Candidate minus baseline, -1 to 1, and its limits."""

    delta: float
    low: float
    high: float
    confidence: float
    method: Literal["score", "robust", "bootstrap"]
    n: int
    """Pairs."""
    clusters: int
    gained: int
    """Pairs in which the candidate did better."""
    lost: int
    """Pairs in which the candidate did worse."""
    baseline: float
    """Mean of the baseline, 0-1."""
    candidate: float
    """Mean of the candidate, 0-1."""
    design_effect: float
    """How many times more pairs it takes than independent ones would; 1 for one pair a cluster."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Differences per pair with their clusters, and the spread of their mean: what intervals are made from."""

    difference: Floats
    weights: Floats
    codes: Codes
    count: int
    binary: bool
    up: float
    """Share of gained pairs; for scores the mean gain, every gain counted by its size."""
    down: float
    spread: Spread

    def limits(self, confidence: float) -> Interval:
        """The score interval for 0/1 outcomes, the robust one for scores; see `paired_difference`."""
        if self.binary:
            return self.score_limits(confidence)
        low, high = self.robust_limits(confidence)
        if np.count_nonzero(np.bincount(self.codes, self.difference != 0, self.count)) < FEW_CLUSTERS:
            score_low, score_high = self.score_limits(confidence)
            return min(low, score_low), max(high, score_high)
        return low, high

    def score_limits(self, confidence: float) -> Interval:
        """Tango's interval at the effective n with Student's t."""
        if not self.spread.df:
            return -1.0, 1.0
        n = self.spread.n_effective
        return tango(self.up * n, self.down * n, n, quantile=student_quantile((1 + confidence) / 2, self.spread.df))

    def robust_limits(self, confidence: float) -> Interval:
        """Mean ± t times the cluster-robust standard error."""
        if not self.spread.df:
            return -1.0, 1.0
        half = student_quantile((1 + confidence) / 2, self.spread.df) * math.sqrt(self.spread.variance)
        return max(-1.0, self.spread.mean - half), min(1.0, self.spread.mean + half)


def pairs(baseline: Any, candidate: Any, *, clusters: Keys | None = None, weights: Any | None = None) -> Pairs:
    """Check both rows of outcomes (n,), each 0-1, and measure the spread of their difference. Raises InputError."""
    before, after = outcomes(baseline, "baseline"), outcomes(candidate, "candidate")
    if before.size != after.size:
        raise InputError(f"`baseline` has {before.size!r} rows and `candidate` {after.size!r}; pair them first.")
    codes, count = codes_of(clusters, before.size)
    weight = weights_of(weights, before.size)
    difference = after - before
    up, down = mean_of(np.maximum(difference, 0), weight), mean_of(np.maximum(-difference, 0), weight)
    return Pairs(
        difference=difference,
        weights=weight,
        codes=codes,
        count=count,
        binary=bool(((before == 0) | (before == 1)).all() and ((after == 0) | (after == 1)).all()),
        up=up,
        down=down,
        spread=spread(difference, weight, codes, count),
    )


def paired_difference(
    baseline: Any,
    candidate: Any,
    *,
    clusters: Keys | None = None,
    weights: Any | None = None,
    confidence: float = 0.95,
    method: Method = "auto",
    resamples: int = 2000,
    seed: int = 0,
) -> PairedDifference:
    """Mean difference over pairs with an interval that knows about clusters.

    baseline, candidate (n,): 0/1 outcomes or scores 0-1, row i of both from the same case. clusters (n,): pairs of one
    cluster are not independent evidence; None: each pair is its own. weights (n,): None counts each pair once.

    - `score`, the default for 0/1: Tango's (1998) interval, in which the flips are counted at the effective sample
      size (Kish 1965: pairs over the design effect) and z is Student's t with Kish clusters - 1 degrees of freedom.
      With one pair a cluster this is Tango's interval with t. Few flips make it wide, not narrow: none in 50 single
      pairs is ± 7.5 points, and flips too few to show how alike a cluster is are taken as wholly alike.
    - `robust`, the default for scores: mean ± t √(CR2 variance) (Bell and McCaffrey 2002), a ratio estimate when
      cluster sizes differ; while fewer than ten clusters differ at all, joined with the score interval.
    - `bootstrap`: clusters drawn with replacement, `seed`ed; see `cluster_bootstrap`.

    A single cluster gives (-1, 1). Raises InputError for rows that are not numbers from 0 to 1 or do not pair up.
    """
    found = pairs(baseline, candidate, clusters=clusters, weights=weights)
    used: Literal["score", "robust", "bootstrap"]
    if method == "auto":
        used = "score" if found.binary else "robust"
        low, high = found.limits(confidence)
    elif method == "score":
        used = method
        low, high = found.score_limits(confidence)
    elif method == "robust":
        used = method
        low, high = found.robust_limits(confidence)
    else:
        used = method
        low, high = cluster_bootstrap(
            found.difference,
            found.weights,
            found.codes,
            found.count,
            confidence=confidence,
            resamples=resamples,
            seed=seed,
        )
    return PairedDifference(
        delta=found.spread.mean,
        low=low,
        high=high,
        confidence=confidence,
        method=used,
        n=found.difference.size,
        clusters=found.count,
        gained=int(np.count_nonzero(found.difference > 0)),
        lost=int(np.count_nonzero(found.difference < 0)),
        baseline=mean_of(np.asarray(baseline, dtype=np.float64), found.weights),
        candidate=mean_of(np.asarray(candidate, dtype=np.float64), found.weights),
        design_effect=found.spread.design_effect,
    )


def mcnemar_p(gained: int, lost: int) -> float:
    """Two-sided exact p that gains and losses are equally likely: each flip a fair coin. No clusters.

    McNemar (1947), Note on the sampling error of the difference between correlated proportions, in its exact form.
    """
    return fair_coin_p(gained, lost)
