"""Answers of a run, graded blind by people: what calibrates judges. Nobody is shown what an evaluator said.

What this module does not know: what a grade leads to, and how anything is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from anchorset.core.case import Case
from anchorset.core.errors import UsageError
from anchorset.core.filter import Filter
from anchorset.core.run import Result
from anchorset.core.said import Grade
from anchorset.infra.db import runs as run_rows
from anchorset.infra.db import said as said_rows
from anchorset.pipeline.cases import reviews_file
from anchorset.pipeline.workspace import Workspace
from anchorset.review.grades import Graded, graded, write_answers
from anchorset.review.lanes import answers_to_grade
from anchorset.review.sheet import read_sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Answers of a run to be graded blind, with the cases they answer."""

    rows: list[Result]
    cases: dict[str, Case]
    """Content -> case."""


def answers_to_see(
    workspace: Workspace, run: str, *, n: int, reviewer: str, hidden: Callable[[str], bool] = lambda id: False
) -> Answers:  # fmt: skip
    """A sample of a run's answers that this reviewer has not graded. Raises UsageError for a run that is not there.

    hidden: whether the case with this id is not for them.
    """
    with workspace.store.reading() as connection:
        heads = [head.run for head in run_rows.heads(connection)]
        if run not in heads:
            raise UsageError(f"there is no run {run!r}; known: {', '.join(heads) or 'none yet'}")
        rows = [row for row in run_rows.results(connection, run) if not hidden(row.case)]
        graded = {
            (one.content, one.repeat)
            for one in said_rows.all_said(connection, Grade, "grade", run)
            if one.reviewer == reviewer
        }
    chosen = answers_to_grade(rows, n=n, graded=graded)
    cases = workspace.cases(Filter(ids=tuple({row.case for row in chosen}))) if chosen else []
    return Answers(rows=chosen, cases={case.content: case for case in cases})


def export_answers(workspace: Workspace, run: str, out: Path, *, n: int, reviewer: str) -> int:
    """Writes a blind sample of answers for people who grade in a spreadsheet. Returns the number of rows."""
    found = answers_to_see(workspace, run, n=n, reviewer=reviewer)
    if not found.rows:
        raise UsageError(f"no answer of {run} waits for {reviewer}, so there is nothing to export")
    return write_answers(found.rows, found.cases, out)


def import_answers(workspace: Workspace, file: Path, *, reviewer: str) -> Graded:
    """Takes the grades of a filled file. The same file again changes nothing."""
    with workspace.exclusive("review-import"):
        with workspace.store.reading() as connection:
            known = said_rows.all_said(connection, Grade, "grade")
            rows = {
                (row.run, row.content, row.repeat): row
                for head in run_rows.heads(connection)
                for row in run_rows.results(connection, head.run)
            }
        found = graded(read_sheet(file), rows, known=known, reviewer=reviewer, at=workspace.now())
        keep(workspace, found.grades)
    return found


def keep(workspace: Workspace, grades: Sequence[Grade]) -> None:
    """Each into the mirror of whoever gave it."""
    for person in dict.fromkeys(one.reviewer for one in grades):
        workspace.append(reviews_file(person), [one for one in grades if one.reviewer == person])
