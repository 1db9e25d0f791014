"""Text from outside in forms with a grammar: ids, bucket names and slice values come from anywhere.

What this module does not know: HTML (the page's templates escape).
"""

from __future__ import annotations

import re

from anchorset.core.inert import short, visible

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


def for_xml(text: str) -> str:
    """Without the characters XML 1.0 has no place for (section 2.2). Escaping is the writer's."""
    return _NOT_XML.sub("\ufffd", text)


def for_markdown(text: str, *, limit: int | None = 80) -> str:
    """One line with every ASCII punctuation mark escaped (CommonMark 6.1): no table, link, tag or mention survives.

    limit: characters before escaping, the cut visible; None: all of them.
    """
    line = " ".join(visible(text).split()) if limit is None else short(text, limit)
    return _PUNCTUATION.sub(r"\\\1", line)
