"""Finding a word that may be changed, and putting another in its place.

What this module does not know: why it is changed.
"""

from __future__ import annotations

import re
from collections.abc import KeysView, Mapping

from anchorset.produce.dice import Dice
from anchorset.produce.operators.operator import Change, Spans

EDGES = '.,;:!?()"“”…'
"""What may stand around a word without being part of it."""

KEEP = frozenset({
    "not", "no", "never", "none", "nor", "nothing", "nobody", "neither", "without", "cannot", "cant", "can't",
    "dont", "don't", "doesn't", "didn't", "won't", "wouldn't", "isn't", "aren't", "wasn't", "weren't",
    "haven't", "hasn't", "hadn't", "couldn't", "shouldn't", "unable", "except", "instead", "unless", "before",
    "after", "until", "more", "less", "from", "only",
})  # fmt: skip
"""Words that turn a meaning around: no letter of them goes wrong, and none is left out."""

_MARKS = ".?,!:\n"

Words = frozenset[str] | KeysView[str]

_WORD = re.compile(r"[^\W\d_]{3,}")


def pairs(text: str) -> dict[str, tuple[str, ...]]:
    """`receive=recieve because=becuase,becouse` as a table; an underscore stands for a space."""
    entries = (entry.replace("_", " ").split("=") for entry in text.split())
    return {word: tuple(others.split(",")) for word, others in entries}


def free(spans: Spans, start: int, end: int) -> bool:
    """True when nothing protected lies in or at [start, end)."""
    return not any(start < b and a < end for a, b in spans)


def laid_out(text: str) -> bool:
    """True for a text of several lines or with a colon at its end: a list or a prompt, whose order and ends matter."""
    return "\n" in text or text.endswith(":")


def listed(text: str, start: int, end: int) -> bool:
    """True for a capitalised word beside a comma: a name in a list, which a slip would make another name."""
    return text[start : start + 1].isupper() and (text[end : end + 1] == "," or text[max(0, start - 2) : start] == ", ")


def pick_word(text: str, dice: Dice, spans: Spans, least: int = 4) -> tuple[int, int] | None:
    """Start and end of a word of letters alone, at least `least` long, not in KEEP; long ones come up more often."""
    size = len(text)
    if size < least:
        return None
    for _ in range(6):
        at = dice.below(size)
        start = text.rfind(" ", 0, at) + 1
        end = text.find(" ", at)
        if end < 0:
            end = size
        word = text[start:end]
        if not word.isalpha():
            bare = word.strip(EDGES)
            start += word.find(bare)
            end = start + len(bare)
            word = bare
        if (
            len(word) >= least
            and word.isalpha()
            and word.lower() not in KEEP
            and (not spans or free(spans, start, end))
            and (start == 0 or word.islower() or not listed(text, start, end))
        ):
            return start, end
    found = [
        m.span()
        for m in _WORD.finditer(text)
        if m.end() - m.start() >= least
        and m.group().lower() not in KEEP
        and free(spans, *m.span())
        and not listed(text, *m.span())
    ]
    return dice.pick(found) if found else None


def like(model: str, word: str) -> str:
    """`word` in the case of `model`: Capital, CAPITALS, or as it is."""
    if model[:1].islower():
        return word
    if len(model) > 1 and model.isupper():
        return word.upper()
    return word[:1].upper() + word[1:] if model[:1].isupper() else word


def spot(text: str, dice: Dice, spans: Spans, wanted: Words) -> tuple[int, str] | None:
    """(start, word as written) of one word whose lower case is wanted and that is not protected; None: none is."""
    plain = text.lower()
    for mark in _MARKS:
        plain = plain.replace(mark, " ")  # a translation table takes four times as long
    words = plain.split()
    if wanted.isdisjoint(words) or len(plain) != len(text):  # a few capitals are longer when small: İ
        return None
    found = [word for word in words if word in wanted]
    word = found[0] if len(found) == 1 else dice.pick(found)
    start = f" {plain} ".find(f" {word} ")
    if spans and not free(spans, start, start + len(word)):
        return None
    return start, text[start : start + len(word)]


def swapped(text: str, dice: Dice, spans: Spans, table: Mapping[str, tuple[str, ...]]) -> Change | None:
    """The text with one word of the table (lower case -> replacements) replaced, in the case it was written in."""
    found = spot(text, dice, spans, table.keys())
    if found is None:
        return None
    start, word = found
    new = like(word, dice.pick(table[word.lower()]))
    if new == word:
        return None
    return text[:start] + new + text[start + len(word) :], f"{word!r} -> {new!r}"


def swapped_all(text: str, spans: Spans, table: Mapping[str, tuple[str, ...]]) -> str:
    """The text with every word of the table replaced by its first replacement: a habit, not an accident."""
    words, at = text.split(" "), 0
    for nth, word in enumerate(words):
        bare = word.strip(EDGES)
        others = table.get(bare.lower())
        if others and (not spans or free(spans, at, at + len(word))):
            words[nth] = word.replace(bare, like(bare, others[0]), 1)
        at += len(word) + 1
    return " ".join(words)


def continued(text: str) -> str:
    """The text as it goes on after a comma: its first letter small, unless that is an I or an abbreviation."""
    return text if text[:2].isupper() or text.startswith(("I ", "I'", "I’")) else text[:1].lower() + text[1:]


def ended(text: str) -> str:
    """The text with a mark at its end: a question mark after a question."""
    if text[-1:] in ".!?…":
        return text
    return text + ("?" if text.partition(" ")[0].lower() in _QUESTIONS else ".")


_QUESTIONS = frozenset({
    "how", "what", "why", "where", "when", "who", "which", "whats", "what's", "where's", "can", "could", "do", "does",
    "did", "is", "are", "was", "were", "will", "would", "should", "has", "have", "may", "am", "isn't", "can't",
})  # fmt: skip
