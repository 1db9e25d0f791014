"""What a reviewer decided. Skipping and marking for later are no decisions.

What this module does not know: the queue, and who may decide.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from pydantic import model_validator

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

    @model_validator(mode="after")
    def _a_rejection_says_why(self) -> Decision:
        if (self.decision == "reject") != (self.reason is not None):
            raise ValueError(
                f"`reason` is {self.reason!r} for the decision {self.decision!r}: a rejection has one, nothing else has"
            )
        return self


def standing(decisions: Iterable[Decision]) -> Literal["approved", "edited", "rejected", "passed"]:
    """What the decisions on one content come to, given the last one of each reviewer.

    One reviewer's word stands. Reviewers who disagree (one rejects, another does not) leave it `passed`: undecided,
    for a third to settle. An edit among approvals makes it `edited`: the edited case stands in its place.
    """
    said = {one.decision for one in decisions}
    if "reject" in said:
        return "rejected" if said == {"reject"} else "passed"
    return "edited" if "edit" in said else "approved" if said else "passed"
