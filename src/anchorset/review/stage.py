"""review: what people filled in becomes verdicts, and every row that cannot become one is named.

What this module does not know: where cases and verdicts are kept, and what ships.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from anchorset.core.case import Case
from anchorset.core.errors import UsageError
from anchorset.core.said import Verdict
from anchorset.review.decide import decide
from anchorset.review.filled import filled


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """What came of filled rows: verdicts + same + empty + refused = rows."""

    verdicts: list[Verdict]
    same: int
    """Rows that say what is known already."""
    empty: int
    """Rows in which nobody decided."""
    refused: list[tuple[int, str]]
    """(line, reason)."""


def review(
    rows: Iterable[tuple[int, Mapping[str, Any] | str]],
    waiting: Mapping[str, Case],
    *,
    lane: Literal["candidates", "seeds"],
    reviewer: str,
    at: str,
    guideline: str | None = None,
    known: Mapping[tuple[str, str], str] | None = None,
) -> Reviewed:
    """Verdicts from filled rows. `waiting`: content -> case, of everything that may be decided.

    A verdict binds to the content that was shown: a row whose content is not there any more is refused, not applied to
    what has become of the case. `known`: (content, reviewer) -> what that reviewer last said (`said_key`); the same
    again is not taken twice. `reviewer`: who decided where a row does not say.
    """
    verdicts: list[Verdict] = []
    refused: list[tuple[int, str]] = []
    same = empty = 0
    last = dict(known or {})
    for line, row in rows:
        try:
            if isinstance(row, str):
                raise UsageError(row)
            found = filled(row, line)
            if found is None:
                empty += 1
                continue
            case = _case(found.id, found.content, waiting)
            verdict = decide(
                case, found.decision, lane=lane, reviewer=found.reviewer or reviewer, at=at, reason=found.reason,
                changes=found.changes, guideline=guideline,
            )  # fmt: skip
        except UsageError as error:
            refused.append((line, str(error)))
            continue
        key = (verdict.content, verdict.decision.reviewer)
        if last.get(key) == said_key(verdict):
            same += 1
            continue
        last[key] = said_key(verdict)
        verdicts.append(verdict)
    return Reviewed(verdicts=verdicts, same=same, empty=empty, refused=refused)


def _case(id: str, content: str, waiting: Mapping[str, Case]) -> Case:
    if content in waiting and (not id or waiting[content].id == id):
        return waiting[content]
    if not content:
        raise UsageError("`content` is empty, so nothing says what was judged; export the lane again and fill that in")
    raise UsageError(
        f"case {id or '?'} with the content {content} is not there (any more): it was edited, put aside or is not of "
        "this lane; export the lane again and judge what is there now"
    )


def said_key(verdict: Verdict) -> str:
    """Equal for verdicts that say the same, whenever they were given."""
    revised = verdict.revised
    changed = "" if revised is None else f"{revised.content} {sorted(revised.metadata.items(), key=str)}"
    return f"{verdict.decision.decision} {verdict.decision.reason} {changed}"
