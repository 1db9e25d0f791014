"""Special functions against SciPy."""

import pytest
from scipy import special, stats

from anchorset.infra.stats.special import (
    fair_coin_p,
    normal_quantile,
    normal_tail,
    regularised_beta,
    student_quantile,
    student_tail,
)


@pytest.mark.parametrize(
    ("x", "a", "b"), [(0.3, 2, 5), (0.5, 100, 3), (0.999, 0.5, 0.5), (0.01, 1000, 0.5), (0.5, 5e4, 5e4)]
)
def test_regularised_beta_equals_scipy(x, a, b):
    assert regularised_beta(x, a, b) == pytest.approx(special.betainc(a, b, x), rel=1e-9, abs=1e-300)


@pytest.mark.parametrize("df", [0.6, 1, 3.3, 64, 149, 1e5])
@pytest.mark.parametrize("probability", [0.001, 0.025, 0.4, 0.5, 0.9, 0.975, 0.99999])
def test_student_quantile_equals_scipy(probability, df):
    assert student_quantile(probability, df) == pytest.approx(stats.t.ppf(probability, df), rel=1e-8, abs=1e-10)


@pytest.mark.parametrize("t", [-3.0, 0.0, 0.5, 12.0])
def test_student_tail_equals_scipy(t):
    assert student_tail(t, 7.5) == pytest.approx(stats.t.sf(t, 7.5), rel=1e-12)
    assert normal_tail(t) == pytest.approx(stats.norm.sf(t), rel=1e-12)


def test_student_becomes_normal_without_end():
    assert student_quantile(0.975, float("inf")) == normal_quantile(0.975) == pytest.approx(1.959964, abs=1e-6)


@pytest.mark.parametrize(("heads", "tails"), [(0, 0), (1, 0), (3, 4), (2, 10), (0, 12), (300, 500), (0, 900), (7, 7)])
def test_fair_coin_p_equals_the_exact_binomial_test(heads, tails):
    expected = stats.binomtest(heads, heads + tails).pvalue if heads + tails else 1.0
    assert fair_coin_p(heads, tails) == pytest.approx(expected, rel=1e-9)
