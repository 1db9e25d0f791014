"""What a trust report stands on: one dataset version and everything that happened to it.

What this module does not know: where any of it is kept, and what follows from it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from anchorset.core.case import Case
from anchorset.core.config import Config
from anchorset.core.dataset import Manifest
from anchorset.core.judge import JudgeCalibration
from anchorset.core.ports import Embedder
from anchorset.core.run import Result, RunHead
from anchorset.core.said import Grade, Outcome, ProductionRun, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Only `config`, `embedder` and `now` are needed; what is missing is answered with unknown."""

    config: Config
    embedder: Embedder
    now: str
    """ISO 8601 with zone."""
    cases: Sequence[Case] = ()
    """Of the dataset version, in its order."""
    manifest: Manifest | None = None
    runs: Sequence[tuple[RunHead, Sequence[Result]]] = ()
    """Oldest first, of all dataset versions and targets."""
    verdicts: Sequence[Verdict] = ()
    """Oldest first, both lanes, those that later ones replaced included."""
    judged: Sequence[Case] = ()
    """The cases that `verdicts` name, rejected ones included."""
    grades: Sequence[Grade] = ()
    """Oldest first."""
    outcomes: Sequence[Outcome] = ()
    """Oldest first."""
    calibrations: Sequence[JudgeCalibration] = ()
    made_at: Mapping[str, str] = field(default_factory=dict)
    """Production run (`r_…`) -> when it ended, ISO 8601 with zone."""
    inputs: Mapping[str, str] | None = None
    """Today's digests of what a version is made from, under the names of `Manifest.lock`; None: not looked at."""
    leaks: Sequence[tuple[str, str]] | None = None
    """Pairs of case ids that share text across splits; None: not looked for."""
    key_terms: Sequence[str] = ()
    """Words whose spread is watched; none: those of the configuration, else the commonest of the seed."""
    production: Sequence[ProductionRun] = ()
    """Runs that made candidates, with their models; those that made none of `cases` are not looked at."""
