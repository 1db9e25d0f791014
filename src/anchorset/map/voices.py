"""Which voices the seeds have: how many are all lower case, shout, use emoji, are polite, terse, angry.

What this module does not know: personas. The names are what a plan compares them with.
"""

from __future__ import annotations

from collections.abc import Sequence

from anchorset.infra.text.register import register

TERSE_WORDS = 4


def voices(texts: Sequence[str]) -> dict[str, int]:
    """Voice -> texts that have it.

    lower: no capital. caps: only capitals. emoji, slang, polite: at least one such word or sign. angry: an exclamation
    mark, repeated marks or only capitals. terse: at most four words. unpunctuated: no mark at the end.
    """
    names, matrix = register(texts)
    column = {name: matrix[:, at] for at, name in enumerate(names)}
    words = column["words"] > 0
    found = {
        "lower": column["all_lower"] > 0,
        "caps": column["all_caps"] > 0,
        "emoji": column["emoji"] > 0,
        "slang": column["slang"] > 0,
        "polite": column["polite"] > 0,
        "angry": (column["exclamations"] + column["repeated_marks"] + column["all_caps"]) > 0,
        "terse": words & (column["words"] <= TERSE_WORDS),
        "unpunctuated": words & (column["ends_punctuated"] == 0),
    }
    return {name: int(has.sum()) for name, has in found.items()}
