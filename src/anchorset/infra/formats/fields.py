"""Which field of a foreign row is the input, which the expected answer: by the names such fields have elsewhere.

What this module does not know: files, and what the owner mapped by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from anchorset.core.errors import InputError, nearest
from anchorset.infra.formats.messages import TURN_COLUMNS, is_turns

INPUT_NAMES = (
    "input", "text", "question", "user_input", "prompt", "query", "message", "content", "utterance", "instruction",
)  # fmt: skip
EXPECTED_NAMES = (
    "expected", "expected_output", "expected_answer", "reference", "reference_answer", "answer", "ideal", "output",
)  # fmt: skip
ID_NAMES = ("id", "case_id", "uuid", "message_id", "conversation_id")


def at(fields: Mapping[str, Any], name: str) -> Any:
    """The value of a field, or of a dotted path into it (`vars.question`, `turns.0.content`); None when absent."""
    if name in fields:
        return fields[name]
    head, _, rest = name.partition(".")
    value: Any = fields.get(head)
    for part in rest.split(".") if rest else ():
        if isinstance(value, Mapping):
            value = value.get(part)
        elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            return None
    return value if rest else None


def known(columns: Iterable[str], names: Iterable[str]) -> str | None:
    """The column whose name, in lower case, comes first in `names`; None when none does."""
    by_name = {column.lower(): column for column in reversed(list(columns))}
    return next((by_name[name] for name in names if name in by_name), None)


def turn_column(fields: Mapping[str, Any]) -> str | None:
    """The field that holds a whole conversation, or None."""
    return next((name for name in TURN_COLUMNS if is_turns(fields.get(name))), None)


def guess(columns: Mapping[str, Any]) -> dict[str, str]:
    """The mapping that the names of the fields suggest; `columns` is an example row. Empty when no input is found."""
    names = tuple(columns)
    found = {
        "input": turn_column(columns) or known(names, INPUT_NAMES),
        "expected": known(names, EXPECTED_NAMES),
        "id": known(names, ID_NAMES),
        "system": known(names, ("system",)),
    }
    mapping = {target: column for target, column in found.items() if column}
    if isinstance(columns.get("metadata"), Mapping):
        mapping |= {f"metadata.{axis}": f"metadata.{axis}" for axis in columns["metadata"]}
    return mapping if "input" in mapping else {}


def is_record(fields: Mapping[str, Any]) -> bool:
    """Whether a row claims to be a case record."""
    return "input" in fields and ("schema" in fields or ("kind" in fields and "provenance" in fields))


def listed(columns: Iterable[str]) -> str:
    """Column names for a message: 20 at most, cut and quoted, so that no file writes control codes to a terminal."""
    there = list(columns)
    names = ", ".join(repr(name[:40]) for name in there[:20])
    return (names + (f" and {len(there) - 20} more" if len(there) > 20 else "")) or "none"


def no_column(name: str, columns: Iterable[str], *, where: str, way: str) -> InputError:
    """The error for a column that is not there: names the nearest, all, and by which option (`way`) to name one."""
    there = list(columns)
    clause = nearest(name, there)
    close = f"; {clause}" if clause.startswith("did you") else "."
    return InputError(f"{where} has no column {name!r}{close} Columns there: {listed(there)}. Name one of them {way}.")
