"""CSV and TSV: the delimiter is found by looking, quoted cells may hold line ends, ragged rows are set aside.

What this module does not know: what the columns mean.
"""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Iterator
from itertools import islice
from typing import Any

from anchorset.infra.formats.row import MAX_ROW, BadRow, Row, Table, amount, bad_row, damage
from anchorset.infra.formats.source import Source

DELIMITERS = (",", "\t", ";", "|")
_NAMES = {",": "comma", "\t": "tab", ";": "semicolon", "|": "bar"}
_LOOK = 50
"""Records that are looked at to find the delimiter."""


def read_csv(source: Source) -> Table:
    """The table in `source`; delimiter and quoting are those under which its first records fit its header best."""
    return _read(source, DELIMITERS)


def read_tsv(source: Source) -> Table:
    return _read(source, ("\t",))


def _read(source: Source, delimiters: tuple[str, ...]) -> Table:
    # The parser's own limit is one number for the whole process, and lower than ours.
    csv.field_size_limit(max(csv.field_size_limit(), MAX_ROW))
    dialect = _best(source.head, delimiters)
    columns, notes = _header(next(filter(None, csv.reader(_lines(source.head), dialect)), []))
    if dialect.delimiter != delimiters[0]:
        notes = (*notes, f"columns are separated by {_NAMES[dialect.delimiter]}")
    return Table(rows=_rows(source, dialect, columns), columns=columns, notes=notes)


class _Dialect(csv.Dialect):
    lineterminator = "\r\n"
    quotechar = '"'
    doublequote = True

    def __init__(self, delimiter: str, quoting: Any) -> None:
        self.delimiter, self.quoting = delimiter, quoting
        super().__init__()


def dialect_of(text: str) -> str:
    """The delimiter that the first lines of a table agree on; `,` when they hold one column."""
    return str(_best(text, DELIMITERS).delimiter)


def _best(head: str, delimiters: tuple[str, ...]) -> _Dialect:
    lines = list(islice(_lines(head), 4 * _LOOK))
    options = [_Dialect(mark, csv.QUOTE_MINIMAL) for mark in delimiters]
    if "\t" in delimiters:
        options.append(_Dialect("\t", csv.QUOTE_NONE))  # tables of tabs often hold quotes that quote nothing
    return max(options, key=lambda dialect: _fit(lines, dialect))  # the first of equals


def _lines(text: str) -> Iterator[str]:
    """Lines as a file has them: a form feed or U+2028 ends none."""
    return io.StringIO(text, newline="")


def _fit(lines: list[str], dialect: _Dialect) -> tuple[float, int]:
    """Share of the first records that are as wide as the header (0-1; 0 for one column), and that width."""
    widths: list[int] = []
    reader = csv.reader(lines, dialect, strict=True)
    while len(widths) < _LOOK:
        try:
            widths.append(len(next(reader)))
        except StopIteration:
            break
        except csv.Error:
            widths.append(-1)
    widths = [width for width in widths if width]  # blank lines are no records
    if not widths or widths[0] <= 1:
        return 0.0, 0
    return round(sum(width == widths[0] for width in widths) / len(widths), 1), widths[0]


def _header(cells: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    columns: list[str] = []
    notes: list[str] = []
    for number, cell in enumerate(cells, start=1):
        name = cell.strip().lstrip("\ufeff") or f"column_{number}"
        if name in columns:
            notes.append(f"column {name!r} is there twice; the second is called {name}_{number!r}")
            name = f"{name}_{number}"
        columns.append(name)
    return tuple(columns), tuple(notes)


def _rows(source: Source, dialect: _Dialect, columns: tuple[str, ...]) -> Iterator[Row | BadRow]:
    """The records under the header, each with the line it begins on. Blank lines are no records.

    A quote that is never closed would swallow the rest of the file: the line it stands on is set aside, and reading
    goes on with the next.
    """
    again: deque[str] = deque()
    taken: list[str] = []
    fresh = source.lines()

    def lines() -> Iterator[str]:
        while line := again.popleft() if again else next(fresh, ""):
            taken.append(line)
            yield line

    number, width, damaged, header = 1, len(columns), source.damaged, True
    while True:
        try:
            for cells in csv.reader(lines(), dialect):
                reason = damage("".join(taken)) if damaged else None
                if len(taken) > 1 and not reason and not _closed(taken, dialect):
                    raise csv.Error("a quote is opened and not closed")
                if header and cells:
                    header = False
                elif reason:
                    yield bad_row(number, reason, "".join(taken))
                elif len(cells) == width:
                    yield Row(number, dict(zip(columns, cells, strict=True)))
                elif width == 1 and len(taken) == 1 and cells:
                    # A lone column needs no quotes around its commas.
                    yield Row(number, {columns[0]: taken[0].rstrip("\r\n")})
                elif cells:
                    reason = f"{amount(len(cells), 'cell')}, {width} expected as in the header"
                    yield bad_row(number, reason, "".join(taken))
                number += len(taken)
                taken.clear()
        except csv.Error as error:
            yield bad_row(number, damage(taken[0]) or str(error), taken[0])
            again.extendleft(reversed(taken[1:]))
            number += 1
            taken.clear()
        else:
            return


def _closed(lines: list[str], dialect: _Dialect) -> bool:
    """Whether these lines are one record with every quote closed."""
    try:
        return len(list(csv.reader(lines, dialect, strict=True))) == 1
    except csv.Error:
        return False
