"""Pass rates in clusters."""

import numpy as np
import pytest
from crowds import rate_coverage

from anchorset.core.errors import InputError
from anchorset.infra.stats.intervals import wilson
from anchorset.infra.stats.rate import rate_interval
from anchorset.infra.stats.special import student_quantile


def test_single_rows_give_wilson_with_student():
    values = np.r_[np.ones(40), np.zeros(25)]
    found = rate_interval(values)
    assert (found.low, found.high) == pytest.approx(wilson(40, 65, quantile=student_quantile(0.975, 64)), abs=1e-9)
    assert found.design_effect == pytest.approx(1)


def test_repeats_of_one_case_widen_the_interval_to_that_of_the_cases():
    once = rate_interval(np.r_[np.ones(30), np.zeros(20)])
    four_times = rate_interval(np.repeat(np.r_[np.ones(30), np.zeros(20)], 4), clusters=np.repeat(np.arange(50), 4))
    assert (four_times.low, four_times.high) == pytest.approx((once.low, once.high), abs=2e-3)
    assert four_times.design_effect == pytest.approx(4, rel=0.02)


def test_clustered_interval_is_never_narrower_than_the_naive_one():
    rng = np.random.default_rng(0)
    for _ in range(50):
        values, clusters = rng.integers(0, 2, 200), rng.integers(0, 50, 200)
        found, naive = rate_interval(values, clusters=clusters), wilson(int(values.sum()), 200)
        assert found.high - found.low > naive[1] - naive[0]


def test_scores_that_are_all_alike_keep_a_width():
    found = rate_interval(np.full(50, 0.5))
    assert found.method == "robust"
    assert found.low < 0.45
    assert found.high > 0.55


def test_a_single_cluster_tells_nothing():
    found = rate_interval(np.ones(20), clusters=["one"] * 20)
    assert (found.low, found.high) == (0, 1)


@pytest.mark.parametrize("values", [[], [[1, 0]], [0.5, 1.2], [0.5, float("nan")]])
def test_what_is_no_row_of_rates_is_refused(values):
    with pytest.raises(InputError, match="values"):
        rate_interval(values)


@pytest.mark.parametrize("clusters", [65, 150])
@pytest.mark.parametrize(("size", "likeness"), [(1, 0.0), (5, 0.3)])
def test_rate_covers_between_93_and_97_percent(clusters, size, likeness):
    for rate in (0.1, 0.3, 0.8):
        found = rate_coverage(
            baseline=rate, gained=0.05, lost=0.05, clusters=clusters, size=size, likeness=likeness, times=1500
        )
        assert 92.7 <= found.percent <= 97.3, (rate, found)
