"""Outcomes of releases: read by everybody, recorded by owners, completed by what production said.

What this module does not know: who may come in, and how anything looks.
"""

from __future__ import annotations

from typing import Any, Literal, get_args

from fastapi import APIRouter
from pydantic import Field

from anchorset.core.said import OutcomeReason
from anchorset.pipeline.trust.outcomes import add_production, outcome_report, outcomes_of
from anchorset.ui.web.api.common import Body, Id, RequestId, Said
from anchorset.ui.web.api.seen import Owner, TheMade

router = APIRouter()
Ref = Field(min_length=1, max_length=100)
Note = Field(default="", max_length=5000)


class Record(Body):
    """What became of a release, with the cases that show it."""

    request: RequestId
    dataset: str = Ref
    candidate: str = Field(min_length=1, max_length=300)
    decision: Literal["approve", "edit", "reject", "failed"]
    reasons: list[OutcomeReason] = Field(default_factory=list, max_length=8)
    verdict: Literal["PASS", "BLOCK", "INCONCLUSIVE"] | None = None
    production: Literal["better", "same", "worse"] | None = None
    note: str = Note
    cases: list[Id] = Field(default_factory=list, max_length=200)
    promote: Literal["regression", "golden"] | None = None


class Later(Body):
    """What production said of a release whose outcome is recorded."""

    request: RequestId
    dataset: str = Ref
    candidate: str = Field(min_length=1, max_length=300)
    production: Literal["better", "same", "worse"]
    decided_by: str | None = Field(default=None, max_length=200)
    note: str = Note


@router.get("/outcomes")
def outcomes(made: TheMade, dataset: str | None = None) -> Said:
    """`anchorset outcome --list --json`: the outcomes that stand, the latest first, and the reasons there are."""
    found = outcomes_of(made.workspace, dataset or None)
    return {"outcomes": [outcome_report(one) for one in found], "reasons": list(get_args(OutcomeReason))}


@router.post("/outcomes")
def record(body: Record, who: Owner, made: TheMade) -> Said:
    """Record an outcome; `promote` makes its cases durable. Owners only."""

    from anchorset.pipeline.trust.trusting import record_outcome

    def now() -> dict[str, Any]:
        done = record_outcome(
            made.workspace, body.dataset, evidence=body.cases, promote=body.promote, decision=body.decision,
            candidate=body.candidate, reviewer=who.person.name, reasons=body.reasons, verdict=body.verdict,
            production=body.production, note=body.note,
        )  # fmt: skip
        return {
            "outcome": outcome_report(done.outcome), "promoted": [one.id for one in done.promoted],
            "notes": list(done.notes),
        }  # fmt: skip

    return made.desk.once(who.person.name, body.request, now)


@router.post("/outcomes/production")
def later(body: Later, who: Owner, made: TheMade) -> Said:
    """Add what production said to an outcome. Owners only; the decision stays its maker's."""

    def now() -> dict[str, Any]:
        said = add_production(
            made.workspace, body.dataset, candidate=body.candidate, production=body.production,
            reviewer=who.person.name, decided_by=body.decided_by, note=body.note,
        )  # fmt: skip
        return {"outcome": outcome_report(said)}

    return made.desk.once(who.person.name, body.request, now)
