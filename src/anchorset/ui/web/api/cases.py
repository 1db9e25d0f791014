"""Cases: filtered, one by one, what is near them; and where their review stands.

What this module does not know: who may come in, and how anything looks.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from anchorset.ui.web.api.common import Asked, Lanes, Likeness, Name, Said, Sees, TheDesk, TheMany, allow

router = APIRouter()


@router.get("/cases")
def cases(
    name: Name, at: TheMany, sees: Sees, lanes: Lanes, asked: Asked, like: Likeness,
    limit: Annotated[int, Query(ge=1, le=500)] = 50, offset: Annotated[int, Query(ge=0, le=10**9)] = 0,
) -> Said:  # fmt: skip
    """One page of the cases that fit all filters; with `like` or `like_case` the nearest first, with distances.

    `waiting`: how many of all that fit wait for you. `embedded` of `of`: how many cases can be compared by now.
    """
    allow(at.desk, sees, *([like.case] if like.case else []))
    return at.cases(name, asked, like, lanes=lanes, limit=limit, offset=offset)


@router.get("/cases/{id}")
def case(
    id: str, name: Name, at: TheDesk, sees: Sees, content: str | None = None, whole: bool = False, hide: bool = False
) -> Said:  # fmt: skip
    """One case with all there is to see. `whole`: long texts are not cut. `hide`: without what checks found."""
    allow(at, sees, id)
    return at.case(name, id, content, whole=whole, hide=hide)


@router.get("/cases/{id}/near")
def near(id: str, name: Name, at: TheDesk, sees: Sees, content: str | None = None) -> Said:
    """The three nearest seeds and the three nearest approved cases, with distances."""
    allow(at, sees, id)
    return at.near(name, id, content, attacks=sees)


@router.get("/filters")
def choices(at: TheDesk) -> Said:
    """What can be filtered by."""
    return dict(at.choices())


@router.get("/status")
def status(name: Name, at: TheDesk) -> Said:
    """`anchorset review status --json`, and your pace."""
    return at.status(name)
