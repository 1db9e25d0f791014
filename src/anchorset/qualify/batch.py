"""Candidates on their way through the checks: measured once together, then looked at by every check.

What this module does not know: any check.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from anchorset.core.case import Case
from anchorset.core.finding import Finding, OnHit
from anchorset.core.provenance import Synthetic
from anchorset.infra.embed.calibration import distance_to_seed
from anchorset.infra.text.language import Language, identify
from anchorset.qualify.crowd import Crowd


class Named(Protocol):
    """What every gate has. It holds settings, never results: one object judges any number of candidates."""

    code: str
    version: int
    on_hit: OnHit


class Check(Named, Protocol):
    """A gate that judges a candidate by itself and the seeds."""

    def look(self, batch: Batch) -> list[Finding]:
        """One finding a candidate, in order."""
        ...


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Candidates and what is measured on all of them at once."""

    cases: Sequence[Case]
    crowd: Crowd

    @cached_property
    def texts(self) -> list[str]:
        return [case.text for case in self.cases]

    @cached_property
    def vectors(self) -> NDArray[np.float32]:
        """(n, dim), unit length."""
        return self.crowd.embedder.embed(self.texts)

    @cached_property
    def languages(self) -> list[Language]:
        return identify(self.texts)

    @cached_property
    def to_seeds(self) -> NDArray[np.float32]:
        """(n, n_seeds) cosine of every candidate to every seed."""
        return self.vectors @ self.crowd.vectors.T

    @cached_property
    def distances(self) -> NDArray[np.float32]:
        """(n,) how far each candidate is from its nearest seed, letters and meaning: 0 the same, 2 opposite."""
        return distance_to_seed(self.texts, self.vectors, self.crowd.texts, self.crowd.vectors)

    def parents(self, row: int) -> list[Case]:
        """The seeds that candidate `row` rewrites."""
        origin = self.cases[row].provenance
        if not isinstance(origin, Synthetic):
            return []
        known = self.crowd.position
        return [self.crowd.seeds[known[parent]] for parent in origin.parents if parent in known]


def technique(case: Case) -> str | None:
    """None for a real case."""
    return case.provenance.technique if isinstance(case.provenance, Synthetic) else None


def found(
    check: Named, hit: bool, *, evidence: str | None = None, score: float | None = None, threshold: float | None = None,
    on_hit: OnHit | None = None,
) -> Finding:  # fmt: skip
    """What `check` says: pass, or its own consequence. Evidence is kept for a hit only."""
    return Finding(
        check=check.code,
        version=check.version,
        says=(on_hit or check.on_hit) if hit else "pass",
        score=None if score is None else round(float(score), 4),
        threshold=None if threshold is None else round(float(threshold), 4),
        evidence=evidence if hit else None,
    )


def not_run(check: Named, why: str) -> Finding:
    return Finding(check=check.code, version=check.version, says="not_run", evidence=why)
