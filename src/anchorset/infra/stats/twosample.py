"""Classifier two-sample test: can a simple classifier tell two collections apart on rows it has not seen?

Lopez-Paz and Oquab (2017), Revisiting classifier two-sample tests. The classifier is ridge regression on the labels. It
is linear in them: its hat matrix depends on the rows alone, so one factorisation scores the labels we see and any
number of shuffles, each with exact cross-validation (block form of the leave-one-out identity; Golub, Heath and
Wahba 1979; Hastie, Tibshirani and Friedman 2009, 7.10): the residuals of a fold F are (I - H_FF)⁻¹ (y - Hy)_F.
Labels are truth values (n, columns): a column for the labels we see, and one for each shuffle.
What this module does not know: what the rows are, and what a difference means.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Singles = NDArray[np.float32]
Bools = NDArray[np.bool_]
Codes = NDArray[np.intp]

FOLDS = 10
RIDGE = 1.0
"""Penalty, in units of a row's likeness to itself."""


def kernel(parts: Sequence[Singles]) -> Singles:
    """(n, n) likeness of rows: the mean of the cosines in each part, centred; parts (n, k), rows of any length."""
    total = np.zeros((len(parts[0]), len(parts[0])), dtype=np.float32)
    for part in parts:
        norms = np.linalg.norm(part, axis=1, keepdims=True)
        unit = np.divide(part, norms, out=np.zeros_like(part), where=norms > 0)
        total += unit @ unit.T
    total /= len(parts)
    middle = total.mean(axis=0)
    centred: Singles = total - middle - middle[:, None] + middle.mean()
    return centred


def held_out_scores(likeness: Singles, labels: Bools, same: Codes, rng: np.random.Generator) -> Singles:
    """(n, columns) the score each row gets from a classifier that has not seen its fold; higher: more likely True.

    likeness (n, n): from `kernel`. same (n,): whole numbers from 0; rows with the same one share a fold.
    """
    n = len(likeness)
    target = labels.astype(np.float32)
    target -= target.mean(axis=0)
    penalty = RIDGE * max(float(np.trace(likeness)) / n, 1e-6)
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


def aucs(scores: Singles, labels: Bools, bins: Codes | None = None) -> Singles:
    """(columns,) share of pairs of a True and a False row in which the True one scores higher; 0.5 without pairs.

    bins (n,): only rows with the same number are compared; None: all (Mann and Whitney 1947). Scores must not tie.
    """
    wins = np.zeros(scores.shape[1])
    pairs = np.zeros(scores.shape[1])
    groups = np.zeros(len(scores), dtype=np.intp) if bins is None else bins
    for at in np.unique(groups):
        rows = np.flatnonzero(groups == at)
        order = np.argsort(scores[rows], axis=0)
        ordered = np.take_along_axis(labels[rows], order, axis=0)
        ranks = np.arange(1, len(rows) + 1, dtype=np.float64)
        true = ordered.sum(axis=0).astype(np.float64)
        wins += ranks @ ordered - true * (true + 1) / 2
        pairs += true * (len(rows) - true)
    result: Singles = np.where(pairs > 0, wins / np.maximum(pairs, 1), 0.5).astype(np.float32)
    return result


def strata(values: Singles, count: int = 8) -> Codes:
    """(n,) a stratum number for each of `values` (n,): at most `count` strata of equal size; equal values share one."""
    edges = np.unique(np.quantile(values, np.linspace(0, 1, count + 1)[1:-1], method="nearest"))
    return np.searchsorted(edges, values, side="right")
