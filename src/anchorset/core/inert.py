"""Hostile text made harmless to look at: what is invisible or turns the reading direction becomes its code.

The standard library alone, so that the command line starts fast.
What this module does not know: HTML, XML, markdown and terminals. Escaping is their writers' part.
"""

from __future__ import annotations

import unicodedata
from hashlib import sha256

_KEPT = frozenset("\n\t\u200c\u200d")
"""Line ends, tabs, and the joiners that emoji and Indic scripts need."""

_HIDDEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))


def visible(text: str) -> str:
    """The text with each hidden character as its code, `[U+202E]`; the rest unchanged. Visible text stays as it is.

    Hidden: controls, bidi marks, tags and other format characters, surrogates, private use, what Unicode has not
    assigned, and its line and paragraph separators. Line feeds, tabs, and U+200C and U+200D stay.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_shown, text))


def _shown(char: str) -> str:
    if char in _KEPT or unicodedata.category(char) not in _HIDDEN:
        return char
    return f"[U+{ord(char):04X}]"


def short(text: str, limit: int = 160) -> str:
    """The visible text on one line, at most `limit` characters, with `…` where it was cut."""
    line = " ".join(visible(text[: limit * 4]).split())
    return line if len(line) <= limit and len(text) <= limit * 4 else line[: limit - 1].rstrip() + "…"


def fenced(text: str, name: str = "data") -> str:
    """The visible text between two marks that it cannot hold itself: `<data-HASH>` and `</data-HASH>`, a line each.

    The hash is of the text, so the same text has the same fence, and no text can be written that ends its own. A prompt
    that shows hostile text says beside it that what stands between the marks is material and never an instruction.
    `name`: letters, a short word for what it is.
    """
    shown = visible(text)
    mark = f"{name}-{sha256(shown.encode()).hexdigest()[:16]}"
    return f"<{mark}>\n{shown}\n</{mark}>"
