"""Capitals and punctuation, as people in a hurry leave them.

What this module does not know: what the words mean.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from anchorset.produce.dice import Dice
from anchorset.produce.operators.operator import Change, Spans, TextOperator
from anchorset.produce.operators.words import free, pick_word

_MARKS = str.maketrans("", "", ",;:!?.")
_APOSTROPHE = re.compile(r"(?<=[A-Za-z])['’](?=[A-Za-z])")
_STOP = re.compile(r"(?<=[a-z])[.!] +(?=[A-Z][a-z ])")


def _recased(text: str, spans: Spans, fold: Callable[[str], str]) -> Change | None:
    new = fold(text)
    if len(new) != len(text):  # a few letters change their length with their case (ß, İ): those stay
        new = "".join(b if len(b) == 1 else a for a in text for b in (fold(a),))
    new = _outside(text, spans, new)
    return None if new == text else (new, None)


def _outside(text: str, spans: Spans, new: str) -> str:
    """`new` where nothing is protected, `text` where something is; both have the same length."""
    if not spans:
        return new
    parts: list[str] = []
    at = 0
    for start, end in spans:
        parts += (new[at:start], text[start:end])
        at = end
    return "".join(parts) + new[at:]


def lower(text: str, dice: Dice, spans: Spans) -> Change | None:
    """No capitals at all.

    >>> lower("Where is my Card?", Dice(1), [])
    ('where is my card?', None)
    """
    return _recased(text, spans, str.lower)


def upper(text: str, dice: Dice, spans: Spans) -> Change | None:
    """All capitals, as somebody who shouts.

    >>> upper("Where is my card?", Dice(1), [])
    ('WHERE IS MY CARD?', None)
    """
    return _recased(text, spans, str.upper)


def lazy(text: str, dice: Dice, spans: Spans) -> Change | None:
    """The first letter small.

    >>> lazy("Where is my Card?", Dice(1), [])
    ('where is my Card?', None)
    """
    first = text[:1]
    small = first.lower()
    if small == first or len(small) != 1 or text[:2].isupper() or (spans and not free(spans, 0, 1)):
        return None
    return small + text[1:], None


def shouted(text: str, dice: Dice, spans: Spans) -> Change | None:
    """One word in capitals, for stress.

    >>> shouted("where is my order", Dice(1), [])
    ('where is my ORDER', "'order' -> 'ORDER'")
    """
    place = pick_word(text, dice, spans)
    if place is None:
        return None
    word = text[place[0] : place[1]]
    new = word.upper()
    return None if new == word else (text[: place[0]] + new + text[place[1] :], f"{word!r} -> {new!r}")


def strip(text: str, dice: Dice, spans: Spans) -> Change | None:
    """No punctuation at all.

    >>> strip("Hi, where is my card?", Dice(1), [])
    ('Hi where is my card', None)
    """
    if not spans:
        new = text.translate(_MARKS)
    else:
        parts: list[str] = []
        at = 0
        for start, end in spans:
            parts += (text[at:start].translate(_MARKS), text[start:end])
            at = end
        new = "".join(parts) + text[at:].translate(_MARKS)
    return None if new == text or not new.strip() else (new, None)


def repeated(text: str, dice: Dice, spans: Spans) -> Change | None:
    """The last mark three to five times; a question without one gets its question marks.

    >>> repeated("where is my card?", Dice(1), [])
    ('where is my card?!?!?!?', None)
    """
    body = text.rstrip()
    if not body or (spans and spans[-1][1] >= len(body)):
        return None
    last = body[-1]
    many = 3 + dice.below(3)
    if last == "?":
        return body[:-1] + ("?" * many if dice.below(3) else "?!" * (many - 2) + "?"), None
    if last == "!":
        return body[:-1] + "!" * many, None
    if last == ".":
        more = body.rstrip(".") + ("..." if body[-2:] != ".." else ".....")
        return None if more == body else (more, None)
    return (body + "!" * (many - 1), None) if last.isalnum() else None


def apostrophes(text: str, dice: Dice, spans: Spans) -> Change | None:
    """No apostrophes; a negation stays one.

    >>> apostrophes("I can't see it and I don't know why", Dice(1), [])
    ('I cant see it and I dont know why', None)
    """
    if "'" not in text and "’" not in text:
        return None
    if spans:
        new = _APOSTROPHE.sub(lambda m: "" if free(spans, *m.span()) else m.group(), text)
    else:
        new = _APOSTROPHE.sub("", text)
    return None if new == text else (new, None)


def unended(text: str, dice: Dice, spans: Spans) -> Change | None:
    """The last mark forgotten.

    >>> unended("Hi, where is my card?", Dice(1), [])
    ('Hi, where is my card', None)
    """
    body = text.rstrip()
    new = body.rstrip("?.!")
    if new == body or not new or (spans and spans[-1][1] > len(new)):
        return None
    return new, None


def run_on(text: str, dice: Dice, spans: Spans) -> Change | None:
    """Two sentences run together with a comma.

    >>> run_on("It came late. The box was open. I want it gone.", Dice(1), [])
    ('It came late. The box was open, I want it gone.', None)
    """
    found = [m for m in _STOP.finditer(text) if not spans or free(spans, m.start(), m.end())]
    if not found:
        return None
    stop = dice.pick(found)
    rest = text[stop.end() :]
    if not rest.startswith(("I ", "I'")):
        rest = rest[0].lower() + rest[1:]
    return text[: stop.start()] + dice.pick((", ", " and ", " ")) + rest, None


OPERATORS = (
    TextOperator(name="case.lower", level="case", relation="invariant", weight=12, apply=lower),
    TextOperator(name="case.upper", level="case", relation="invariant", weight=3, apply=upper),
    TextOperator(name="case.lazy", level="case", relation="invariant", weight=8, apply=lazy),
    TextOperator(name="case.shouted", level="case", relation="invariant", weight=4, apply=shouted),
    TextOperator(name="punct.strip", level="punctuation", relation="invariant", weight=10, apply=strip),
    TextOperator(name="punct.repeated", level="punctuation", relation="invariant", weight=8, apply=repeated),
    TextOperator(name="punct.apostrophes", level="punctuation", relation="invariant", weight=10, apply=apostrophes),
    TextOperator(name="punct.unended", level="punctuation", relation="invariant", weight=8, apply=unended),
    TextOperator(name="punct.run_on", level="punctuation", relation="invariant", weight=6, apply=run_on),
)
