"""Remix: what one person said happened, with what another one asked, in the same cell. No model is involved.

Both parents come from one block of at most three groups. `expected` stays only when both have the same.
What this module does not know: cells beyond the two parents, and how long a message may be; it is told.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from anchorset.core.case import Case
from anchorset.core.provenance import Step
from anchorset.infra.text.protect import protected
from anchorset.produce.child import child
from anchorset.produce.dice import Dice
from anchorset.produce.message import main_place, message_of, until_user
from anchorset.produce.operators.sentence import sentences
from anchorset.produce.operators.words import continued, ended
from anchorset.produce.order import Order
from anchorset.produce.voice import spoken

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
_VERB = re.compile(
    r"\b(?:am|is|are|was|were|be|been|have|has|had|do|does|did|can|can't|cannot|could|will|won't|would|should|must|may"
    r"|got|get|gets|want|need|see|saw|know|think|made|make|paid|sent|send|lost|bought|came|come|went|go|took|take|left"
    r"|found|find|said|says|told|tell|gave|give|tried|try|put|broke|works?|shows?|keeps?|kept|looks?|seems?|says?|lets?"
    r"|like|love|hate|use|live|feel|travel|plan|pay|withdrew|\w{2,}ed|\w+n't|(?:i|we|you|they|he|she|it|that|there)['’]\w+)\b",
    re.IGNORECASE,
)
_NO_CONDITION = re.compile(
    r"\b(?:best|even|what|would|as|only|but|see|know|check|sure|tell|ask|wondering?|like|soon|long|confirm|me|us|just"
    r"|than|such|same|not|well|far|or|and)$",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(r"(?:it|that|this|they|these|those|he|she|them|its|it's|that's)\b", re.IGNORECASE)
_SMALL_TALK = re.compile(
    r"(?:hi|hello|hey|good (?:morning|afternoon|evening|day)|morning|ok|okay|thanks?|thank you|bye|goodbye|yes|no|sure"
    r"|great|perfect|have a (?:nice|good|great))\b",
    re.IGNORECASE,
)
_WHY = re.compile(r"\b(?:tell|know|explain|see|understand)\b.* (?:why|how)[?.!]*$", re.IGNORECASE)  # why what?
_MIN_WORDS = 3
_MARKS = (".", "!", "?", "…", ")", '"')


@dataclass(frozen=True, slots=True)
class Clauses:
    """What a message tells, and what it asks for."""

    tells: tuple[str, ...]
    asks: tuple[str, ...]


@lru_cache(maxsize=50_000)
def clauses(text: str) -> Clauses:
    """The clauses of a message that can stand alone, at least three words each, in the words of the message.

    Whole sentences, and halves of them only for what no whole sentence says.

    >>> clauses("What can I do if my card hasn't arrived?")
    Clauses(tells=("my card hasn't arrived",), asks=("What can I do if my card hasn't arrived?",))
    """
    said = sentences(text, protected(text))
    tells, asks = _sorted(said)
    if not tells or not asks:
        half_tells, half_asks = _sorted([half for sentence in said for half in _halves(sentence)])
        tells, asks = tells or half_tells, asks or half_asks
    return Clauses(tells, asks)


def _sorted(parts: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What tells and what asks, among the parts that can stand alone."""
    tells: list[str] = []
    asks: list[str] = []
    for part in parts:
        bare = part.strip().rstrip(",;:")
        if bare.count(" ") + 1 < _MIN_WORDS or "\n" in bare or _WHY.search(bare):
            continue
        if bare.endswith("?") or _ASKS.match(bare):
            asks.append(bare)
        elif _TELLS.match(bare) and _VERB.search(bare.partition(",")[0]):
            tells.append(bare)
    return tuple(dict.fromkeys(tells)), tuple(dict.fromkeys(asks))


def _halves(sentence: str) -> tuple[str, ...]:
    """The two halves of a sentence where a new subject begins; none where it cannot be cut."""
    if sentence.endswith("?") and (cut := _IF.search(sentence)) and not _NO_CONDITION.search(sentence[: cut.start()]):
        return sentence[: cut.start()] + "?", sentence[cut.end() :].rstrip("?")
    if (cut := _THEN.search(sentence)) and _VERB.search(sentence[: cut.start()].rpartition(",")[2]):
        return sentence[: cut.start()], sentence[cut.end() :]
    return ()


