"""What people said: rows that are appended and never changed. A later row of the same person replaces an earlier one.

    Verdict      approve, edit or reject on a candidate or a seed
    Grade        a blind mark on one answer of a run
    Recheck      a known case, decided again by somebody who could not tell that it is known; it changes nothing
    Undo         the last verdict or grade of a person on something, taken back
    Tag          a cell or slice set right by hand
    Quarantine   a whole production run put aside, or taken back
    Refresh      candidates that had gone stale, put aside
    Outcome      what became of a release, with its evidence
    Calibration  what people's decisions said of a judge

What this module does not know: where rows are kept, and what follows from them.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, JsonValue, model_validator

from anchorset.core.case import Case, Scalar
from anchorset.core.decision import Decision, RejectReason
from anchorset.core.judge import JudgeCalibration
from anchorset.core.lessons import Lessons
from anchorset.core.noun import Names, Noun
from anchorset.core.plan import Plan

Lane = Literal["candidates", "seeds", "answers"]


class Verdict(Noun):
    """One decision on one content, in the lane of candidates or of seeds."""

    says: Literal["verdict"] = "verdict"
    lane: Literal["candidates", "seeds"]
    case: str
    """Id of the case that was shown."""
    content: str
    """What was judged."""
    decision: Decision
    revised: Case | None = None
    """The case as edited: for `edit` only, and always there."""
    together: str | None = Field(default=None, exclude_if=lambda together: together is None)
    """What verdicts that were given in one go share: one undo takes all of them back. None: given alone."""

    @model_validator(mode="after")
    def _an_edit_has_its_text(self) -> Verdict:
        if (self.decision.decision == "edit") != (self.revised is not None):
            raise ValueError(
                f"the decision is {self.decision.decision!r} and `revised` is {self.revised and self.revised.id!r}: "
                "an edit carries the edited case, nothing else does"
            )
        return self


class Grade(Noun):
    """One person's mark on one answer, given without seeing the judge's."""

    says: Literal["grade"] = "grade"
    run: str
    case: str
    content: str
    target: str
    repeat: int = 0
    passed: bool
    reviewer: str
    at: str
    """ISO 8601 with zone."""
    note: str | None = None


class Recheck(Noun):
    """What a reviewer says of a known case that was shown as if nobody had decided it. The verdict stands as it is.

    Known: they decided it long enough ago, or two others did alike.
    """

    says: Literal["recheck"] = "recheck"
    case: str
    content: str
    decision: Literal["approve", "edit", "reject"]
    reason: RejectReason | None = None
    known: Literal["own", "agreed"]
    earlier: Literal["approve", "edit", "reject"]
    """Their own word then, or that of the two others."""
    earlier_reason: RejectReason | None = None
    changes: dict[str, JsonValue] | None = None
    """What an edit would have changed: kept to be read, not done."""
    nth: int = Field(ge=0)
    """How many candidates this reviewer had decided then: what was said after it is undone before it."""
    reviewer: str
    at: str

    @property
    def same(self) -> bool:
        """Whether the case was kept then as now, or rejected then as now."""
        return (self.decision == "reject") == (self.earlier == "reject")


class Undo(Noun):
    """A reviewer's last word on one content is taken back; the word before it, if there was one, stands again."""

    says: Literal["undo"] = "undo"
    lane: Lane
    case: str
    content: str
    run: str | None = None
    """In the lane of answers: the run whose answer was graded; None elsewhere."""
    repeat: int = 0
    tag: bool = Field(default=False, exclude_if=lambda tag: not tag)
    """What is taken back is the reviewer's last tag on the case, not a verdict; `content` is empty then."""
    recheck: bool = Field(default=False, exclude_if=lambda recheck: not recheck)
    """What is taken back is the answer to a recheck, not a verdict."""
    reviewer: str
    at: str


class Tag(Noun):
    """Metadata set by hand; None takes a value away."""

    says: Literal["tag"] = "tag"
    case: str
    metadata: dict[str, Scalar]
    reviewer: str
    at: str
    together: str | None = Field(default=None, exclude_if=lambda together: together is None)
    """What tags that were set in one go share."""


class Quarantine(Noun):
    """All candidates of one production run, put aside or taken back."""

    says: Literal["quarantine"] = "quarantine"
    run: str
    lifted: bool = False
    reviewer: str
    at: str
    why: str = ""


