"""A plain table as lines. What this module does not know: what stands in it, and where it is shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def aligned(rows: Iterable[Sequence[object]]) -> list[str]:
    """A line a row: the first column to the left, the others to the right, two spaces between, none at the end."""
    cells = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return ["  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]).rstrip() for row in cells]
