"""Reviewers: how far they agree, how steady each is, what they disagree about, and the word that ends it.

What this module does not know: who may come in, and how anything looks.
"""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request
from pydantic import JsonValue

from anchorset.core.decision import RejectReason
from anchorset.ui.web.api.common import Body, Id, Name, RequestId, Said, Sees, session
from anchorset.ui.web.people import PeopleDesk

router = APIRouter()


class Settle(Body):
    """The word that stands."""

    request: RequestId
    content: Id
    decision: Literal["approve", "edit", "reject"]
    reason: RejectReason | None = None
    changes: dict[str, JsonValue] | None = None


def people_desk(request: Request) -> PeopleDesk:
    found: PeopleDesk = request.app.state.people
    return found


def is_owner(request: Request) -> bool:
    return session(request).person.role == "owner"


ThePeople = Annotated[PeopleDesk, Depends(people_desk)]
Owner = Annotated[bool, Depends(is_owner)]


@router.get("/people")
def people(at: ThePeople) -> Said:
    """How far reviewers agree (alpha, kappa of each two); of each: approval over time, agreement with themselves."""
    return at.people()


@router.get("/disagreements")
def disagreements(name: Name, at: ThePeople, owner: Owner, sees: Sees) -> Said:
    """What is undecided because reviewers disagree. `words`: what was said; null until you have decided yourself."""
    return at.disagreements(name, owner=owner, attacks=sees)


@router.get("/disagreements/{content}")
def disagreement(
    content: str, name: Name, at: ThePeople, owner: Owner, sees: Sees, opened: bool = False
) -> Said:  # fmt: skip
    """One of them with its case. `opened`: an owner sees what was said without having decided."""
    return at.disagreement(name, content, owner=owner, attacks=sees, opened=opened)


@router.post("/settle")
def settle(body: Settle, name: Name, at: ThePeople, owner: Owner, sees: Sees) -> Said:
    """End a disagreement: an owner's word stands alone."""
    return at.settle(
        name, body.content, body.decision, owner=owner, attacks=sees, reason=body.reason, changes=body.changes,
        request=body.request,
    )  # fmt: skip
