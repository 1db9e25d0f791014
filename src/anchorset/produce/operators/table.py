"""The table of all operators, by name.

What this module does not know: how many are applied to one case, and when.
"""

from __future__ import annotations

from collections.abc import Sequence

from anchorset.core.errors import UsageError, nearest
from anchorset.produce.operators import (
    casing,
    character,
    conversation,
    entity,
    lexical,
    locale,
    record,
    register,
    sentence,
    whitespace,
    word,
)
from anchorset.produce.operators.operator import Operator

_LEVELS: tuple[tuple[Operator, ...], ...] = (
    character.OPERATORS, casing.OPERATORS, whitespace.OPERATORS, word.OPERATORS, lexical.OPERATORS, sentence.OPERATORS,
    entity.OPERATORS, register.OPERATORS, locale.OPERATORS, conversation.OPERATORS, record.OPERATORS,
)  # fmt: skip

ALL: dict[str, Operator] = {operator.name: operator for level in _LEVELS for operator in level}


def named(names: Sequence[str] | None) -> tuple[Operator, ...]:
    """The operators of these names, or of a whole family (`typo`); None: all that are chosen by default.

    Raises UsageError for an unknown name, with the nearest known one.
    """
    if names is None:
        return tuple(operator for operator in ALL.values() if operator.weight)
    found: dict[str, Operator] = {}
    for name in names:
        family = [operator for operator in ALL.values() if operator.family == name]
        if name not in ALL and not family:
            raise UsageError(f"there is no operator {name!r}; {nearest(name, ALL)}")
        found |= {operator.name: operator for operator in family or [ALL[name]]}
    return tuple(found.values())
