"""Hostile text made harmless to look at: what is invisible or reverses the reading direction becomes its code.

What this module does not know: HTML. Escaping is the template's part.
"""

from __future__ import annotations

import unicodedata

_KEPT = frozenset("\n\t\u200c\u200d")
"""Line ends, tabs, and the joiners that emoji and Indic scripts need."""

_HIDDEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))


def visible(text: str) -> str:
    """The text with controls, bidi marks, other format characters and surrogates as `[U+202E]`. The rest unchanged."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_shown, text))


def _shown(char: str) -> str:
    if char in _KEPT or unicodedata.category(char) not in _HIDDEN:
        return char
    return f"[U+{ord(char):04X}]"


def short(text: str, limit: int = 160) -> str:
    """The text on one line, at most `limit` characters, with `…` where it was cut."""
    line = " ".join(visible(text[: limit * 4]).split())
    return line if len(line) <= limit and len(text) <= limit * 4 else line[: limit - 1].rstrip() + "…"
