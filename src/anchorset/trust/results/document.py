"""A file of results as JSON: the whole document, or its lines, however carelessly its numbers were written.

What this module does not know: whose results they are.
"""

from __future__ import annotations

import json
from typing import Any

import orjson

from anchorset.core.errors import InputError
from anchorset.infra.formats.source import Source


def document(source: Source) -> Any:
    """The JSON value of the file; NaN and infinities, which Python writes and JSON has not, become null.

    Raises InputError for a file that is no JSON.
    """
    with source.open_text() as file:
        text = file.read().removeprefix("\ufeff")
    return loaded(text, where=source.name)


def loaded(text: str | bytes, *, where: str) -> Any:
    """The JSON value of the text, as in `document`."""
    try:
        return orjson.loads(text)
    except ValueError as error:
        try:
            value = json.loads(text, parse_constant=lambda _: None)
            json.dumps(value, ensure_ascii=False).encode()  # half a character pair could never be written again
        except (ValueError, RecursionError) as second:
            said = second if isinstance(second, (UnicodeEncodeError, RecursionError)) else error
            raise InputError(
                f"{where}: not valid JSON ({said}); write the file again with the tool it came from"
            ) from None
        return value


def dig(value: Any, *path: str) -> Any:
    """The value at a path of keys; None where one is absent or the way is no object."""
    for part in path:
        value = value.get(part) if isinstance(value, dict) else None
    return value
