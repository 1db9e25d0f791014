"""A row of anybody's as fields of a case, when no format is recognised: by the names of its columns.

What this module does not know: files, and the formats that are recognised.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anchorset.infra.formats.case_format import own_metadata
from anchorset.infra.formats.fields import at, guess, listed
from anchorset.infra.formats.messages import is_turns, messages_from
from anchorset.infra.formats.row import as_json

_AXIS = "metadata."


def parse_by_names(row: Mapping[str, Any]) -> dict[str, Any]:
    """Kind, input, expected, metadata; what is left goes to `extra`. Raises ValueError when no column is an input."""
    mapping = guess(row)
    if "input" not in mapping:
        raise ValueError(f"no field is called like an input; fields there: {listed(row)}")
    metadata = row.get("metadata")
    inner = own_metadata(metadata) if isinstance(metadata, Mapping) else {}
    inner |= own_metadata({key.removeprefix(_AXIS): row[key] for key in row if key.startswith(_AXIS)})
    used = {*mapping.values(), *(("metadata",) if isinstance(metadata, Mapping) else ())}
    fields: dict[str, Any] = {
        "expected": at(row, mapping["expected"]) if "expected" in mapping else None,
        "system": at(row, mapping["system"]) if "system" in mapping else None,
        "metadata": inner,
        "extra": {key: row[key] for key in row if key not in used and not key.startswith(_AXIS)},
    }
    return fields | parse_input(at(row, mapping["input"]))


def parse_input(value: Any) -> dict[str, Any]:
    """Kind and input of a value: a list of turns, an object, or text. Raises ValueError for what is none of them."""
    if is_turns(value):
        return {"kind": "chat", "input": messages_from(value)}
    if isinstance(value, dict) and value:
        return {"kind": "record", "input": value}
    if isinstance(value, str) and value.strip():
        return {"kind": "text", "input": value}
    raise ValueError(f"the input is {as_json(value)} (text, a list of turns or an object expected)")
