"""JSONL: one JSON object a line; a line that is a string becomes the column `text`. Blank lines are no rows.

What this module does not know: what the fields mean.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from pydantic_core import from_json

from anchorset.infra.formats.row import BadRow, Row, Table, as_json, bad_row, damage
from anchorset.infra.formats.source import Source


def read(source: Source) -> Table:
    return Table(rows=_rows(source))


def _rows(source: Source) -> Iterator[Row | BadRow]:
    damaged = source.damaged
    for number, line in enumerate(source.lines(), start=1):
        if damaged and (reason := damage(line)):
            yield bad_row(number, reason, line)
            continue
        try:
            value = from_json(line, allow_inf_nan=False)
        except ValueError as error:
            if line.strip():
                yield bad_row(number, f"not valid JSON ({str(error).replace(' at line 1 column', ' at column')})", line)
            continue
        yield as_row(number, value)


def as_row(number: int, value: Any) -> Row | BadRow:
    """A JSON value as a row: an object as it is, a string under `text`, anything else is set aside."""
    if isinstance(value, dict):
        return Row(number, value)
    if isinstance(value, str):
        return Row(number, {"text": value})
    return bad_row(number, f"{as_json(value)} found, a JSON object expected", json.dumps(value, ensure_ascii=False))
