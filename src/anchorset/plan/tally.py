"""What already exists of a technique in a cell, and how much of such candidates survives review.

What this module does not know: what is wanted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log
from typing import Literal

from anchorset.core.case import Case
from anchorset.core.decision import standing
from anchorset.core.plan import ALL, cell_name
from anchorset.core.provenance import Synthetic, Technique

PRIOR = 0.7
"""Survival expected of candidates nobody has reviewed yet: inside the healthy band of 65 to 85 %."""
STRENGTH = 10.0
"""Decisions that a prior counts for: what is known of the whole, where little is known of the part."""
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

    @property
    def decided(self) -> int:
        """By reviewers."""
        return self.kept + self.rejected


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What reviewers kept of a technique, a cell or a persona, and what is ordered for that."""

    by: Literal["technique", "cell", "persona"]
    name: str
    kept: int
    decided: int
    per_case: float
    """Candidates for one that shall survive: one over the survival that is expected."""

    @property
    def rate(self) -> float:
        """As it was, 0-1."""
        return self.kept / self.decided

    def report(self) -> dict[str, object]:
        return {
            "by": self.by, "name": self.name, "kept": self.kept, "decided": self.decided,
            "rate": round(self.rate, 4), "per_case": round(self.per_case, 2),
        }  # fmt: skip


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
    """The share of passed candidates that a reviewer keeps, 0-1, smoothed: cell to technique to all to 0.7.

    Each step is the mean of a beta distribution, (10 p + kept) / (10 + decided), whose prior p is the step before with
    the weight of ten decisions (Gelman and others 2013, Bayesian data analysis, section 2.4): two decisions move a cell
    by a sixth of the way at most, a hundred by ten elevenths.
    """

    def __init__(self, history: Mapping[Place, Tally]) -> None:
        self._whole = Tally()
        self._cells: dict[tuple[str, str], Tally] = {}
        self._techniques: dict[str, Tally] = {}
        self._voices: dict[tuple[str, str], Tally] = {}
        for (technique, cell, persona), tally in history.items():
            self._whole += tally
            self._cells[technique, cell] = self._cells.get((technique, cell), Tally()) + tally
            self._techniques[technique] = self._techniques.get(technique, Tally()) + tally
            if persona:
                self._voices[technique, persona] = self._voices.get((technique, persona), Tally()) + tally

    def of(self, technique: str, cell: str) -> float:
        """Of a technique in a cell; never under `FLOOR`."""
        return max(FLOOR, _smoothed(self._cells.get((technique, cell), Tally()), self._technique(technique)))

    def voiced(self, technique: str, cell: str, persona: str) -> float:
        """The same for one persona; the empty name is nobody's.

        What a cell and what a persona do to a technique's survival adds up in log-odds: there are seldom decisions
        enough of one persona in one cell to measure the two together.
        """
        tally = self._voices.get((technique, persona))
        if tally is None:
            return self.of(technique, cell)
        whole = self._technique(technique)
        odds = _log_odds(self.of(technique, cell)) + _log_odds(_smoothed(tally, whole)) - _log_odds(whole)
        return max(FLOOR, 1 / (1 + exp(-odds)))

    def decisions(self) -> int:
        """How many decisions it knows."""
        return self._whole.decided

    def measured(self) -> Iterator[Measured]:
        """Every technique and persona with decisions, the technique first."""
        for technique, tally in sorted(self._techniques.items()):
            if tally.decided:
                rate = max(FLOOR, self._technique(technique))
                yield Measured(
                    by="technique", name=technique, kept=tally.kept, decided=tally.decided, per_case=1 / rate
                )
        for persona in sorted({persona for _, persona in self._voices}):
            tally = Tally()
            for (_, name), part in self._voices.items():
                tally += part if name == persona else Tally()
            if tally.decided:
                rate = max(FLOOR, _smoothed(tally, _smoothed(self._whole, PRIOR)))
                yield Measured(by="persona", name=persona, kept=tally.kept, decided=tally.decided, per_case=1 / rate)

    def by_cell(self) -> dict[str, Tally]:
        """Cell -> what became of all its candidates."""
        found: dict[str, Tally] = {}
        for (_, cell), tally in self._cells.items():
            found[cell] = found.get(cell, Tally()) + tally
        return found

    def _technique(self, technique: str) -> float:
        return _smoothed(self._techniques.get(technique, Tally()), _smoothed(self._whole, PRIOR))


def _smoothed(tally: Tally, prior: float) -> float:
    return (prior * STRENGTH + tally.kept) / (STRENGTH + tally.decided)


def _log_odds(rate: float) -> float:
    return log(rate / (1 - rate))
