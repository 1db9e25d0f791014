"""Words exchanged for others that the seeds themselves use: the product's own vocabulary, not a dictionary's.

What this module does not know: cells.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import combinations

from anchorset.produce.dice import Dice
from anchorset.produce.operators.operator import Change, Lexicon, LexiconOperator, Spans
from anchorset.produce.operators.words import KEEP, pairs, swapped

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")

_SMALL = KEEP | {
    "about", "already", "also", "been", "does", "from", "have", "here", "into", "just", "make", "many",
    "much", "need", "some", "still", "than", "that", "them", "then", "there", "they", "this", "through", "very",
    "want", "were", "what", "when", "where", "which", "will", "with", "would", "your",
}  # fmt: skip
"""Words that stand everywhere."""

_SAME = pairs(
    """
    assist=help buy=purchase bought=purchased purchased=bought buying=purchasing problem=issue issues=problems
    problems=issues wrong=incorrect incorrect=wrong large=big big=large quick=fast received=got required=needed
    show=display shows=displays showing=appearing appearing=showing choose=pick,select select=choose,pick
    pick=choose allowed=permitted permitted=allowed maybe=perhaps perhaps=maybe currently=presently
    immediately=instantly instantly=immediately parcel=package package=parcel kids=children children=kids
    child=kid happened=occurred occurred=happened happens=occurs whole=entire entire=whole additional=extra
    extra=additional strange=odd,weird weird=odd,strange odd=strange method=way way=method methods=ways
    ways=methods fee=charge fees=charges find=locate locate=find trying=attempting tried=attempted
    attempted=tried someone=somebody somebody=someone anyone=anybody anybody=anyone almost=nearly nearly=almost
    details=information information=details,info info=information photo=picture picture=photo verify=confirm
    confirm=verify verified=confirmed mistake=error start=begin begin=start started=began store=shop shop=store
    reply=answer answer=reply arrive=come disappeared=vanished phone=mobile mobile=phone cell=mobile
    telephone=phone option=choice options=choices permitted=allowed rapidly=quickly quickly=fast appear=show
    appears=shows retailer=shop,store merchant=seller,shop seller=merchant,vendor vendor=seller website=site
    site=website permit=allow allow=permit explain=clarify clarify=explain procedure=process process=procedure
    """
)
"""What may stand for what in a request; used only where the seeds use both, in a like place."""

_FRAMES = 3
"""Places (word before, word after) that two words must share before one may stand for the other."""

_OVERLAP = 0.2
"""Of the places of the scarcer word, the share that the other one must have too."""

_CROWD = 25
"""Words in one place above which it says nothing: after `the`, before `of`, anything stands."""


def lexicon_of(texts: Iterable[str]) -> Lexicon:
    """The lexicon of some texts; their order does not matter."""
    counts: Counter[str] = Counter()
    frames: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    places_of: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    before: defaultdict[str, set[str]] = defaultdict(set)
    after: defaultdict[str, set[str]] = defaultdict(set)
    for text in texts:
        words = ["", *(word.lower() for word in _WORD.findall(text)), ""]
        counts.update(words)
        for left, word, right in zip(words, words[1:], words[2:], strict=False):
            frames[left, right].add(word)
            places_of[word].add((left, right))
            before[word].add(left)
            after[word].add(right)
    shared: Counter[tuple[str, str]] = Counter()
    for inside in frames.values():
        if 2 <= len(inside) <= _CROWD:
            shared.update(combinations(sorted(word for word in inside if len(word) > 3 and word not in _SMALL), 2))
    near: defaultdict[str, list[str]] = defaultdict(list)
    for (one, other), places in shared.items():
        scarcer = min(len(places_of[one]), len(places_of[other]))
        if places >= _FRAMES and places >= _OVERLAP * scarcer:
            near[one].append(other)
            near[other].append(one)
    synonyms = {
        word: tuple(
            other
            for other in others
            if counts[other] > 1
            and _starts_alike(word, other)
            and (before[word] & before[other])
            and (after[word] & after[other])
        )
        for word, others in _SAME.items()
        if counts[word]
    }
    return Lexicon(
        synonyms={word: others for word, others in synonyms.items() if others},
        neighbours={word: tuple(sorted(others)) for word, others in sorted(near.items())},
    )


def _starts_alike(word: str, other: str) -> bool:
    """Both take `a`, or both take `an`."""
    return (word[0] in "aeiou") == (other[0] in "aeiou")


def synonym(text: str, dice: Dice, spans: Spans, lexicon: Lexicon) -> Change | None:
    """A word that means the same, if the seeds use it in such a place.

    >>> synonym("where is the shop", Dice(1), [], Lexicon({"shop": ("store",)}, {}))
    ('where is the store', "'shop' -> 'store'")
    """
    return swapped(text, dice, spans, lexicon.synonyms)


def neighbour(text: str, dice: Dice, spans: Spans, lexicon: Lexicon) -> Change | None:
    """A word that the seeds use in the same places; the message may now ask for something else.

    >>> neighbour("my card is lost", Dice(1), [], Lexicon({}, {"lost": ("stolen",)}))
    ('my card is stolen', "'lost' -> 'stolen'")
    """
    return swapped(text, dice, spans, lexicon.neighbours)


OPERATORS = (
    LexiconOperator(name="word.synonym", level="word", relation="invariant", weight=6, apply=synonym),
    LexiconOperator(name="word.neighbour", level="word", relation="unknown", weight=2, apply=neighbour),
)
