"""Rows that are single turns become conversations: by conversation, in the order of turn number, then of the file.

What this module does not know: files, privacy, duplicates.
"""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Iterable, Mapping

from anchorset.infra.formats.fields import at
from anchorset.infra.formats.messages import role_of
from anchorset.infra.formats.row import Row, as_json
from anchorset.ingest.draft import Draft, UnusableRowError, draft

_GREETING = """
    hi hai hello helo hey hiya howdy greetings good morning afternoon evening day there team everyone sir madam ma'am
    hallo guten tag morgen abend moin servus salut bonjour bonsoir hola buenos dias días buenas tardes noches ciao
    buongiorno buonasera olá ola bom dia boa tarde noite hej goddag namaste
"""
_GREETINGS = frozenset(_GREETING.split())


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One row of a turn table."""

    conversation: str
    place: tuple[float, int]
    """Turn number, or 0 without one; then the line."""
    role: str
    draft: Draft


def turn(row: Row, mapping: Mapping[str, str]) -> Turn:
    """The turn in one row; the speaker is the user where none is said. Raises UnusableRowError."""
    conversation = at(row.fields, mapping["conversation"])
    if conversation is None or not str(conversation).strip():
        raise UnusableRowError(
            f"`{mapping['conversation']}` is {as_json(conversation)} (the conversation's id expected)"
        )
    number = _number(row, mapping["turn"]) if "turn" in mapping else 0.0
    speaker = at(row.fields, mapping["role"]) if "role" in mapping else None
    try:
        role = role_of(speaker) if speaker not in (None, "") else "user"
    except ValueError as error:
        raise UnusableRowError(str(error)) from None
    said = draft(row, mapping)
    if said.kind != "text":
        raise UnusableRowError(f"`{mapping['input']}` is {said.kind}, a turn's text expected")
    return Turn(conversation=str(conversation), place=(number, row.line), role=role, draft=said)


def _number(row: Row, column: str) -> float:
    value = at(row.fields, column)
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise UnusableRowError(f"`{column}` is {as_json(value)} (the turn's number expected)") from None
    if not math.isfinite(number):
        raise UnusableRowError(f"`{column}` is {as_json(value)} (the turn's number expected)")
    return number


def conversations(turns: Iterable[Turn]) -> tuple[list[Draft], list[tuple[Turn, str]]]:
    """Drafts of kind chat, in the order in which they begin; and the turns of conversations in which no user speaks.

    Metadata, expected and criteria are those of the first user turn that is more than a greeting; the id is the
    conversation's. A system turn at the head becomes the system prompt.
    """
    together: dict[str, list[Turn]] = {}
    for one in turns:
        together.setdefault(one.conversation, []).append(one)
    made: list[Draft] = []
    lost: list[tuple[Turn, str]] = []
    for name, listed in together.items():
        ordered = sorted(listed, key=lambda one: one.place)
        spoken = [one for one in ordered if one.role == "user"]
        if not spoken:
            lost += [(one, f"no turn of the conversation {as_json(name)} is by a user") for one in listed]
            continue
        opening = next((one for one in spoken if not _opens(one.draft)), spoken[0]).draft
        system = ordered[0].draft.input if ordered[0].role == "system" else opening.system
        messages = ordered[1:] if ordered[0].role == "system" else ordered
        made.append(
            dataclasses.replace(
                opening, lines=tuple(one.draft.lines[0] for one in listed), kind="chat", id=name,
                system=system, input=[{"role": one.role, "content": one.draft.input} for one in messages],
            )
        )  # fmt: skip
    return made, lost


def _opens(draft: Draft) -> bool:
    """Whether a turn only greets, by its words or by the owner's own label."""
    labels = [value.lower() for value in draft.metadata.values() if isinstance(value, str)]
    return is_greeting(draft.input) or any("greet" in label for label in labels)


def is_greeting(text: str) -> bool:
    """Whether the text does nothing but greet."""
    words = re.findall(r"[^\W\d_']+(?:'[^\W\d_]+)?", text.lower())
    return bool(words) and all(word in _GREETINGS for word in words)
