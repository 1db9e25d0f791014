"""The classifier two-sample test."""

import numpy as np
import pytest
from sklearn.linear_model import Ridge
from sklearn.metrics import roc_auc_score

from anchorset.infra.stats.twosample import FOLDS, aucs, held_out_scores, kernel, strata


def crowd(n=160, dim=10, shift=0.0, seed=0, shuffles=0):
    """Likeness of two normal crowds; their labels and `shuffles` shuffles of them, (n, 1 + shuffles)."""
    rng = np.random.default_rng(seed)
    labels = np.arange(n) < n // 2
    features = (rng.normal(size=(n, dim)) + shift * labels[:, None]).astype(np.float32)
    return features, np.column_stack([labels, *(rng.permutation(labels) for _ in range(shuffles))])


def areas(features, labels, same=None, seed=0):
    """Area of every column."""
    same = np.arange(len(labels)) if same is None else same
    return aucs(held_out_scores(kernel([features]), labels, same, np.random.default_rng(seed)), labels)


def test_held_out_scores_equal_ridge_fitted_anew_for_every_fold():
    rng = np.random.default_rng(1)
    features = rng.normal(size=(60, 15)).astype(np.float32)
    synthetic = rng.random((60, 3)) < 0.5
    same = np.arange(60)
    likeness = kernel([features])
    scores = held_out_scores(likeness, synthetic, same, np.random.default_rng(5))
    fold = np.random.default_rng(5).permutation(60) % FOLDS
    centred = features / np.linalg.norm(features, axis=1, keepdims=True)
    centred -= centred.mean(axis=0)
    penalty = np.trace(likeness) / 60
    for column in range(3):
        target = synthetic[:, column] - synthetic[:, column].mean()
        for at in range(FOLDS):
            model = Ridge(alpha=penalty, fit_intercept=False).fit(centred[fold != at], target[fold != at])
            assert scores[fold == at, column] == pytest.approx(model.predict(centred[fold == at]), abs=1e-4)


def test_auc_equals_scikit_learn_and_within_strata_its_weighted_mean():
    rng = np.random.default_rng(2)
    truth = rng.random((80, 4)) < 0.4
    scores = (rng.normal(size=(80, 4)) + truth).astype(np.float32)
    bins = rng.integers(0, 3, 80)
    plain = aucs(scores, truth)
    within = aucs(scores, truth, bins)
    for column in range(4):
        assert plain[column] == pytest.approx(roc_auc_score(truth[:, column], scores[:, column]), abs=1e-5)
        parts = [(truth[bins == at, column], scores[bins == at, column]) for at in range(3)]
        pairs = [t.sum() * (~t).sum() for t, _ in parts]
        expected = np.average([roc_auc_score(t, s) for t, s in parts], weights=pairs)
        assert within[column] == pytest.approx(expected, abs=1e-5)


def test_equal_values_share_a_stratum():
    values = np.array([1, 1, 1, 1, 2, 3, 4, 5, 6, 40], dtype=np.float32)
    bins = strata(values)
    assert len(set(bins[:4])) == 1
    assert bins[-1] > bins[0]


def test_two_different_crowds_are_told_apart_and_their_shuffles_are_not():
    found = areas(*crowd(shift=0.8, shuffles=99))
    assert found[0] > 0.9
    assert found[1:].max() < 0.8


def test_a_copy_across_folds_is_no_evidence_when_it_shares_a_fold():
    """Labels of copies are known from their twin, unless the twin is held out with them."""
    features, labels = crowd(n=120, dim=200)
    twice, truth = np.repeat(features, 2, axis=0), np.repeat(labels, 2, axis=0)
    assert areas(twice, truth)[0] > 0.85
    assert areas(twice, truth, same=np.repeat(np.arange(120), 2))[0] < 0.7


def test_a_column_without_both_labels_is_one_half():
    features, labels = crowd(n=40)
    assert areas(features, np.ones_like(labels)).tolist() == [0.5]


def test_scores_repeat_with_their_seed():
    features, labels = crowd(shuffles=20)
    assert (areas(features, labels, seed=2) == areas(features, labels, seed=2)).all()


@pytest.mark.parametrize("n", [130, pytest.param(300, marks=pytest.mark.slow)])
def test_permutation_p_keeps_its_size(n):
    """Two halves of one crowd: p at most 0.05 in at most 5.5 % of the draws, and one standard error."""
    alarms = 0
    for seed in range(400):
        found = areas(*crowd(n=n, dim=8, seed=seed, shuffles=39), seed=seed)
        alarms += (1 + (found[1:] >= found[0]).sum()) / 40 <= 0.05
    assert alarms / 400 <= 0.068
