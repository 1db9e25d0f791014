"""A stand-in for reviewers: decides about exported candidates by six plain rules. Nobody looked at these cases.

It exists so that the example can walk the whole path alone. In your project people decide, and that is the point.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

SHORT = 8
"""Characters under which a message says too little."""


def decided(row: dict[str, Any]) -> dict[str, Any]:
    """The exported row with `decision` and `reason` filled in."""
    reason = _why_not(str(row.get("text") or ""), row)
    return {**row, "decision": "reject" if reason else "approve", "reason": reason}


def _why_not(text: str, row: dict[str, Any]) -> str:
    words = [word.strip(".,!?").lower() for word in text.split()]
    counts = Counter(word for word in words if len(word) > 3)
    if not row.get("expected") and not row.get("criteria"):
        return "ambiguous_expected"  # nobody could say whether an answer is right
    if len(text) < SHORT:
        return "not_enough_context"
    if "cell.match" in str(row.get("findings") or ""):
        return "ambiguous_expected"  # it reads like another cell
    if counts and counts.most_common(1)[0][1] >= 3 and row.get("bucket") == "remix":
        return "unrealistic"  # two messages about one thing, put together
    if _letters(text) == _letters(str(row.get("parent") or "")):
        return "duplicate"  # capitals and punctuation aside it says what its parent says
    if text.count("?") + text.count("!") > len(words):
        return "caricature"
    return ""


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.lower()))
