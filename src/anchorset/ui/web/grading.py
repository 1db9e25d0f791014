"""Answers of a run, one by one, to be graded blind.

What this module does not know: HTTP, and what evaluators said.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from anchorset.core.errors import UsageError
from anchorset.core.run import Result
from anchorset.core.said import Grade
from anchorset.infra.db import runs as run_rows
from anchorset.infra.db import said as said_rows
from anchorset.pipeline.review.evidence import evidence_of
from anchorset.pipeline.review.grading import Answers, answers_to_see, keep
from anchorset.pipeline.review.undoing import undo_grade
from anchorset.ui.web.desk import Desk
from anchorset.ui.web.views import case_view, text_view


class GradingDesk:
    """Beside the desk of cases, under the same lock."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.workspace = desk.workspace

    def next(self, who: str, run: str, *, beside: Collection[str] = (), attacks: bool = True) -> dict[str, Any]:
        """The next answer this reviewer has not graded; as many that passed as failed ones come up.

        attacks: whether answers to attacks may be among them.
        """
        self.desk.fresh()
        put_off = {
            *beside,
            *self.desk.marks.of(who, "answers", "skipped"),
            *self.desk.marks.of(who, "answers", "later"),
        }
        found = answers_to_see(
            self.workspace,
            run,
            n=len(put_off) + 2,
            reviewer=who,
            hidden=(lambda id: False) if attacks else self.desk.shelf.is_attack,
        )
        row = next((one for one in found.rows if _name(one) not in put_off), None)
        return {"answer": None if row is None else self._view(row, found), **self._heaps(who, run)}

    def grade(
        self, who: str, run: str, *, case: str, content: str, repeat: int, passed: bool, note: str | None, request: str
    ) -> dict[str, Any]:
        """A grade, kept. The same request again, or the same grade again, changes nothing."""

        def now() -> dict[str, Any]:
            with self.workspace.store.reading() as connection:
                rows = [
                    one for one in run_rows.results(connection, run) if (one.content, one.repeat) == (content, repeat)
                ]
                known = [
                    one for one in self._grades(connection, who, run) if (one.content, one.repeat) == (content, repeat)
                ]
            row = next((one for one in rows if one.case == case), None)
            if row is None:
                raise UsageError(f"{run!r} has no answer number {repeat} to {case} with the content {content!r}")
            if known and known[-1].passed == passed and known[-1].note == note:
                return {"graded": known[-1].model_dump(), "same": True, **self._heaps(who, run)}
            mark = Grade(
                run=run, case=case, content=content, target=row.target, repeat=repeat, passed=passed, reviewer=who,
                at=self.workspace.now(), note=note,
            )  # fmt: skip
            keep(self.workspace, [mark])
            return {"graded": mark.model_dump(), "same": False, **self._heaps(who, run)}

        return self.desk.once(who, request, now)

    def undo(self, who: str, run: str, *, request: str) -> dict[str, Any]:
        """Takes this reviewer's last grade in a run back, and shows the answer again."""

        def now() -> dict[str, Any]:
            last = undo_grade(self.workspace, run, reviewer=who)
            with self.workspace.store.reading() as connection:
                row = next(
                    one for one in run_rows.results(connection, run)
                    if (one.case, one.content, one.repeat) == (last.case, last.content, last.repeat)
                )  # fmt: skip
            return {"undone": last.model_dump(), "answer": self._view(row, None), **self._heaps(who, run)}

        return self.desk.once(who, request, now)

    def _view(self, row: Result, found: Answers | None) -> dict[str, Any]:
        there = found is None or row.content in found.cases
        case = case_view(evidence_of(self.workspace, row.case, row.content)) if there else None
        if case is not None:
            case["findings"], case["reviews"] = [], []
        return {"name": _name(row), "run": row.run, "case_id": row.case, "content": row.content, "repeat": row.repeat,
                "output": text_view(row.output), "case": case}  # fmt: skip

    def _grades(self, connection: Any, who: str, run: str) -> list[Grade]:
        return [one for one in said_rows.all_said(connection, Grade, "grade", run) if one.reviewer == who]

    def _heaps(self, who: str, run: str) -> dict[str, int]:
        with self.workspace.store.reading() as connection:
            undoable = len(self._grades(connection, who, run))
        marks = self.desk.marks
        return {"undoable": undoable, "later": len(marks.of(who, "answers", "later")),
                "skipped": len(marks.of(who, "answers", "skipped"))}  # fmt: skip


def _name(row: Result) -> str:
    return f"{row.content}:{row.repeat}"
