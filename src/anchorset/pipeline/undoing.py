"""A reviewer's last word taken back, at any depth: a row that is added, like the word was.

What this module does not know: how far back anybody wants to go, and how anything is shown.
"""

from __future__ import annotations

from anchorset.core.errors import UsageError
from anchorset.core.said import Grade, Undo, Verdict
from anchorset.infra.db import said as said_rows
from anchorset.pipeline.cases import reviews_file
from anchorset.pipeline.workspace import Workspace


def undo(workspace: Workspace, *, reviewer: str, lane: str | None = None, about: str | None = None) -> Verdict:
    """Takes the reviewer's last verdict back and returns it. What they said on that content before stands again.

    lane: `candidates`, `seeds`; None: either. about: only on this case, by the id that was judged or that it has since
    an edit. Called again it goes one further back. Raises UsageError when there is nothing (any more) to take back.
    """
    with workspace.store.reading() as connection:
        last = said_rows.last_verdict(connection, reviewer, lane=lane, about=about)
    if last is None:
        what = f"decision on {about}" if about else "decision" + (f" in the lane {lane}" if lane else "")
        raise UsageError(f"{reviewer} has no {what} to take back; `anchorset cases show ID` lists who decided what")
    at = max(workspace.now(), last.decision.at)  # a clock that went back must not put it before what it takes back
    row = Undo(lane=last.lane, case=last.case, content=last.content, reviewer=reviewer, at=at)
    workspace.append(reviews_file(reviewer), [row])
    return last


def undo_grade(workspace: Workspace, run: str, *, reviewer: str) -> Grade:
    """Takes the reviewer's last grade on an answer of this run back and returns it. Raises UsageError for none."""
    with workspace.store.reading() as connection:
        grades = [one for one in said_rows.all_said(connection, Grade, "grade", run) if one.reviewer == reviewer]
    if not grades:
        raise UsageError(f"{reviewer} has no grade on an answer of {run!r} to take back; `anchorset status` lists runs")
    last = grades[-1]
    row = Undo(
        lane="answers", case=last.case, content=last.content, run=run, repeat=last.repeat, reviewer=reviewer,
        at=max(workspace.now(), last.at),
    )  # fmt: skip
    workspace.append(reviews_file(reviewer), [row])
    return last