def remixer(parent: Case, order: Order, dice: Dice) -> Case | None:
    """One remix of a brief; None when the parent stands alone in its block or has no readable combination left untried.

    Every combination of clauses, or of two conversations, is tried once in a brief.
    """
    mates = [mate for mate in order.cell.mates.get(parent.id, ()) if mate.kind == parent.kind]
    for mate in dice.rotated(mates):
        first, second = message_of(parent), message_of(mate)
        if first is None or second is None:
            continue
        if parent.kind == "chat" and (parent.id, mate.id) not in order.tried:
            order.tried[parent.id, mate.id] += 1
            spliced = _spliced(parent, mate)
            if spliced is not None:
                return _case(parent, mate, spliced, order, dice)
        text = mixed(first[0], second[0], dice, longest=order.cell.longest, tried=order.tried)
        if text is not None:
            return _case(parent, mate, until_user(first[1](text), parent.kind), order, dice)
    return None


def _spliced(parent: Case, mate: Case) -> Any:
    """One conversation up to what it is about, then the other from what it asks; None when one says too little."""
    given: Any = parent.input
    other: Any = mate.input
    at = main_place(parent)
    asking = [n for n, turn in enumerate(other) if turn.role == "user" and clauses(turn.content).asks]
    asking = [n for n in asking if _says_something(other[n].content)]
    if not asking or not _says_something(given[at].content):
        return None
    return until_user((*given[: at + 1], *other[asking[0] :]), "chat")


def _says_something(text: str) -> bool:
    """Whether a turn is more than a greeting, thanks or ok."""
    return len(text.split()) >= _MIN_WORDS and not (_SMALL_TALK.match(text) and len(text.split()) < 2 * _MIN_WORDS)


def mixed(first: str, second: str, dice: Dice, *, longest: int, tried: Counter[Any] | None = None) -> str | None:
    """What the first tells (or asks), then what the second asks (or tells); at most `longest` characters, else None.

    `tried`: pairs of clauses that are not to be made again, in either order; the pair that is made is added.

    >>> mixed("My card is lost. What now?", "How do I freeze my card?", Dice(1), longest=200)
    'My card is lost. How do I freeze my card?'
    """
    one, two = clauses(first), clauses(second)
    opens = first.strip().casefold()
    pairs = [
        (ended(a), ended(b))
        for a in one.tells or one.asks
        if not _POINTS_BACK.match(a) or opens.startswith(a.casefold())  # what it points at was cut away
        for b in two.asks or two.tells
    ]
    for pair in dice.rotated(pairs):
        opening, ending = pair
        if opening.casefold().strip(".?! ") == ending.casefold().strip(".?! ") or (tried and frozenset(pair) in tried):
            continue
        text = _capital(opening, first) + " " + _capital(ending, second)
        if _joinable(opening) and _joinable(ending) and dice.below(2):
            text = _capital(opening, first)[:-1] + dice.pick((", and ", " and ", ", plus ")) + continued(ending)
        if not second.rstrip().endswith(_MARKS):
            text = text.removesuffix(".")  # who writes without a full stop does so here too
        if len(text) <= longest and _plain(text) not in (_plain(first), _plain(second)):
            if tried is not None:
                tried[frozenset(pair)] += 1
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


def _case(parent: Case, mate: Case, given: Any, order: Order, dice: Dice) -> Case | None:
    agreed = parent.expected is not None and parent.expected == mate.expected
    case = child(
        parent, given, technique="remix", steps=(Step(operator="remix.clauses", relation="unknown"),), mate=mate,
        expected=parent.expected if agreed else None,
        criteria=parent.criteria if agreed and parent.criteria == mate.criteria else (),
        label=order.label, random_seed=order.random_seed, run=order.run,
    )  # fmt: skip
    if order.persona is not None:
        case = spoken(case, order.persona, dice)
    return None if case.id in (parent.id, mate.id) else case
