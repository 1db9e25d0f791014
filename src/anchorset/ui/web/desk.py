"""What a reviewer can do: be shown the next case, decide, take back, put off. One lock for all that writes.

What this module does not know: HTTP, and how anything looks.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection
from threading import RLock
from typing import Any

from anchorset.core.filter import Filter
from anchorset.core.said import Grade, Verdict
from anchorset.infra.db import light
from anchorset.infra.db import said as said_rows
from anchorset.pipeline.cases import reviews_file
from anchorset.pipeline.evidence import evidence, evidence_of
from anchorset.pipeline.nearness import Nearness
from anchorset.pipeline.pace import pace
from anchorset.pipeline.review_report import report
from anchorset.pipeline.reviewing import review_status, say
from anchorset.pipeline.shelf import Shelf
from anchorset.pipeline.undoing import undo
from anchorset.pipeline.workspace import Workspace
from anchorset.review.decide import Word
from anchorset.review.stage import said_key
from anchorset.ui.web.marks import Marks
from anchorset.ui.web.views import case_view, line_view, near_view

REMEMBERED = 5_000
"""Requests whose answer is kept, so that one that is sent again gets the same."""


class Desk:
    """One workspace, open for several people at once."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.shelf = Shelf(workspace)
        self.nearness = Nearness(self.shelf)
        self.marks = Marks(workspace.folder.hidden)
        self._writing = RLock()
        self._answered: OrderedDict[tuple[str, str], dict[str, Any]] = OrderedDict()
        self._mine: dict[str, tuple[int, set[str]]] = {}
        self._status: tuple[int, dict[str, Any]] | None = None

    def next(self, who: str, lane: str, *, wanted: Filter | None, beside: Collection[str] = ()) -> dict[str, Any]:
        """The next case of a lane for this reviewer, and how many wait. `beside`: ids the page holds already."""
        self.shelf.refresh()
        waits = self.shelf.waiting(lane, without=self._decided(who), wanted=wanted)
        skipped, later = (self.marks.of(who, lane, what) for what in ("skipped", "later"))
        found = self.shelf.first(lane, waits, skip={*beside, *skipped, *later})
        return {
            "case": None if found is None else case_view(evidence(self.workspace, found.key)),
            "left": int(waits.sum()), **self._heaps(who, lane),
        }  # fmt: skip

    def decide(
        self, who: str, lane: str, *, id: str, content: str, decision: Word, reason: str | None,
        changes: dict[str, Any] | None, request: str,
    ) -> dict[str, Any]:  # fmt: skip
        """A decision, kept. The same request again, or the same word again on the same content, changes nothing."""

        def now() -> dict[str, Any]:
            with self.workspace.store.reading() as connection:
                last = said_rows.last_verdict(connection, who, lane=lane, content=content)
            if last is not None and last.case == id and _same(last, decision, reason, changes or {}):
                return {"decided": _said(last), "same": True, **self._heaps(who, lane)}
            (verdict,) = say(
                self.workspace, [id], decision, reviewer=who, reason=reason, changes=changes, content=content
            )  # fmt: skip
            same = last is not None and said_key(last) == said_key(verdict)
            self._wrote(who, verdict, gone=False)
            return {"decided": _said(verdict), "same": same, **self._heaps(who, lane)}

        return self.once(who, request, now)

    def undo(self, who: str, lane: str, *, request: str) -> dict[str, Any]:
        """Takes this reviewer's last decision in a lane back, and shows the case again."""

        def now() -> dict[str, Any]:
            verdict = undo(self.workspace, reviewer=who, lane=lane)
            self._wrote(who, verdict, gone=True)
            shown = evidence_of(self.workspace, verdict.case, verdict.content)
            return {"undone": _said(verdict), "case": case_view(shown), **self._heaps(who, lane)}

        return self.once(who, request, now)

    def put_off(self, who: str, lane: str, what: Any, id: str, *, on: bool) -> dict[str, Any]:
        """Skips a case, or marks it for later; or takes that back."""
        with self._writing:
            self.marks.put(who, lane, what, id, on=on)
            return self._heaps(who, lane)

    def bring_back(self, who: str, lane: str, what: Any) -> dict[str, Any]:
        """All that was skipped, or marked, waits again."""
        with self._writing:
            return {"back": self.marks.clear(who, lane, what), **self._heaps(who, lane)}

    def case(self, id: str, content: str | None, *, whole: bool) -> dict[str, Any]:
        return case_view(evidence_of(self.workspace, id, content), whole=whole)

    def near(self, id: str, content: str | None) -> dict[str, Any]:
        """The nearest seeds and approved cases, with their distances."""
        self.shelf.refresh()
        seeds, approved = self.nearness.near(evidence_of(self.workspace, id, content).case)
        return {"seeds": near_view(seeds), "approved": near_view(approved)}

    def cases(self, wanted: Filter, *, limit: int, offset: int) -> dict[str, Any]:
        """One page of the cases that fit."""
        self.shelf.refresh()
        rows, total = self.shelf.page(wanted, limit=limit, offset=offset)
        return {"total": total, "cases": [line_view(one) for one in rows]}

    def choices(self) -> dict[str, list[str]]:
        """What can be filtered by."""
        self.shelf.refresh()
        named = {name: self.shelf.values(name) for name in ("bucket", "cell", "status", "persona", "difficulty")}
        with self.workspace.store.reading() as connection:
            checks = sorted(light.checks_there(connection))
        return {**named, "check": checks, "axis": [f"{axis}={value}" for axis in self.workspace.config.axes
                                                   for value in self.workspace.config.dimensions[axis]]}  # fmt: skip

    def status(self, who: str) -> dict[str, Any]:
        """`anchorset review status --json`, and the reviewer's pace."""
        self.shelf.refresh()
        if self._status is None or self._status[0] != self.shelf.version:
            self._status = (self.shelf.version, report(review_status(self.workspace)))
        with self.workspace.store.reading() as connection:
            mine = pace(light.last_times(connection, who))
        found = self._status[1]
        return {
            **found, "axes": list(self.workspace.config.axes),
            "pace": {"today": mine.today, "seconds_each": mine.seconds_each,
                     "left_seconds": mine.left_seconds(found["pending"])},
        }  # fmt: skip

    def once(self, who: str, request: str, work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """Does the work unless this request has been answered already."""
        with self._writing:
            known = self._answered.get((who, request))
            if known is not None:
                return {**known, "repeated": True}
            answer = work()
            self._answered[who, request] = {key: value for key, value in answer.items() if key != "case"}
            while len(self._answered) > REMEMBERED:
                self._answered.popitem(last=False)
            return answer

    def _wrote(self, who: str, verdict: Verdict, *, gone: bool) -> None:
        contents = {verdict.content} | ({verdict.revised.content} if verdict.revised else set())
        self.shelf.wrote(reviews_file(who), contents)
        mine = self._decided(who)
        if gone:
            with self.workspace.store.reading() as connection:
                gone = said_rows.last_verdict(connection, who, lane=None, content=verdict.content) is None
        (mine.discard if gone else mine.add)(verdict.content)

    def _decided(self, who: str) -> set[str]:
        """Contents that this reviewer decided."""
        loads, mine = self._mine.get(who, (-1, set()))
        if loads != self.shelf.loads:
            loads = self.shelf.loads
            with self.workspace.store.reading() as connection:
                mine = light.contents_decided(connection, reviewer=who)
            self._mine[who] = (loads, mine)
        return mine

    def _heaps(self, who: str, lane: str) -> dict[str, int]:
        with self.workspace.store.reading() as connection:
            undoable = light.verdicts_by(connection, who, lane)
        later, skipped = (len(self.marks.of(who, lane, what)) for what in ("later", "skipped"))
        return {"later": later, "skipped": skipped, "undoable": undoable}


def _same(last: Verdict, decision: str, reason: str | None, changes: dict[str, Any]) -> bool:
    said = last.decision
    if said.decision != decision or said.reason != (reason if decision == "reject" else None):
        return False
    if last.revised is None:
        return True
    now = last.revised.model_dump(mode="json")
    given = changes.get("metadata")
    metadata = {**now["metadata"], **(given if isinstance(given, dict) else {})}
    return bool(changes) and now == {**now, **changes, "metadata": metadata}


def _said(one: Verdict | Grade) -> dict[str, Any]:
    if isinstance(one, Grade):
        return {"case": one.case, "content": one.content, "passed": one.passed, "at": one.at}
    return {
        "case": one.case, "content": one.content, "decision": one.decision.decision, "reason": one.decision.reason,
        "at": one.decision.at, "now": one.revised.id if one.revised else one.case,
    }  # fmt: skip
