"""Several cases at once: near duplicates that wait, a bulk with one undo, metadata.

What this module does not know: who may come in, and how anything looks.
"""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, HTTPException, Request
from pydantic import Field

from anchorset.core.decision import RejectReason
from anchorset.core.errors import UsageError
from anchorset.pipeline.review.bulk import MOST
from anchorset.ui.web.api.common import (
    Asked,
    Body,
    Id,
    Lanes,
    Likeness,
    Name,
    RequestId,
    Said,
    Sees,
    TheDesk,
    TheMany,
    Which,
    allow,
    session,
)

router = APIRouter()
Values = dict[str, str | None]
"""Name -> value; None takes one away."""
Ticked = list[Which]


class Bulk(Body):
    """One thing done to several cases: those that are named, or `all` that fit the filter in the query."""

    request: RequestId
    action: Literal["approve", "reject", "later", "metadata"]
    reason: RejectReason | None = None
    metadata: Values = Field(default_factory=dict, max_length=50)
    cases: Ticked = Field(default_factory=list, max_length=MOST)
    all: bool = False
    expect: int | None = Field(default=None, ge=0)
    """With `all`: how many were confirmed. Refused when it is another number by now."""


class Back(Body):
    """What is taken back: what the answer to a bulk said under `undo`."""

    request: RequestId
    action: Literal["approve", "reject", "later", "metadata"]
    together: Id | None = None
    cases: list[Id] = Field(default_factory=list, max_length=MOST)


class SetMetadata(Body):
    request: RequestId
    case: Id
    metadata: Values = Field(min_length=1, max_length=50)


class OneBack(Body):
    request: RequestId
    case: Id


class SetAside(Body):
    request: RequestId
    run: Id
    lifted: bool = False
    why: str = Field(default="", max_length=500)


@router.get("/cases/{id}/group")
def group(id: str, content: str, name: Name, at: TheMany, sees: Sees, lanes: Lanes) -> Said:
    """Near duplicates of a case that wait for you, each with its diff in words. `whole` false: there may be more."""
    allow(at.desk, sees, id)
    return at.group(name, id, content, lanes=lanes)


@router.post("/bulk")
def bulk(
    body: Bulk, name: Name, at: TheMany, sees: Sees, lanes: Lanes, asked: Asked, like: Likeness
) -> Said:  # fmt: skip
    """Approve, reject, mark for later, or set metadata of several cases; the answer says how to take all of it back.

    With `all`, a decision is on those of them that wait for you. A named case that was edited since is refused by name.
    """
    deciding = body.action in ("approve", "reject")
    if body.all:
        allow(at.desk, sees, *([like.case] if like.case else []))
        chosen = at.chosen(name, asked, like, lanes=lanes, waiting=body.action != "metadata")
        if body.expect is not None and body.expect != len(chosen):
            raise HTTPException(409, f"{len(chosen):,} fit by now, and {body.expect:,} were confirmed: look again")
    else:
        chosen = [(one.case, one.content) for one in body.cases]
        allow(at.desk, sees, *(case for case, _ in chosen))
    if not chosen:
        raise UsageError("no case is named, or none fits that waits for you; tick some, or widen the filter")
    if deciding:
        word: Literal["approve", "reject"] = "approve" if body.action == "approve" else "reject"
        return at.say(name, chosen, word, reason=body.reason, request=body.request)
    ids = [case for case, _ in chosen]
    if len(ids) > MOST:
        raise UsageError(f"{len(ids):,} cases are too many for one go (at the most {MOST:,}); narrow the filter")
    if body.action == "later":
        return at.later(name, ids, on=True, request=body.request)
    return at.tag(name, ids, body.metadata, request=body.request)


@router.get("/bulk/last")
def last(name: Name, at: TheMany) -> Said:
    """What you decided in one go last, as far as it can be taken back; null: nothing."""
    return at.last(name)


@router.post("/bulk/undo")
def back(body: Back, name: Name, at: TheMany) -> Said:
    """Takes back what was done in one go."""
    if body.action == "later":
        return at.later(name, body.cases, on=False, request=body.request)
    if body.action == "metadata":
        return at.untag(name, body.cases[0] if body.cases else "", request=body.request)
    return at.take_back(name, body.together or "", request=body.request)


@router.post("/quarantine")
def quarantine(body: SetAside, request: Request, name: Name, at: TheMany) -> Said:
    """Puts all candidates of a production run aside, or takes them back (`lifted`). Owners only."""
    if session(request).person.role != "owner":
        raise HTTPException(403, "only an owner puts a whole run aside; ask one")
    return at.set_aside(name, body.run, lifted=body.lifted, why=body.why, request=body.request)


@router.get("/cases/{id}/metadata")
def metadata(id: str, name: Name, at: TheMany, sees: Sees) -> Said:
    """What can be set on a case, what stands, and who set what by hand."""
    allow(at.desk, sees, id)
    return at.metadata(name, id)


@router.post("/metadata")
def set_metadata(body: SetMetadata, name: Name, at: TheMany, desk: TheDesk, sees: Sees) -> Said:
    """Sets values of a case by hand; an axis takes the values of the configuration only."""
    allow(at.desk, sees, body.case)
    if not desk.shelf.rows_of(id=body.case):
        raise UsageError(f"no case is {body.case!r}")
    return at.tag(name, [body.case], body.metadata, request=body.request)


@router.post("/metadata/undo")
def untag(body: OneBack, name: Name, at: TheMany, sees: Sees) -> Said:
    """Takes your last values on a case back, with what was set in one go with them."""
    allow(at.desk, sees, body.case)
    return at.untag(name, body.case, request=body.request)
