"""A reviewer's last word taken back, at any depth: a row that is added, like the word was.

What this module does not know: how far back anybody wants to go, and how anything is shown.
"""

from __future__ import annotations

from anchorset.core.errors import UsageError
from anchorset.core.said import Grade, Tag, Undo, Verdict
from anchorset.infra.db import said as said_rows
from anchorset.pipeline.cases import reviews_file
from anchorset.pipeline.workspace import Workspace


def undo_all(
    workspace: Workspace, *, reviewer: str, lane: str | None = None, about: str | None = None, alone: bool = False
) -> list[Verdict]:  # fmt: skip
    """Takes the reviewer's last verdict back. What they said on that content before stands again.

    Verdicts that were given in one go are taken back in one go, unless `alone`: all of them that still are the
    reviewer's last word. Returns them, the one that was asked about first.

    lane: `candidates`, `seeds`; None: either. about: only on this case, by the id that was judged or that it has since
    an edit. Called again it goes one further back. Raises UsageError when there is nothing (any more) to take back.
    """
    with workspace.store.reading() as connection:
        last = said_rows.last_verdict(connection, reviewer, lane=lane, about=about)
        if last is None:
            what = f"decision on {about}" if about else "decision" + (f" in the lane {lane}" if lane else "")
            raise UsageError(f"{reviewer} has no {what} to take back; `anchorset cases show ID` lists who decided what")
        taken = [last]
        if last.together is not None and not alone:
            given = said_rows.given_together(connection, reviewer, last.together)
            taken += [one for one in given if one.content != last.content]
    return _take_back(workspace, reviewer, taken)


def undo_together(workspace: Workspace, *, reviewer: str, together: str) -> list[Verdict]:
    """Takes back what was decided in one go, as far as it still is the reviewer's last word. Raises UsageError."""
    with workspace.store.reading() as connection:
        taken = said_rows.given_together(connection, reviewer, together)
    if not taken:
        raise UsageError("what was decided in that go was taken back, or decided anew, since")
    return _take_back(workspace, reviewer, taken)


def _take_back(workspace: Workspace, reviewer: str, taken: list[Verdict]) -> list[Verdict]:
    last = taken[0]
    at = max(workspace.now(), last.decision.at)  # a clock that went back must not put it before what it takes back
    rows = [Undo(lane=one.lane, case=one.case, content=one.content, reviewer=reviewer, at=at) for one in taken]
    workspace.append(reviews_file(reviewer), rows)
    return taken


def undo_tag(workspace: Workspace, *, reviewer: str, case: str) -> list[Tag]:
    """Takes the reviewer's last tag on a case back, with all that were set in one go with it, and returns them.

    What was set before holds again. Raises UsageError when they have set nothing there.
    """
    with workspace.store.reading() as connection:
        mine = [one for one in said_rows.all_said(connection, Tag, "tag", case) if one.reviewer == reviewer]
        if not mine:
            raise UsageError(f"{reviewer} has set nothing on {case} to take back")
        taken = [mine[-1]]
        if mine[-1].together is not None:
            last: dict[str, Tag] = {}
            for one in said_rows.all_said(connection, Tag, "tag"):
                if one.reviewer == reviewer:
                    last[one.case] = one
            shared = [one for one in last.values() if one.together == mine[-1].together and one.case != case]
            taken += shared
    at = max(workspace.now(), taken[0].at)
    rows = [Undo(lane="candidates", case=one.case, content="", tag=True, reviewer=reviewer, at=at) for one in taken]
    workspace.append(reviews_file(reviewer), rows)
    return taken


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
