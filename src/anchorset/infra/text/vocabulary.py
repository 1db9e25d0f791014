"""Words, and how many texts hold them: the counts that term, opening and log-odds statistics start from.

What this module does not know: what a count means. A word counts once a text, because a text that repeats itself is
still one voice.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import cache

from anchorset.infra.text.stopwords import ALL_STOP_WORDS, STOP_WORDS

_PLAIN = re.compile(r"[a-z]+(?:'[a-z]+)*|\d+|\[[a-z_]+\]")
_PLACEHOLDER = re.compile(r"\[([a-z]+(?:_[a-z]+)*)_\d+\]")
_UNSPACED = "\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Scripts written without spaces (Thai, Lao, Khmer, Kana, Han): each character stands for a word."""


@cache
def _of_any_script() -> re.Pattern[str]:
    """Letters with their combining marks, which Python's `\\w` leaves out (Hindi vowels, Arabic and Hebrew points)."""
    # Above these two blocks Unicode has no marks: asking all 1.1 million code points would cost every command a second.
    found = [c for c in (*range(0x300, 0x20000), *range(0xE0100, 0xE01F0)) if _is_mark(chr(c))]
    first = [c for at, c in enumerate(found) if not at or found[at - 1] != c - 1]
    last = [c for at, c in enumerate(found) if at == len(found) - 1 or found[at + 1] != c + 1]
    marks = "".join(f"{chr(low)}-{chr(high)}" for low, high in zip(first, last, strict=True))
    letter = rf"[^\W\d_{_UNSPACED}]"
    return re.compile(
        rf"{letter}(?:{letter}|[{marks}])*(?:'{letter}(?:{letter}|[{marks}])*)*"
        rf"|\d+|[{_UNSPACED}][{marks}]*|\[[a-z_]+\]"
    )


def _is_mark(letter: str) -> bool:
    return unicodedata.category(letter) in ("Mn", "Mc")


def words(text: str) -> list[str]:
    """The words in order, lower case: letters with inner apostrophes, or digits; a character each in unspaced scripts.

    A placeholder is one word without its number: `[EMAIL_3]` gives `[email]`.
    """
    text = text.lower()
    if "[" in text:
        text = _PLACEHOLDER.sub(r"[\1]", text)
    if text.isascii():
        return _PLAIN.findall(text)
    return _of_any_script().findall(text.replace("’", "'"))


def content_words(text: str, language: str | None = None) -> list[str]:
    """`words` without stop words, digits, placeholders and single Latin letters. `language` None: of all lists."""
    stop = ALL_STOP_WORDS if language is None else STOP_WORDS.get(language, frozenset())
    return [
        word
        for word in words(text)
        if word not in stop and word[0] != "[" and not word.isdigit() and (len(word) > 1 or ord(word) > 0x2FF)
    ]


def document_frequencies(texts: Iterable[str], *, content: bool = True) -> Counter[str]:
    """Word -> number of texts that hold it; `content` leaves stop words and digits out."""
    cut = content_words if content else words
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(set(cut(text)))
    return counts


def key_terms(texts: Iterable[str], n: int = 50) -> list[str]:
    """The `n` content words that most texts hold, most first; equal ones in alphabetical order."""
    counts = document_frequencies(texts)
    return sorted(counts, key=lambda word: (-counts[word], word))[:n]


def opening(text: str, n: int = 3) -> str:
    """The first `n` words as a template: lower case, digits become `#`, placeholders keep their kind."""
    return " ".join("#" if word.isdigit() else word for word in words(text[: 40 * n])[:n])


def openings(texts: Iterable[str], n: int = 3) -> Counter[str]:
    """Opening template -> number of texts that begin with it. Texts without a word count as ``""``."""
    return Counter(opening(text, n) for text in texts)
