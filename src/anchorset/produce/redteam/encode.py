"""Ways to hide a text from a filter, so that a model may still read it.

What this module does not know: attacks.
"""

from __future__ import annotations

import base64
import codecs
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


def encoded(text: str, way: Encoding) -> str:
    """The text, hidden."""
    return _WAYS[way](text)
