"""What the pages on versions, runs and outcomes share: the desk behind them, who sees what, a case on a line.

What this module does not know: any path.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request

from anchorset.core.case import Case
from anchorset.core.inert import visible
from anchorset.ui.web.api.common import session
from anchorset.ui.web.door import Session
from anchorset.ui.web.made import Made

LINE = 300
"""Characters of a text on a line."""


def made(request: Request) -> Made:
    found: Made = request.app.state.made
    return found


TheMade = Annotated[Made, Depends(made)]


def hidden(who: Session) -> tuple[str, ...]:
    """Buckets whose texts are not shown to this person: attacks, unless they may see them."""
    return () if who.person.sees_attacks else ("redteam",)


def owner(request: Request) -> Session:
    """Whoever asks, when they are an owner."""
    found = session(request)
    if found.person.role != "owner":
        raise HTTPException(403, "only an owner may record what became of a release; you may read it")
    return found


Owner = Annotated[Session, Depends(owner)]


def case_line(case: Case, axes: Sequence[str]) -> dict[str, Any]:
    """A row of a version on a line."""
    last = {one.reviewer: one for one in case.reviews}
    return {
        "id": case.id, "content": case.content, "bucket": case.bucket, "split": case.split, "status": case.status,
        "cell": [visible(str(case.metadata.get(axis, ""))) for axis in axes], "difficulty": case.difficulty,
        "text": visible(" ".join(case.text[: 2 * LINE].split()))[:LINE],
        "reviews": [
            {"decision": one.decision, "reviewer": visible(one.reviewer), "reason": one.reason} for one in last.values()
        ],
    }  # fmt: skip
