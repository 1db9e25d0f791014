"""The queue: the next case, a decision, taking it back, putting it off.

What this module does not know: who may come in, and how anything looks.
"""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from fastapi import APIRouter, Query, Request
from pydantic import JsonValue

from anchorset.core.decision import RejectReason
from anchorset.pipeline.shelf import Wanted
from anchorset.ui.web.api.common import (
    AnyLane,
    Asked,
    Body,
    CaseLane,
    Id,
    Name,
    RequestId,
    Said,
    TheDesk,
    TheGrading,
    session,
)

router = APIRouter()


class Decide(Body):
    """One decision on one case as it was shown."""

    request: RequestId
    lane: CaseLane = "candidates"
    case: Id
    content: Id
    decision: Literal["approve", "edit", "reject"]
    reason: RejectReason | None = None
    changes: dict[str, JsonValue] | None = None


class Undo(Body):
    request: RequestId
    lane: AnyLane = "candidates"
    run: str | None = None


class PutOff(Body):
    lane: AnyLane = "candidates"
    case: Id
    on: bool = True


class BringBack(Body):
    lane: AnyLane = "candidates"
    what: Literal["skipped", "later"]


@router.get("/me")
def me(request: Request) -> Said:
    """Who you are, and what you review by."""
    person = session(request).person
    room = request.app.state.desk.workspace
    return {"name": person.name, "role": person.role, "workspace": room.config.name, "rubric": room.folder.rubric,
            "reasons": list(get_args(RejectReason))}  # fmt: skip


@router.get("/next")
def next_(
    name: Name, at: TheDesk, asked: Asked, lane: CaseLane = "candidates",
    beside: Annotated[list[str] | None, Query(max_length=200)] = None,
) -> Said:  # fmt: skip
    """The case to decide next, and how many wait. `beside`: ids that you hold already."""
    return at.next(name, lane, wanted=None if asked == Wanted() else asked, beside=beside or ())


@router.post("/decide")
def decide(body: Decide, name: Name, at: TheDesk) -> Said:
    """Approve, edit or reject (with a reason) one case as it was shown."""
    return at.decide(
        name, body.lane, id=body.case, content=body.content, decision=body.decision, reason=body.reason,
        changes=body.changes, request=body.request,
    )  # fmt: skip


@router.post("/undo")
def undo(body: Undo, name: Name, at: TheDesk, answers: TheGrading) -> Said:
    """Take your last decision in a lane back. Again: the one before."""
    if body.lane == "answers":
        return answers.undo(name, body.run or "", request=body.request)
    return at.undo(name, body.lane, request=body.request)


@router.post("/later")
def later(body: PutOff, name: Name, at: TheDesk) -> Said:
    """Mark a case for later, or take the mark away. It stays undecided."""
    return at.put_off(name, body.lane, "later", body.case, on=body.on)


@router.post("/skip")
def skip(body: PutOff, name: Name, at: TheDesk) -> Said:
    """Not now: it comes again when everything is brought back, or when the server starts again."""
    return at.put_off(name, body.lane, "skipped", body.case, on=body.on)


@router.post("/back")
def back(body: BringBack, name: Name, at: TheDesk) -> Said:
    """All that you skipped, or marked for later, waits again."""
    return at.bring_back(name, body.lane, body.what)
