"""Survival: how much of what reviewers decided they kept, by any slice, with its interval and what it means.

What this module does not know: where decisions are kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from anchorset.infra.stats.intervals import wilson

LOW, HIGH = 0.65, 0.85
"""The healthy band: under it the generation is off, over it the cases are too easy to be worth having."""
CARICATURE = 0.40
FEW = 10
"""Decisions under which nothing is said about a slice."""

Band = Literal["few", "caricature", "low", "healthy", "high"]
ADVICE: dict[Band, str] = {
    "few": "too few decisions to tell",
    "caricature": "reviewers reject most of it: what is made here is a caricature, look at the reasons before more",
    "low": "reviewers reject much of it: look at the reasons, and at the seeds and the persona of this slice",
    "healthy": "inside the band",
    "high": "reviewers keep nearly all of it: likely too easy, make harder or rarer cases",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Survival:
    """Of one slice."""

    kept: int
    """Approved or edited."""
    rejected: int
    low: float
    """95 % Wilson limits, 0-1; 0 and 1 without a decision."""
    high: float

    @property
    def decided(self) -> int:
        return self.kept + self.rejected

    @property
    def rate(self) -> float | None:
        """0-1; None without a decision."""
        return self.kept / self.decided if self.decided else None

    @property
    def band(self) -> Band:
        """Where it lies: outside the band only when the interval does not reach into it."""
        if self.decided < FEW:
            return "few"
        if self.high < CARICATURE:
            return "caricature"
        return "low" if self.high < LOW else "high" if self.low > HIGH else "healthy"

    @property
    def advice(self) -> str:
        if self.band != "healthy" or self.rate is None or LOW <= self.rate <= HIGH:
            return ADVICE[self.band]
        return f"{'under' if self.rate < LOW else 'over'} the band, but that may be chance"

    def report(self) -> dict[str, Any]:
        """The machine form."""
        return {
            "rate": None if self.rate is None else round(self.rate, 4), "low": round(self.low, 4),
            "high": round(self.high, 4), "kept": self.kept, "rejected": self.rejected, "band": self.band,
            "advice": self.advice,
        }  # fmt: skip


def survival(decisions: Mapping[str, int]) -> Survival:
    """Survival = (approve + edit) / (approve + edit + reject). `decisions`: decision or final status -> how many."""
    kept = sum(decisions.get(word, 0) for word in ("approve", "edit", "approved", "edited"))
    rejected = sum(decisions.get(word, 0) for word in ("reject", "rejected"))
    low, high = wilson(kept, kept + rejected) if kept + rejected else (0.0, 1.0)
    return Survival(kept=kept, rejected=rejected, low=low, high=high)


def by(counts: Mapping[tuple[str, str], int]) -> dict[str, Survival]:
    """Slice -> survival, from (slice, decision) -> how many. Sorted by slice."""
    found: dict[str, Counter[str]] = {}
    for (name, decision), n in counts.items():
        found.setdefault(name, Counter())[decision] += n
    return {name: survival(found[name]) for name in sorted(found)}
