"""The queue: the next case, a decision, taking it back, putting it off.

What this module does not know: who may come in, and how anything looks.
"""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from fastapi import APIRouter, HTTPException, Query, Request
from pydantic import Field, JsonValue

from anchorset.core.decision import RejectReason
from anchorset.core.errors import UsageError
from anchorset.pipeline.review.shelf import Wanted
from anchorset.ui.web.api.common import (
    NO_ATTACKS,
    AnyLane,
    Asked,
    Body,
    CaseLane,
    Id,
    Name,
    RequestId,
    Said,
    Sees,
    TheDesk,
    TheGrading,
    TheMany,
    Which,
    allow,
    session,
)

router = APIRouter()
PageId = Annotated[str, Field(max_length=100)]


class Decide(Body):
    """One decision on one case as it was shown."""

    request: RequestId
    lane: CaseLane = "candidates"
    case: Id
    content: Id
    decision: Literal["approve", "edit", "reject"]
    reason: RejectReason | None = None
    changes: dict[str, JsonValue] | None = None
    also: list[Which] = Field(default=[], max_length=200)
    """Near duplicates that get the same word; never with an edit."""


class Undo(Body):
    request: RequestId
    lane: AnyLane = "candidates"
    run: str | None = None


class PutOff(Body):
    lane: AnyLane = "candidates"
    case: Id
    on: bool = True


class Hold(Body):
    page: PageId
    cases: list[Id] = Field(max_length=200)


class Leave(Body):
    page: PageId


class BringBack(Body):
    lane: AnyLane = "candidates"
    what: Literal["skipped", "later"]


@router.get("/me")
def me(request: Request) -> Said:
    """Who you are, and what you review by."""
    person = session(request).person
    room = request.app.state.desk.workspace
    return {"name": person.name, "role": person.role, "redteam": person.sees_attacks,
            "workspace": room.config.name, "rubric": room.folder.rubric,
            "hide_suggestions": room.config.review.hide_suggestions,
            "reasons": list(get_args(RejectReason))}  # fmt: skip


@router.get("/next")
def next_(
    name: Name, at: TheDesk, asked: Asked, sees: Sees, lane: CaseLane = "candidates",
    beside: Annotated[list[str] | None, Query(max_length=200)] = None, page: PageId = "", hide: bool = False,
) -> Said:  # fmt: skip
    """The case to decide next, kept from others for some minutes, and how many wait.

    `beside`: ids that you hold already. `page`: a name of your own for what asks; it holds those ids alone. `hide`:
    without what checks found. `elsewhere`: how many of those that wait are open with others; `frees_in`: seconds until
    the first of them is free.
    """
    if lane == "redteam" and not sees:
        raise HTTPException(403, NO_ATTACKS)
    wanted = None if asked in (Wanted(), Wanted(redteam=False)) else asked  # attacks have a lane of their own
    return at.next(name, lane, wanted=wanted, beside=beside or (), page=page, hide=hide)


@router.post("/hold")
def hold(body: Hold, name: Name, at: TheDesk) -> Said:
    """These cases are still open on your page: they are kept from others anew."""
    return at.hold(name, body.page, body.cases)


@router.post("/leave")
def leave(body: Leave, name: Name, at: TheDesk) -> Said:
    """Your page is closed: what it held may go to others."""
    return at.leave(name, body.page)


@router.post("/decide")
def decide(body: Decide, name: Name, at: TheDesk, many: TheMany, sees: Sees) -> Said:
    """Approve, edit or reject (with a reason) one case as it was shown; `also`: others like it, with one undo."""
    allow(at, sees, body.case, *(one.case for one in body.also))
    if body.also:
        if body.decision == "edit":
            raise UsageError("an edit is of one case: `also` cannot be edited with it")
        asked = [(body.case, body.content), *((one.case, one.content) for one in body.also)]
        return many.decide(name, body.lane, asked, body.decision, reason=body.reason, request=body.request)
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
