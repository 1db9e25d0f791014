"""How many tokens a text is, about, without a vendor's tokenizer: for estimates before anything was asked.

Counted are runs of letters and of signs by their length, digits in threes, and scripts without spaces by the character.
How far off it is stands in docs/models.md. What was really used always comes from the vendor.
What this module does not know: which model counts.
"""

from __future__ import annotations

import re
from functools import lru_cache

from anchorset.core.ask import Ask, Shape

_WIDE = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
"""Kana, Han, Hangul: written without spaces."""
_RUNS: tuple[tuple[re.Pattern[str], float], ...] = (
    (re.compile(r"[A-Za-z]+"), 7.0),
    (re.compile(r"[!-/:-@\[-`{-~]+"), 2.5),
)
_OTHER: tuple[re.Pattern[str], float] = (re.compile(rf"[^\x00-\x7f\s{_WIDE}]+"), 2.7)
"""Runs, and characters of them that are one token: usual English words are one, longer ones two, accents and other
alphabets cost more, and signs that stand together go together."""
_DIGITS = re.compile(r"[0-9]{1,3}")
_WIDES = re.compile(f"[{_WIDE}]")
_LINE = 4
"""Tokens around each message of a chat."""


def tokens(text: str) -> int:
    """Tokens in a text, an estimate; 0 for the empty one."""
    count = float(text.count("\n") + len(_DIGITS.findall(text)))
    kinds = _RUNS
    if not text.isascii():
        kinds = (*_RUNS, _OTHER)
        count += len(_WIDES.findall(text))
    for runs, letters in kinds:
        found = runs.findall(text)
        count += len(found) + sum(len(run) / letters - 1 for run in found if len(run) > letters)
    return round(count)


def tokens_of(ask: Ask) -> int:
    """Tokens that an ask sends: its lines and the schema of its shape."""
    return sum(_of_line(line.content) + _LINE for line in ask.lines) + (_schema(ask.shape) if ask.shape else 0)


_of_line = lru_cache(maxsize=256)(tokens)
"""Instructions are the same for thousands of asks."""
_counted: dict[Shape, int] = {}


def _schema(shape: Shape) -> int:
    if shape not in _counted:
        _counted[shape] = tokens(str(shape.schema()))
    return _counted[shape]
