"""What became of a release: the outcome as a row that keeps its evidence, cases promoted because of it, and the record
of what production said against what the evaluation had said.

What this module does not know: where rows are kept, and what ships next.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import ValidationError

from anchorset.core.case import Case
from anchorset.core.errors import UsageError
from anchorset.core.inert import short
from anchorset.core.numbers import share
from anchorset.core.provenance import Golden, Observed, Synthetic
from anchorset.core.result import Word
from anchorset.core.said import Outcome, OutcomeReason
from anchorset.core.trust import Signal
from anchorset.infra.stats.intervals import wilson
from anchorset.trust.report.phrases import amount, limits, listed

Promotion = Literal["regression", "golden"]

TAGS: dict[Promotion, str] = {"regression": "protects:failure", "golden": "protects:healthy"}
"""What a promoted case stands guard over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Concluded:
    """An outcome, and what it does to cases."""

    outcome: Outcome
    promoted: tuple[Case, ...]
    """New records of cases whose bucket or tags change: same id and content, so verdicts on them stand."""
    notes: tuple[str, ...]
    """What the caller should say aloud."""


def conclude(
    *, decision: Literal["approve", "edit", "reject", "failed"], dataset: str, candidate: str, reviewer: str, at: str,
    reasons: Sequence[OutcomeReason] = (), verdict: Word | None = None,
    production: Literal["better", "same", "worse"] | None = None, note: str = "", evidence: Sequence[Case] = (),
    promote: Promotion | None = None,
) -> Concluded:  # fmt: skip
    """The outcome of a release decision, and the evidence cases promoted to `regression` or `golden`.

    A seed promoted to regression keeps origin and original id and leaves the anchor; promoted to golden, its author is
    the reviewer. A synthetic case stays synthetic with its whole lineage, and gets the tag that says what it protects.
    Cases that are regression or golden already stay as they are.
    Raises UsageError for an outcome that does not explain itself, and for a promotion without evidence.
    """
    if promote is not None and not evidence:
        raise UsageError(
            f"promote is {promote!r} and there is no evidence case; name the cases that show it with their ids"
        )
    try:
        said = Outcome(
            decision=decision, dataset=dataset, candidate=candidate, reasons=tuple(dict.fromkeys(reasons)),
            verdict=verdict, production=production, note=note,
            evidence=tuple(dict.fromkeys(case.id for case in evidence)), reviewer=reviewer, at=at,
        )  # fmt: skip
    except ValidationError as error:
        raise UsageError(error.errors()[0]["msg"].removeprefix("Value error, ")) from None
    if promote is None:
        return Concluded(outcome=said, promoted=(), notes=())
    once = {case.id: case for case in evidence}.values()
    promoted = tuple(new for case in once if (new := _promoted(case, promote, said)) != case)
    return Concluded(outcome=said, promoted=promoted, notes=tuple(_notes(once, promoted, promote)))


def outcome_tag(said: Outcome) -> str:
    """What a promoted case keeps of the outcome that promoted it: `outcome:reject:next:refund-bot@1.0.0`."""
    return f"outcome:{said.decision}:{short(said.candidate, 60)}:{said.dataset}"


def _promoted(case: Case, to: Promotion, said: Outcome) -> Case:
    origin = case.provenance
    if isinstance(origin, Golden) or (isinstance(origin, Observed) and origin.source == "regression"):
        return case
    tags = case.tags if TAGS[to] in case.tags else (*case.tags, TAGS[to], outcome_tag(said))
    if isinstance(origin, Synthetic):
        return case.model_copy(update={"tags": tags})
    became: Observed | Golden = (
        origin.model_copy(update={"source": "regression"})
        if to == "regression"
        else Golden(source="golden", author=said.reviewer, origin=origin.origin, original_id=origin.original_id)
    )
    return case.model_copy(update={"tags": tags, "provenance": became})


def _notes(given: Iterable[Case], promoted: Sequence[Case], to: Promotion) -> list[str]:
    before = {case.id: case for case in given}
    moved = [case for case in promoted if before[case.id].bucket == "seed"]
    notes = []
    if moved:
        bias = ", which takes failures out of it and raises its pass rate" if to == "regression" else ""
        notes.append(f"{amount(len(moved), 'seed')} became {to} and left the anchor{bias}: ingest more real cases")
    kept = [case for case in promoted if isinstance(case.provenance, Synthetic)]
    if kept:
        notes.append(
            f"{amount(len(kept), 'synthetic case')} got the tag {TAGS[to]!r} and kept the bucket and the whole lineage"
        )
    same = len(before) - len(promoted)
    if same:
        notes.append(f"{amount(same, 'case')} guarded something already and did not change")
    return notes


def latest(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """The last word of each decision's maker on each candidate and dataset version, in the order of the last words."""
    found: dict[tuple[str, str, str], Outcome] = {}
    for one in sorted(outcomes, key=lambda one: (one.at, one.reviewer)):  # of one second: whichever file came first
        key = (one.dataset, one.candidate, one.maker)
        found.pop(key, None)
        found[key] = one
    return list(found.values())


def with_production(
    one: Outcome, *, production: Literal["better", "same", "worse"], reviewer: str, at: str, note: str = ""
) -> Outcome:
    """The outcome with what production said of it, said by `reviewer`; the decision stays its maker's."""
    return one.model_copy(
        update={
            "production": production, "reviewer": reviewer, "at": at,
            "decided_by": None if reviewer == one.maker else one.maker,
            "note": "\n".join(filter(None, (one.note, note))),
        }
    )  # fmt: skip


def agrees(one: Outcome) -> bool | None:
    """Whether production said what the evaluation had said; None when one of them said nothing."""
    if one.production is None or one.verdict in (None, "INCONCLUSIVE"):
        return None
    return (one.production == "worse") == (one.verdict == "BLOCK")


def outcomes_signal(outcomes: Sequence[Outcome]) -> Signal:
    """Did production confirm what the evaluation had said?"""
    known = [(one, agrees(one)) for one in latest(outcomes)]
    told = [(one, right) for one, right in known if right is not None]
    if not told:
        waiting = f"{amount(len(known), 'outcome')} recorded, none with both a verdict and a word from production."
        return Signal(
            id="outcomes", answer="unknown",
            evidence=waiting if known else "No outcome of a release is recorded.",
            todo="Record what production said after each release: nothing else shows whether the evaluation is right.",
        )  # fmt: skip
    right = sum(bool(ok) for _, ok in told)
    low, high = wilson(right, len(told))
    wrong = [one for one, ok in told if not ok]
    missed = [one.candidate for one in wrong if one.verdict == "PASS"]
    confirmed = f"{share(right / len(told))} {limits(low, high)}"
    evidence = f"Production confirmed {right:,} of {amount(len(told), 'verdict')}: {confirmed}."
    if missed:
        evidence += f" Passed and got worse: {listed(missed)}."
    todo = ""
    if wrong:
        todo = "Promote the cases that show it to regression, and ask which real cases the seed lacks."
    return Signal(
        id="outcomes", answer="no" if wrong else "yes", evidence=evidence, todo=todo, value=right / len(told),
        low=low, high=high, cases=tuple(id for one in wrong for id in one.evidence)[:20],
    )  # fmt: skip
