"""Remix: what one person said happened, with what another one asked, in the same cell. No model is involved.

Both parents come from one block of at most three groups. `expected` stays only when both have the same.
What this module does not know: cells beyond the two parents, and how long a message may be; it is told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from anchorset.core.case import Case
from anchorset.core.provenance import Step, Synthetic
from anchorset.infra.text.protect import protected
from anchorset.produce.dice import Dice
from anchorset.produce.message import main_place, message_of
from anchorset.produce.operators.sentence import sentences
from anchorset.produce.operators.words import continued, ended
from anchorset.produce.order import Order

_ASKS = re.compile(
    r"(?:and |so |but |please |hi,? |hello,? )?(?:how|what|why|where|when|who|which|can|could|do|does|did|is|are"
    r"|was|were|will|would|should|has|have|may|am i|please|tell me|let me know|help|show me|give me|explain|i want"
    r"|i need|i would like|i'd like|i wanna|cancel|change|refund|send|check|stop|fix|i am trying to|i'm trying to)\b",
    re.IGNORECASE,
)
_TELLS = re.compile(
    r"(?:i|my|the|it|there|this|that|we|our|a|an|someone|they|your|you|these|some|one)\b", re.IGNORECASE
)
_IF = re.compile(
    r",? (?:if|because|since|when|after|as) (?=(?:i|my|the|it|there|we|our|they|your|you)\b)", re.IGNORECASE
)
_THEN = re.compile(
    r",? (?:but|so|and|because) (?=(?:i|my|the|it|there|we|our|they|your|you|how|what|why|when|where|can)\b)",
    re.IGNORECASE,
)
_MIN_WORDS = 3
_MARKS = (".", "!", "?", "…", ")", "\"")


@dataclass(frozen=True, slots=True)
class Clauses:
    """What a message tells, and what it asks for."""

    tells: tuple[str, ...]
    asks: tuple[str, ...]


@lru_cache(maxsize=50_000)
def clauses(text: str) -> Clauses:
    """The clauses of a message that can stand alone, at least three words each, in the words of the message.

    >>> clauses("What can I do if my card hasn't arrived?")
    Clauses(tells=("my card hasn't arrived",), asks=('What can I do?',))
    """
    tells: list[str] = []
    asks: list[str] = []
    for sentence in sentences(text, protected(text)):
        for part in _parts(sentence):
            bare = part.strip().rstrip(",;:")
            if bare.count(" ") + 1 < _MIN_WORDS:
                continue
            if bare.endswith("?") or _ASKS.match(bare):
                asks.append(bare)
            elif _TELLS.match(bare):
                tells.append(bare)
    return Clauses(tuple(dict.fromkeys(tells)), tuple(dict.fromkeys(asks)))


def _parts(sentence: str) -> list[str]:
    """The sentence itself, or its two halves where a new subject begins."""
    asking = sentence.endswith("?")
    if asking and (cut := _IF.search(sentence)):
        return [sentence[: cut.start()] + "?", sentence[cut.end() :].rstrip("?")]
    if cut := _THEN.search(sentence):
        return [sentence[: cut.start()], sentence[cut.end() :]]
    return [sentence]


def remixer(parent: Case, order: Order, dice: Dice) -> Case | None:
    """One remix of a brief; None when the parent stands alone in its block or nothing readable comes out."""
    mates = [mate for mate in order.cell.mates.get(parent.id, ()) if mate.kind == parent.kind]
    for mate in dice.rotated(mates):
        first, second = message_of(parent), message_of(mate)
        if first is None or second is None:
            continue
        if parent.kind == "chat" and dice.below(2):
            return _case(parent, mate, _spliced(parent, mate), order)
        text = mixed(first[0], second[0], dice, longest=order.cell.longest)
        if text is not None:
            return _case(parent, mate, first[1](text), order)
    return None


def _spliced(parent: Case, mate: Case) -> Any:
    """How one conversation begins, and how the other goes on from what it asks."""
    given: Any = parent.input
    other: Any = mate.input
    return (*given[: main_place(parent)], *other[main_place(mate) :])


def mixed(first: str, second: str, dice: Dice, *, longest: int) -> str | None:
    """What the first tells (or asks), then what the second asks (or tells); at most `longest` characters, else None.

    >>> mixed("My card is lost. What now?", "How do I freeze my card?", Dice(1), longest=200)
    'My card is lost. How do I freeze my card?'
    """
    one, two = clauses(first), clauses(second)
    pairs = [(ended(a), ended(b)) for a in one.tells or one.asks for b in two.asks or two.tells]
    for opening, ending in dice.rotated(pairs):
        if opening.casefold().strip(".?! ") == ending.casefold().strip(".?! "):
            continue
        text = _capital(opening, first) + " " + _capital(ending, second)
        if _joinable(opening) and _joinable(ending) and dice.below(2):
            text = _capital(opening, first)[:-1] + dice.pick((", and ", " and ", ", plus ")) + continued(ending)
        if not second.rstrip().endswith(_MARKS):
            text = text.removesuffix(".")  # who writes without a full stop does so here too
        if len(text) <= longest and _plain(text) not in (_plain(first), _plain(second)):
            return text
    return None


def _joinable(clause: str) -> bool:
    """Whether `and` may stand beside it: it tells something, and does not shout."""
    return clause.endswith(".") and not _ASKS.match(clause) and not clause.isupper()


def _capital(clause: str, model: str) -> str:
    """A clause begins as the message did that it comes from: capital or small."""
    return clause[:1].upper() + clause[1:] if model.strip()[:1].isupper() else clause


def _plain(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _case(parent: Case, mate: Case, given: Any, order: Order) -> Case | None:
    agreed = parent.expected is not None and parent.expected == mate.expected
    case = Case(
        kind=parent.kind,
        input=given,
        expected=parent.expected if agreed else None,
        criteria=parent.criteria if agreed and parent.criteria == mate.criteria else (),
        context=parent.context,
        system=parent.system,
        tools=parent.tools,
        metadata=parent.metadata,
        provenance=Synthetic(
            source="synthetic",
            technique="remix",
            label=order.label,
            parents=(parent.id, mate.id),
            roots=tuple(dict.fromkeys((*parent.roots, *mate.roots))),
            operators=(Step(operator="remix.clauses", relation="unknown"),),
            random_seed=order.random_seed,
            run=order.run,
        ),
    )
    return None if case.id in (parent.id, mate.id) else case
