"""Where the review stands, as `anchorset review status --json` and the review page say it.

What this module does not know: how anything was counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anchorset.pipeline.review.reviewing import ReviewStatus
from anchorset.review.survival import Survival


def report(found: ReviewStatus) -> dict[str, Any]:
    """The machine form."""
    counts = found.counts
    return {
        "pending": counts["passed"], "approved": counts["approved"], "edited": counts["edited"],
        "rejected": counts["rejected"], "skipped": 0, "survival": found.survival.report(),
        "by_axis": {axis: _reports(slices) for axis, slices in found.by_axis.items()},
        "by_technique": _reports(found.by_technique), "by_cell": _reports(found.by_cell),
        "by_persona": _reports(found.by_persona), "by_run": _reports(found.by_run),
        "reasons": dict(found.reasons), "reviewers": found.reviewers, "seeds_waiting": found.seeds_waiting,
        "second_waiting": found.second_waiting, "disagreed": found.disagreed,
        "agreement": found.agreement.report(), "people": {name: one.report() for name, one in found.people.items()},
        "advice": [one.report() for one in found.advice],
    }  # fmt: skip


def _reports(slices: Mapping[str, Survival]) -> dict[str, Any]:
    return {name: one.report() for name, one in slices.items()}
