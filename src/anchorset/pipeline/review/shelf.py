"""All cases of a workspace in memory, as columns: what the review page counts, filters and queues by, at once.

The store stays the truth: what this process decides is read again row by row, and when another process wrote,
everything is. A hundred thousand cases are some 60 MB and a second or two to read.
What this module does not know: who reviews, and how anything is shown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from threading import RLock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anchorset.core.filter import Filter
from anchorset.infra.db import light
from anchorset.infra.db.mirrors import marks
from anchorset.pipeline.review.reviewing import DECIDED, axis_values
from anchorset.pipeline.workspace import Workspace
from anchorset.review.order import enough

Mask = NDArray[np.bool_]
CODED = ("bucket", "cell", "persona", "difficulty", "run", "status", "judged", "aside")
COMPARED = 4_000
"""Characters of a text by which it is compared with others."""
FLAGS = ("real", "answered", "live")
NUMBERS = {"turn": np.int64, "uncertain": np.float64}
KEPT = ("approved", "edited")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted(Filter):
    """A filter with what only a page with links asks for."""

    axis: tuple[str, str] | None = None
    """One value of one axis."""
    decided: bool | None = None
    """True: candidates that passed the checks and that people decided, in the form that was judged: what survival
    counts. An edited case that stands in the place of one is left out."""
    reviewer: str | None = None
    """Who decided."""
    reason: str | None = None
    """Why somebody rejected it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One case of a queue."""

    key: str
    id: str
    content: str


class Shelf:
    """The columns, kept fresh."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.lock = RLock()
        self.version = 0
        """Counts up whenever anything has changed."""
        self.loads = 0
        """Counts up whenever everything was read again."""
        self.returned = 0
        """Counts up whenever a case waits again that did not."""
        self._marks: dict[str, Any] | None = None

    def refresh(self) -> None:
        """Reads everything again when somebody else has written. Cheap when nobody has."""
        with self.lock:
            self.workspace.sync()
            with self.workspace.store.reading() as connection:
                now = marks(connection)
                if now != self._marks:
                    self._fill(light.all_rows(connection))
                    self._marks = now

    def wrote(self, file: str, contents: Collection[str], *, rows: int = 1) -> None:
        """This process has added so many rows to the mirror `file`, about these contents."""
        with self.lock, self.workspace.store.reading() as connection:
            now = marks(connection)
            before = dict(self._marks or {})
            lines = before.get(file, {"lines": 0})["lines"]
            if {**before, file: now.get(file)} != now or now[file]["lines"] != lines + rows:
                self._marks = None  # somebody else wrote too
                return
            for row in light.rows_with(connection, contents):
                self._put(row)
            self._marks = now
            self.version += 1

    def mask(self, wanted: Filter) -> Mask:
        """Which rows fit."""
        with self.lock:
            found: Mask = np.ones(len(self.keys), dtype=bool)
            for name in ("bucket", "cell", "persona", "difficulty", "run", "status"):
                value = getattr(wanted, name)
                if value is not None:
                    found &= self.codes[name] == self._names[name].get(value, -1)
            for name in ("real", "answered"):
                value = getattr(wanted, name)
                if value is not None:
                    found &= self.flags[name] == value
            if wanted.redteam is not None:
                found &= self._is("bucket", "redteam") == wanted.redteam
            if wanted.counting is not None:
                found &= self._counting() == wanted.counting
            if wanted.check is not None:
                hit = np.zeros(len(self.keys), dtype=bool)
                hit[self._hit(wanted.check)] = True
                found &= hit
            if wanted.ids is not None:
                found &= self._begins(wanted.ids)
            if isinstance(wanted, Wanted):
                found &= self._linked(wanted)
            if wanted.text:
                needle = wanted.text.replace("\0", "\ufffd").lower()
                found = found & np.array([needle in text for text in self.texts], dtype=bool)
            return found

    def waiting(self, lane: str, *, without: Collection[str] = (), wanted: Filter | None = None) -> Mask:
        """What waits in a lane of cases. `without`: contents that somebody decided already."""
        with self.lock:
            if lane == "seeds":
                found = self.flags["real"] & ~self.flags["answered"] & self._is("status", "pending")
            else:
                found = ~self.flags["real"] & self._is("status", "passed") & self._attacks(lane)
            found = found & self._counting()
            if without:
                found &= ~self._rows(self._where_content, without)
            return found & self.mask(wanted) if wanted is not None else found

    def first(self, lane: str, waits: Mask, *, skip: Collection[str] = ()) -> Waiting | None:
        """Which of those that wait comes next; None when none does. `skip`: ids not to be shown now.

        The rule is `review.order`'s; `infra.db.queue.next_pending` says the same of the store.
        """
        with self.lock:
            if skip:
                waits = waits & ~self._rows(self._where_id, skip)
            if not waits.any():
                return None
            cells = len(self._values["cell"])
            there, cell = self._decided_in(lane), self.codes["cell"]
            kept, rejected = (
                np.bincount(cell[there & self._any("status", words)], minlength=cells)
                for words in (KEPT, ("rejected",))
            )
            waiting = np.flatnonzero(np.bincount(cell[waits], minlength=cells)).tolist()
            few = [at for at in waiting if lane == "seeds" or not enough(int(kept[at]), int(rejected[at]))]
            if few:
                chosen = min(few, key=lambda at: (int(kept[at] + rejected[at]), str(self._values["cell"][at])))
                rows, rank = np.flatnonzero(waits & (cell == chosen)), self.drawn
            else:
                rows, rank = np.flatnonzero(waits), self.unsure
            return self.at(int(rows[np.argmin(rank[rows])]))

    def with_contents(self, contents: Collection[str]) -> Mask:
        """Which rows have one of these contents."""
        with self.lock:
            return self._rows(self._where_content, contents)

    def contents_of(self, ids: Collection[str]) -> set[str]:
        """The contents of the cases with these ids."""
        with self.lock:
            return {self.contents[row] for id in ids for row in self._where_id.get(id, ())}

    def passed(self, lane: str, contents: Collection[str], wanted: Filter | None = None) -> list[Waiting]:
        """Of the candidates that passed the checks, those with these contents, one each, whatever became of them."""
        with self.lock:
            rows = self._decided_in(lane) & self._rows(self._where_content, contents)
            rows = rows & self.mask(wanted) if wanted is not None else rows
            found: dict[str, Waiting] = {}
            for row in np.flatnonzero(rows).tolist():
                found.setdefault(self.contents[row], self.at(row))
            return list(found.values())

    def at(self, row: int) -> Waiting:
        return Waiting(key=self.keys[row], id=self.ids[row], content=self.contents[row])

    def values(self, name: str) -> list[str]:
        """The values that a coded column has, sorted."""
        with self.lock:
            used = np.unique(self.codes[name])
            return sorted(str(self._values[name][code]) for code in used if self._values[name][code] is not None)

    def rows_of(self, key: str = "", *, id: str | None = None) -> Sequence[int]:
        """Where the case under this key stands, or all with this id."""
        return self._where_key.get(key, ()) if id is None else self._where_id.get(id, ())

    def with_ids(self, ids: Collection[str]) -> Mask:
        """Which rows have one of these ids."""
        with self.lock:
            return self._rows(self._where_id, ids)

    def is_attack(self, id: str) -> bool:
        """Whether the case with this id, or one that begins so, is an attack."""
        with self.lock:
            rows = self._where_id.get(id)
            found = self._rows(self._where_id, [id]) if rows else self._begins((id,))
            return bool((found & self._is("bucket", "redteam")).any())

    def keys_where(self, found: Mask) -> list[str]:
        with self.lock:
            return [self.keys[row] for row in np.flatnonzero(found[: len(self.keys)])]

    def kept(self) -> Mask:
        """Candidates that stand as approved or edited."""
        with self.lock:
            return (
                ~self.flags["real"] & self._counting() & (self._is("status", "approved") | self._is("status", "edited"))
            )

    def _is(self, name: str, value: str | None) -> Mask:
        return np.asarray(self.codes[name] == self._names[name].get(value, -1))

    def _counting(self) -> Mask:
        return self.flags["live"] & self._is("aside", None)

    def _any(self, name: str, values: Collection[str]) -> Mask:
        codes = [self._names[name][value] for value in values if value in self._names[name]]
        found: Mask = np.isin(self.codes[name], codes)
        return found

    def _attacks(self, lane: str) -> Mask:
        """Attacks are a lane of their own."""
        found: Mask = self._is("bucket", "redteam") == (lane == "redteam")
        return found

    def _decided_in(self, lane: str) -> Mask:
        """What a lane's decisions are counted on: a seed with an answer lives on as its edit."""
        here: Mask = self._is("aside", None) & (self.flags["real"] == (lane == "seeds"))
        found: Mask = self.flags["live"] if lane == "seeds" else self._is("judged", "passed") & self._attacks(lane)
        found = here & found
        return found

    def _linked(self, wanted: Wanted) -> Mask:
        found: Mask = np.ones(len(self.keys), dtype=bool)
        if wanted.axis is not None:
            axes = self.workspace.config.axes
            cells = [
                code for code, cell in enumerate(self._values["cell"]) if wanted.axis in axis_values(str(cell), axes)
            ]
            found &= np.isin(self.codes["cell"], cells)
        if wanted.decided:
            found &= ~self.flags["real"] & self._is("judged", "passed") & self._is("aside", None)
            found &= self._any("status", DECIDED)
        if wanted.reviewer is not None or wanted.reason is not None:
            with self.workspace.store.reading() as connection:
                contents = light.contents_decided(connection, reviewer=wanted.reviewer, reason=wanted.reason)
            found &= self._rows(self._where_content, contents)
        return found

    def _hit(self, check: str) -> NDArray[np.int64]:
        """The rows that a check hit: an edit, which comes later, has no findings."""
        if check not in self._hits:
            with self.workspace.store.reading() as connection:
                keys = light.keys_hit(connection, check)
            self._hits[check] = np.array([row for key in keys for row in self.rows_of(key)], dtype=np.int64)
        return self._hits[check]

    def _begins(self, ids: Sequence[str]) -> Mask:
        beginnings = tuple(ids)
        return np.fromiter((id.startswith(beginnings) for id in self.ids), dtype=bool, count=len(self.ids))

    def _rows(self, where: dict[str, list[int]], names: Collection[str]) -> Mask:
        found = np.zeros(len(self.keys), dtype=bool)
        found[[row for name in names for row in where.get(name, ())]] = True
        return found

    def _fill(self, rows: Iterable[tuple[Any, ...]]) -> None:
        columns = list(zip(*rows, strict=True)) or [()] * len(light.COLUMNS)
        by_name = dict(zip(light.COLUMNS, columns, strict=True))
        self.keys, self.ids, self.contents = (list(by_name[name]) for name in ("key", "id", "content"))
        self.texts = [text.lower() for text in by_name["text"]]
        self.begins = [text[:COMPARED] for text in by_name["text"]]
        self._values: dict[str, list[str | None]] = {}
        self._names: dict[str, dict[str | None, int]] = {}
        self.codes: dict[str, NDArray[np.int64]] = {}
        for name in CODED:
            names: dict[str | None, int] = {}
            codes = [names.setdefault(value, len(names)) for value in by_name[name]]
            self._names[name], self._values[name] = names, list(names)
            self.codes[name] = np.array(codes, dtype=np.int64)
        self.flags: dict[str, Mask] = {name: np.array(by_name[name], dtype=bool) for name in FLAGS}
        self._numbers = {name: np.array(by_name[name], dtype=kind) for name, kind in NUMBERS.items()}
        self._where_key: dict[str, list[int]] = {}
        self._where_id: dict[str, list[int]] = {}
        self._where_content: dict[str, list[int]] = {}
        for row in range(len(self.keys)):
            self._note(row)
        self._hits: dict[str, NDArray[np.int64]] = {}
        self._order()
        self.version += 1
        self.loads += 1

    def _note(self, row: int) -> None:
        self._where_key.setdefault(self.keys[row], []).append(row)
        self._where_id.setdefault(self.ids[row], []).append(row)
        self._where_content.setdefault(self.contents[row], []).append(row)

    def _order(self) -> None:
        """The place of every row in the drawn order, and in that of the most uncertain."""
        ids, turn, unsure = np.array(self.ids, dtype=str), self._numbers["turn"], self._numbers["uncertain"]
        self.drawn, self.unsure = (np.empty(len(ids), dtype=np.int64) for _ in range(2))
        by_turn = np.lexsort((ids, turn))
        self.drawn[by_turn] = np.arange(len(ids))
        self.unsure[np.lexsort((self.drawn, -unsure))] = np.arange(len(ids))

    def _put(self, values: tuple[Any, ...]) -> None:
        """A row as it is now. A new one is an edit, which never waits, so that its place in the orders is the last."""
        now = dict(zip(light.COLUMNS, values, strict=True))
        new = now["key"] not in self._where_key
        if new:
            self.keys.append(now["key"])
            self.ids.append(now["id"])
            self.contents.append(now["content"])
            self.texts.append(now["text"].lower())
            self.begins.append(now["text"][:COMPARED])
            for columns in (self.codes, self.flags, self._numbers):
                for name, column in columns.items():
                    columns[name] = np.append(column, np.zeros(1, dtype=column.dtype))
            self.drawn, self.unsure = (np.append(order, len(order)) for order in (self.drawn, self.unsure))
            self._note(len(self.keys) - 1)
        (row,) = self._where_key[now["key"]]
        if not new and now["status"] == "passed" and self._values["status"][self.codes["status"][row]] != "passed":
            self.returned += 1
        for name in CODED:
            code = self._names[name].setdefault(now[name], len(self._values[name]))
            if code == len(self._values[name]):
                self._values[name].append(now[name])
            self.codes[name][row] = code
        for name in FLAGS:
            self.flags[name][row] = now[name]
        for name in NUMBERS:
            self._numbers[name][row] = now[name]
