"""One row on its way to a case: what the mapping takes from its fields, as plain values.

What this module does not know: files, privacy, duplicates.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from anchorset.core.case import Case, Kind, Scalar
from anchorset.core.hashing import canonical
from anchorset.core.provenance import Provenance
from anchorset.infra.formats.case_format import CaseFormat
from anchorset.infra.formats.fields import at
from anchorset.infra.formats.messages import is_turns, messages_from
from anchorset.infra.formats.row import Row, amount, as_json


class UnusableRowError(ValueError):
    """This row cannot become a case; the message is the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A case in the making. `input` is a string, a list of message objects, or an object, as `kind` says.

    Texts, turns and answers come without the white space around them, so that which of several rows that fold comes
    first in the file changes nothing.
    """

    lines: tuple[int, ...]
    """Where its source rows begin, first row first; several for a conversation put together from turns."""
    kind: Kind
    input: Any
    expected: Any = None
    criteria: tuple[str, ...] = ()
    system: str | None = None
    language: str | None = None
    metadata: dict[str, Scalar] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)
    id: str | None = None
    observed_at: str | None = None
    author: str | None = None

    def key(self) -> str:
        """Equal for exact duplicates: same question, same expected answer, same axis values."""
        return canonical([self.kind, self.input, self.expected, self.criteria, self.system, self.metadata])

    def case(self, provenance: Provenance) -> Case:
        """The case. Raises ValueError with the reason when some value has no place in one."""
        return Case(
            kind=self.kind, input=self.input, expected=self.expected, criteria=self.criteria, system=self.system,
            language=self.language, metadata=self.metadata, extra=self.extra, provenance=provenance,
        )  # fmt: skip


def draft(row: Row, mapping: Mapping[str, str]) -> Draft:
    """The draft of one row. Raises UnusableRowError."""
    got = {target: at(row.fields, column) for target, column in mapping.items()}
    column = mapping["input"]
    kind, asked = _input(got["input"], column)
    system = _text(got, "system")
    if kind == "chat" and asked[0]["role"] == "system" and system is None and len(asked) > 1:
        system, asked = asked[0]["content"], asked[1:]
    return Draft(
        lines=(row.line,), kind=kind, input=_trimmed(asked), expected=_expected(got.get("expected")),
        criteria=_criteria(got.get("criteria")), system=system, language=_text(got, "language"),
        metadata={name: _scalar(got[t]) for t in got if (name := t.removeprefix("metadata.")) != t},
        extra={name: got[t] for t in got if (name := t.removeprefix("extra.")) != t},
        id=_text(got, "id"), observed_at=_text(got, "observed_at"), author=_text(got, "author"),
    )  # fmt: skip


def parsed(row: Row, format: CaseFormat) -> Draft:
    """The draft of one row in an outside format. Raises UnusableRowError."""
    try:
        fields = format.parse(row.fields)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        reason = f"{error.args[0]!r} is missing" if isinstance(error, KeyError) else str(error)
        raise UnusableRowError(reason) from None
    asked = fields.pop("input")
    if fields["kind"] == "chat":
        asked = [turn.model_dump() for turn in asked]
    fields["expected"] = _expected(fields.get("expected"))
    return Draft(lines=(row.line,), input=_trimmed(asked), **fields)


def _trimmed(asked: Any) -> Any:
    """A text, or the turns of a chat, without the white space around them; a record as it is."""
    if isinstance(asked, list):
        return [turn | {"content": turn["content"].strip()} for turn in asked]
    return asked.strip() if isinstance(asked, str) else asked


def _input(value: Any, column: str) -> tuple[Kind, Any]:
    if isinstance(value, str):
        if not value.strip():
            raise UnusableRowError(f"`{column}` is {as_json(value)} (some text expected)")
        if "\0" in value:
            raise UnusableRowError(f"`{column}` has a NUL character at {value.index(chr(0)) + 1}")
        return "text", value
    if is_turns(value):
        try:
            turns = messages_from(value)
        except ValueError as error:
            raise UnusableRowError(f"`{column}`: {error}") from None
        if not any(turn.role == "user" and turn.content.strip() for turn in turns):
            raise UnusableRowError(
                f"`{column}` has {amount(len(turns), 'turn')} and no text by a user (1 or more expected)"
            )
        return "chat", [turn.model_dump() for turn in turns]
    if isinstance(value, dict) and value:
        return "record", value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return "text", str(value)
    raise UnusableRowError(f"`{column}` is {as_json(value)} (a string, a list of turns or an object expected)")


def _text(got: Mapping[str, Any], target: str) -> str | None:
    value = got.get(target)
    return None if value is None or value == "" else value if isinstance(value, str) else _flat(value)


def _expected(value: Any) -> Any:
    return (value.strip() or None) if isinstance(value, str) else value


def _criteria(value: Any) -> tuple[str, ...]:
    if value is None or value == "":
        return ()
    return tuple(map(_flat, value)) if isinstance(value, list) else (_flat(value),)


def _scalar(value: Any) -> Scalar:
    return value if isinstance(value, (str, int, float, bool)) or value is None else canonical(value)


def _flat(value: Any) -> str:
    return value if isinstance(value, str) else canonical(value)
