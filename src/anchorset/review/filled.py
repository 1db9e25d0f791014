"""A row that a reviewer filled in, and what the words people write there mean.

What this module does not know: files.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from anchorset.core.errors import UsageError, nearest
from anchorset.review.decide import REASONS, Word

YES = frozenset(
    {"approve", "approved", "a", "ok", "okay", "yes", "y", "ja", "oui", "si", "sí", "keep", "accept", "accepted",
     "good", "pass", "passed", "1", "true", "✓", "✔"}
)  # fmt: skip
EDIT = frozenset({"edit", "edited", "e", "change", "changed", "fix", "fixed", "approve-with-edit"})
NO = frozenset(
    {"reject", "rejected", "r", "no", "n", "nein", "non", "bad", "drop", "fail", "failed", "0", "false", "✗", "✘"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What one row says."""

    line: int
    id: str
    content: str
    decision: Word
    reason: str | None
    changes: dict[str, Any]
    reviewer: str | None
    note: str | None


def filled(row: Mapping[str, Any], line: int) -> Filled | None:
    """The row read; None when nobody decided in it. Raises UsageError with what cannot be understood.

    New text in `new_input`, `new_expected` or `new_criteria` makes an approval an edit.
    """
    cells = {str(key).strip().lower(): value for key, value in row.items() if key is not None}
    word = _text(cells.get("decision")).lower().strip(" .!")
    changes = _changes(cells)
    if not word and not changes:
        return None
    decision = _decision(word, bool(changes))
    reason = re.sub(r"[\s-]+", "_", _text(cells.get("reason")).lower()) or None
    if decision == "reject":
        changes = {}
        if reason not in REASONS:
            raise UsageError(f"`reason` is {reason!r} for a rejection; {nearest(reason or '', REASONS)}")
    return Filled(
        line=line, id=_text(cells.get("id")), content=_text(cells.get("content")), decision=decision, reason=reason,
        changes=changes, reviewer=_text(cells.get("reviewer")) or None, note=_text(cells.get("note")) or None,
    )  # fmt: skip


def _decision(word: str, changed: bool) -> Word:
    if word in NO:
        return "reject"
    if word in EDIT and not changed:
        raise UsageError("`decision` is an edit, but `new_input`, `new_expected` and `new_criteria` are empty")
    if word in YES or word in EDIT or not word:
        return "edit" if changed else "approve"
    raise UsageError(f"`decision` is {word!r}; write approve, edit or reject, or leave it empty")


def _changes(cells: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if (asked := _text(cells.get("new_input"))) != "":
        found["input"] = _json(asked) if asked[:1] in "[{" else asked
    if (expected := cells.get("new_expected")) not in (None, ""):
        text = _text(expected)
        found["expected"] = (_json(text) if text[:1] in "[{" else text) if isinstance(expected, str) else expected
        if found["expected"] == "":
            del found["expected"]
    criteria = cells.get("new_criteria")
    if isinstance(criteria, list):
        listed = [str(one).strip() for one in criteria]
    else:
        listed = [part.strip(" -•\t") for part in _text(criteria).splitlines()]
    if any(listed):
        found["criteria"] = tuple(one for one in listed if one)
    return found


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()
