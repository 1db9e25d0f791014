"""What a comparison of two systems says: measures by bucket and slice, coded reasons, and the verdict.

Rates are 0-1, deltas candidate minus baseline (-1 to 1), intervals 95 %. None means: could not be measured.
What this module does not know: how a number was computed, and how it is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from anchorset.core.judge import JudgeCalibration
from anchorset.core.noun import Names, Noun

Word = Literal["PASS", "BLOCK", "INCONCLUSIVE"]
Purpose = Literal["gate", "smoke"]
"""gate: the rows decide about a release. smoke: they only show that things run, so no verdict is given."""

ReasonCode = Literal["unanchored", "seed_drop", "diverged", "held", "power", "collusion"]
Weight = Literal["passes", "blocks", "undecided", "warns"]


class Reason(Noun):
    """One rule that held."""

    code: ReasonCode
    message: str
    weight: Weight
    """What the rule asks for. The first reason of a comparison set its verdict; `warns` never does."""


class Bounds(Noun):
    """The 95 % interval of one pass rate (or mean score), twice."""

    low: float
    """Naive: as if every row were independent. Wilson for rates."""
    high: float
    clustered_low: float
    """With repeats and clusters counted as what they are. 0 to 1 when there is one cluster."""
    clustered_high: float


class Measure(Noun):
    """Baseline against candidate on one set of cases."""

    n: int
    """Cases, each in both systems."""
    rows: int
    """Rows of one system: cases times repeats."""
    clusters: int
    """Independent groups of cases (distinct roots)."""
    baseline: float
    """Mean of the cases' mean results, 0-1."""
    candidate: float
    baseline_bounds: Bounds
    candidate_bounds: Bounds
    delta: float
    low: float
    """95 % clustered interval of delta, wide when flips are few. -1 to 1 when there is one cluster."""
    high: float
    method: Literal["score", "robust", "bootstrap"]
    """score: Tango's interval at the effective sample size. robust: cluster-robust, for scores and means of repeats."""
    p: float
    """Two-sided sign-flip permutation of the clusters' differences. Equals exact McNemar at one pair a cluster."""
    p_holm: float
    """`p` after Holm over all measures of its family (buckets, or slices) and all candidates."""
    p_mcnemar_unclustered: float | None
    """Exact McNemar as if every pair were independent, for comparison. None for scores and means of repeats."""
    gained: int
    """Cases whose result rose."""
    lost: int
    design_effect: float
    """How many times more pairs it takes than independent ones would."""
    mde: float | None
    """Minimum detectable effect: the drop seen with 80 % power at these clusters, 0-1. None: they see none at all."""
    n_needed: int
    """Clusters needed to see a drop of `max_drop` with 80 % power, at this flip rate and cluster size."""


class BucketDelta(Measure):
    """One provenance bucket."""

    bucket: str


class SliceDelta(Measure):
    """One value of one column, overall (`bucket` None) or inside a bucket."""

    bucket: str | None
    column: str
    value: str


class Interaction(Noun):
    """Delta of the seed minus delta of the synthetic cases: below 0 the synthetic cases flatter the candidate."""

    delta: float
    """-2 to 2, as its limits."""
    low: float
    high: float
    p: float


class Flips(Noun):
    """Ids of the cases of one bucket whose result changed."""

    gained: Names
    lost: Names


class Unprovenanced(Noun):
    """What a gate that does not ask where cases come from would have said: all rows pooled, no interval."""

    verdict: Literal["PASS", "BLOCK"]
    delta: float
    n: int
    message: str


class Comparison(Noun):
    """One candidate against the baseline, with its verdict."""

    verdict: Word | None
    """None when `purpose` is smoke."""
    reasons: tuple[Reason, ...]
    baseline: str
    candidate: str
    purpose: Purpose
    max_drop: float
    """The largest fall of the seed's rate that is accepted, 0-1."""
    binary: bool
    """True: results are passed or not. False: scores, so rates are means."""
    buckets: tuple[BucketDelta, ...]
    """Real buckets first, then by size."""
    overall: Measure
    """All cases, weighted to `mix`."""
    mix: dict[str, float] | None = None
    """Bucket -> share (0-1) in `overall`; a bucket that is not in it has weight 0. None: the mix of the rows."""
    synthetic: Measure | None
    """All buckets that are not real, pooled. None when there is none."""
    without_provenance: Unprovenanced
    interaction: Interaction | None
    """None unless there are seed and synthetic cases."""
    mde: float | None
    """Minimum detectable effect of the seed, 0-1. None without seed."""
    slices: tuple[SliceDelta, ...]
    flips: dict[str, Flips]
    """Bucket -> case ids, complete."""
    notes: Names
    """What was assumed, left out or counted aloud while reading the rows."""
    judge: JudgeCalibration | None = None
    """What is known about the judge that scored the answers; None: not given."""
    candidate_family: str | None = None
    """Model family of the candidate; None: no model, or not known."""

    def bucket(self, name: str) -> BucketDelta | None:
        """The measure of one bucket; None when no case is in it."""
        return next((found for found in self.buckets if found.bucket == name), None)


def worst(comparisons: Sequence[Comparison]) -> Comparison:
    """The one that decides about them all: BLOCK before INCONCLUSIVE before PASS before none, then the order given."""
    return min(comparisons, key=lambda found: ("BLOCK", "INCONCLUSIVE", "PASS", None).index(found.verdict))
