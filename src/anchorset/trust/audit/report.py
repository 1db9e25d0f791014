"""What an audit says: a verdict, its signals with their null bands, and what the pictures are drawn from.

What this module does not know: how anything was measured.
"""

from __future__ import annotations

from typing import Literal

from anchorset.core.noun import Names, Noun

Verdict = Literal["healthy", "drifted", "inconclusive"]
Status = Literal["pass", "warn", "fail", "unknown"]


class Signal(Noun):
    """One way in which two sets can differ."""

    name: str
    status: Status
    """fail: outside the joint band, and large enough to matter. warn: odd alone, not among so many signals.
    unknown: nothing to measure."""
    value: float | None
    """Measured on the synthetic set, in the unit that `why` names. None when unknown."""
    reference: float | None
    """The same of the real set, or what two samples of one crowd show on average."""
    low: float | None
    """Ends of the null band around `reference`: inside it nothing can be said. None: no limit on that side."""
    high: float | None
    interval: tuple[float, float] | None = None
    """95 % interval of `value`, where there is one."""
    why: str
    examples: Names = ()
    """Texts of the sets, or terms, as they are: escape them."""


class Term(Noun):
    """A word or opening, and the share of cases (0-1) that hold it."""

    term: str
    real: float
    synthetic: float
    z: float
    """Weighted log-odds: positive when the synthetic set holds it more often than chance would have it."""


class Trait(Noun):
    """A habit of writing, and the share of cases (0-1) that show it."""

    name: str
    real: float
    synthetic: float


class Profile(Noun):
    """A distribution in twenty steps: values at the 0th, 5th … 100th percentile."""

    name: Literal["words", "distance"]
    real: tuple[float, ...]
    synthetic: tuple[float, ...]


class Pictures(Noun):
    """What the plots need beyond the signals."""

    terms: tuple[Term, ...]
    openings: tuple[Term, ...]
    traits: tuple[Trait, ...]
    profiles: tuple[Profile, ...]


class AuditReport(Noun):
    """The audit of one synthetic set against one real set."""

    verdict: Verdict
    n_real: int
    """Cases given, blank ones left out."""
    n_synthetic: int
    measured_real: int
    """Cases the signals were computed on: at most `MAX_SIDE` of each set, drawn at random."""
    measured_synthetic: int
    distinct_real: int
    """Different voices among the measured: near-duplicates, and cases of one declared group, count once."""
    distinct_synthetic: int
    signals: tuple[Signal, ...]
    """Failing ones first, then warnings, then the rest in a fixed order."""
    permutations: int
    random_seed: int
    embedder: str
    notes: Names = ()
    """What was capped, left out or assumed."""
    pictures: Pictures
