"""One decision on one case: approve, reject with a reason, or edit.

What this module does not know: the queue, and where verdicts are kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Literal, get_args

from anchorset.core.case import Case
from anchorset.core.decision import Decision, RejectReason
from anchorset.core.errors import UsageError, nearest
from anchorset.core.said import Verdict

Word = Literal["approve", "edit", "reject"]
REASONS: tuple[str, ...] = get_args(RejectReason)
EDITABLE = ("input", "expected", "criteria", "metadata", "context", "system", "difficulty", "tags")


def decide(
    case: Case,
    decision: Word,
    *,
    lane: Literal["candidates", "seeds"],
    reviewer: str,
    at: str,
    reason: str | None = None,
    changes: Mapping[str, Any] | None = None,
    guideline: str | None = None,
    settles: bool = False,
) -> Verdict:
    """The verdict. `changes`: field -> new value, for an edit; metadata is merged, None takes a value away.

    An edit revises the case: provenance stays, findings go, and when what is asked has changed the id is new and
    `revision_of` names the old one. Raises UsageError for a reason we do not know or that is missing, for fields that
    cannot be edited, values that do not fit, and an edit that changes nothing.
    """
    if decision == "reject" and reason not in REASONS:
        given = "no reason is given" if reason is None else f"the reason is {reason!r}"
        raise UsageError(f"{case.id} cannot be rejected: {given}; {nearest(reason or '', REASONS)}")
    why = reason if decision == "reject" else None
    said = Decision.model_validate(
        {"decision": decision, "reviewer": reviewer, "at": at, "guideline": guideline, "reason": why,
         "settles": settles}
    )  # fmt: skip
    return Verdict(
        lane=lane, case=case.id, content=case.content, decision=said,
        revised=_edited(case, dict(changes or {}), said) if decision == "edit" else None,
    )  # fmt: skip


def _edited(case: Case, changes: dict[str, Any], said: Decision) -> Case:
    for name in changes:
        if name not in EDITABLE:
            raise UsageError(f"{case.id}: `{name}` cannot be edited; {nearest(name, EDITABLE)}")
    if "metadata" in changes:
        if not isinstance(changes["metadata"], Mapping):
            raise UsageError(f"{case.id}: `metadata` is {changes['metadata']!r}; give names with their values")
        merged = {**case.metadata, **changes["metadata"]}
        changes["metadata"] = {name: value for name, value in merged.items() if value is not None}
    try:
        edited = case.revised(**changes)
    except ValueError as error:
        raise UsageError(f"{case.id} cannot be edited so: {error}") from None
    if edited.content == case.content and edited.metadata == case.metadata:
        raise UsageError(
            f"{case.id}: the edit changes nothing; approve it, or change `input`, `expected` or `criteria`"
        )
    return edited.model_copy(update={"status": "edited", "reviews": (said,)})


def guideline_of(rubric: str) -> str | None:
    """`rubric@` and 8 hex digits of the rubric that was shown; None when there is none."""
    return f"rubric@{sha256(rubric.encode()).hexdigest()[:8]}" if rubric.strip() else None
