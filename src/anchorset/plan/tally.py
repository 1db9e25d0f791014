"""What already exists of a technique in a cell, and how much of such candidates survives review.

What this module does not know: what is wanted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from anchorset.core.case import Case
from anchorset.core.decision import standing
from anchorset.core.plan import ALL, cell_name
from anchorset.core.provenance import Synthetic, Technique

PRIOR = 0.7
"""Survival expected of candidates nobody has reviewed yet: inside the healthy band of 65 to 85 %."""
STRENGTH = 10.0
"""Decisions the prior, or the technique's own rate for a cell, counts for."""
FLOOR = 0.2
"""A survival that is assumed at least: no more than five candidates are ordered for one that shall stay."""

Place = tuple[Technique, str, str | None]
"""(technique, cell, persona or None)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Candidates of one place, by what became of them. What a check rejected is in none of them."""

    kept: int = 0
    """Approved or edited by a reviewer."""
    rejected: int = 0
    """By a reviewer."""
    waiting: int = 0
    """Passed the checks, and nobody has decided, or reviewers disagree."""
    sampled: int = 0
    """Accepted because a sample of their stratum survived: they stand, and are no decision."""

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            kept=self.kept + other.kept, rejected=self.rejected + other.rejected,
            waiting=self.waiting + other.waiting, sampled=self.sampled + other.sampled,
        )  # fmt: skip

    @property
    def standing(self) -> int:
        return self.kept + self.waiting + self.sampled


def tallies(candidates: Iterable[Case], axes: Sequence[str]) -> dict[Place, Tally]:
    """Counts of synthetic cases by technique, cell and persona. A shipped case without a decision was sampled."""
    found: dict[Place, Tally] = {}
    for case in candidates:
        if not isinstance(case.provenance, Synthetic):
            continue
        one = _tally(case)
        if one is not None:
            cell = cell_name({axis: case.metadata.get(axis) for axis in axes}) if axes else ALL
            place: Place = (case.provenance.technique, cell, case.provenance.persona)
            found[place] = found.get(place, Tally()) + one
    return found


def _tally(case: Case) -> Tally | None:
    word = standing(case.reviews) if case.reviews else case.status
    if word == "rejected":
        # Without a review, a check rejected it.
        return Tally(rejected=1) if case.reviews else None
    if word in ("approved", "edited"):
        return Tally(kept=1)
    if case.status == "passed":
        return Tally(waiting=1)
    return Tally(sampled=1) if case.status in ("sampled", "shipped") else None


class Survival:
    """The share of passed candidates that a reviewer keeps, 0-1, smoothed: cell towards technique towards 0.7.

    The mean of a beta distribution whose prior has a strength of ten decisions (Gelman and others 2013, Bayesian data
    analysis, section 2.4), in two steps.
    """

    def __init__(self, history: Mapping[Place, Tally]) -> None:
        self._cells: dict[tuple[str, str], Tally] = {}
        self._techniques: dict[str, Tally] = {}
        for (technique, cell, _), tally in history.items():
            self._cells[technique, cell] = self._cells.get((technique, cell), Tally()) + tally
            self._techniques[technique] = self._techniques.get(technique, Tally()) + tally

    def of(self, technique: str, cell: str) -> float:
        whole = _smoothed(self._techniques.get(technique, Tally()), PRIOR)
        return max(FLOOR, _smoothed(self._cells.get((technique, cell), Tally()), whole))

    def decisions(self) -> int:
        """How many decisions it knows."""
        return sum(tally.kept + tally.rejected for tally in self._techniques.values())


def _smoothed(tally: Tally, prior: float) -> float:
    return (prior * STRENGTH + tally.kept) / (STRENGTH + tally.kept + tally.rejected)
