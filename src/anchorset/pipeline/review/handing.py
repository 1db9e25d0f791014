"""Who is given which case: nobody what they decided, two people what asks for two, and nobody what is open elsewhere.

What this module does not know: what is skipped and why, HTTP, and how anything is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from threading import RLock

import numpy as np

from anchorset.core.filter import Filter
from anchorset.core.hashing import draw
from anchorset.core.said import Verdict
from anchorset.infra.db import said as said_rows
from anchorset.infra.db import words as word_rows
from anchorset.pipeline.review.reserving import Reserved
from anchorset.pipeline.review.shelf import Mask, Shelf, Waiting
from anchorset.review.second import asks_two


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """What a reviewer gets."""

    case: Waiting | None
    left: int
    """How many wait in the lane for this reviewer: what others have open, too."""
    elsewhere: int
    """How many of them are open with others."""
    frees_in: float | None
    """Seconds until the first of those is free; None: none is."""


class Words:
    """Who has decided on what, in memory, as fresh as the shelf."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.overlap = shelf.workspace.config.review.overlap
        self._loads = -1
        self._by_content: dict[str, set[str]] = {}
        self._by_person: dict[str, set[str]] = {}
        self._once: dict[str, int] = {}
        """Content that asks for two and that one person decided on -> its drawn turn."""

    def refresh(self) -> None:
        if self._loads == self.shelf.loads:
            return
        self._loads = self.shelf.loads
        self._by_content, self._by_person, self._once = {}, {}, {}
        with self.shelf.workspace.store.reading() as connection:
            for lane in ("seeds", "candidates"):
                for content, who in word_rows.deciders(connection, lane):
                    self._by_content.setdefault(content, set()).add(who)
                    self._by_person.setdefault(who, set()).add(content)
            for content in list(self._by_content):
                self._note(content)

    def heard(self, who: str, content: str, *, gone: bool) -> None:
        """This reviewer has decided on it; `gone`: has no word on it any more."""
        deciders, mine = self._by_content.setdefault(content, set()), self._by_person.setdefault(who, set())
        (deciders.discard if gone else deciders.add)(who)
        (mine.discard if gone else mine.add)(content)
        self._note(content)

    def mine(self, who: str) -> Collection[str]:
        return self._by_person.get(who, ())

    def of(self, content: str) -> Collection[str]:
        """Who decided on it."""
        return self._by_content.get(content, ())

    def others(self, who: str) -> bool:
        """Whether anybody else has decided anything."""
        return any(contents for name, contents in self._by_person.items() if name != who)

    def second(self, who: str) -> dict[str, int]:
        """What another one decided on and this reviewer is to decide too -> its drawn turn."""
        mine = self.mine(who)
        return {content: turn for content, turn in self._once.items() if content not in mine}

    def wanted(self, content: str, lane: str) -> int:
        """How many people may have it open at a time: as many as are still to decide on it."""
        people = 2 if lane != "seeds" and asks_two(content, self.overlap) else 1
        return max(1, people - len(self.of(content)))

    def _note(self, content: str) -> None:
        if len(self.of(content)) == 1 and asks_two(content, self.overlap):
            self._once[content] = draw("second", content)
        else:
            self._once.pop(content, None)


