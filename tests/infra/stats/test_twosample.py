"""The classifier two-sample test."""

import numpy as np
import pytest
from sklearn.linear_model import Ridge

from anchorset.core.errors import InputError
from anchorset.infra.stats.auc import auc_interval
from anchorset.infra.stats.twosample import cross_validated_scores, fold_auc, folds_of, permuted_aucs


def crowd(n=160, dim=10, shift=0.0, seed=0):
    """Features and labels of two normal crowds."""
    rng = np.random.default_rng(seed)
    labels = np.arange(n) < n // 2
    return rng.normal(size=(n, dim)) + shift * labels[:, None], labels


@pytest.mark.parametrize("dim", [10, 300])
def test_scores_equal_scikit_learn_fold_by_fold(dim):
    features, labels = crowd(dim=dim, shift=0.3)
    scores, fold = cross_validated_scores(features, labels, ridge=0.5)
    for number in range(5):
        train, test = fold != number, fold == number
        centred = features[train] - features[train].mean(axis=0)
        model = Ridge(alpha=0.5 * (centred**2).sum() / dim).fit(features[train], labels[train].astype(float))
        expected = model.predict(features[test])
        assert scores[test] == pytest.approx(expected - expected.mean(), abs=1e-7)


def test_folds_share_out_both_labels_and_keep_groups_whole():
    labels = np.arange(203) < 90
    fold = folds_of(labels)
    assert {int((labels & (fold == each)).sum()) for each in range(5)} == {18}
    assert {int((~labels & (fold == each)).sum()) for each in range(5)} == {22, 23}
    groups = np.arange(203) // 7
    grouped = folds_of(labels, groups=groups)
    assert all(len(set(grouped[groups == group])) == 1 for group in set(groups.tolist()))


def test_too_few_groups_are_refused():
    with pytest.raises(InputError, match="fewer than"):
        folds_of([True] * 3 + [False] * 50)


def test_two_different_crowds_are_told_apart():
    features, labels = crowd(shift=0.8)
    scores, fold = cross_validated_scores(features, labels)
    assert fold_auc(scores, labels, fold) > 0.9
    assert auc_interval(scores, labels).low > 0.85
    assert permuted_aucs(features, labels, fold, times=99).max() < 0.8


def test_a_copy_across_folds_is_no_evidence_when_its_group_stays_together():
    """Labels of copies are known from their twin, unless the twin is held out with them."""
    features, labels = crowd(n=120, dim=200)
    twice, truth, groups = np.repeat(features, 2, axis=0), np.repeat(labels, 2), np.repeat(np.arange(120), 2)
    naive, _ = cross_validated_scores(twice, truth, ridge=0.01)
    honest, fold = cross_validated_scores(twice, truth, groups=groups, ridge=0.01)
    assert auc_interval(naive, truth).auc > 0.85
    assert fold_auc(honest, truth, fold) < 0.7


def test_equal_rows_of_a_fold_tie():
    features, labels = crowd(n=100, dim=30)
    features[labels] = features[0]
    features[~labels] = features[0]
    scores, fold = cross_validated_scores(features, labels)
    assert fold_auc(scores, labels, fold) == 0.5


def test_shuffled_labels_centre_on_one_half_and_repeat_with_their_seed():
    features, labels = crowd()
    _, fold = cross_validated_scores(features, labels)
    found = permuted_aucs(features, labels, fold, times=300, seed=2)
    assert found.mean() == pytest.approx(0.5, abs=0.015)
    assert (found == permuted_aucs(features, labels, fold, times=300, seed=2)).all()


def test_labels_of_a_group_move_together():
    features, labels = crowd(n=200, dim=4)
    groups = np.repeat(np.arange(40), 5)
    features += np.repeat(np.random.default_rng(3).normal(size=(40, 4)) * 3, 5, axis=0)
    _, fold = cross_validated_scores(features, labels, groups=groups)
    whole = permuted_aucs(features, labels, fold, groups=groups, times=200)
    rows = permuted_aucs(features, labels, fold, times=200)
    assert whole.std() > 1.3 * rows.std()


@pytest.mark.parametrize("n", [130, 300])
def test_permutation_p_keeps_its_size(n):
    """Two halves of one crowd: p at most 0.05 in at most 5.5 % of the draws, and one standard error."""
    alarms = 0
    for seed in range(400):
        features, labels = crowd(n=n, dim=8, seed=seed)
        scores, fold = cross_validated_scores(features, labels, seed=seed)
        null = permuted_aucs(features, labels, fold, times=39, seed=seed)
        alarms += (1 + (null >= fold_auc(scores, labels, fold) - 1e-12).sum()) / 40 <= 0.05
    assert alarms / 400 <= 0.068
