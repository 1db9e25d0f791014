"""Mutation: a real case with one to three things about it changed, as people and their keyboards change them.

What stays: kind, metadata, system, context, tools; `expected` with its criteria while every operator is invariant.
What this module does not know: cells, quotas and checks.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Any

from anchorset.core.case import Case, Input
from anchorset.core.hashing import draw
from anchorset.core.plan import ALL
from anchorset.core.provenance import Step, Synthetic
from anchorset.infra.text.protect import protected
from anchorset.produce.dice import Dice
from anchorset.produce.message import message_of, some_message
from anchorset.produce.operators.operator import (
    Level,
    MergeOperator,
    Operator,
    RecordOperator,
    TextOperator,
    TurnsOperator,
)
from anchorset.produce.operators.table import named
from anchorset.produce.order import Order

_ORDER: tuple[Level, ...] = (
    "conversation", "record", "entity", "sentence", "word", "locale", "register", "punctuation", "whitespace",
    "character", "case",
)  # fmt: skip
"""Whole words first, then letters, capitals last: what comes later must not undo what came before."""

_HOW_MANY = (1, 1, 1, 2, 2, 3)
_TRIES = 8


@dataclass(frozen=True, slots=True)
class Mutated:
    """What came of one parent."""

    input: Input
    steps: tuple[Step, ...]
    expected: Any
    criteria: tuple[str, ...]
    mate: bool
    """True when the second parent's words are in it."""


def mutate(
    case: Case,
    *,
    n: int,
    operators: Sequence[str] | None = None,
    random_seed: int,
    lexicon: None = None,
    run: str,
    cell: str = ALL,
) -> list[Case]:
    """Up to `n` different mutations of one case; fewer when its text has no more to give, none for a trajectory.

    `operators`: names or families (`typo`), None for all. The k-th mutation depends on (random_seed, case id, k) alone.
    Raises UsageError for an unknown operator.
    """
    chosen = named(operators)
    made: dict[str, Case] = {}
    for attempt in range(3 * n + 5):
        if len(made) == n:
            break
        mutated = mutation(case, chosen, Dice(draw(random_seed, case.id, attempt)))
        if mutated is not None:
            child = as_case(mutated, case, None, label=f"synth-mutation-{cell}", random_seed=random_seed, run=run)
            if child.id != case.id:
                made.setdefault(child.id, child)
    return list(made.values())


def mutant(parent: Case, order: Order, dice: Dice) -> Case | None:
    """One mutation as a candidate of a brief; a merge takes its second parent from the parent's block."""
    mates = order.cell.mates.get(parent.id, ())
    mate = dice.pick(mates) if mates else None
    mutated = mutation(parent, named(None), dice, mate)
    if mutated is None:
        return None
    child = as_case(mutated, parent, mate, label=order.label, random_seed=order.random_seed, run=order.run)
    return None if child.id == parent.id else child


def as_case(mutated: Mutated, parent: Case, mate: Case | None, *, label: str, random_seed: int, run: str) -> Case:
    """The candidate, with its lineage."""
    parents: tuple[str, ...] = (parent.id,)
    roots = parent.roots
    if mutated.mate and mate is not None:
        parents, roots = (parent.id, mate.id), tuple(dict.fromkeys((*roots, *mate.roots)))
    return Case(
        kind=parent.kind,
        input=mutated.input,
        expected=mutated.expected,
        criteria=mutated.criteria,
        context=parent.context,
        system=parent.system,
        tools=parent.tools,
        metadata=parent.metadata,
        provenance=Synthetic(
            source="synthetic",
            technique="mutation",
            label=label,
            parents=parents,
            roots=roots,
            operators=mutated.steps,
            random_seed=random_seed,
            run=run,
        ),
    )


def mutation(case: Case, operators: tuple[Operator, ...], dice: Dice, mate: Case | None = None) -> Mutated | None:
    """One mutation; None when no operator can act on this case. `mate`: a case of the same cell to merge with."""
    other = message_of(mate) if mate is not None and mate.kind == case.kind else None
    fitting = _fitting(operators, case.kind, other is not None)
    for _ in range(_TRIES if fitting.operators else 0):
        picked = fitting.pick(dice)
        mutated = _applied(case, picked, dice, other[0] if other else "")
        if mutated is not None:
            return mutated
    for operator in dice.rotated(fitting.operators):  # the dice were unlucky, or few of them can act here
        mutated = _applied(case, (operator,), dice, other[0] if other else "")
        if mutated is not None:
            return mutated
    return None


class _Fitting:
    """Operators that fit a kind, ready to be drawn from."""

    def __init__(self, operators: Sequence[Operator]) -> None:
        self.operators = tuple(operators)
        self._up_to = list(accumulate(max(1, operator.weight) for operator in operators))

    def pick(self, dice: Dice) -> Sequence[Operator]:
        """One to three, at most one of a family, in the order in which they are applied."""
        picked: list[Operator] = []
        for _ in range(dice.pick(_HOW_MANY)):
            operator = self.operators[bisect(self._up_to, dice.below(self._up_to[-1]))]
            if all(operator.family != other.family for other in picked):
                picked.append(operator)
        if len(picked) > 1:
            picked.sort(key=_rank)
        return picked


def _rank(operator: Operator) -> int:
    return _ORDER.index(operator.level)


@lru_cache(maxsize=64)
def _fitting(operators: tuple[Operator, ...], kind: str, with_mate: bool) -> _Fitting:
    return _Fitting([operator for operator in operators if _fits(operator, kind, with_mate)])


def _fits(operator: Operator, kind: str, with_mate: bool) -> bool:
    match operator:
        case TextOperator():
            return kind in ("text", "chat", "record")
        case MergeOperator():
            return with_mate and kind in ("text", "chat")
        case TurnsOperator():
            return kind == "chat"
        case RecordOperator():
            return kind == "record"


def _applied(case: Case, picked: Sequence[Operator], dice: Dice, other: str) -> Mutated | None:
    given: Any = case.input
    expected, criteria = case.expected, case.criteria
    steps: list[Step] = []
    merged = False
    for operator in picked:
        if isinstance(operator, TextOperator | MergeOperator):
            message = some_message(given, case.kind, dice)
            if message is None:
                continue
            text, put = message
            changed = (
                operator.apply(text, dice, protected(text))
                if isinstance(operator, TextOperator)
                else operator.apply(text, dice, protected(text), other)
            )
            if changed is None:
                continue
            given, detail = put(changed[0]), changed[1]
            merged = merged or isinstance(operator, MergeOperator)
            if operator.relation != "invariant":
                expected, criteria = _rederived(operator, text, changed[0], expected, criteria)
        else:
            after = operator.apply(given, dice)
            if after is None:
                continue
            given, detail = after
            if operator.relation != "invariant":
                expected, criteria = None, ()
        steps.append(operator.step(detail))
    return Mutated(given, tuple(steps), expected, criteria, merged) if steps else None


def _rederived(
    operator: Operator, before: str, after: str, expected: Any, criteria: tuple[str, ...]
) -> tuple[Any, tuple[str, ...]]:
    """The answer that fits the new text where the operator knows it, else none."""
    if not isinstance(operator, TextOperator) or operator.carry is None or not isinstance(expected, str):
        return None, ()
    carry = operator.carry
    return carry(before, after, expected), tuple(carry(before, after, criterion) for criterion in criteria)
