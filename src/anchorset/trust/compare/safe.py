"""Hostile text made harmless: ids, bucket names and slice values come from outside.

What this module does not know: HTML (the page's templates escape).
"""

from __future__ import annotations

import re

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


def plain(text: str, *, limit: int = 80) -> str:
    """For terminals: control and direction-changing characters become U+FFFD; longer than `limit` is cut visibly."""
    clean = _CONTROL.sub("\ufffd", text)
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"


def for_xml(text: str) -> str:
    """Without the characters XML 1.0 has no place for (section 2.2). Escaping is the writer's."""
    return _NOT_XML.sub("\ufffd", text)


def for_markdown(text: str) -> str:
    """Plain, with every ASCII punctuation mark escaped (CommonMark 6.1): no table, link, tag or mention survives."""
    return _PUNCTUATION.sub(r"\\\1", plain(text))
