"""Distinguishability as signals: the classifier's AUC with its interval, plain and length-matched.

What this module does not know: how the classifier works, and what a difference means. A high AUC says that the sets
differ, never who wrote them.
"""

from __future__ import annotations

import numpy as np

from anchorset.core.numbers import share
from anchorset.infra.stats.auc import auc_interval
from anchorset.infra.stats.twosample import aucs, held_out_scores, kernel, strata
from anchorset.trust.audit.features import Floats, Matrix, letter_triples, matrix
from anchorset.trust.audit.ground import Ground, first
from anchorset.trust.audit.null import Measured

_FLOOR = 0.05


def tell_apart(ground: Ground, habits: Floats, rng: np.random.Generator) -> list[Measured]:
    """`distinguishable` and `distinguishable.length_matched`: AUC, 0.5 cannot be told apart, 1 always.

    habits (n, k): what the register knows of each text, in any units.
    """
    triples = matrix(map(letter_triples, ground.crowd.texts), at_least=2)
    likeness = kernel([_weighted(ground.words), _weighted(triples), ground.crowd.vectors, _even(habits)])
    scores = held_out_scores(likeness, ground.labels.synthetic, ground.crowd.same, rng)
    scores_seen, truth = scores[:, 0], ground.crowd.synthetic
    limits = auc_interval(scores_seen, truth, clusters=ground.crowd.unit)
    plain = aucs(scores, ground.labels.synthetic)
    matched = aucs(scores, ground.labels.synthetic, strata(ground.lengths))
    rows = np.flatnonzero(ground.crowd.synthetic)
    telling = ground.texts(rows[np.argsort(-scores[rows, 0], kind="stable")])
    return [
        Measured(
            name=name, interval=interval, statistic=values, tail="up", floor=_FLOOR, value=first(values),
            reference=float(np.median(values)), as_value=float, examples=telling,
            why=(
                f"A classifier that sees {what} sorts a synthetic and a real case rightly in {share(first(values))} of "
                f"pairs (AUC {first(values):.2f}); two samples of one crowd give {np.median(values):.2f}."
            ),
        )
        for name, values, interval, what in (
            ("distinguishable", plain, (limits.low, limits.high), "words and spelling"),
            ("distinguishable.length_matched", matched, None, "words and spelling, among texts of like length,"),
        )
    ]  # fmt: skip


def _weighted(features: Matrix) -> Floats:
    """The columns weighted by how rare they are (inverse document frequency)."""
    n = len(features.holds)
    rarity = np.log((1 + n) / (1 + features.holds.sum(axis=0))) + 1
    weighted: Floats = features.holds * rarity.astype(np.float32)
    return weighted


def _even(habits: Floats) -> Floats:
    """Counts on one scale, extremes pulled in, so that no habit outweighs the others."""
    logs = np.log1p(habits)
    even: Floats = np.tanh((logs - logs.mean(axis=0)) / (logs.std(axis=0) + 1e-6) / 2).astype(np.float32)
    return even