class Refresh(Noun):
    """Candidates that had gone stale and were put aside to be made anew."""

    says: Literal["refresh"] = "refresh"
    stale: dict[str, str]
    """Case id -> why."""
    runs: Names
    """Production runs there were then: the same text made later is another candidate."""
    at: str


OutcomeReason = Literal[
    "unsafe", "off_policy", "too_expensive", "under_tested", "no_cases", "no_scores", "noisy_evaluator",
    "vague_behaviour",
]  # fmt: skip


class Outcome(Noun):
    """A release decision and what production said afterwards. It keeps its evidence."""

    says: Literal["outcome"] = "outcome"
    decision: Literal["approve", "edit", "reject", "failed"]
    dataset: str
    """`name@version` the decision stood on."""
    candidate: str
    """The target (or system) that was decided about."""
    reasons: tuple[OutcomeReason, ...] = ()
    verdict: Literal["PASS", "BLOCK", "INCONCLUSIVE"] | None = None
    """What the evaluation had said."""
    production: Literal["better", "same", "worse"] | None = None
    """What production said afterwards; None: not known yet."""
    note: str = ""
    evidence: Names = ()
    """Ids of cases that show it."""
    reviewer: str
    at: str
    decided_by: str | None = None
    """Who had decided, in a row by which somebody else adds what production said; None: `reviewer`."""

    @model_validator(mode="after")
    def _a_refusal_says_why(self) -> Outcome:
        if self.decision in ("reject", "failed") and not self.reasons:
            raise ValueError(f"the outcome is {self.decision!r} and has no reason; give one or more")
        if self.decision == "edit" and not self.note:
            raise ValueError("the outcome is 'edit' and `note` is empty; say why the human edit was necessary")
        return self

    @property
    def maker(self) -> str:
        """Whose decision it is."""
        return self.decided_by or self.reviewer


class Calibration(Noun):
    """How far a judge of candidates agrees with the decisions of people on what one check asks; the newest counts."""

    says: Literal["calibration"] = "calibration"
    check: str
    judge: JudgeCalibration
    at: str


Said = Verdict | Grade | Recheck | Undo | Tag | Quarantine | Refresh | Outcome | Calibration
"""What lies in `reviews/`."""


class ProductionRun(Noun):
    """One `produce`: written when it begins, and again when it ends."""

    run: str
    """`r_` and the hash of config, plan, random seed and model."""
    state: Literal["begun", "done", "superseded"]
    at: str
    target: int
    """Candidates that shall pass."""
    plan: Plan | None = None
    """What was ordered; None in a row that ends a run."""
    random_seed: int = 7
    settings: str = ""
    """Hash of everything else that decides what is made: a run goes on only under the same."""
    ledger: dict[str, JsonValue] = Field(default_factory=dict)
    """Machine form, once done."""
    attempts: dict[str, int] = Field(default_factory=dict)
    """Brief id -> attempts made so far, over all runs: the next run draws on from there."""
    inputs: dict[str, str] = Field(default_factory=dict)
    """What candidates depend on (`context`, `persona:novice`, `axis:policy=delay` …) -> its hash then."""
    seconds: float | None = None
    usd: float | None = 0.0
    """What its models took; None: the price of one is not known."""
    models: dict[str, str] = Field(default_factory=dict)
    """Role (`generator`, `judge`) -> `provider:model`; empty: no model was asked."""
    families: dict[str, str | None] = Field(default_factory=dict)
    """Role -> family; None: the model's name does not tell."""
    written: dict[str, int] = Field(default_factory=dict)
    """Of what a model wrote: candidates `requested` and `passed`, and tokens of `output`. For the next estimate."""
    estimate: dict[str, float | None] = Field(default_factory=dict)
    """`usd_low` and `usd_high`, as said before it began; empty: no model was asked."""
    whole: bool = False
    """Whether each of its rounds is asked in one wave, as batches are: kept, so that going on is the same."""
    order: dict[str, JsonValue] = Field(default_factory=dict)
    """What was asked for, in machine form, while a run is open: who goes on need not repeat it."""
    from_failures: str | None = None
    """The run of a target whose failures were the order; None: the plan of the workspace was."""
    lessons: Lessons | None = None
    """What of reviewers' decisions it takes to heart, fixed when it began; None: nothing."""
