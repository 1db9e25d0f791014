"""Rows into columns of small integers: every distinct value is stored once, every cell is a code.

What this module does not know: files, and what a column means.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.int32]

MAX_COLUMNS = 200
"""More columns than this are left out: rows with ever new keys must not fill the memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """`values[codes[i]]` is the text in row i. Values are distinct; "" is an empty cell."""

    codes: Codes
    values: list[str]

    def texts(self, rows: Sequence[int] | NDArray[Any]) -> list[str]:
        """The texts in these rows."""
        return [self.values[code] for code in self.codes[np.asarray(rows, dtype=np.int64)].tolist()]

    def sorted(self) -> Column:
        """The same column with its values in alphabetical order, so that codes do not depend on the order of rows."""
        order = sorted(range(len(self.values)), key=self.values.__getitem__)
        renamed = np.empty(len(order), dtype=np.int32)
        renamed[order] = np.arange(len(order), dtype=np.int32)
        return Column(codes=renamed[self.codes], values=[self.values[old] for old in order])


class _Interned(dict[Any, int]):
    """Cell -> code. A cell seen for the first time gets the next code; cells of equal text share one."""

    def __init__(self) -> None:
        self.by_text: dict[str, int] = {}

    def __missing__(self, cell: Any) -> int:
        text = cell.strip() if type(cell) is str else text_of(cell)
        code = self.by_text.setdefault(text, len(self.by_text))
        self[cell] = code
        return code


def text_of(cell: Any) -> str:
    """The cell as trimmed text: None is "", true and false are lower-case words."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return str(cell).strip()


class Builder:
    """Collects chunks of cells into columns.

    `keep` names the columns that are kept whatever they hold; any other is dropped once it has more than `limit`
    distinct values, or holds lists or objects. `dropped` has their names.
    """

    def __init__(self, *, keep: frozenset[str], limit: int) -> None:
        self.n = 0
        self.dropped: list[str] = []
        self._keep = keep
        self._limit = limit
        self._parts: dict[str, list[Codes]] = {}
        self._seen: dict[str, _Interned] = {}

    def wanted(self, names: Iterable[str]) -> list[str]:
        """Those of the names whose cells are worth collecting: dropped columns and those beyond MAX_COLUMNS are not."""
        found = []
        for name in names:
            if name not in self._seen and name not in self.dropped:
                if len(self._seen) >= MAX_COLUMNS and name not in self._keep:
                    # Of ever new names only the first are remembered.
                    self.dropped += [name] if len(self.dropped) < MAX_COLUMNS else []
                    continue
                self._seen[name] = _Interned()
                self._parts[name] = [self._codes(name, [""]).repeat(self.n)] if self.n else []
            if name in self._seen:
                found.append(name)
        return found

    def add(self, n: int, cells: Mapping[str, Sequence[Any]]) -> None:
        """`n` rows: name of a wanted column -> its n cells. A column absent here is empty in these rows."""
        for name in list(self._seen):
            codes: Codes | None
            try:
                codes = self._codes(name, cells[name]) if name in cells else self._codes(name, [""]).repeat(n)
            except TypeError:  # a list or an object: nothing to slice by
                codes = None if name not in self._keep else self._codes(name, list(map(str, cells[name])))
            if codes is None or (name not in self._keep and len(self._seen[name].by_text) > self._limit):
                self.dropped.append(name)
                del self._seen[name], self._parts[name]
            else:
                self._parts[name].append(codes)
        self.n += n

    def _codes(self, name: str, cells: Sequence[Any]) -> Codes:
        return np.fromiter(map(self._seen[name].__getitem__, cells), dtype=np.int32, count=len(cells))

    def columns(self) -> dict[str, Column]:
        """The columns kept, each of `n` cells."""
        return {
            name: Column(codes=np.concatenate(parts), values=list(self._seen[name].by_text))
            for name, parts in self._parts.items()
            if parts
        }
