"""How many tokens a text is, about, without a vendor's tokenizer: for estimates before anything was asked.

Counted are runs of letters by their length, digits in threes, other signs one by one, and scripts without spaces by the
character. bench of the error: see docs/models.md. What was really used always comes from the vendor.
What this module does not know: which model counts.
"""

from __future__ import annotations

import re

from anchorset.core.ask import Ask, Shape

_RUNS = re.compile(
    r"(?P<latin>[A-Za-z]+)|(?P<digits>\d{1,3})|(?P<space>\s{2,}|\n)|(?P<wide>[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af])|"
    r"(?P<other>[^\W\d_A-Za-z\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+)|(?P<sign>[^\w\s]|_)"
)
_LATIN_LETTERS = 7.0
"""Letters of an English word that are one token: the usual words are one, longer ones are two."""
_OTHER_LETTERS = 3.0
"""Letters a token in other alphabets and in words with accents."""
_LINE = 4
"""Tokens around each message of a chat."""


def tokens(text: str) -> int:
    """Tokens in a text, an estimate; 0 for the empty one."""
    count = 0.0
    for found in _RUNS.finditer(text):
        kind, length = found.lastgroup, found.end() - found.start()
        if kind == "latin":
            count += max(1.0, length / _LATIN_LETTERS)
        elif kind == "other":
            count += max(1.0, length / _OTHER_LETTERS)
        else:
            count += 1.0
    return round(count)


def tokens_of(ask: Ask) -> int:
    """Tokens that an ask sends: its lines and the schema of its shape."""
    return sum(tokens(line.content) + _LINE for line in ask.lines) + (_schema(ask.shape) if ask.shape else 0)


_counted: dict[Shape, int] = {}


def _schema(shape: Shape) -> int:
    if shape not in _counted:
        _counted[shape] = tokens(str(shape.schema()))
    return _counted[shape]
