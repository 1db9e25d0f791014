"""Personal data out, typed placeholders in: one value, one placeholder, for as long as the scrubber lives.

What this module does not know: how personal data is recognised, and what the texts are for.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from anchorset.infra.text.digits import digits_of
from anchorset.infra.text.privacy import find
from anchorset.infra.text.span import Span

_PLACEHOLDER = re.compile(r"\[([A-Z]+(?:_[A-Z]+)*)_(\d{1,9})\]")
_AS_DIGITS = ("phone", "card", "account")


class Scrubber:
    """Replaces personal data by `[EMAIL_1]`, `[PHONE_2]`, … numbered by first appearance within each kind.

    The same value gets the same placeholder however it is spelt (case of an e-mail, spacing of a card). Placeholders
    that stand in a text already are left alone and their numbers are not given out again; `reserve` the texts first
    when some of them may hold placeholders of another run.
    """

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        """Kind -> replacements made so far, repeated values included."""
        self._placeholders: dict[tuple[str, str], str] = {}
        self._numbers: Counter[str] = Counter()
        self._reserved: set[str] = set()

    @property
    def values(self) -> dict[str, int]:
        """Kind -> different values replaced so far."""
        return dict(Counter(kind for kind, _ in self._placeholders))

    def reserve(self, texts: Iterable[str]) -> None:
        """Never give out a placeholder that one of these texts holds already."""
        for text in texts:
            if "[" in text:
                self._reserved.update(match.group() for match in _PLACEHOLDER.finditer(text))

    def scrub(self, text: str) -> str:
        """`text` with placeholders. Scrubbing what was scrubbed changes nothing."""
        # Again until nothing is found: a placeholder is shorter than what it replaced, so words that explain the next
        # number ("my SSN is") may have come nearer to it.
        while spans := find(text):
            self.reserve([text])
            pieces, at = [], 0
            for span in spans:
                pieces += [text[at : span.start], self._placeholder(span)]
                at = span.end
                self.counts[span.kind] += 1
            text = "".join(pieces) + text[at:]
        return text

    def _placeholder(self, span: Span) -> str:
        key = (span.kind, _value(span))
        if key not in self._placeholders:
            self._placeholders[key] = self._next(span.kind.upper())
        return self._placeholders[key]

    def _next(self, kind: str) -> str:
        while True:
            self._numbers[kind] += 1
            placeholder = f"[{kind}_{self._numbers[kind]}]"
            if placeholder not in self._reserved:
                return placeholder


def _value(span: Span) -> str:
    """One spelling for all spellings of a value."""
    if span.kind in _AS_DIGITS:
        return digits_of(span.text)
    if span.kind in ("secret", "url_credentials"):
        return span.text
    return "".join(char for char in span.text.casefold() if char.isalnum() or char in "@.+_:")
