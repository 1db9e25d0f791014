"""What a reviewer can do: be shown the next case, decide, take back, put off. One lock for all that writes.

What this module does not know: HTTP, and how anything looks.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence
from threading import RLock
from typing import Any

from anchorset.core.filter import Filter
from anchorset.core.said import Grade, Recheck, Verdict
from anchorset.infra.db import light
from anchorset.infra.db import said as said_rows
from anchorset.infra.db import words as word_rows
from anchorset.pipeline.cases import reviews_file
from anchorset.pipeline.review.drifting import bent
from anchorset.pipeline.review.evidence import Evidence, evidence, evidence_of
from anchorset.pipeline.review.grouping import Grouping
from anchorset.pipeline.review.handing import Handing
from anchorset.pipeline.review.nearness import Nearness
from anchorset.pipeline.review.rechecking import Rechecks
from anchorset.pipeline.review.report import report
from anchorset.pipeline.review.reserving import Reserved
from anchorset.pipeline.review.reviewing import review_status, said_lane, say
from anchorset.pipeline.review.shelf import Shelf
from anchorset.pipeline.review.undoing import undo_all
from anchorset.pipeline.workspace import Workspace
from anchorset.review.decide import Word
from anchorset.review.drift import due
from anchorset.review.pace import pace
from anchorset.review.stage import said_key
from anchorset.ui.web.marks import Marks
from anchorset.ui.web.views import case_view, near_view

NEAR = 3
"""Cases near one that are shown."""
REMEMBERED = 5_000
"""Requests whose answer is kept, so that one that is sent again gets the same."""


class Desk:
    """One workspace, open for several people at once."""

    def __init__(self, workspace: Workspace, *, team: bool = False) -> None:
        self.workspace = workspace
        self.shelf = Shelf(workspace)
        self.nearness = Nearness(self.shelf)
        self.rechecks = Rechecks(self.shelf)
        self.handing = Handing(self.shelf, Reserved(60 * workspace.config.review.reserve_minutes), team=team)
        self.grouping = Grouping(self.shelf, self.nearness.vectors)
        self.handing.like = self.grouping.beside
        self.marks = Marks(workspace.folder.hidden)
        self._writing = RLock()
        self._answered: OrderedDict[tuple[str, str], dict[str, Any]] = OrderedDict()
        self._status: tuple[int, dict[str, Any]] | None = None

    def next(
        self, who: str, lane: str, *, wanted: Filter | None, beside: Collection[str] = (), page: str = "",
        hide: bool = False,
    ) -> dict[str, Any]:  # fmt: skip
        """The next case of a lane for this reviewer, kept from others, and how many wait.

        beside: ids the page holds already. page: which of the reviewer's pages asks; it holds those alone. hide: what
        checks found is shown after the decision.
        """
        self.fresh()
        off = {*self.marks.of(who, lane, "skipped"), *self.marks.of(who, lane, "later")}
        known = None
        if wanted is None:
            with self._writing:
                known = self.rechecks.next(who, lane, off=off, beside=beside)
        handed = self.handing.next(
            who, lane, wanted=wanted, skip=off, beside=beside, page=page, take=known is None
        )  # fmt: skip
        chosen = handed.case if known is None or handed.left == 0 else known
        case = None
        if chosen is not None:
            case = self._shown(who, evidence(self.workspace, chosen.key), blind=True, hide=hide)
            self.grouping.prepare(chosen.key)
        frees = None if handed.frees_in is None else round(handed.frees_in)
        return {"case": case, "left": handed.left, "elsewhere": handed.elsewhere, "frees_in": frees,
                **self.heaps(who, lane)}  # fmt: skip

    def decide(
        self, who: str, lane: str, *, id: str, content: str, decision: Word, reason: str | None,
        changes: dict[str, Any] | None, request: str,
    ) -> dict[str, Any]:  # fmt: skip
        """A decision, kept. The same request again, or the same word again on the same content, changes nothing."""

        def now() -> dict[str, Any]:
            if self.rechecks.answers(who, content):
                row = self.rechecks.answer(who, decision, reason=reason, changes=changes)
                self.shelf.wrote(reviews_file(who), ())
                return {"decided": _said(row), "same": False, "nudge": None, **self.heaps(who, lane)}
            with self.workspace.store.reading() as connection:
                last = said_rows.last_verdict(connection, who, lane=said_lane(lane), content=content)
            if last is not None and last.case == id and _same(last, decision, reason, changes or {}):
                return {"decided": _said(last), "same": True, "nudge": None, **self.heaps(who, lane)}
            (verdict,) = say(
                self.workspace, [id], decision, reviewer=who, reason=reason, changes=changes, content=content
            )  # fmt: skip
            same = last is not None and said_key(last) == said_key(verdict)
            self.wrote(who, [verdict])
            return {"decided": _said(verdict), "same": same, "nudge": self.nudge(who), **self.heaps(who, lane)}

        return self.once(who, request, now)

    def undo(self, who: str, lane: str, *, request: str) -> dict[str, Any]:
        """Takes this reviewer's last decision in a lane back, and shows the case again."""

        def now() -> dict[str, Any]:
            row = self.rechecks.last(who) if said_lane(lane) == "candidates" else None
            if row is not None:
                known = self.rechecks.undo(row)
                self.shelf.wrote(reviews_file(who), ())
                case = self._shown(who, evidence_of(self.workspace, known.id, known.content), blind=True)
                return {"undone": {**_said(row), "with": 0}, "case": case, **self.heaps(who, lane)}
            verdict, *others = undo_all(self.workspace, reviewer=who, lane=said_lane(lane))
            self.wrote(who, [verdict, *others], gone=True)
            shown = evidence_of(self.workspace, verdict.case, verdict.content)
            return {
                "undone": {**_said(verdict), "with": len(others)},
                "case": self._shown(who, shown, blind=True),
                **self.heaps(who, lane),
            }

        return self.once(who, request, now)

    def put_off(self, who: str, lane: str, what: Any, id: str, *, on: bool) -> dict[str, Any]:
        """Skips a case, or marks it for later; or takes that back."""
        with self._writing:
            self.marks.put(who, lane, what, id, on=on)
            if on:
                self.handing.free(who, id)
                self.rechecks.drop(who, id)
            return self.heaps(who, lane)

    def bring_back(self, who: str, lane: str, what: Any) -> dict[str, Any]:
        """All that was skipped, or marked, waits again."""
        with self._writing:
            return {"back": self.marks.clear(who, lane, what), **self.heaps(who, lane)}

    def hold(self, who: str, page: str, ids: Collection[str]) -> dict[str, Any]:
        """These are still open on this page: they are kept for it anew."""
        self.handing.hold(who, page, ids)
        return {"minutes": self.workspace.config.review.reserve_minutes}

    def leave(self, who: str, page: str) -> dict[str, Any]:
        """The page is closed: what it held may go to others."""
        return {"freed": self.handing.leave(who, page)}

    def case(self, who: str, id: str, content: str | None, *, whole: bool, hide: bool = False) -> dict[str, Any]:
        """One case with all there is to see; without the words of others while this reviewer is to decide blind."""
        self.fresh()
        return self._shown(who, evidence_of(self.workspace, id, content), whole=whole, hide=hide)

    def near(self, who: str, id: str, content: str | None, *, attacks: bool = True) -> dict[str, Any]:
        """The nearest seeds and approved cases, with their distances; never what another one made of this case."""
        self.fresh()
        case = evidence_of(self.workspace, id, content).case
        with self.workspace.store.reading() as connection:
            keys = [key for _, key in said_rows.edits(connection, of=[case.content])]
            own = {one.id for one in light.lines(connection, keys)}
        seeds, approved = self.nearness.near(case, k=NEAR + len(own), attacks=attacks)
        approved = [one for one in approved if one.id not in own]
        return {"seeds": near_view(seeds[:NEAR]), "approved": near_view(approved[:NEAR])}

    def choices(self) -> dict[str, list[str]]:
        """What can be filtered by."""
        self.fresh()
        named = {name: self.shelf.values(name) for name in ("bucket", "cell", "status", "persona", "difficulty")}
        with self.workspace.store.reading() as connection:
            checks = sorted(light.checks_there(connection))
        return {**named, "check": checks, "axis": [f"{axis}={value}" for axis in self.workspace.config.axes
                                                   for value in self.workspace.config.dimensions[axis]]}  # fmt: skip

    def status(self, who: str) -> dict[str, Any]:
        """`anchorset review status --json`, and the reviewer's pace."""
        found = self.report()
        with self.workspace.store.reading() as connection:
            mine = pace(light.last_times(connection, who))
        return {
            **found, "axes": list(self.workspace.config.axes),
            "pace": {"today": mine.today, "seconds_each": mine.seconds_each,
                     "left_seconds": mine.left_seconds(found["pending"])},
        }  # fmt: skip

    def report(self) -> dict[str, Any]:
        """`anchorset review status --json`, counted once for what is there now."""
        self.fresh()
        if self._status is None or self._status[0] != self.shelf.version:
            self._status = (self.shelf.version, report(review_status(self.workspace)))
        return self._status[1]

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

    def fresh(self) -> None:
        """Reads what others wrote. After a decision that is on its way, which would look like one of theirs."""
        with self._writing:
            self.shelf.refresh()

    def wrote(self, who: str, verdicts: Sequence[Verdict], *, gone: bool = False) -> None:
        """These verdicts were just kept, or taken back (`gone`): the queue knows it at once."""
        self.handing.wrote(who, reviews_file(who), verdicts, gone=gone)

    def nudge(self, who: str, of: int = 1) -> dict[str, Any] | None:
        """What this reviewer is asked after the last `of` decisions; None: mostly."""
        with self.workspace.store.reading() as connection:
            n = light.verdicts_by(connection, who, "candidates")
        found = bent(self.workspace, who) if due(n, of) else None
        return None if found is None else {"kind": found.kind, "says": found.says}

    def _shown(
        self, who: str, found: Evidence, *, blind: bool = False, whole: bool = False, hide: bool = False
    ) -> dict[str, Any]:  # fmt: skip
        """A case as this reviewer may see it. `blind`: without anybody's word, whatever it is."""
        asks_two = self.handing.blind(who, found.case.content)
        view = case_view(found, whole=whole)
        if blind or asks_two:
            view["reviews"] = [one for one in view["reviews"] if one["reviewer"] == who and not blind]
            view["status"] = "passed" if asks_two else view["status"]
        view["hidden"] = asks_two or hide
        if view["hidden"]:
            view["findings"], view["passed"], view["not_run"] = [], 0, []
        return view

    def heaps(self, who: str, lane: str) -> dict[str, int]:
        with self.workspace.store.reading() as connection:
            undoable = light.verdicts_by(connection, who, said_lane(lane))
            if said_lane(lane) == "candidates":
                undoable += word_rows.count_rechecks(connection, who)
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


def _said(one: Verdict | Grade | Recheck) -> dict[str, Any]:
    if isinstance(one, Grade):
        return {"case": one.case, "content": one.content, "passed": one.passed, "at": one.at}
    if isinstance(one, Recheck):
        return {"case": one.case, "content": one.content, "decision": one.decision, "reason": one.reason, "at": one.at,
                "now": one.case}  # fmt: skip
    return {
        "case": one.case, "content": one.content, "decision": one.decision.decision, "reason": one.decision.reason,
        "at": one.decision.at, "now": one.revised.id if one.revised else one.case,
    }  # fmt: skip