class Handing:
    """Several threads ask; one at a time is answered."""

    def __init__(self, shelf: Shelf, reserved: Reserved, *, team: bool = False) -> None:
        self.shelf = shelf
        self.team = team
        """Whether several are expected, though nobody else may have decided anything yet."""
        self.words = Words(shelf)
        self.reserved = reserved
        self.like: Callable[[Collection[str], Mask], Waiting | None] | None = None
        """Of what waits, what comes right after these ids because it is like one of them."""
        self._lock = RLock()

    def next(
        self, who: str, lane: str, *, wanted: Filter | None, skip: Collection[str], beside: Collection[str], page: str,
        take: bool = True,
    ) -> Handed:  # fmt: skip
        """The case to decide next, kept for this reviewer from now on: first what waits for a second one.

        skip: ids not to be shown now. beside: ids that the page holds already, which are kept for it anew.
        take: whether the case is really wanted, and so kept; else it is only said what waits.
        """
        with self._lock, self.shelf.lock:
            self.words.refresh()
            self.reserved.hold(who, page, self.shelf.contents_of(beside))
            others = self.reserved.others(who)
            full = {content for content, until in others.items() if len(until) >= self.words.wanted(content, lane)}
            waits = self.shelf.waiting(lane, without=self.words.mine(who), wanted=wanted)
            open_elsewhere = self.shelf.with_contents(full)
            free = waits & ~open_elsewhere
            turns = {} if lane == "seeds" else self.words.second(who)
            second = self.shelf.passed(lane, turns, wanted)
            left = int(waits.sum()) + len(second)
            off = {*skip, *beside}
            due = [one for one in second if one.id not in off and one.content not in full]
            found = min(due, key=lambda one: turns[one.content]) if due else None
            if found is None and self.like is not None:
                found = self.like(beside, free & ~self.shelf.with_ids(off))
            if found is None:
                found = self.shelf.first(lane, free, skip=off)
            if found is not None and take:
                self.reserved.hold(who, page, [*self.shelf.contents_of(beside), found.content])
            shut = [*(self.shelf.at(row) for row in np.flatnonzero(waits & open_elsewhere).tolist()),
                    *(one for one in second if one.content in full)]  # fmt: skip
            shut = [one for one in shut if one.id not in off]
            frees = [self._frees(others[one.content], self.words.wanted(one.content, lane)) for one in shut]
            return Handed(case=found, left=left, elsewhere=len(shut), frees_in=min(frees, default=None))

    @staticmethod
    def _frees(until: Sequence[float], wanted: int) -> float:
        """Seconds until there is room for one more, by the seconds of all that have it open, sorted."""
        return until[len(until) - wanted]

    def wrote(self, who: str, file: str, verdicts: Sequence[Verdict], *, gone: bool) -> None:
        """These verdicts of a reviewer were just added to the mirror `file`, or taken back (`gone`)."""
        with self._lock:
            contents = {one.content for one in verdicts} | {one.revised.content for one in verdicts if one.revised}
            self.shelf.wrote(file, contents, rows=len(verdicts))
            self.words.refresh()
            left: Collection[str] = contents
            if gone:
                with self.shelf.workspace.store.reading() as connection:
                    left = said_rows.last_said(connection, who, contents)
            for one in verdicts:
                self.words.heard(who, one.content, gone=one.content not in left)
                self.reserved.free(who, one.content)

    def waits(self, who: str, lanes: Collection[str]) -> Mask:
        """What waits in these lanes for this reviewer and is open with nobody else."""
        with self._lock, self.shelf.lock:
            self.words.refresh()
            found: Mask = np.zeros(len(self.shelf.keys), dtype=bool)
            others = self.reserved.others(who)
            for lane in lanes:
                full = {content for content, until in others.items() if len(until) >= self.words.wanted(content, lane)}
                mine = self.shelf.waiting(lane, without=self.words.mine(who)) & ~self.shelf.with_contents(full)
                found = found | mine
            return found

    def free(self, who: str, id: str) -> None:
        """Put off: others may have it."""
        with self._lock:
            for content in self.shelf.contents_of([id]):
                self.reserved.free(who, content)

    def hold(self, who: str, page: str, ids: Collection[str]) -> None:
        """These are still open on this page, and nothing else is."""
        with self._lock:
            self.reserved.hold(who, page, self.shelf.contents_of(ids))

    def leave(self, who: str, page: str) -> int:
        """The page is closed. Returns how many cases are free again."""
        with self._lock:
            return self.reserved.leave(who, page)

    def blind(self, who: str, content: str) -> bool:
        """Whether this reviewer is to decide on it without knowing what others, and checks, say: it asks for two."""
        with self._lock:
            self.words.refresh()
            if who in self.words.of(content):
                return False
            return asks_two(content, self.words.overlap) and (self.team or self.words.others(who))
