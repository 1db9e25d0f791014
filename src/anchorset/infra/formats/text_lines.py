"""Plain text: one row a line, under the column `text`. Blank lines are no rows.

What this module does not know: what a line says.
"""

from __future__ import annotations

from collections.abc import Iterator

from anchorset.infra.formats.row import BadRow, Row, Table, bad_row, damage
from anchorset.infra.formats.source import Source

COLUMN = "text"


def read(source: Source) -> Table:
    return Table(rows=_rows(source), columns=(COLUMN,))


def _rows(source: Source) -> Iterator[Row | BadRow]:
    for number, line in enumerate(source.lines(), start=1):
        if source.damaged and (reason := damage(line)):
            yield bad_row(number, reason, line)
        elif line.strip():
            yield Row(number, {COLUMN: line.rstrip("\r\n")})
