"""The paired difference and its interval; McNemar."""

import time
import warnings

import numpy as np
import pytest
from crowds import crowds, paired_coverage, sign_flip_alarms
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from anchorset.core.errors import InputError
from anchorset.infra.stats.bootstrap import bootstrap_means
from anchorset.infra.stats.intervals import newcombe_paired, tango
from anchorset.infra.stats.paired import mcnemar_p, paired_difference
from anchorset.infra.stats.special import student_quantile
from anchorset.infra.stats.spread import codes_of, spread


def outcomes(n, both, gained, lost):
    """Baseline and candidate of `n` pairs."""
    neither = n - both - gained - lost
    return (
        np.repeat([1.0, 0, 1, 0], [both, gained, lost, neither]),
        np.repeat([1.0, 1, 0, 0], [both, gained, lost, neither]),
    )


def test_sixty_five_seeds_that_lose_ten_and_gain_two_have_dropped():
    found = paired_difference(*outcomes(65, 16, 2, 10))
    assert (found.baseline * 65, found.candidate * 65) == pytest.approx((26, 18))
    assert found.delta == pytest.approx(-8 / 65)
    assert found.high < 0
    assert (found.gained, found.lost, found.n, found.clusters, found.method) == (2, 10, 65, 65, "score")
    # Newcombe's interval agrees to a point.
    assert (found.low, found.high) == pytest.approx(newcombe_paired(16, 2, 10, 37), abs=0.015)


def test_many_flips_both_ways_decide_nothing():
    found = paired_difference(*outcomes(65, 10, 16, 24))
    assert found.low < -0.05 < 0 < found.high


def test_single_pairs_give_tango_with_student():
    found = paired_difference(*outcomes(65, 16, 2, 10))
    assert (found.low, found.high) == pytest.approx(tango(2, 10, 65, quantile=student_quantile(0.975, 64)), abs=1e-9)


def test_no_flips_in_fifty_are_no_certainty():
    found = paired_difference(np.ones(50), np.ones(50))
    assert found.delta == 0
    assert found.low < -0.07
    assert found.high > 0.07


def test_no_flips_in_ten_clusters_of_five_know_as_much_as_ten():
    clustered = paired_difference(np.ones(50), np.ones(50), clusters=np.repeat(np.arange(10), 5))
    single = paired_difference(np.ones(10), np.ones(10))
    assert (clustered.low, clustered.high) == pytest.approx((single.low, single.high), abs=1e-9)


def test_as_many_gains_as_losses_are_exactly_zero():
    rng = np.random.default_rng(3)
    before = np.r_[np.ones(33), np.zeros(33), np.ones(35)]
    after = np.r_[np.zeros(33), np.ones(33), np.ones(35)]
    order = rng.permutation(101)
    assert paired_difference(before[order], after[order]).delta == 0


def test_copies_of_every_pair_add_nothing():
    before, after = outcomes(65, 16, 2, 10)
    once = paired_difference(before, after)
    copied = paired_difference(np.repeat(before, 5), np.repeat(after, 5), clusters=np.repeat(np.arange(65), 5))
    assert (copied.low, copied.high) == pytest.approx((once.low, once.high), abs=2e-3)


def test_weights_count_as_copies_do():
    before, after = outcomes(30, 8, 4, 6)
    weights = np.tile([1, 2, 3], 10)
    weighted = paired_difference(before, after, weights=weights)
    copied = paired_difference(
        np.repeat(before, weights), np.repeat(after, weights), clusters=np.repeat(np.arange(30), weights)
    )
    assert weighted.delta == pytest.approx(copied.delta)
    assert weighted.low == pytest.approx(copied.low, abs=0.03)


def test_rows_of_weight_zero_have_no_say():
    before, after = outcomes(60, 16, 6, 12)
    clusters = np.arange(60) // 2
    alone = paired_difference(before[:40], after[:40], clusters=clusters[:40])
    weighted = paired_difference(before, after, clusters=clusters, weights=np.arange(60) < 40)
    assert (weighted.delta, weighted.low, weighted.high) == pytest.approx((alone.delta, alone.low, alone.high))


def test_robust_variance_of_single_rows_is_the_textbook_one():
    values = np.random.default_rng(0).random(40)
    found = spread(values, np.ones(40), *codes_of(None, 40))
    assert found.variance == pytest.approx(values.var(ddof=1) / 40)
    assert (found.df, found.n_effective) == pytest.approx((39, 40))


