"""Score intervals against published numbers, a second formula, and exact coverage."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, stats

from anchorset.infra.stats.intervals import crossing, newcombe_independent, newcombe_paired, tango, wilson


def test_wilson_equals_scipy():
    for successes, n in ((0, 20), (20, 20), (7, 65), (81, 263)):
        expected = stats.binomtest(successes, n).proportion_ci(method="wilson")
        assert wilson(successes, n) == pytest.approx((expected.low, expected.high), abs=1e-9)


def test_wilson_gives_the_published_limits():
    # Newcombe (1998), Two-sided confidence intervals for the single proportion, table I, method 3.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0, 0.1611), abs=5e-5)
    assert wilson(1, 29) == pytest.approx((0.0061, 0.1718), abs=5e-5)


def test_wilson_interval_of_zero_successes_starts_at_zero():
    assert wilson(0, 50)[0] == 0
    assert wilson(0, 0) == (0, 1)


def test_newcombe_independent_gives_the_published_limits():
    # Newcombe (1998), Interval estimation for the difference between independent proportions, table II, method 10.
    assert newcombe_independent(56, 70, 48, 80) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert newcombe_independent(9, 10, 3, 10) == pytest.approx((0.1705, 0.8090), abs=5e-5)
    assert newcombe_independent(10, 10, 0, 20) == pytest.approx((0.6791, 1.0), abs=5e-5)


def test_newcombe_paired_gives_the_published_limits():
    # Newcombe (1998), Improved confidence intervals ... paired data, table II, method 10; cells e, f, g, h.
    assert newcombe_paired(36, 12, 2, 0) == pytest.approx((0.0569, 0.3404), abs=5e-5)
    assert newcombe_paired(0, 12, 2, 36) == pytest.approx((0.0569, 0.3404), abs=5e-5)


def _tango_by_likelihood(gained, lost, n, z):
    """The same limits from the multinomial likelihood maximised numerically under the restriction: no closed form."""

    def score(d):
        def minus_log_likelihood(q):
            p = q + d
            return -(gained * math.log(p) + lost * math.log(q) + (n - gained - lost) * math.log(1 - p - q))

        low, high = max(1e-9, 1e-9 - d), (1 - d) / 2 - 1e-9
        q = optimize.minimize_scalar(
            minus_log_likelihood, bounds=(low, high), method="bounded", options={"xatol": 1e-12}
        ).x
        return (gained - lost - n * d) / math.sqrt(n * (2 * q + d * (1 - d)))

    middle = (gained - lost) / n
    return tuple(optimize.brentq(lambda d, s=sign: score(d) - s * z, *ends) for sign, ends in
                 ((1, (-0.95, middle)), (-1, (middle, 0.95))))  # fmt: skip


@pytest.mark.parametrize(("gained", "lost", "n"), [(2, 10, 65), (9, 4, 153), (16, 24, 65), (5, 5, 50), (1, 7, 30)])
def test_tango_equals_the_numerically_restricted_likelihood(gained, lost, n):
    assert tango(gained, lost, n) == pytest.approx(
        _tango_by_likelihood(gained, lost, n, stats.norm.ppf(0.975)), abs=1e-5
    )


def test_tango_at_no_difference_is_mcnemar():
    # At d = 0 Tango's score is McNemar's z: with z set to it, the limit is 0.
    z = (20 - 8) / math.sqrt(28)
    assert tango(20, 8, 100, quantile=z)[0] == pytest.approx(0, abs=1e-9)


def test_tango_without_flips_is_no_certainty():
    z2 = stats.norm.ppf(0.975) ** 2
    assert tango(0, 0, 50) == pytest.approx((-z2 / (50 + z2), z2 / (50 + z2)), abs=1e-9)
    assert tango(50, 0, 50)[1] == 1


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 200), st.floats(0.5, 0.999))
def test_tango_holds_the_estimate_and_mirrors(gained, lost, rest, confidence):
    n = gained + lost + rest
    low, high = tango(gained, lost, n, confidence=confidence)
    assert -1 <= low <= high <= 1
    if n:
        assert low <= (gained - lost) / n <= high
    assert tango(lost, gained, n, confidence=confidence) == pytest.approx((-high, -low), abs=1e-9)


@pytest.mark.parametrize("n", [65, 150])
@pytest.mark.parametrize("quantile", ["normal", "student"])
def test_tango_covers_exactly_between_93_and_97_percent(n, quantile):
    """All outcomes enumerated: no simulation error. At least 10 % of pairs flip, any split between gains and losses."""
    z = stats.norm.ppf(0.975) if quantile == "normal" else stats.t.ppf(0.975, n - 1)
    outcomes = [(b, c) for b in range(n + 1) for c in range(n + 1 - b)]
    # Flip counts that matter are few: limits are made for those with any weight only.
    for flips in (0.1, 0.2, 0.4, 0.8):
        for upward in (0.0, 0.2, 0.5):
            p, q = flips * upward, flips * (1 - upward)
            weight = stats.multinomial.pmf([(b, c, n - b - c) for b, c in outcomes], n, [p, q, 1 - p - q])
            likely = [(b, c, w) for (b, c), w in zip(outcomes, weight, strict=True) if w > 1e-5]
            limits = np.array([tango(b, c, n, quantile=z) for b, c, _ in likely])
            held = (limits[:, 0] <= p - q + 1e-9) & (limits[:, 1] >= p - q - 1e-9)
            covered = held @ np.array([w for *_, w in likely]) / sum(w for *_, w in likely)
            assert 0.93 <= covered <= 0.97, (flips, upward)


@given(st.floats(-0.999, 0.999), st.floats(0.1, 5))
def test_crossing_finds_the_root_of_a_kinked_function(root, steep):
    found = crossing(lambda x: (x - root) * (1 if x < root else steep), -1, 1)
    assert found == pytest.approx(root, abs=1e-10)


def test_crossing_passes_a_start_at_zero_and_says_when_there_is_none():
    assert crossing(lambda x: x * (x - 0.3), 0, 1) == pytest.approx(0.3, abs=1e-10)
    assert crossing(lambda x: -1.0, 0, 1) == 1


def test_crossing_is_not_fooled_by_a_chord_that_hardly_moves():
    assert crossing(lambda x: 100 - 1 / x**2, 1e-9, 1) == pytest.approx(0.1, abs=1e-9)
