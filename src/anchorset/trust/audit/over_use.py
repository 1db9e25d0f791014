"""Which features does the synthetic set hold more often than chance would have it? Weighted log-odds, for all shuffles.

Monroe, Colaresi and Quinn 2008, "Fightin' Words", over cases that hold a feature in place of
word counts; the informative prior is the pooled share of each feature, worth `_PRIOR` of all cases.
What this module does not know: which features, and what they are called.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from anchorset.infra.stats.logodds import log_odds_z
from anchorset.trust.audit.features import Floats, Matrix
from anchorset.trust.audit.null import Labels
from anchorset.trust.audit.report import Term

_PRIOR = 0.1
LEAST = 0.05
"""A feature counts from this difference of shares: below, it marks too few cases to bend an evaluation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OverUse:
    """The largest z of each column, and the features of what we see."""

    largest: Floats
    """(columns,) 0 where no feature is over-used."""
    terms: tuple[Term, ...]
    """All features over-used by at least `LEAST` in what we see, the largest z first."""


def over_use(features: Matrix, labels: Labels) -> OverUse:
    """How far the synthetic side over-uses features."""
    columns = labels.synthetic.shape[1]
    if not features.names:
        return OverUse(largest=np.zeros(columns, dtype=np.float32), terms=())
    real, synthetic = labels.sums(features.holds)
    n_real, n_synthetic = labels.sizes()
    strength = _PRIOR * (n_synthetic + n_real)
    z = log_odds_z(synthetic, real, sizes=(n_synthetic, n_real), strength=strength)
    share_real, share_synthetic = real / n_real, synthetic / n_synthetic
    z = np.where(share_synthetic - share_real >= LEAST, np.maximum(z, 0.0), 0.0)
    seen = np.stack([share_real[:, 0], share_synthetic[:, 0], z[:, 0]])
    found = [
        Term(term=features.names[at], real=float(seen[0, at]), synthetic=float(seen[1, at]), z=float(seen[2, at]))
        for at in np.argsort(-seen[2], kind="stable") if seen[2, at] > 0
    ]  # fmt: skip
    return OverUse(largest=z.max(axis=0), terms=tuple(found))
