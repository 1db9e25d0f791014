"""How far reviewers agree on what several of them decided blind: all together, by reason, and each two.

The numbers are those that `trust` judges by: the same words, the same formula.
What this module does not know: where words are kept, and what agreement is enough.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from anchorset.core.decision import Decision
from anchorset.infra.stats.agreement import Agreement, cohen_kappa, krippendorff_alpha

Words = Mapping[Hashable, Mapping[str, Decision]]
"""What was decided on -> reviewer -> their last blind word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """Of everything that two people or more decided on."""

    n: int
    """Contents."""
    alike: int
    """Of them, those that all kept or all rejected."""
    kept: Agreement | None
    """Krippendorff's alpha, nominal, on kept (approved or edited) against rejected; None: nothing was decided twice."""
    reasons: Agreement | None
    """The same with every reason of its own: kept, duplicate, unrealistic …"""
    pairs: dict[tuple[str, str], Agreement]
    """Cohen's kappa of each two who decided on the same, on kept against rejected."""

    def report(self) -> dict[str, Any]:
        """The machine form."""
        return {
            "n": self.n, "alike": self.alike, "alpha": _report(self.kept), "alpha_reasons": _report(self.reasons),
            "pairs": [{"reviewers": list(two), **_report(one)} for two, one in self.pairs.items()],
        }  # fmt: skip


def blind(words: Sequence[Decision]) -> dict[str, Decision]:
    """Each reviewer's last word on one content, but for those given to settle a disagreement: they were not blind."""
    return {one.reviewer: one for one in words if not one.settles}


def agreed(words: Words) -> Agreed:
    """The agreement on contents that two or more decided; others are left out."""
    twice = [by for by in words.values() if len(by) > 1]
    kept = [{name: one.decision != "reject" for name, one in by.items()} for by in twice]
    why = [{name: one.reason or "kept" for name, one in by.items()} for by in twice]
    people = sorted({name for by in twice for name in by})
    pairs = {}
    for first, second in combinations(people, 2):
        both = [(by[first], by[second]) for by in kept if first in by and second in by]
        if both:
            pairs[first, second] = cohen_kappa([one for one, _ in both], [one for _, one in both])
    return Agreed(
        n=len(twice), alike=sum(len(set(by.values())) == 1 for by in kept), kept=_alpha(kept, people),
        reasons=_alpha(why, people), pairs=pairs,
    )  # fmt: skip


def _alpha(labels: Sequence[Mapping[str, Any]], people: Sequence[str]) -> Agreement | None:
    return krippendorff_alpha([[by.get(name) for by in labels] for name in people]) if labels else None


def _report(one: Agreement | None) -> dict[str, Any]:
    """`value` None: nobody could disagree, or nothing was decided twice."""
    if one is None:
        return {"value": None, "low": None, "high": None, "n": 0}
    return {"value": _short(one.value), "low": _short(one.low), "high": _short(one.high), "n": one.n}


def _short(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
