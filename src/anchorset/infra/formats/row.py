"""What reading a file gives: rows, and rows that could not be read, each with its place.

What this module does not know: any format.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

MAX_ROW = 4 * 1024 * 1024
"""Characters of the longest row that is read. A longer one is no test case, and is set aside unread."""

KEPT_RAW = 2000
"""Characters of a bad row that are kept to show it."""

Unit = Literal["line", "item", "row"]
"""What `line` counts: physical lines from 1, items of a JSON list from 1, or rows of a binary table from 1."""


class Row(NamedTuple):
    """One row: where it begins, and its fields by name."""

    line: int
    fields: dict[str, Any]


class BadRow(NamedTuple):
    """One row that could not be read, why, and its beginning as it stood."""

    line: int
    reason: str
    raw: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What one reader makes of one file. `rows` is read once, and streams."""

    rows: Iterator[Row | BadRow]
    columns: tuple[str, ...] | None = None
    """None: the format has no header, columns are what the first rows have."""
    unit: Unit = "line"
    notes: tuple[str, ...] = ()


_UNDECODED = re.compile("[\ud800-\udfff]")


def bad_row(line: int, reason: str, raw: str) -> BadRow:
    """A bad row, cut to a length that can be shown and to characters that can be written."""
    return BadRow(line, reason, _UNDECODED.sub("\ufffd", raw[:KEPT_RAW]).rstrip("\r\n"))


def damage(text: str) -> str | None:
    """Why this raw text cannot be part of a case, or None. Undecodable bytes arrive as lone surrogates."""
    if len(text) > MAX_ROW:
        return f"the row has more than {MAX_ROW:,} characters, the most that is read"
    if "\0" in text:
        return f"a NUL byte at character {text.index(chr(0)) + 1}"
    if found := _UNDECODED.search(text):
        return f"the byte 0x{ord(found.group()) - 0xDC00:02x} at character {found.start() + 1} is not valid UTF-8"
    return None


def as_json(value: Any, most: int = 60) -> str:
    """The beginning of a value of a row, as JSON, for a reason: `null`, `"text"`. No control code is in it."""
    shown = json.dumps(value, ensure_ascii=False, default=str)
    shown = shown if shown.isprintable() else json.dumps(value, default=str)
    return shown if len(shown) <= most else shown[: most - 3] + "..."


def amount(number: int, noun: str) -> str:
    """`1 row`, `2 rows`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
