"""JSON: a list of objects, or an object that holds one (`tests`, `goldens`, `results.results` …). Read whole.

What this module does not know: what the fields mean.
"""

from __future__ import annotations

from typing import Any

from pydantic_core import from_json

from anchorset.core.errors import InputError
from anchorset.infra.formats.jsonl import as_row
from anchorset.infra.formats.row import Table
from anchorset.infra.formats.source import Source

_DEPTH = 2
"""How many objects deep a list of rows is looked for: promptfoo writes `results.results`."""


def read(source: Source) -> Table:
    """Raises InputError for a file that is not JSON: in one list a broken item cannot be told from its neighbours."""
    with source.open_text() as file:
        text = file.read()
    try:
        value = from_json(text.encode(), allow_inf_nan=False)
    except UnicodeEncodeError as error:
        raise InputError(
            f"{source.path}: the byte 0x{ord(text[error.start]) - 0xDC00:02x} at character {error.start + 1} is not "
            "valid UTF-8. Save the file as UTF-8, or as JSONL, where a bad row is set aside alone."
        ) from None
    except ValueError as error:
        raise InputError(
            f"{source.path}: not valid JSON ({error}). Mend the file, or save it as JSONL (one object a line), "
            "where a bad row is set aside alone."
        ) from None
    items, notes = _list_in(value)
    return Table(rows=(as_row(number, item) for number, item in enumerate(items, start=1)), unit="item", notes=notes)


def _list_in(value: Any) -> tuple[list[Any], tuple[str, ...]]:
    if isinstance(value, list):
        return value, ()
    if isinstance(value, dict) and (rows := _from_columns(value)):
        return rows, (f"read as columns: {', '.join(value)}",)
    path: list[str] = []
    inner = value
    for _ in range(_DEPTH):
        if not isinstance(inner, dict):
            break
        lists = [key for key, held in inner.items() if isinstance(held, list) and held and isinstance(held[0], dict)]
        if "messages" in lists or "turns" in lists or "conversations" in lists:
            break  # one conversation, not a list of rows
        key = next(iter(lists), None) or ("results" if isinstance(inner.get("results"), dict) else None)
        if key is None:
            break
        path.append(key)
        inner = inner[key]
        if isinstance(inner, list):
            return inner, (f"rows taken from `{'.'.join(path)}`",)
    return [value], ()


def _from_columns(value: dict[str, Any]) -> list[Any]:
    """`{"a": [1, 2], "b": [3, 4]}` as two rows; empty when the values are not lists of strings of one length."""
    lists = list(value.values())
    if not all(isinstance(held, list) and held and isinstance(held[0], str) for held in lists):
        return []
    if len({len(held) for held in lists}) != 1:
        return []
    return [dict(zip(value, cells, strict=True)) for cells in zip(*lists, strict=True)]
