"""Classifier two-sample test: can a simple classifier tell two collections apart on rows it has not seen?

Lopez-Paz and Oquab (2017), Revisiting classifier two-sample tests. The classifier is ridge regression on ±labels: its
solution is linear in the labels, so any number of shuffled labellings is scored with one factorisation a fold.
What this module does not know: what the features mean.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anchorset.core.errors import InputError
from anchorset.infra.stats.auc import plain_auc
from anchorset.infra.stats.spread import Codes, Floats, Keys, codes_of, sums_by

Bools = NDArray[np.bool_]


def folds_of(labels: Any, *, groups: Keys | None = None, folds: int = 5, seed: int = 0) -> Codes:
    """(n,) fold of each row, 0 … folds - 1: groups stay whole, and each fold has about its share of both labels.

    Raises InputError when a label has fewer groups than there are folds.
    """
    truth = np.asarray(labels, dtype=bool)
    codes, count = codes_of(groups, truth.size)
    mostly = sums_by(codes, truth.astype(np.float64), count) * 2 > np.bincount(codes, minlength=count)
    least = min(int(mostly.sum()), int((~mostly).sum()))
    if least < folds:
        raise InputError(
            f"One side has {least!r} groups, fewer than the {folds!r} folds; give more rows or fewer `folds`."
        )
    rng = np.random.default_rng(seed)
    home = np.empty(count, dtype=np.intp)
    for side in (True, False):
        members = rng.permutation(np.flatnonzero(mostly == side))
        # The second side is dealt from the other end, so that no fold gets the remainder of both.
        home[members] = (np.arange(members.size) if side else -1 - np.arange(members.size)) % folds
    return home[codes]


def cross_validated_scores(
    features: Any,
    labels: Any,
    *,
    groups: Keys | None = None,
    folds: int = 5,
    ridge: float = 1.0,
    seed: int = 0,
) -> tuple[Floats, Codes]:
    """(n,) score of each row from a classifier that did not see its fold, and (n,) the folds.

    features (n, dim); labels (n,) truth values; groups (n,): rows that must stay together. ridge: penalty in units of
    the mean eigenvalue of the training rows' Gram matrix. Scores of one fold are comparable, and each fold's
    mean is 0, so that they may be pooled.
    """
    truth = np.asarray(labels, dtype=bool)
    fold = folds_of(truth, groups=groups, folds=folds, seed=seed)
    scores = np.empty(truth.size)
    for rows, column in _fold_scores(features, truth[:, None], fold, ridge):
        scores[rows] = column[:, 0]
    return scores, fold


def fold_auc(scores: Floats, labels: Any, fold: Codes) -> float:
    """Area within folds, each pair of a positive and a negative of one fold counted once: no fold's level matters."""
    truth = np.asarray(labels, dtype=bool)
    total, pairs = 0.0, 0
    for number in np.unique(fold):
        rows = fold == number
        weight = int(truth[rows].sum()) * int((~truth[rows]).sum())
        if weight:
            total, pairs = total + weight * plain_auc(scores[rows], truth[rows]), pairs + weight
    return total / pairs if pairs else 0.5


def permuted_aucs(
    features: Any,
    labels: Any,
    fold: Codes,
    *,
    groups: Keys | None = None,
    times: int = 200,
    ridge: float = 1.0,
    seed: int = 0,
) -> Floats:
    """(times,) `fold_auc` of labels shuffled within folds: what the same classifier finds where there is nothing.

    fold: as `cross_validated_scores` returned it. Labels move with their whole group (the part of it with one label),
    so that near-copies keep agreeing. With one row a group the observed area is one more draw of these under the null
    (folds keep their number of either label), so p = (1 + how many are at least as large) / (1 + times) is exact.
    """
    truth = np.asarray(labels, dtype=bool)
    codes, count = codes_of(groups, truth.size)
    shuffled = _shuffled(truth, codes + count * truth, fold, times, np.random.default_rng(seed))
    total, pairs = np.zeros(times), np.zeros(times)
    for rows, columns in _fold_scores(features, shuffled, fold, ridge):
        for column in range(times):
            inside = shuffled[rows, column]
            weight = int(inside.sum()) * int((~inside).sum())
            if weight:
                total[column] += weight * plain_auc(columns[:, column], inside)
                pairs[column] += weight
    return np.asarray(np.where(pairs > 0, total / np.maximum(pairs, 1), 0.5))


def _shuffled(truth: Bools, units: Codes, fold: Codes, times: int, rng: np.random.Generator) -> Bools:
    """(n, times) labels, the labels of a fold's units dealt anew among them."""
    columns = np.empty((truth.size, times), dtype=bool)
    for number in np.unique(fold):
        rows = np.flatnonzero(fold == number)
        _, first, unit = np.unique(units[rows], return_index=True, return_inverse=True)
        dealt = rng.permuted(np.repeat(truth[rows][first][:, None], times, axis=1), axis=0)
        columns[rows] = dealt[unit.reshape(-1)]
    return columns


def _fold_scores(features: Any, labels: Bools, fold: Codes, ridge: float) -> Iterator[tuple[Codes, Floats]]:
    """Per fold: its rows, and (rows, labellings) ridge scores learnt on the other folds."""
    matrix = np.asarray(features, dtype=np.float64)
    signs = labels.astype(np.float64)
    for number in np.unique(fold):
        test, train = np.flatnonzero(fold == number), np.flatnonzero(fold != number)
        centre = matrix[train].mean(axis=0)
        known, asked = matrix[train] - centre, matrix[test] - centre
        target = signs[train] - signs[train].mean(axis=0)
        n, dim = known.shape
        penalty = max(ridge * float((known**2).sum()) / dim, 1e-12)
        if dim <= n:
            gram = known.T @ known
            gram[np.diag_indices(dim)] += penalty
            scores = asked @ np.linalg.solve(gram, known.T @ target)
        else:
            gram = known @ known.T
            gram[np.diag_indices(n)] += penalty
            scores = (asked @ known.T) @ np.linalg.solve(gram, target)
        scores -= scores.mean(axis=0)
        # Equal rows can come out of BLAS a last digit apart; rounded, they are ties again.
        size = np.abs(scores).max(axis=0)
        yield test, np.round(scores / np.where(size > 0, size, 1.0), 10) * size
