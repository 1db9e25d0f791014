"""What can be said about an evaluation's trustworthiness: five questions, signals, and the numbers behind them.

Rates and shares are 0-1, differences -1 to 1, intervals 95 %. None means: could not be measured.
What this module does not know: how a number was computed, and how it is shown.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from anchorset.core.noun import Names, Noun
from anchorset.core.said import Outcome

Answer = Literal["yes", "no", "unknown"]
"""yes: as it should be. no: it is not, and there is something to do. unknown: too little to tell."""

QuestionId = Literal["provenance", "together", "survival", "vocabulary", "families"]
SignalId = Literal[
    "seed_size", "staleness", "agreement", "judge", "saturation", "leakage", "parity", "outcomes", "distance", "swing",
    "synthetic_only",
]  # fmt: skip


class Reply(Noun):
    """One answer with its evidence."""

    answer: Answer
    evidence: str
    """Sentences with the numbers."""
    todo: str
    """What to do next; empty when there is nothing to do."""
    value: float | None = None
    """The number that was held against the limits, in the unit that `evidence` names."""
    low: float | None = None
    """95 % interval of `value`, where there is one."""
    high: float | None = None
    cases: Names = ()
    """Ids of cases that show it, at most 20."""


class Question(Reply):
    """One of the five."""

    id: QuestionId


class Signal(Reply):
    """One more thing to look at."""

    id: SignalId


class Estimate(Noun):
    """A rate or a difference of rates."""

    value: float
    low: float
    high: float
    n: int
    """Cases."""
    clusters: int
    """Independent groups of cases."""


class RunRates(Noun):
    """One run, split by where its cases came from."""

    run: str
    at: str
    dataset: str
    target: str
    version: str
    family: str | None
    evaluators: Names
    repeats: int
    cases: int
    """Cases of this dataset version that were judged."""
    left_out: int
    """Rows of cases that this dataset version does not have, or has with another text."""
    not_judged: int
    """Rows without a judgement."""
    failed: int
    """Rows of the target that ended in an error, each a wrong answer."""
    buckets: dict[str, Estimate]
    synthetic: Estimate | None
    """All cases that are not real, pooled."""
    overall: Estimate | None

    @property
    def name(self) -> str:
        """`target@version`."""
        return f"{self.target}@{self.version}"


class Move(Noun):
    """From one target version to the next, on the cases that both answered."""

    baseline: str
    candidate: str
    says: Literal["together", "apart", "still", "unclear"]
    """apart: seed and synthetic went opposite ways, and not by chance. together: the same way, or alike within the
    accepted drop. still: neither moved beyond chance. unclear: one side is missing or too small."""
    buckets: dict[str, Estimate]
    """Bucket -> candidate minus baseline."""
    seed: Estimate | None
    synthetic: Estimate | None
    p: float | None
    """That seed and synthetic moved by the same amount, after Holm over all moves of the report."""
    verdict: Literal["PASS", "BLOCK", "INCONCLUSIVE"] | None
    """What `compare` says of this move."""


class Survival(Noun):
    """Decisions on the candidates of one place in a grid."""

    row: str
    column: str
    kept: int
    """Approved or edited."""
    rejected: int
    rate: float
    low: float
    """Wilson."""
    high: float


class Parity(Noun):
    """One behaviour of a target on the seed, beside the same on another bucket."""

    target: str
    bucket: str
    """`synthetic` for all techniques but red team together."""
    behaviour: str
    """`tool`, `tool:NAME`, `refusal`, `error`, `class:NAME` (shares, 0-1) or `length` (typical words of an answer)."""
    seed: float
    other: float
    difference: float
    """Seed minus other. For `length` the seed's over the other's, minus 1; a word is added to both."""
    low: float
    high: float
    n_seed: int
    n_other: int
    flagged: bool
    """The interval leaves out 0 and the difference exceeds the margin."""
    sure: bool
    """Flagged, and the interval leaves out 0 also when all comparisons of the target are counted (Bonferroni)."""
    says: str
    """The comparison as a sentence."""


class Profile(Noun):
    """How far the cases of one bucket lie from their nearest (other) seed."""

    bucket: str
    n: int
    shares: tuple[float, ...]
    """Share of the cases in each step of `Pictures.steps`, the last one open."""
    middle: float
    """Median distance, 0 the same."""
    near: float
    """Share nearer than 99 % of the seeds are to each other."""
    far: float
    """Share farther than 99 % of the seeds are from each other."""


class TermShare(Noun):
    """A word, and the share of seed and of synthetic cases that hold it."""

    term: str
    seed: float
    synthetic: float
    z: float
    """Weighted log-odds."""


class Cloud(Noun):
    """Where the cases of one bucket lie on the behaviour map."""

    bucket: str
    points: tuple[tuple[float, float], ...]
    """Each -1 to 1."""
    n: int
    """Cases of the bucket; more than there are points where the map shows a sample."""


class Pictures(Noun):
    """What the plots are drawn from."""

    rows: str = ""
    """What the rows of the survival grid are."""
    columns: str = ""
    survival: tuple[Survival, ...] = ()
    steps: tuple[float, ...] = ()
    """Upper ends of the distance steps."""
    band: tuple[float, float] | None = None
    """Distances between which 98 % of the seeds lie from each other."""
    profiles: tuple[Profile, ...] = ()
    terms: tuple[TermShare, ...] = ()
    clouds: tuple[Cloud, ...] = ()
    shown_variance: float | None = None
    """Share of the variance of meaning that the two directions of the map show."""


class TrustReport(Noun):
    """The whole report on one dataset version."""

    dataset: str
    """`name@version`, or what there was instead."""
    digest: str | None
    at: str
    by_bucket: dict[str, int]
    questions: tuple[Question, ...] = Field(min_length=5, max_length=5)
    signals: tuple[Signal, ...]
    runs: tuple[RunRates, ...]
    """Oldest first, at most the last 50."""
    moves: tuple[Move, ...]
    """Between neighbours among the last target versions, oldest first."""
    parity: tuple[Parity, ...]
    outcomes: tuple[Outcome, ...]
    notes: Names = ()
    """What was left out or assumed."""
    pictures: Pictures = Pictures()
