"""What a reviewer decided. Skipping and marking for later are no decisions.

What this module does not know: the queue, and who may decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from pydantic import Field, model_validator

from anchorset.core.noun import Noun

RejectReason = Literal[
    "duplicate", "unrealistic", "ambiguous_expected", "not_enough_context",
    "off_policy", "private_data", "caricature", "overfit", "other",
]  # fmt: skip


class Decision(Noun):
    """One final word on one content."""

    decision: Literal["approve", "edit", "reject"]
    reviewer: str
    at: str
    """ISO 8601 with zone."""
    reason: RejectReason | None = None
    """Required for a rejection, None otherwise."""
    guideline: str | None = None
    """`rubric@hash` of the rubric that was shown."""
    settles: bool = Field(default=False, exclude_if=lambda settles: not settles)
    """Given in view of what the others had said, to end their disagreement: it stands alone, and is no evidence of how
    far people agree. Left out where it is not so, which is nearly everywhere."""

    @model_validator(mode="after")
    def _a_rejection_says_why(self) -> Decision:
        if (self.decision == "reject") != (self.reason is not None):
            raise ValueError(
                f"`reason` is {self.reason!r} for the decision {self.decision!r}: a rejection has one, nothing else has"
            )
        return self


def standing(decisions: Iterable[Decision]) -> Literal["approved", "edited", "rejected", "passed"]:
    """What the decisions on one content come to, given the last one of each reviewer.

    One reviewer's word stands, and of several the majority's (one rejects, another does not). As many against as for
    leave it `passed`: undecided, for a third to decide. A word that settles stands alone. An edit among approvals makes
    it `edited`: the edited case stands in its place.
    """
    said = [one.decision for one in that_count(list(decisions))]
    rejected = said.count("reject")
    if 2 * rejected == len(said):
        return "passed"
    if 2 * rejected > len(said):
        return "rejected"
    return "edited" if "edit" in said else "approved"


def that_count(decisions: Sequence[Decision]) -> list[Decision]:
    """Of the last words on one content, those by which it stands: the latest that settles, else all of them."""
    settling = [one for one in decisions if one.settles]
    return [max(settling, key=lambda one: (one.at, one.reviewer))] if settling else list(decisions)
