"""How much of what there is to see has been seen?

What this module does not know: what a kind is; it gets how often each was met.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True, kw_only=True)
class Richness:
    """Kinds seen, kinds there must be at least, and the chance that the next one is new."""

    seen: int
    at_least: float
    """Chao1 estimate of the number of kinds, a lower bound."""
    unseen_mass: float
    """Chance that the next observation is of a kind not met yet, 0-1; 1 when nothing was observed."""
    coverage: float
    """1 - unseen_mass."""


def richness(counts: Any) -> Richness:
    """From how often each kind was met (kinds,), zeros ignored.

    Unseen mass: Good (1953), The population frequencies of species, f₁/n, in the form of Chao and Jost (2012),
    Coverage-based rarefaction, equation 4a: f₁/n · (n-1) f₁ / ((n-1) f₁ + 2 f₂). Kinds: Chao (1984), with the bias
    corrected form (Chao 1987): seen + (n-1)/n · f₁ (f₁ - 1) / (2 (f₂ + 1)).
    """
    met = np.asarray(counts)
    met = met[met > 0]
    n, once, twice = int(met.sum()), int((met == 1).sum()), int((met == 2).sum())
    if not n:
        return Richness(seen=0, at_least=0.0, unseen_mass=1.0, coverage=0.0)
    if once and (n - 1) * once + 2 * twice:
        unseen = once / n * (n - 1) * once / ((n - 1) * once + 2 * twice)
    else:
        # One observation, or no kind met just once: Good's plain f₁/n.
        unseen = once / n
    return Richness(
        seen=int(met.size),
        at_least=float(met.size + (n - 1) / n * once * (once - 1) / (2 * (twice + 1))),
        unseen_mass=unseen,
        coverage=1 - unseen,
    )
