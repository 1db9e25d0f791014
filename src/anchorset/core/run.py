"""A run: the application under test on a dataset version. One result a (case, target, repeat); its head; its ledger.

Absence is a value: an answer that was not judged is neither passed nor failed, and has the cause.
What this module does not know: how a target is called, and what a row means for a verdict.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Literal

from pydantic import Field, JsonValue, model_validator

from anchorset.core.errors import LedgerError
from anchorset.core.noun import Names, Noun

Cause = Literal["timeout", "exception", "transport", "status", "garbage", "too_large", "interrupted", "not_judged"]
"""Why a row has no score of its own. `not_judged`: there was an answer and nothing to hold it against."""


class Score(Noun):
    """What one evaluator said of one answer."""

    evaluator: str
    passed: bool | None = None
    """None: it could not judge (no expected answer, say)."""
    score: float | None = None
    """0-1; None: it only says yes or no, or could not judge."""
    why: str | None = None


class Result(Noun):
    """One (case, target, repeat)."""

    run: str
    case: str
    """Case id."""
    content: str
    """What was judged: a result of another content says nothing about this case."""
    target: str
    version: str
    """Of the target. Answers are cached by (target, version, content, repeat)."""
    repeat: int = Field(default=0, ge=0)
    passed: bool | None = None
    """All evaluators that could judge were satisfied; an error is False; None: nobody could judge."""
    score: float | None = None
    """Mean of the evaluators' scores, 0-1; an error is 0; None: nobody could judge."""
    cause: Cause | None = None
    """None: answered and judged."""
    error: str | None = None
    """One sentence, with the facts."""
    output: JsonValue = None
    """The answer; cut where it was too large, and `error` says so."""
    tools: Names | None = None
    """Names of the tools it called, in order; None: the target does not report them."""
    scores: tuple[Score, ...] = ()
    usd: float | None = None
    seconds: float | None = None


class RunHead(Noun):
    """What a run is about; written before its first row."""

    run: str
    """`q_` and the hash of dataset digest, target, version, evaluators and repeats: the same run again goes on."""
    dataset: str
    """`name@version`, or the name of the file that results were imported from."""
    digest: str
    """Of the dataset version; of the file for imported results."""
    target: str
    version: str
    family: str | None = None
    evaluators: Names = ()
    """`name@version` each; settings are part of the version."""
    repeats: int = Field(default=1, ge=1)
    cases: int = Field(ge=0)
    started_at: str
    """ISO 8601 with zone."""
    imported_from: str | None = None
    judges: dict[str, str] = Field(default_factory=dict)
    """Evaluator -> `provider:model` of the language model that it asks."""
    judge_families: dict[str, str | None] = Field(default_factory=dict)
    """Evaluator -> family of that model; None: its name does not tell."""


class RunLedger(Noun):
    """Rows of a run: wanted = answered + failed + not_judged + pending."""

    wanted: int = Field(ge=0)
    answered: int = Field(ge=0)
    """Answered and judged."""
    not_judged: int = Field(default=0, ge=0)
    failed_by: dict[Cause, int] = Field(default_factory=dict)
    pending: int = Field(default=0, ge=0)

    @property
    def failed(self) -> int:
        return sum(self.failed_by.values())

    @model_validator(mode="after")
    def _balances(self) -> RunLedger:
        total = self.answered + self.not_judged + self.failed + self.pending
        if total != self.wanted:
            raise LedgerError(
                f"the ledger of a run does not add up: wanted {self.wanted}, but answered {self.answered} + not judged "
                f"{self.not_judged} + failed {self.failed} + pending {self.pending} = {total}. "
                "This is a bug; please report it."
            )
        return self


def run_ledger(results: Iterable[Result], *, wanted: int) -> RunLedger:
    """The ledger of these rows; what is not there yet is pending."""
    causes = Counter(row.cause for row in results)
    failed: dict[Cause, int] = {
        cause: n for cause, n in sorted(causes.items(), key=str) if cause and cause != "not_judged"
    }
    done = causes.total()
    return RunLedger(
        wanted=wanted, answered=causes[None], not_judged=causes["not_judged"], failed_by=failed, pending=wanted - done
    )
