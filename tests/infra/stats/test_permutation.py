"""Sign flips against McNemar, enumeration and sampling."""

import itertools
import time

import numpy as np
import pytest
from crowds import crowds, sign_flip_alarms
from hypothesis import given
from hypothesis import strategies as st

from anchorset.infra.stats import permutation
from anchorset.infra.stats.paired import mcnemar_p
from anchorset.infra.stats.permutation import sign_flip_p


def enumerated(sums):
    """p over all sign patterns."""
    totals = [abs(sum(sign * each for sign, each in zip(signs, sums, strict=True))) for signs in
              itertools.product((1, -1), repeat=len(sums))]  # fmt: skip
    return np.mean([total >= abs(sum(sums)) - 1e-9 for total in totals])


@given(st.integers(0, 400), st.integers(0, 400))
def test_one_pair_a_cluster_is_exact_mcnemar(gained, lost):
    assert sign_flip_p(np.r_[np.ones(gained), -np.ones(lost), np.zeros(5)]) == pytest.approx(mcnemar_p(gained, lost))


@given(st.lists(st.integers(-5, 5), min_size=1, max_size=11))
def test_whole_differences_equal_the_enumeration(sums):
    assert sign_flip_p(sums) == pytest.approx(enumerated(sums), abs=1e-9)


def test_means_of_repeats_are_exact_too():
    sums = [0.25, -0.5, 0.75, 1.0, 0.25, -0.25, 0.5, 0.25]
    assert sign_flip_p(sums) == pytest.approx(enumerated(sums), abs=1e-9)


def test_pairs_of_a_cluster_flip_together():
    assert sign_flip_p([1, 1, 1, 1, 1, 1], clusters=list("aaabbb")) == pytest.approx(0.5)
    assert sign_flip_p([1, 1, 1, 1, 1, 1]) == pytest.approx(2 / 64)


def test_sampling_comes_near_the_enumeration_and_repeats_itself():
    sums = np.random.default_rng(0).normal(0.4, 1, 14)
    found = sign_flip_p(sums, seed=3)
    assert found == sign_flip_p(sums, seed=3)
    assert found == pytest.approx(enumerated(sums.tolist()), abs=0.02)


def test_sampling_never_says_zero():
    assert sign_flip_p(np.random.default_rng(0).random(60) + 0.5) == pytest.approx(1 / 10_000)


def test_exact_and_sampled_agree_on_many_clusters(monkeypatch):
    sums = np.random.default_rng(1).integers(-3, 4, 500)
    exact = sign_flip_p(sums)
    monkeypatch.setattr(permutation, "_EXACT_SUM", 0)
    assert sign_flip_p(sums, seed=1) == pytest.approx(exact, abs=0.02)


def test_no_difference_at_all_is_no_evidence():
    assert sign_flip_p(np.zeros(20)) == 1
    assert sign_flip_p([1, -1, 0.1, 0.2, -0.3], clusters=list("aabbb")) == 1


def test_order_and_sign_do_not_matter():
    rng = np.random.default_rng(0)
    row = rng.integers(-4, 6, 200)
    assert sign_flip_p(row) == sign_flip_p(-row[::-1])


def test_a_million_pairs_in_a_hundred_thousand_clusters_take_seconds():
    rng = np.random.default_rng(0)
    row, clusters = rng.integers(-1, 2, 1_000_000), rng.integers(0, 110_000, 1_000_000)
    start = time.perf_counter()
    exact = sign_flip_p(row, clusters=clusters)
    sampled = sign_flip_p(row * rng.random(1_000_000), clusters=clusters)
    assert time.perf_counter() - start < 12
    assert 0 < exact <= 1
    assert 0 < sampled <= 1


@pytest.mark.parametrize("clusters", [65, 150])
@pytest.mark.parametrize(("size", "likeness"), [(1, 0.0), (5, 0.0), (5, 0.3), ("geometric", 0.3)])
def test_false_alarms_stay_under_five_and_a_half_percent(clusters, size, likeness):
    for rate, flips in ((0.5, 0.1), (0.5, 0.5), (0.1, 0.16)):
        alarms = sign_flip_alarms(
            baseline=rate, gained=flips / 2, lost=flips / 2, clusters=clusters, size=size, likeness=likeness, times=800
        )
        # 5.5 % and one standard error of 800 draws; the slow grid of the paired difference is sharper.
        assert alarms <= 6.3, (rate, flips, alarms)


def test_a_real_drop_is_seen():
    drawn = crowds(baseline=0.6, gained=0.03, lost=0.2, clusters=150, size=1, likeness=0, times=200)
    assert np.mean([sign_flip_p(b - a, clusters=codes) < 0.05 for a, b, codes in drawn]) > 0.95
