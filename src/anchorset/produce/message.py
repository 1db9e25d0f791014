"""The text in a case that a technique works on, and how to put another in its place.

What this module does not know: what is done to the text.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from anchorset.core.case import Case, Kind
from anchorset.produce.dice import Dice

_NOWHERE = object()

Put = Callable[[str], Any]
"""The input with a new text in place of the old one, everything else as it was."""


def message_of(case: Case) -> tuple[str, Put] | None:
    """The text itself; of a chat the longest user turn; of a record the longest string field. None: there is none."""
    place = main_place(case)
    return None if place is _NOWHERE else _at(case.input, case.kind, place)


def main_place(case: Case) -> Any:
    """Where that text stands: the index of a turn, the name of a field, None for a text."""
    given: Any = case.input
    places = _places(given, case.kind)
    if not places:
        return _NOWHERE
    if case.kind == "text":
        return None
    if case.kind == "chat":  # the longest, because the first and the last are often hello and goodbye
        return max(places, key=lambda at: (len(given[at].content), -at))
    return max(places, key=lambda name: (len(given[name]), name))


def last_message(case: Case) -> tuple[str, Put] | None:
    """As `message_of`, but of a chat the last user turn; what came after it is cut off: it answered other words."""
    if case.kind != "chat":
        return message_of(case)
    given: Any = until_user(case.input, "chat")
    places = _places(given, "chat")
    return _at(given[: places[-1] + 1], "chat", places[-1]) if places else None


def until_user(given: Any, kind: Kind) -> Any:
    """Of a chat all turns up to the last one of the user; a chat without one, and anything else, as it is."""
    if kind != "chat" or given[-1].role == "user":
        return given
    last = max((at for at, turn in enumerate(given) if turn.role == "user"), default=len(given) - 1)
    return given[: last + 1]


def some_message(given: Any, kind: Kind, dice: Dice) -> tuple[str, Put] | None:
    """The text; of a chat any user turn; of a record any string field of more than one word. None: there is none."""
    if kind == "text":  # by far the most frequent: no list for it
        return (given, _itself) if given else None
    places = _places(given, kind)
    return _at(given, kind, dice.pick(places)) if places else None


def _places(given: Any, kind: Kind) -> list[Any]:
    if kind == "text":
        return [None] if given.strip() else []
    if kind == "chat":
        return [at for at, turn in enumerate(given) if turn.role == "user" and turn.content.strip()]
    if kind == "record":
        return [name for name in sorted(given) if isinstance(given[name], str) and " " in given[name].strip()]
    return []


def _at(given: Any, kind: Kind, place: Any) -> tuple[str, Put]:
    if kind == "text":
        return given, _itself
    if kind == "record":
        return given[place], lambda new: {**given, place: new}
    turn = given[place]
    return turn.content, lambda new: (
        *given[:place], turn.model_copy(update={"content": new}), *given[place + 1 :],
    )  # fmt: skip


def _itself(new: str) -> str:
    return new