def test_robust_variance_equals_the_sandwich_of_a_regression_on_a_constant():
    """CR2 written out with matrices: X the constant, A = (I - H_gg)^(-1/2) in each cluster."""
    rng = np.random.default_rng(1)
    codes = np.repeat(np.arange(12), rng.integers(1, 7, 12))
    values = rng.random(codes.size)
    n = codes.size
    residual = values - values.mean()
    meat = 0.0
    for cluster in range(12):
        rows = codes == cluster
        hat = np.full((rows.sum(), rows.sum()), 1 / n)
        root, vectors = np.linalg.eigh(np.eye(rows.sum()) - hat)
        adjust = vectors @ np.diag(root**-0.5) @ vectors.T
        meat += (np.ones(rows.sum()) @ adjust @ residual[rows]) ** 2
    assert spread(values, np.ones(n), codes, 12).variance == pytest.approx(meat / n**2)


def test_design_effect_finds_the_planted_likeness():
    # Kish: 1 + 0.3 (5 - 1) = 2.2.
    found = [
        paired_difference(a, b, clusters=codes).design_effect
        for a, b, codes in crowds(baseline=0.5, gained=0.2, lost=0.2, clusters=400, size=5, likeness=0.3, times=40)
    ]
    assert np.mean(found) == pytest.approx(2.2, abs=0.07)


def test_scores_get_the_paired_t_interval():
    rng = np.random.default_rng(2)
    before = rng.random(80) * 0.8
    after = before + rng.random(80) * 0.2 - 0.05 * (before > 0.1)
    found = paired_difference(before, after)
    expected = stats.ttest_rel(after, before).confidence_interval(0.95)
    assert found.method == "robust"
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))


def test_scores_that_never_differ_are_no_certainty():
    found = paired_difference(np.full(50, 0.5), np.full(50, 0.5))
    assert found.low < -0.07 < 0.07 < found.high


def test_bootstrap_is_seeded_and_near_the_robust_interval():
    rng = np.random.default_rng(2)
    before, after, clusters = rng.random(600), rng.random(600), rng.integers(0, 120, 600)
    found = [paired_difference(before, after, clusters=clusters, method="bootstrap", seed=4) for _ in (1, 2)]
    robust = paired_difference(before, after, clusters=clusters, method="robust")
    assert found[0] == found[1]
    assert (found[0].low, found[0].high) == pytest.approx((robust.low, robust.high), abs=0.006)


def test_bootstrap_of_alike_clusters_draws_from_the_same_law():
    """The short way over kinds of clusters against the long way over clusters."""
    rng = np.random.default_rng(0)
    sums, weights = rng.integers(-1, 2, 300).astype(float), np.ones(300)
    short = bootstrap_means(sums, weights, 20_000, 1)
    long = bootstrap_means(sums + 1e-9 * rng.random(300), weights, 20_000, 1)
    assert stats.ks_2samp(short, long).statistic < 0.04


def test_names_of_clusters_do_not_matter():
    rng = np.random.default_rng(0)
    before, after, codes = rng.integers(0, 2, 300), rng.integers(0, 2, 300), rng.integers(0, 70, 300)
    found = [
        paired_difference(before, after, clusters=keys) for keys in (codes, [f"k_{code}" for code in codes], codes * 7)
    ]
    assert [each.low for each in found] == pytest.approx([found[0].low] * 3)


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.integers(0, 9)), min_size=1, max_size=60))
def test_interval_holds_the_estimate_and_mirrors(rows):
    before, after, clusters = (np.array(column) for column in zip(*rows, strict=True))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = paired_difference(before, after, clusters=clusters)
        mirrored = paired_difference(after, before, clusters=clusters)
    assert -1 <= found.low <= found.delta <= found.high <= 1
    assert (mirrored.low, mirrored.high) == pytest.approx((-found.high, -found.low), abs=1e-9)
    assert 0 <= sum((found.gained, found.lost)) <= found.n


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (([], []), "shape"),
        (([1, 0], [1]), "pair them first"),
        (([1, float("nan")], [1, 0]), "row 1"),
        (([1, 2], [1, 0]), "from 0 to 1"),
    ],
)
def test_rows_that_cannot_be_compared_are_refused(arguments, words):
    with pytest.raises(InputError, match=words):
        paired_difference(*arguments)


def test_wrong_clusters_and_weights_are_refused():
    with pytest.raises(InputError, match="one key a row"):
        paired_difference([1, 0], [0, 1], clusters=["a"])
    with pytest.raises(InputError, match="weights"):
        paired_difference([1, 0], [0, 1], weights=[0, 0])


