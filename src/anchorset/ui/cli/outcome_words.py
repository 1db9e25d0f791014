"""Outcomes in words, and the reasons of one, checked.

What this module does not know: what an outcome leads to.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, get_args

if TYPE_CHECKING:
    from anchorset.core.said import Outcome


def reasons_of(given: Sequence[str]) -> list[Any]:
    """The reasons. Raises UsageError for one we do not know."""
    from anchorset.core.errors import UsageError, nearest
    from anchorset.core.said import OutcomeReason

    known = get_args(OutcomeReason)
    for reason in given:
        if reason not in known:
            raise UsageError(f"`--reason` is {reason!r}; {nearest(reason, known)}")
    return list(given)


def outcome_lines(found: Sequence[Outcome]) -> list[str]:
    """The outcomes, the latest first."""
    from anchorset.core.inert import short
    from anchorset.infra.text.table import aligned

    rows = [
        (one.dataset, short(one.candidate, 40), one.decision, one.verdict or "-", one.production or "-", one.maker,
         one.at[:10])
        for one in found
    ]  # fmt: skip
    if not rows:
        return ["no outcome is recorded"]
    return aligned([("dataset", "candidate", "decision", "verdict", "production", "by", "said"), *rows])
