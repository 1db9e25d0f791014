"""CSV cells that no spreadsheet takes for a formula, and back.

A cell that a spreadsheet would run (`=HYPERLINK(…)`, `+1`, `@SUM`) gets a leading apostrophe, as does one that begins
with an apostrophe already; so taking one apostrophe away restores every cell exactly.
What this module does not know: columns.
"""

from __future__ import annotations

_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'")


def safe(cell: str) -> str:
    """The cell, harmless. NUL, which CSV readers stop at, becomes U+FFFD."""
    cell = cell.replace("\0", "\ufffd")
    return "'" + cell if cell.startswith(_RISKY) else cell


def unsafe(cell: str) -> str:
    """The cell as it was before `safe`."""
    return cell[1:] if cell.startswith("'") else cell
