"""Mutation: a real case with one to three things about it changed, as people and their keyboards change them.

What stays: kind, metadata, system, context, tools; `expected` with its criteria while every operator is invariant.
What this module does not know: cells, quotas and checks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from anchorset.core.case import Case, Input
from anchorset.core.hashing import draw
from anchorset.core.plan import ALL
from anchorset.core.provenance import Step
from anchorset.infra.text.protect import protected
from anchorset.produce.child import child
from anchorset.produce.dice import Dice
from anchorset.produce.kit import NOTHING, hand
from anchorset.produce.message import message_of, some_message, until_user
from anchorset.produce.operators.operator import (
    Change,
    Lexicon,
    LexiconOperator,
    MergeOperator,
    Operator,
    RecordOperator,
    Spans,
    TextOperator,
    TurnsOperator,
)
from anchorset.produce.order import Order

_TRIES = 8
_SHAPED = (TurnsOperator, RecordOperator)  # a union built in the loop would cost more than a mutation


class Mutated(NamedTuple):
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
    lexicon: Lexicon | None = None,
    run: str,
    cell: str = ALL,
) -> list[Case]:
    """Up to `n` different mutations of one case; fewer when its text has no more to give, none for a trajectory.

    `operators`: names or families (`typo`), None for all. `lexicon`: what word.synonym and word.neighbour draw from;
    without it they stay out. What comes out depends on (random_seed, case id) and the operators alone.
    Raises UsageError for an unknown operator.
    """
    names = None if operators is None else tuple(operators)
    made: dict[str, Case] = {}
    for attempt in range(3 * n + 5):
        if len(made) == n:
            break
        mutated = mutation(case, Dice(draw(random_seed, case.id, attempt)), names=names, lexicon=lexicon)
        if mutated is not None:
            one = as_case(mutated, case, None, label=f"synth-mutation-{cell}", random_seed=random_seed, run=run)
            if one.id != case.id:
                made.setdefault(one.id, one)
    return list(made.values())


def mutant(parent: Case, order: Order, dice: Dice) -> Case | None:
    """One mutation as a candidate of a brief; a merge takes its second parent from the parent's block."""
    mates = order.cell.mates.get(parent.id, ())
    mate = dice.pick(mates) if mates else None
    mutated = mutation(parent, dice, lexicon=order.lexicon, mate=mate, heed=order.weights)
    if mutated is None:
        return None
    made = as_case(mutated, parent, mate, label=order.label, random_seed=order.random_seed, run=order.run)
    return None if made.id == parent.id else made


def as_case(mutated: Mutated, parent: Case, mate: Case | None, *, label: str, random_seed: int, run: str) -> Case:
    """The candidate, with its lineage."""
    return child(
        parent, mutated.input, technique="mutation", steps=mutated.steps, mate=mate if mutated.mate else None,
        expected=mutated.expected, criteria=mutated.criteria, label=label, random_seed=random_seed, run=run,
    )  # fmt: skip


def mutation(
    case: Case,
    dice: Dice,
    *,
    names: tuple[str, ...] | None = None,
    lexicon: Lexicon | None = None,
    mate: Case | None = None,
    heed: Mapping[str, float] = NOTHING,
) -> Mutated | None:
    """One mutation; None when no operator can act on this case. `mate`: a case of the same cell to merge with.

    `heed`: operator -> how often it is taken when it was drawn, 0-1; not named: always.
    """
    other = message_of(mate) if mate is not None and mate.kind == case.kind else None
    aid = _Aid(lexicon, other[0] if other else "")
    spans = protected(case.input) if isinstance(case.input, str) else None
    choice = hand(
        names, case.kind, with_lexicon=lexicon is not None, with_mate=other is not None, with_spans=spans != []
    )
    if not choice.operators:
        return None
    for _ in range(_TRIES):
        mutated = _applied(case, choice.pick(dice, heed), dice, aid, spans)
        if mutated is not None:
            return mutated
    for operator in dice.rotated(choice.operators):  # the dice were unlucky, or few of them can act here
        mutated = _applied(case, (operator,), dice, aid, spans)
        if mutated is not None:
            return mutated
    return None


class _Aid(NamedTuple):
    """What some operators need beside the text."""

    lexicon: Lexicon | None
    other: str


def _applied(case: Case, picked: Sequence[Operator], dice: Dice, aid: _Aid, known: Spans | None) -> Mutated | None:
    """The operators, one after the other; None when none could act. `known`: what is protected in a text case."""
    given: Any = case.input
    expected, criteria = case.expected, case.criteria
    steps: list[Step] = []
    merged = False
    for operator in picked:
        if isinstance(operator, _SHAPED):
            after = operator.apply(given, dice)
            if after is None:
                continue
            given, detail = after
            if operator.relation != "invariant":
                expected, criteria = None, ()
        else:
            message = some_message(given, case.kind, dice)
            if message is None:
                continue
            text, put = message
            spans = protected(text) if steps or known is None else known
            changed = (
                operator.apply(text, dice, spans)
                if isinstance(operator, TextOperator)
                else _with_aid(operator, text, dice, spans, aid)
            )
            if changed is None:
                continue
            given, detail = put(changed[0]), changed[1]
            merged = merged or isinstance(operator, MergeOperator)
            if operator.relation != "invariant":
                expected, criteria = _rederived(operator, text, changed[0], expected, criteria)
        steps.append(operator.step(detail))
    return Mutated(until_user(given, case.kind), tuple(steps), expected, criteria, merged) if steps else None


def _with_aid(
    operator: LexiconOperator | MergeOperator, text: str, dice: Dice, spans: Spans, aid: _Aid
) -> Change | None:
    if isinstance(operator, MergeOperator):
        return operator.apply(text, dice, spans, aid.other)
    return None if aid.lexicon is None else operator.apply(text, dice, spans, aid.lexicon)


def _rederived(
    operator: Operator, before: str, after: str, expected: Any, criteria: tuple[str, ...]
) -> tuple[Any, tuple[str, ...]]:
    """The answer that fits the new text where the operator knows it, else none."""
    if not isinstance(operator, TextOperator) or operator.carry is None or not isinstance(expected, str):
        return None, ()
    carry = operator.carry
    return carry(before, after, expected), tuple(carry(before, after, criterion) for criterion in criteria)
