"""What a plan costs: asking a model, and the people who read what comes of it.

What this module does not know: prices of a particular model; a run says what it really cost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from anchorset.core.config import Review
from anchorset.plan.shares import WITH_MODEL

USD_EACH = (0.01, 0.05)
"""What a model takes for one candidate, from cheap to dear. The techniques without a model cost nothing."""
BY_HAND_MINUTES = (20, 40)
"""What an expert needs to write one case with full attention."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Of one technique, or of all."""

    candidates: int
    """To be made."""
    to_review: int
    """To be made, or made and not decided on yet."""
    usd_low: float
    """0 for what needs no model. An estimate."""
    usd_high: float
    review_hours: float
    """Decisions of the reviewers, those that two make counted twice."""
    review_usd: float

    def report(self) -> dict[str, float]:
        return {
            "candidates": self.candidates, "to_review": self.to_review, "usd_low": round(self.usd_low, 2),
            "usd_high": round(self.usd_high, 2), "review_hours": round(self.review_hours, 2),
            "review_usd": round(self.review_usd, 2),
        }  # fmt: skip


def usd_per_decision(technique: str, review: Review) -> float:
    """What one decision on a candidate of this technique costs; 1 USD where nothing is said."""
    return review.usd_per_case.get(technique, review.usd_per_case.get("default", 1.0))


def cost_of(ordered: Mapping[str, int], waiting: Mapping[str, int], review: Review) -> dict[str, Cost]:
    """Technique -> cost. `ordered`: candidates to be made. `waiting`: passed ones that nobody has decided on."""
    found = {}
    for technique in sorted({*ordered, *waiting}):
        made = ordered.get(technique, 0)
        read = made + waiting.get(technique, 0)
        low, high = USD_EACH if technique in WITH_MODEL else (0.0, 0.0)
        decisions = read * (1 + review.overlap)
        found[technique] = Cost(
            candidates=made, to_review=read, usd_low=made * low, usd_high=made * high,
            review_hours=decisions * review.minutes_per_case / 60,
            review_usd=decisions * usd_per_decision(technique, review),
        )  # fmt: skip
    return found


def summed(costs: Mapping[str, Cost]) -> Cost:
    """All of them together."""
    return Cost(
        candidates=sum(one.candidates for one in costs.values()),
        to_review=sum(one.to_review for one in costs.values()),
        usd_low=sum(one.usd_low for one in costs.values()),
        usd_high=sum(one.usd_high for one in costs.values()),
        review_hours=sum(one.review_hours for one in costs.values()),
        review_usd=sum(one.review_usd for one in costs.values()),
    )
