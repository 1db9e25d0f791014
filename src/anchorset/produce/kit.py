"""The kit: operators ready to be drawn from, by kind of case and by weight.

What this module does not know: what an operator does.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from types import MappingProxyType

from anchorset.core.case import Kind
from anchorset.produce.dice import Dice
from anchorset.produce.operators.operator import (
    Level,
    LexiconOperator,
    MergeOperator,
    Operator,
    RecordOperator,
    TextOperator,
    TurnsOperator,
)
from anchorset.produce.operators.table import named

_ORDER: tuple[Level, ...] = (
    "conversation", "record", "entity", "sentence", "word", "locale", "register", "punctuation", "whitespace",
    "character", "case",
)  # fmt: skip
"""Whole words first, then letters, capitals last: what comes later must not undo what came before."""

_RANK = {level: rank for rank, level in enumerate(_ORDER)}

_HOW_MANY = (1, 1, 1, 2, 2, 3)
"""Operators on one case; people make one slip, seldom three."""

_AGAIN, _FINE = 8, 10_000
"""Draws before what was drawn is taken whatever its weight; and how finely a weight is told."""
NOTHING: Mapping[str, float] = MappingProxyType({})

_SHAPE_FACTOR = 5
"""How much more often a chat is changed in its turns, a record in its fields, than their weights say: they are few."""


class Hand:
    """The operators that fit one kind of case."""

    __slots__ = ("_up_to", "operators")

    def __init__(self, operators: Sequence[Operator]) -> None:
        self.operators = tuple(operators)
        weights = (
            max(1, operator.weight) * (_SHAPE_FACTOR if isinstance(operator, TurnsOperator | RecordOperator) else 1)
            for operator in operators
        )
        self._up_to = tuple(accumulate(weights))

    def one(self, dice: Dice, heed: Mapping[str, float]) -> Operator:
        """One, by weight. `heed`: operator -> how often it is taken when it was drawn, 0-1; not named: always."""
        for _ in range(_AGAIN):
            drawn = self.operators[bisect(self._up_to, dice.below(self._up_to[-1]))]
            if not heed or drawn.name not in heed or dice.below(_FINE) < _FINE * heed[drawn.name]:
                break
        return drawn

    def pick(self, dice: Dice, heed: Mapping[str, float] = NOTHING) -> Sequence[Operator]:
        """One to three, at most one of a family, in the order in which they are applied. `heed`: see `one`."""
        many = _HOW_MANY[dice.below(6)]
        first = self.one(dice, heed)
        if many == 1:
            return (first,)
        picked = {first.family: first}
        for _ in range(many - 1):
            other = self.one(dice, heed)
            picked.setdefault(other.family, other)
        return sorted(picked.values(), key=_rank)


def _rank(operator: Operator) -> int:
    return _RANK[operator.level]


@lru_cache(maxsize=256)
def hand(names: tuple[str, ...] | None, kind: Kind, *, with_lexicon: bool, with_mate: bool, with_spans: bool) -> Hand:
    """The operators of these names (None: all) that can act on this kind with what is there.

    `with_spans`: the text has protected places, so that operators which change numbers have something to do.
    Raises UsageError for an unknown name.
    """
    has = _Has(with_lexicon, with_mate, with_spans)
    return Hand([operator for operator in named(names) if _fits(operator, kind, has)])


@dataclass(frozen=True, slots=True)
class _Has:
    lexicon: bool
    mate: bool
    spans: bool


def _fits(operator: Operator, kind: Kind, has: _Has) -> bool:
    match operator:
        case TextOperator():
            return kind != "trajectory" and (has.spans or not operator.touches_protected)
        case LexiconOperator():
            return has.lexicon and kind != "trajectory"
        case MergeOperator():
            return has.mate and kind in ("text", "chat")
        case TurnsOperator():
            return kind == "chat"
        case RecordOperator():
            return kind == "record"
