"""Answers of a run, to be graded blind.

What this module does not know: who may come in, and how anything looks.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from anchorset.ui.web.api.common import Body, Id, Name, RequestId, Said, Sees, TheGrading, allow

router = APIRouter()


class GradeIt(Body):
    """Whether one answer is right, by one person who has not seen what evaluators said."""

    request: RequestId
    run: Id
    case: Id
    content: Id
    repeat: int = Field(default=0, ge=0)
    passed: bool
    note: str | None = Field(default=None, max_length=5000)


@router.get("/answers/next")
def next_answer(
    name: Name, answers: TheGrading, sees: Sees, run: str,
    beside: Annotated[list[str] | None, Query(max_length=200)] = None,
) -> Said:  # fmt: skip
    """The answer to grade next, without what evaluators said of it. `beside`: names of answers you hold already."""
    return answers.next(name, run, beside=beside or (), attacks=sees)


@router.post("/grade")
def grade(body: GradeIt, name: Name, answers: TheGrading, sees: Sees) -> Said:
    """Say whether an answer is right."""
    allow(answers.desk, sees, body.case)
    return answers.grade(
        name, body.run, case=body.case, content=body.content, repeat=body.repeat, passed=body.passed, note=body.note,
        request=body.request,
    )  # fmt: skip
