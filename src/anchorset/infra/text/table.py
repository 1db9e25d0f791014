"""A plain table as lines. What this module does not know: what stands in it, and where it is shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_NUMBER = re.compile(r"[<>+-]?\d.*|-?", re.DOTALL)
"""How a cell with a number begins; an empty one and a dash say there is none."""


def aligned(rows: Iterable[Sequence[object]]) -> list[str]:
    """A line a row, two spaces between columns, none at the end: numbers to the right, words to the left.

    The first row is the header. A column after the first is one of numbers when every cell below the header is.
    """
    cells = [[str(cell) for cell in row] for row in rows]
    columns = list(zip(*cells, strict=True))
    widths = [max(map(len, column)) for column in columns]
    right = [at > 0 and all(map(_NUMBER.fullmatch, column[1:])) for at, column in enumerate(columns)]
    return [
        "  ".join(
            cell.rjust(width) if number else cell.ljust(width)
            for cell, width, number in zip(row, widths, right, strict=True)
        ).rstrip()
        for row in cells
    ]
