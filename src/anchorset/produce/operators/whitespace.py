"""Spaces too many, too few, or in the wrong place.

What this module does not know: what the words mean.
"""

from __future__ import annotations

from anchorset.produce.dice import Dice
from anchorset.produce.operators.operator import Change, Spans, TextOperator
from anchorset.produce.operators.words import KEEP, free, pick_word


def _space(text: str, dice: Dice, spans: Spans) -> int:
    """Where a single space stands between two letters; -1 when none was found."""
    size = len(text)
    for _ in range(8):
        at = text.find(" ", dice.below(size)) if size else -1
        if (
            0 < at < size - 1
            and text[at - 1].isalpha()
            and text[at + 1].isalpha()
            and (not spans or free(spans, at - 1, at + 2))
        ):
            return at
    return -1


def doubled(text: str, dice: Dice, spans: Spans) -> Change | None:
    """Two spaces for one.

    >>> doubled("where is my order", Dice(1), [])
    ('where  is my order', None)
    """
    at = _space(text, dice, spans)
    return None if at < 0 else (text[:at] + " " + text[at:], None)


def joined(text: str, dice: Dice, spans: Spans) -> Change | None:
    """A space missed; never one beside a word that turns the meaning around.

    >>> joined("where is my order", Dice(1), [])
    ('whereis my order', "'where' + 'is'")
    """
    at = _space(text, dice, spans)
    if at < 0:
        return None
    left, right = text[:at].rpartition(" ")[2], text[at + 1 :].partition(" ")[0]
    if left.lower() in KEEP or right.lower() in KEEP:
        return None
    return text[:at] + text[at + 1 :], f"{left!r} + {right!r}"


def split(text: str, dice: Dice, spans: Spans) -> Change | None:
    """A space inside a word.

    >>> split("where is my order", Dice(1), [])
    ('where is my or der', "'order'")
    """
    place = pick_word(text, dice, spans, 5)
    if place is None:
        return None
    at = place[0] + 2 + dice.below(place[1] - place[0] - 3)
    return text[:at] + " " + text[at:], f"{text[place[0] : place[1]]!r}"


def before_mark(text: str, dice: Dice, spans: Spans) -> Change | None:
    """A space before the last mark.

    >>> before_mark("where is my card?", Dice(1), [])
    ('where is my card ?', None)
    """
    body = text.rstrip("?!.,")
    if body == text or not body or body[-1].isspace() or (spans and spans[-1][1] > len(body)):
        return None
    return body + " " + text[len(body) :], None


def broken(text: str, dice: Dice, spans: Spans) -> Change | None:
    """A line break instead of the space after a sentence.

    >>> broken("It came late. The box was open.", Dice(1), [])
    ('It came late.\\n\\nThe box was open.', None)
    """
    for mark in (". ", "? ", "! ", ", "):
        at = text.find(mark)
        if at > 0 and (not spans or free(spans, at, at + 2)):
            return text[: at + 1] + ("\n\n" if dice.below(2) else "\n") + text[at + 2 :], None
    return None


OPERATORS = (
    TextOperator(name="space.doubled", level="whitespace", relation="invariant", weight=3, apply=doubled),
    TextOperator(name="space.joined", level="whitespace", relation="invariant", weight=5, apply=joined),
    TextOperator(name="space.split", level="whitespace", relation="invariant", weight=3, apply=split),
    TextOperator(name="space.before_mark", level="whitespace", relation="invariant", weight=4, apply=before_mark),
    TextOperator(name="space.broken", level="whitespace", relation="invariant", weight=3, apply=broken),
)
