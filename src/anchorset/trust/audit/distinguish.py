"""Can a classifier tell the two sets apart? The AUC of held-out scores, plain and among texts of like length.

A ridge classifier is linear in its labels: its hat matrix depends on the texts alone, so one factorisation scores the
labels we see and all shuffles, each with exact 10-fold cross-validation (block form of the leave-one-out identity;
Golub, Heath and Wahba 1979; Hastie, Tibshirani and Friedman 2009, 7.10). Texts that say the same share a fold.
What this module does not know: what a difference means. A high AUC says that the sets differ, never who wrote them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from anchorset.trust.audit.features import Floats, Matrix
from anchorset.trust.audit.null import Labels

FOLDS = 10
_RIDGE = 1.0
"""Penalty, in units of a text's likeness to itself."""

_BINS = 8
"""Strata of equal size in which texts count as of like length."""


def kernel(parts: list[Floats]) -> Floats:
    """(n, n) likeness of texts: the mean of the cosines in each part; parts (n, k), rows of any length."""
    total = np.zeros((len(parts[0]), len(parts[0])), dtype=np.float32)
    for part in parts:
        norms = np.linalg.norm(part, axis=1, keepdims=True)
        unit = np.divide(part, norms, out=np.zeros_like(part), where=norms > 0)
        total += unit @ unit.T
    total /= len(parts)
    middle = total.mean(axis=0)
    centred: Floats = total - middle - middle[:, None] + middle.mean()
    return centred


def weighted(features: Matrix) -> Floats:
    """The columns weighted by how rare they are (inverse document frequency)."""
    n = len(features.holds)
    rarity = np.log((1 + n) / (1 + features.holds.sum(axis=0))) + 1
    weighted: Floats = features.holds * rarity.astype(np.float32)
    return weighted


def held_out_scores(likeness: Floats, labels: Labels, same: NDArray[np.intp], rng: np.random.Generator) -> Floats:
    """(n, columns) the score each row gets from a classifier that has not seen its fold; higher: more synthetic."""
    n = len(likeness)
    target = labels.synthetic.astype(np.float32)
    target -= target.mean(axis=0)
    penalty = _RIDGE * max(float(np.trace(likeness)) / n, 1e-6)
    hat = np.linalg.solve(likeness + penalty * np.eye(n, dtype=np.float32), likeness)
    fitted = hat @ target
    fold = rng.permutation(int(same.max()) + 1)[same] % min(FOLDS, int(same.max()) + 1)
    scores = np.empty_like(target)
    for at in range(int(fold.max()) + 1):
        rows = np.flatnonzero(fold == at)
        left = np.eye(len(rows), dtype=np.float32) - hat[np.ix_(rows, rows)]
        scores[rows] = target[rows] - np.linalg.solve(left, target[rows] - fitted[rows])
    # Equal scores (the same text on both sides) are broken by chance, the same chance in every column.
    return scores + 1e-6 * rng.standard_normal((n, 1), dtype=np.float32)


def auc(scores: Floats, labels: Labels, bins: NDArray[np.intp]) -> Floats:
    """(columns,) share of real-synthetic pairs in the same bin in which the synthetic text scores higher; 0.5 if none.

    bins (n,): only texts with the same number are compared. All zeros: the plain AUC (Mann and Whitney 1947).
    """
    wins = np.zeros(scores.shape[1])
    pairs = np.zeros(scores.shape[1])
    for at in np.unique(bins):
        rows = np.flatnonzero(bins == at)
        order = np.argsort(scores[rows], axis=0)
        sorted_labels = np.take_along_axis(labels.synthetic[rows], order, axis=0)
        ranks = np.arange(1, len(rows) + 1, dtype=np.float64)
        synthetic = sorted_labels.sum(axis=0).astype(np.float64)
        wins += ranks @ sorted_labels - synthetic * (synthetic + 1) / 2
        pairs += synthetic * (len(rows) - synthetic)
    result: Floats = np.where(pairs > 0, wins / np.maximum(pairs, 1), 0.5).astype(np.float32)
    return result


def length_bins(lengths: Floats) -> NDArray[np.intp]:
    """(n,) a stratum number for each length; equal lengths share one."""
    edges = np.unique(np.quantile(lengths, np.linspace(0, 1, _BINS + 1)[1:-1], method="nearest"))
    return np.searchsorted(edges, lengths, side="right")
