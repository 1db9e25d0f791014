"""What a format of cases is: how a case looks in it, what a row of anybody's says, and where the lineage goes.

What this module does not know: any particular format, and files.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic_core import from_json

from anchorset.core.case import Case, Kind, Message
from anchorset.core.hashing import canonical
from anchorset.infra.formats.messages import to_openai

LINEAGE = "anchorset"
"""The key, in whatever bag a format has, under which the whole case record travels."""

Layout = Literal["jsonl", "json", "csv", "parquet"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFormat:
    """One outside format. `render` and `parse` are about the fields the outside tool uses; lineage is added around."""

    name: str
    layouts: tuple[Layout, ...]
    """How files of it are laid out, the usual one first."""
    render: Callable[[Case], dict[str, Any]]
    """The row that the outside tool reads: plain JSON values (strings alone for CSV)."""
    parse: Callable[[Mapping[str, Any]], dict[str, Any]]
    """Fields of a case from such a row, ours or anybody's. Raises ValueError, KeyError or TypeError with the reason."""
    recognise: Callable[[Mapping[str, Any]], bool]
    """Whether a row looks like this format."""
    bag: tuple[str, ...] | None
    """Keys that lead to the record inside a row; None: no room, a sidecar file has it."""
    holds: frozenset[str]
    """Fields of a case that the outside tool sees, beside `input`."""
    kinds: frozenset[Kind]
    """Kinds of input it has a form for; others are written as JSON text."""


def input_text(case: Case) -> str:
    """The input as one string: a text as it is, anything else as JSON (chats in the OpenAI form)."""
    return case.input if isinstance(case.input, str) else json.dumps(input_json(case), ensure_ascii=False)


def input_json(case: Case) -> Any:
    """The input as JSON values; a chat in the OpenAI form."""
    return to_openai(messages_in(case)) if case.kind == "chat" else case.model_dump()["input"]


def messages_in(case: Case) -> tuple[Message, ...]:
    """The turns of a chat; any other input as one turn of the user."""
    if case.kind == "chat" and isinstance(case.input, tuple):
        return tuple(turn for turn in case.input if isinstance(turn, Message))
    return (Message(role="user", content=input_text(case)),)


def as_text(value: Any) -> str:
    """A string as it is, None as nothing, anything else as JSON."""
    return value if isinstance(value, str) else "" if value is None else canonical(value)


def flat_metadata(case: Case) -> dict[str, Any]:
    """Id, bucket and metadata in one flat object, to filter by in the outside tool."""
    return {"case_id": case.id, "bucket": case.bucket} | {k: v for k, v in case.metadata.items() if k != LINEAGE}


def own_metadata(flat: Mapping[str, Any]) -> dict[str, Any]:
    """The metadata in such an object, without what was added; nested values as JSON text."""
    return {
        str(key): value if isinstance(value, (str, int, float, bool)) or value is None else canonical(value)
        for key, value in flat.items()
        if key not in ("case_id", "bucket", LINEAGE)
    }


def json_or_text(text: str) -> Any:
    """The JSON object or list in a string, or the string itself."""
    if text[:1] in ("{", "["):
        try:
            return from_json(text, allow_inf_nan=False)
        except ValueError:
            return text
    return text


def present(**values: Any) -> dict[str, Any]:
    """The values that say something: None, empty strings, lists and objects left out."""
    return {key: value for key, value in values.items() if value not in (None, "", [], {}, ())}
