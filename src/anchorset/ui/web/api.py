"""The JSON API: everything the page does. Each route asks the desk for one thing.

What this module does not know: who may come in, and how anything looks.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from anchorset.core.case import Difficulty, Status
from anchorset.core.decision import RejectReason
from anchorset.core.errors import UsageError, nearest
from anchorset.core.filter import Filter
from anchorset.core.provenance import Bucket
from anchorset.pipeline.shelf import Wanted
from anchorset.ui.web.desk import Desk
from anchorset.ui.web.door import Session
from anchorset.ui.web.grading import GradingDesk

router = APIRouter(prefix="/api")

CaseLane = Literal["candidates", "seeds"]
AnyLane = Literal["candidates", "seeds", "answers"]
RequestId = Annotated[str, Field(min_length=8, max_length=100, description="Made by the caller; sent again, the same.")]
Id = Annotated[str, Field(min_length=1, max_length=100)]
Said = dict[str, Any]


class Body(BaseModel):
    """What a request says: nothing else."""

    model_config = ConfigDict(extra="forbid")


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


class GradeIt(Body):
    """Whether one answer is right, by one person who has not seen what evaluators said."""

    request: RequestId
    run: Id
    case: Id
    content: Id
    repeat: int = Field(default=0, ge=0)
    passed: bool
    note: str | None = Field(default=None, max_length=5000)


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


def filters(
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
    """The filter that the query asks for; an empty value is none. Raises UsageError for a name that cannot be one."""
    for name, value, closed in (
        ("bucket", bucket, Bucket), ("status", status, Status), ("difficulty", difficulty, Difficulty),
        ("reason", reason, RejectReason),
    ):  # fmt: skip
        if value and value not in get_args(closed):
            raise UsageError(f"`{name}` is {value!r}; {nearest(value, get_args(closed))}")
    named, _, value = (axis or "").partition("=")
    return Wanted(
        bucket=bucket or None, cell=cell or None, status=status or None, check=check or None, persona=persona or None,
        difficulty=difficulty or None, text=text or None, axis=(named, value) if axis else None, decided=decided,
        counting=counting, real=real, reviewer=reviewer or None, reason=reason or None, run=run or None,
    )  # fmt: skip


Name = Annotated[str, Depends(who)]
TheDesk = Annotated[Desk, Depends(desk)]
TheGrading = Annotated[GradingDesk, Depends(grading)]
Asked = Annotated[Filter, Depends(filters)]


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


@router.get("/cases")
def cases(
    at: TheDesk, asked: Asked, limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: Annotated[int, Query(ge=0, le=10**9)] = 0,
) -> Said:  # fmt: skip
    """One page of the cases that fit all filters."""
    return at.cases(asked, limit=limit, offset=offset)


@router.get("/cases/{id}")
def case(id: str, at: TheDesk, content: str | None = None, whole: bool = False) -> Said:
    """One case with all there is to see. `whole`: long texts are not cut."""
    return at.case(id, content, whole=whole)


@router.get("/cases/{id}/near")
def near(id: str, at: TheDesk, content: str | None = None) -> Said:
    """The three nearest seeds and the three nearest approved cases, with distances."""
    return at.near(id, content)


@router.get("/filters")
def choices(at: TheDesk) -> Said:
    """What can be filtered by."""
    return dict(at.choices())


@router.get("/status")
def status(name: Name, at: TheDesk) -> Said:
    """`anchorset review status --json`, and your pace."""
    return at.status(name)


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


@router.get("/runs")
def runs(answers: TheGrading) -> Said:
    """Runs whose answers can be graded, the latest first."""
    return {"runs": answers.runs()}


@router.get("/answers/next")
def next_answer(
    name: Name, answers: TheGrading, run: str, beside: Annotated[list[str] | None, Query(max_length=200)] = None
) -> Said:  # fmt: skip
    """The answer to grade next, without what evaluators said of it. `beside`: names of answers you hold already."""
    return answers.next(name, run, beside=beside or ())


@router.post("/grade")
def grade(body: GradeIt, name: Name, answers: TheGrading) -> Said:
    """Say whether an answer is right."""
    return answers.grade(
        name, body.run, case=body.case, content=body.content, repeat=body.repeat, passed=body.passed, note=body.note,
        request=body.request,
    )  # fmt: skip
