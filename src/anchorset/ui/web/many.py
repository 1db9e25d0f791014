"""What a reviewer does with several cases at once: a group of near duplicates, a bulk, metadata; each with one undo.

What this module does not know: HTTP, and how anything looks.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from anchorset.core.case import Case
from anchorset.core.errors import UsageError
from anchorset.core.filter import Filter
from anchorset.core.inert import visible
from anchorset.core.said import Tag, Verdict
from anchorset.infra.db import cases as case_rows
from anchorset.infra.db import light
from anchorset.infra.db import said as said_rows
from anchorset.infra.text.word_diff import word_diff
from anchorset.pipeline.cases import quarantine, reviews_file
from anchorset.pipeline.review.bulk import MOST, say_many, tag_many
from anchorset.pipeline.review.reviewing import CaseLane
from anchorset.pipeline.review.undoing import undo_tag, undo_together
from anchorset.review.groups import same_answer
from anchorset.review.many import Many
from anchorset.ui.web.desk import Desk
from anchorset.ui.web.views import line_view, text_view

Lanes = Collection[str]
SHOWN = 20
"""Refused rows that are named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Like:
    """What cases are compared with."""

    text: str | None = None
    case: str | None = None
    within: float | None = None
    """Only up to this distance."""

    def __bool__(self) -> bool:
        return bool(self.text or self.case)


