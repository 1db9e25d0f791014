"""Ways to hide a text from a filter, so that a model may still read it.

What this module does not know: attacks.
"""

from __future__ import annotations

import base64
import codecs
import re
from collections.abc import Callable

from anchorset.produce.redteam.pattern import Encoding

_LEET = str.maketrans("aeiostAEIOST", "431057431057")
_TWINS = str.maketrans("aeopcxyi", "аеорсхуі")

_WAYS: dict[Encoding, Callable[[str], str]] = {
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "leet": lambda text: text.translate(_LEET),
    "homoglyph": lambda text: text.translate(_TWINS),
    "zero_width": "\u200b".join,
    "spaced": " ".join,
    "reversed": lambda text: text[::-1],
    "rot13": lambda text: codecs.encode(text, "rot13"),
}


_PLACEHOLDER = re.compile(r"(\[[A-Z][A-Z_]*\d*\]|\{\{[^{}]*\}\})")


def encoded(text: str, way: Encoding) -> str:
    """The text, hidden; a placeholder in it stays as it is.

    >>> encoded("ask [NAME_1] now", "reversed")
    'won [NAME_1] ksa'
    """
    parts = [part.strip() for part in _PLACEHOLDER.split(text) if part.strip()]
    hidden = [part if _PLACEHOLDER.fullmatch(part) else _WAYS[way](part) for part in parts]
    return " ".join(reversed(hidden) if way == "reversed" else hidden)
