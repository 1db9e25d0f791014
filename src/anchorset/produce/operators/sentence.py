"""Whole sentences: their order, their end, and what somebody adds to them.

What this module does not know: the second message of a merge, which the caller chooses.
"""

from __future__ import annotations

import re

from anchorset.produce.dice import Dice
from anchorset.produce.operators.operator import Change, MergeOperator, Spans, TextOperator
from anchorset.produce.operators.words import ended, free, laid_out

_END = re.compile(r"(?<=[.!?])\s+(?=\S)")
_POINTS_BACK = re.compile(
    r"(it|this|that|they|them|he|she|these|those|so|but|and|also|then|because|if so)\b", re.IGNORECASE
)
_ASIDES = (
    "Sorry for the typos, I'm on my phone.", "Sorry, English is not my first language.", "Hope you had a good weekend.",
    "Writing this on the train so sorry if it cuts off.", "My kid is screaming so this will be short.",
    "By the way, I like the new look of the app.", "Not sure if this is the right place to ask.",
    "It's my first time writing to you.", "I looked around the help pages first.", "Weather is awful here today.",
    "I'm on my lunch break so no rush.", "My battery is nearly dead.",
)  # fmt: skip
_JOINTS = (
    " Also, ",
    " And another thing: ",
    " While I'm here: ",
    " Oh and ",
    "\n\nSecond thing: ",
    " Plus ",
    " One more: ",
)
_BEGINS_ANEW = re.compile(r"(?:please|pls|hi|hello|hey|dear|good|thanks?|also|plus|and|but|so)\b", re.IGNORECASE)


def sentences(text: str, spans: Spans) -> list[str]:
    """The sentences of a text; none is cut inside a protected place."""
    parts, at = [], 0
    for end in _END.finditer(text):
        if not spans or free(spans, end.start() - 1, end.end() + 1):
            parts.append(text[at : end.start()])
            at = end.end()
    parts.append(text[at:].rstrip())
    return [part for part in parts if part]


def reorder(text: str, dice: Dice, spans: Spans) -> Change | None:
    """Sentences in another order, unless one of them points back to another.

    >>> reorder("My card is lost. Please send a new one.", Dice(1), [])
    ('Please send a new one. My card is lost.', None)
    """
    if (". " not in text and "? " not in text and "! " not in text) or laid_out(text):
        return None
    parts = sentences(text, spans)
    if len(parts) < 2 or len(set(parts)) < 2 or any(_POINTS_BACK.match(part) for part in parts[1:]):
        return None
    parts[-1] = parts[-1] if parts[-1][-1:] in ".!?" else parts[-1] + "."
    at = 1 + dice.below(len(parts) - 1)
    new = " ".join(parts[at:] + parts[:at])
    return None if new == text else (new, None)


def truncate(text: str, dice: Dice, spans: Spans) -> Change | None:
    """Sent too early: the last words are missing.

    >>> truncate("I ordered a lamp last week and it came broken", Dice(1), [])
    ('I ordered a lamp last week', '4 words')
    """
    words = text.split(" ")
    if len(words) < 6 or laid_out(text):
        return None
    keep = max(4, len(words) - 1 - dice.below(1 + len(words) // 3))
    new = " ".join(words[:keep])
    if new == text or (spans and not all(end <= len(new) or start >= len(new) for start, end in spans)):
        return None
    return (new, f"{len(words) - keep} words") if not spans or spans[-1][1] <= len(new) else None


def aside(text: str, dice: Dice, spans: Spans) -> Change | None:
    """A sentence that has nothing to do with it, before or after.

    >>> aside("Where is my card?", Dice(1), [])
    ('Where is my card? Weather is awful here today.', None)
    """
    body = text.strip()
    if not body or laid_out(body):
        return None
    words = dice.pick(_ASIDES)
    if body.islower():
        words = words.lower()
    if dice.below(2):
        return f"{words} {body}", None
    return f"{ended(body)} {words}", None


def merge(text: str, dice: Dice, spans: Spans, other: str) -> Change | None:
    """Two grievances in one message; the second parent's comes after. What answers one may not answer both.

    >>> merge("Where is my card?", Dice(1), [], "The app keeps crashing.")
    ('Where is my card? Plus the app keeps crashing.', None)
    """
    first, second = text.strip(), other.strip()
    if not first or not second or first.casefold() == second.casefold() or len(first) + len(second) > 700:
        return None
    joint = dice.pick(_JOINTS)
    if _BEGINS_ANEW.match(second):
        joint = "\n\nSecond thing: "
    if not joint.endswith(": ") and not second[:2].isupper() and not second.startswith(("I ", "I'")):
        second = second[0].lower() + second[1:]
    if first.islower():
        joint = joint.lower()
    return ended(first) + joint + second, None


OPERATORS = (
    TextOperator(name="sentence.reorder", level="sentence", relation="invariant", weight=8, apply=reorder),
    TextOperator(name="sentence.aside", level="sentence", relation="invariant", weight=5, apply=aside),
    TextOperator(name="sentence.truncate", level="sentence", relation="unknown", weight=3, apply=truncate),
    MergeOperator(name="sentence.merge", level="sentence", relation="unknown", weight=4, apply=merge),
)
