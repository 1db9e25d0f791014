"""Reasons of an outcome, checked.

What this module does not know: what an outcome leads to.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args


def reasons_of(given: Sequence[str]) -> list[Any]:
    """The reasons. Raises UsageError for one we do not know."""
    from anchorset.core.errors import UsageError, nearest
    from anchorset.core.said import OutcomeReason

    known = get_args(OutcomeReason)
    for reason in given:
        if reason not in known:
            raise UsageError(f"`--reason` is {reason!r}; {nearest(reason, known)}")
    return list(given)