def test_a_million_pairs_in_a_hundred_thousand_clusters_take_seconds():
    rng = np.random.default_rng(0)
    before = rng.integers(0, 2, 1_000_000)
    after = np.where(rng.random(1_000_000) < 0.1, 1 - before, before)
    clusters = rng.integers(0, 110_000, 1_000_000)
    start = time.perf_counter()
    paired_difference(before, after, clusters=clusters)
    assert time.perf_counter() - start < 5


def test_mcnemar_equals_the_exact_binomial_test():
    assert mcnemar_p(2, 10) == pytest.approx(stats.binomtest(2, 12).pvalue)
    assert mcnemar_p(0, 0) == 1


FLIPS = [(0.5, 0.05, 0.05), (0.9, 0.0, 0.1), (0.1, 0.3, 0.05), (0.5, 0.25, 0.25), (0.9, 0.05, 0.8)]


@pytest.mark.parametrize(("clusters", "size", "likeness"), [(65, 1, 0.0), (65, 5, 0.3), (150, 5, 0.8)])
def test_default_interval_covers_between_93_and_97_percent(clusters, size, likeness):
    """1,000 draws: standard error 0.69 points, so the band is widened by one of them on either side.

    The slow test goes through the whole grid, and is sharper.
    """
    for baseline, gained, lost in FLIPS:
        found = paired_coverage(
            baseline=baseline, gained=gained, lost=lost, clusters=clusters, size=size, likeness=likeness, times=1000
        )
        assert 92.3 <= found.percent <= 97.7, (baseline, gained, lost, found)


@pytest.mark.parametrize(("size", "likeness"), [(1, 0.0), (5, 0.5)])
def test_few_flips_make_the_interval_no_narrower_than_it_should_be(size, likeness):
    for gained, lost in ((0.01, 0.01), (0.0, 0.03), (0.03, 0.02)):
        found = paired_coverage(
            baseline=0.5, gained=gained, lost=lost, clusters=65, size=size, likeness=likeness, times=800
        )
        assert found.percent >= 94, (gained, lost, found)


@pytest.mark.parametrize("size", ["geometric", "skewed"])
def test_clusters_of_unequal_size_are_covered(size):
    for baseline, gained, lost in ((0.5, 0.1, 0.2), (0.5, 0.25, 0.25)):
        found = paired_coverage(
            baseline=baseline, gained=gained, lost=lost, clusters=65, size=size, likeness=0.3, times=600
        )
        assert 92.5 <= found.percent <= 98, (gained, lost, found)


def test_larger_clusters_that_lose_more_are_covered():
    """The size of a cluster tells how it does: the ratio of sums is still the target."""
    rng = np.random.default_rng(5)
    draw = rng.geometric(0.2, 1_000_000)
    loss = np.where(draw >= 8, 0.35, 0.05)
    truth = -(draw * loss).sum() / draw.sum()
    held = 0
    for _ in range(1000):
        sizes = rng.geometric(0.2, 65)
        codes = np.repeat(np.arange(65), sizes)
        lost = rng.random(codes.size) < np.where(sizes >= 8, 0.35, 0.05)[codes]
        found = paired_difference(np.ones(codes.size), 1.0 - lost, clusters=codes)
        held += found.low <= truth <= found.high
    assert 925 <= held <= 975


@pytest.mark.slow
@pytest.mark.parametrize("clusters", [65, 150])
@pytest.mark.parametrize(("size", "likeness"), [(1, 0.0), (5, 0.0), (5, 0.1), (5, 0.3), (5, 0.8)])
def test_the_whole_grid_is_covered(clusters, size, likeness):
    """Rates from 0.1 to 0.9, flips from 10 %; 4,000 draws: standard error 0.34, and the band 1.5 of them wider."""
    for baseline in (0.1, 0.3, 0.5, 0.7, 0.9):
        for candidate in (0.1, 0.3, 0.5, 0.7, 0.9):
            least = abs(candidate - baseline)
            most = min(baseline, 1 - candidate) + min(candidate, 1 - baseline)
            for flips in {max(0.1, least), (max(0.1, least) + min(most, 1)) / 2}:
                gained, lost = (flips + candidate - baseline) / 2, (flips - candidate + baseline) / 2
                crowd = {"baseline": baseline, "gained": gained, "lost": lost, "clusters": clusters}
                crowd |= {"size": size, "likeness": likeness, "times": 4000}
                found = paired_coverage(**crowd)
                assert 92.5 <= found.percent <= 97.5, (crowd, found)
                if baseline == candidate:
                    assert sign_flip_alarms(**crowd) <= 6.0, crowd
