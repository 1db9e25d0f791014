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
        if type(value) is dict and line.count('":') != len(value) and (key := _twice(line, value)):
            yield bad_row(number, f"the key {as_json(key)} is there twice in one object", line)
            continue
        yield as_row(number, value)


def _twice(line: str, value: dict[str, Any]) -> str | None:
    """The first key of the row itself that its text has twice; None when there is none.

    The parser keeps the last silently. The words of a key may stand elsewhere in the row too, so that a row in which
    they do is parsed again, slowly; keys of objects inside are not looked at.
    """
    for key in value:
        name = f'"{key}"'
        if line.find(name, line.find(name) + 1) > 0:
            break
    else:
        return None
    # The row itself is the outermost object: what is left when the hook has been called for all of them.
    keys = json.loads(line, object_pairs_hook=lambda pairs: [key for key, _ in pairs])
    return next((key for key in value if keys.count(key) > 1), None)


def as_row(number: int, value: Any) -> Row | BadRow:
    """A JSON value as a row: an object as it is, a string under `text`, anything else is set aside."""
    if isinstance(value, dict):
        return Row(number, value)
    if isinstance(value, str):
        return Row(number, {"text": value})
    return bad_row(number, f"{as_json(value)} found, a JSON object expected", json.dumps(value, ensure_ascii=False))
