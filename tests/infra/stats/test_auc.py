"""The area under the curve and its interval."""

import numpy as np
import pytest
from crowds import auc_coverage
from scipy import stats
from sklearn.metrics import roc_auc_score

from anchorset.core.errors import InputError
from anchorset.infra.stats.auc import auc_interval, midranks, newcombe_auc, plain_auc


def test_midranks_equal_scipy():
    values = np.random.default_rng(0).integers(0, 9, 200).astype(float)
    assert midranks(values) == pytest.approx(stats.rankdata(values))


def test_area_with_ties_equals_scikit_learn():
    rng = np.random.default_rng(0)
    scores, positive = rng.integers(0, 6, 150).astype(float), rng.random(150) < 0.4
    assert plain_auc(scores, positive) == pytest.approx(roc_auc_score(positive, scores))


def test_error_equals_delong_over_all_pairs():
    """Placements from the full matrix of comparisons."""
    rng = np.random.default_rng(1)
    high, low = rng.normal(0.7, 1, 40).round(1), rng.normal(0, 1, 60).round(1)
    wins = (high[:, None] > low) + 0.5 * (high[:, None] == low)
    error = np.sqrt(wins.mean(axis=1).var(ddof=1) / 40 + wins.mean(axis=0).var(ddof=1) / 60)
    found = auc_interval(np.concatenate([high, low]), np.arange(100) < 40)
    half = (np.log(found.high / (1 - found.high)) - np.log(found.low / (1 - found.low))) / 2
    area = wins.mean()
    assert found.auc == pytest.approx(area)
    assert half == pytest.approx(stats.t.ppf(0.975, 98) * error / (area * (1 - area)))


def test_complete_separation_is_no_certainty():
    found = auc_interval(np.arange(60), np.arange(60) >= 30)
    assert (found.auc, found.high, found.method) == (1, 1, "newcombe")
    assert 0.85 < found.low < 0.97


def test_score_limits_solve_their_equation():
    low, high = newcombe_auc(0.8, 30, 50)
    for theta in (low, high):
        spare = 39
        bracket = 1 + spare * (1 - theta) / (2 - theta) + spare * theta / (1 + theta)
        variance = theta * (1 - theta) * bracket / 1500
        assert abs(0.8 - theta) == pytest.approx(stats.norm.ppf(0.975) * np.sqrt(variance))


def test_scores_all_alike_cannot_tell():
    found = auc_interval(np.zeros(40), np.arange(40) < 20)
    assert found.auc == 0.5
    assert found.low < 0.4
    assert found.high > 0.6


def test_copies_of_rows_add_nothing():
    rng = np.random.default_rng(0)
    scores, positive = rng.normal(size=80), np.arange(80) < 40
    once = auc_interval(scores, positive)
    copied = auc_interval(np.repeat(scores, 4), np.repeat(positive, 4), clusters=np.repeat(np.arange(80), 4))
    assert (copied.low, copied.high) == pytest.approx((once.low, once.high), abs=1e-6)


def test_an_empty_group_is_refused():
    with pytest.raises(InputError, match="at least one of each"):
        auc_interval([0.1, 0.2], [True, True])


@pytest.mark.parametrize(
    ("clusters", "size", "likeness"),
    [
        (65, 1, 0.0), (65, 5, 0.5),
        pytest.param(150, 1, 0.0, marks=pytest.mark.slow), pytest.param(150, 5, 0.5, marks=pytest.mark.slow),
    ],
)  # fmt: skip
def test_area_covers_between_93_and_97_percent(clusters, size, likeness):
    for shift in (0, 1, 2.5):
        found = auc_coverage(shift=shift, clusters=clusters, size=size, likeness=likeness, times=1000)
        assert 92.3 <= found.percent <= 97.7, (shift, found)