class ManyDesk:
    """Beside the desk of cases, under the same lock."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.workspace = desk.workspace
        self.shelf = desk.shelf

    def group(self, who: str, id: str, content: str, *, lanes: Lanes) -> dict[str, Any]:
        """The near duplicates of a case that wait for this reviewer, each with what differs in words."""
        self.desk.fresh()
        rows = [row for row in self.shelf.rows_of(id=id) if self.shelf.contents[row] == content]
        known = self.desk.rechecks.answers(who, content)  # its likes may wait; they come up by themselves
        if not rows or known or self.shelf.flags["real"][rows[0]]:
            return {"members": [], "whole": True, **self._embedded()}
        key = self.shelf.keys[rows[0]]
        found = self.desk.grouping.of(key, self.desk.handing.waits(who, lanes))
        with self.workspace.store.reading() as connection:
            cases = case_rows.undecided(connection, [key, *(one.key for one in found.members)])
        by_content = {(one.id, one.content): one for one in cases}
        first = by_content[id, content]
        members = [
            _member(first, by_content[one.id, one.content])
            for one in found.members
            if (one.id, one.content) in by_content and one.content != content
        ]
        return {"members": members, "whole": found.whole, **self._embedded()}

    def decide(
        self, who: str, lane: str, asked: Sequence[tuple[str, str]], decision: Literal["approve", "reject"], *,
        reason: str | None, request: str,
    ) -> dict[str, Any]:  # fmt: skip
        """One decision on a case and on others that are like it: the first is the one that is shown.

        When that one is known and came again, what is said of it is a row of its own, and undone alone.
        """
        (id, content), *others = asked
        known = self.desk.rechecks.answers(who, content)
        if known:
            self.desk.decide(
                who, lane, id=id, content=content, decision=decision, reason=reason, changes=None,
                request=f"{request}, alone",
            )  # fmt: skip

        def now() -> dict[str, Any]:
            many = say_many(
                self.workspace, others if known else asked, decision, reviewer=who, reason=reason, request=request,
                shown=not known,
            )  # fmt: skip
            self._wrote(who, many.verdicts)
            said = {"case": id, "content": content, "decision": decision, "reason": reason}
            return {"decided": said, "with": max(0, len(many.verdicts) - (not known)), **_refused(many),
                    "nudge": self.desk.nudge(who, len(many.verdicts)), **self.desk.heaps(who, lane)}  # fmt: skip

        return self.desk.once(who, request, now)

    def cases(self, who: str, wanted: Filter, like: Like, *, lanes: Lanes, limit: int, offset: int) -> dict[str, Any]:
        """One page of the cases that fit, the nearest first when they are compared; and how many of them wait."""
        self.desk.fresh()
        if like:
            order, distance = self.desk.nearness.ranked(
                self._vector(like), wanted, within=like.within, most=offset + limit
            )  # fmt: skip
            found = np.isfinite(distance)
        else:
            found = self.shelf.mask(wanted)
            order, distance = np.flatnonzero(found), None
        total, some = int(found.sum()), order[offset : offset + limit].tolist()
        with self.shelf.lock:
            where = [(row, self.shelf.keys[row], self.shelf.contents[row]) for row in some]
        with self.workspace.store.reading() as connection:
            there = light.lines(connection, [key for _, key, _ in where])
        lines = [
            {**line_view(line), "content": content,
             **({} if distance is None else {"distance": round(float(distance[row]), 3)})}
            for line, (row, _, content) in zip(there, where, strict=True)
        ]  # fmt: skip
        waits = self.desk.handing.waits(who, lanes)
        n = min(len(found), len(waits))
        waiting = int((found[:n] & waits[:n]).sum())
        return {"total": total, "waiting": waiting, "cases": lines, **(self._embedded() if like else {})}

    def chosen(
        self, who: str, wanted: Filter, like: Like, *, lanes: Lanes, waiting: bool
    ) -> list[tuple[str, str]]:  # fmt: skip
        """(id, content) of all cases that fit; `waiting`: of those that wait for this reviewer."""
        self.desk.fresh()
        if like:
            _, distance = self.desk.nearness.ranked(self._vector(like), wanted, within=like.within, most=0)
            found = np.isfinite(distance)
        else:
            found = self.shelf.mask(wanted)
        if waiting:
            waits = self.desk.handing.waits(who, lanes)
            n = min(len(found), len(waits))
            found = found[:n] & waits[:n]
        with self.shelf.lock:
            return [(self.shelf.ids[row], self.shelf.contents[row]) for row in np.flatnonzero(found).tolist()]

    def say(
        self, who: str, asked: Sequence[tuple[str, str]], decision: Literal["approve", "reject"], *,
        reason: str | None, request: str,
    ) -> dict[str, Any]:  # fmt: skip
        """One decision on all of these; what is stale is refused by name."""

        def now() -> dict[str, Any]:
            many = say_many(self.workspace, asked, decision, reviewer=who, reason=reason, request=request)
            self._wrote(who, many.verdicts)
            together = many.verdicts[0].together if many.verdicts else None
            return {"done": len(many.verdicts), "same": many.same, **_refused(many),
                    "undo": {"action": decision, "together": together} if together else None}  # fmt: skip

        return self.desk.once(who, request, now)

    def later(self, who: str, ids: Sequence[str], *, on: bool, request: str) -> dict[str, Any]:
        """Marks these for later, or takes the marks away."""

        def now() -> dict[str, Any]:
            for lane, some in self._by_lane(ids).items():
                self.desk.marks.put_all(who, lane, "later", some, on=on)
                for id in some if on else ():
                    self.desk.handing.free(who, id)
            undo = {"action": "later", "cases": list(ids)[:MOST]} if on else None
            return {"done": len(ids), "same": 0, "refused": [], "refused_n": 0, "undo": undo}

        return self.desk.once(who, request, now)

    def tag(
        self, who: str, ids: Sequence[str], metadata: Mapping[str, str | None], *, request: str
    ) -> dict[str, Any]:  # fmt: skip
        """Sets metadata on all of these."""

        def now() -> dict[str, Any]:
            self.desk.fresh()
            rows = tag_many(self.workspace, ids, metadata, reviewer=who, request=request)
            self._tagged(who, rows)
            return {"done": len(rows), "same": 0, "refused": [], "refused_n": 0,
                    "undo": {"action": "metadata", "cases": [rows[-1].case]} if rows else None}  # fmt: skip

        return self.desk.once(who, request, now)

    def untag(self, who: str, case: str, *, request: str) -> dict[str, Any]:
        """Takes this reviewer's last metadata on a case back, with what was set in one go with it."""

        def now() -> dict[str, Any]:
            self.desk.fresh()
            rows = undo_tag(self.workspace, reviewer=who, case=case)
            self._tagged(who, rows)
            return {"undone": len(rows)}

        return self.desk.once(who, request, now)

    def set_aside(self, who: str, run: str, *, lifted: bool, why: str, request: str) -> dict[str, Any]:
        """Puts a whole production run aside, or takes it back."""

        def now() -> dict[str, Any]:
            n = quarantine(self.workspace, run, lifted=lifted, why=why, reviewer=who)
            undo = None if lifted else {"action": "quarantine", "run": run}
            return {"done": n, "same": 0, "refused": [], "refused_n": 0, "undo": undo}

        return self.desk.once(who, request, now)

    def take_back(self, who: str, together: str, *, request: str) -> dict[str, Any]:
        """Takes back what was decided in one go."""

        def now() -> dict[str, Any]:
            verdicts = undo_together(self.workspace, reviewer=who, together=together)
            self._wrote(who, verdicts, gone=True)
            return {"undone": len(verdicts)}

        return self.desk.once(who, request, now)

    def last(self, who: str) -> dict[str, Any]:
        """This reviewer's last go, as far as it can be taken back: the page knows it after a reload too."""
        with self.workspace.store.reading() as connection:
            together = said_rows.last_together(connection, who)
            given = said_rows.given_together(connection, who, together) if together else []
        if not given:
            return {"last": None}
        said = given[0].decision
        return {"last": {"action": said.decision, "reason": said.reason, "at": said.at, "done": len(given),
                         "together": together}}  # fmt: skip

    def metadata(self, who: str, id: str) -> dict[str, Any]:
        """What can be set on a case, what stands, and who set what by hand."""
        cases = [case for case in self.workspace.cases(Filter(ids=(id,))) if case.id == id]
        if not cases:
            raise UsageError(f"no case is {id!r}")
        stands = next((one for one in reversed(cases) if one.status == "edited"), cases[0])
        with self.workspace.store.reading() as connection:
            said = said_rows.all_said(connection, Tag, "tag", id)
        axes = {axis: list(self.workspace.config.dimensions[axis]) for axis in self.workspace.config.axes}
        return {
            "axes": axes, "values": stands.metadata, "mine": any(one.reviewer == who for one in said),
            "said": [{"reviewer": visible(one.reviewer), "at": one.at, "metadata": text_view(one.metadata)}
                     for one in said[-10:]],
        }  # fmt: skip

    def _vector(self, like: Like) -> Any:
        if like.case:
            rows = self.shelf.rows_of(id=like.case)
            if not rows:
                raise UsageError(f"no case is {like.case!r}")
            self.desk.nearness.vectors.ensure([self.shelf.keys[rows[0]]])
            return self.desk.nearness.vectors.at([rows[0]])[0]
        return self.desk.nearness.vectors.of(like.text or "")

    def _embedded(self) -> dict[str, Any]:
        done, of = self.desk.nearness.vectors.done()
        return {"embedded": done, "of": of}

    def _by_lane(self, ids: Collection[str]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for id in ids:
            rows = self.shelf.rows_of(id=id)
            real = bool(rows) and bool(self.shelf.flags["real"][rows[0]])
            lane: CaseLane | Literal["redteam"] = "seeds" if real else "candidates"
            if not real and self.shelf.is_attack(id):
                lane = "redteam"
            found.setdefault(lane, []).append(id)
        return found

    def _wrote(self, who: str, verdicts: Sequence[Verdict], *, gone: bool = False) -> None:
        if verdicts:
            self.desk.wrote(who, verdicts, gone=gone)

    def _tagged(self, who: str, rows: Sequence[Tag]) -> None:
        contents = self.shelf.contents_of({one.case for one in rows})
        self.shelf.wrote(reviews_file(who), contents, rows=len(rows))


def _refused(many: Many) -> dict[str, Any]:
    return {
        "refused": [{"case": case, "why": visible(why)} for case, why in many.refused[:SHOWN]],
        "refused_n": len(many.refused),
    }


def _member(first: Case, one: Case) -> dict[str, Any]:
    diff = word_diff(first.text, one.text)
    return {
        "id": one.id, "content": one.content, "bucket": one.bucket, "text": visible(one.text[:1200]),
        "diff": None if diff is None or len(one.text) > 4000 else [[kind, visible(text)] for kind, text in diff],
        "same_answer": same_answer((first.expected, first.criteria), (one.expected, one.criteria)),
        "expected": text_view(one.expected), "criteria": [visible(text) for text in one.criteria],
        "metadata": {visible(name): text_view(value) for name, value in one.metadata.items()
                     if first.metadata.get(name) != value},
    }  # fmt: skip
