"""What every part of the API is handed: who asks, the desks, the filters; and what a body may say.

What this module does not know: any path.
"""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal, get_args

from fastapi import Depends, HTTPException, Query, Request
from pydantic import BaseModel, ConfigDict, Field, model_validator

from anchorset.core.case import Difficulty, Status
from anchorset.core.decision import RejectReason
from anchorset.core.errors import UsageError, nearest
from anchorset.core.filter import Filter
from anchorset.core.provenance import Bucket
from anchorset.pipeline.review.shelf import Wanted
from anchorset.ui.web.desk import Desk
from anchorset.ui.web.door import Session
from anchorset.ui.web.grading import GradingDesk
from anchorset.ui.web.many import Like, ManyDesk

CaseLane = Literal["candidates", "seeds", "redteam"]
AnyLane = Literal["candidates", "seeds", "redteam", "answers"]
RequestId = Annotated[str, Field(min_length=8, max_length=100, description="Made by the caller; sent again, the same.")]
Id = Annotated[str, Field(min_length=1, max_length=100)]
Said = dict[str, Any]
NO_ATTACKS = "attacks are shown to owners and to those who were invited with `--redteam`; ask an owner"


class Body(BaseModel):
    """What a request says: nothing else."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _can_be_written(cls, said: Any) -> Any:
        """JSON can spell what no file can hold: half a character, a number that is none."""
        try:
            json.dumps(said, ensure_ascii=False, allow_nan=False).encode()
        except (ValueError, RecursionError):
            raise ValueError("a text holds half a character (a lone surrogate), or a number is none") from None
        return said


def desk(request: Request) -> Desk:
    found: Desk = request.app.state.desk
    return found


def grading(request: Request) -> GradingDesk:
    found: GradingDesk = request.app.state.grading
    return found


def session(request: Request) -> Session:
    found: Session = request.scope["session"]
    return found


def who(request: Request) -> str:
    return session(request).person.name


def sees_attacks(request: Request) -> bool:
    return session(request).person.sees_attacks


def allow(at: Desk, sees: bool, *ids: str) -> None:
    """Raises 403 when one of these cases is an attack and whoever asks is not to see those."""
    at.fresh()
    if not sees and any(at.shelf.is_attack(id) for id in ids):
        raise HTTPException(403, NO_ATTACKS)


def filters(
    request: Request,
    bucket: str | None = None,
    cell: str | None = None,
    status: str | None = None,
    check: str | None = None,
    persona: str | None = None,
    difficulty: str | None = None,
    text: Annotated[str | None, Query(max_length=1000)] = None,
    axis: Annotated[str | None, Query(description="axis=value")] = None,
    decided: bool | None = None,
    counting: bool | None = None,
    real: bool | None = None,
    reviewer: str | None = None,
    reason: str | None = None,
    run: str | None = None,
) -> Filter:
    """The filter that the query asks for; an empty value is none. Raises UsageError for a name that cannot be one.

    Who is not to see attacks never does; asking for them is refused.
    """
    for name, value, closed in (
        ("bucket", bucket, Bucket), ("status", status, Status), ("difficulty", difficulty, Difficulty),
        ("reason", reason, RejectReason),
    ):  # fmt: skip
        if value and value not in get_args(closed):
            raise UsageError(f"`{name}` is {value!r}; {nearest(value, get_args(closed))}")
    sees = sees_attacks(request)
    if bucket == "redteam" and not sees:
        raise HTTPException(403, NO_ATTACKS)
    named, _, value = (axis or "").partition("=")
    return Wanted(
        bucket=bucket or None, cell=cell or None, status=status or None, check=check or None, persona=persona or None,
        difficulty=difficulty or None, text=text or None, axis=(named, value) if axis else None, decided=decided,
        counting=counting, real=real, reviewer=reviewer or None, reason=reason or None, run=run or None,
        redteam=None if sees else False,
    )  # fmt: skip


class Which(Body):
    """One case as it was shown."""

    case: Id
    content: Id


def many(request: Request) -> ManyDesk:
    found: ManyDesk = request.app.state.many
    return found


def like(
    like: Annotated[str | None, Query(max_length=8000, description="A text that cases are compared with.")] = None,
    like_case: Annotated[str | None, Query(max_length=100, description="A case that cases are compared with.")] = None,
    within: Annotated[float | None, Query(ge=0, le=2, description="Only up to this distance.")] = None,
) -> Like:
    """What cases are compared with."""
    return Like(text=like or None, case=like_case or None, within=within)


def lanes(request: Request) -> tuple[str, ...]:
    """The lanes of candidates that whoever asks decides in."""
    return ("candidates", "redteam") if sees_attacks(request) else ("candidates",)


Name = Annotated[str, Depends(who)]
TheMany = Annotated[ManyDesk, Depends(many)]
Likeness = Annotated[Like, Depends(like)]
Lanes = Annotated[tuple[str, ...], Depends(lanes)]
TheDesk = Annotated[Desk, Depends(desk)]
TheGrading = Annotated[GradingDesk, Depends(grading)]
Sees = Annotated[bool, Depends(sees_attacks)]
Asked = Annotated[Filter, Depends(filters)]
