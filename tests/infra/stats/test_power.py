"""Needed n and detectable difference."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchorset.core.errors import UsageError
from anchorset.infra.stats.paired import paired_difference
from anchorset.infra.stats.power import detectable_difference, needed_n
from anchorset.infra.stats.special import normal_quantile


def test_needed_n_equals_connors_formula_by_hand():
    # (1.960 √0.2 + 0.842 √(0.2 - 0.01))² / 0.01 = 154.7
    assert needed_n(0.1, flip_rate=0.2) == 155
    assert needed_n(-0.1, flip_rate=0.2) == 155


def test_one_hundred_and_eighty_four_seeds_see_six_and_a_half_points():
    assert needed_n(0.065, flip_rate=0.1) == 184
    assert detectable_difference(184, flip_rate=0.1) == pytest.approx(0.065, abs=2e-4)


def test_clusters_multiply_the_pairs_needed():
    assert needed_n(0.1, flip_rate=0.2, design_effect=2.5) == pytest.approx(2.5 * needed_n(0.1, flip_rate=0.2), abs=2)


@given(st.floats(0.01, 0.9), st.floats(0, 1), st.floats(1, 5))
def test_detectable_difference_is_the_inverse_of_needed_n(difference, flips, effect):
    n = needed_n(difference, flip_rate=flips, design_effect=effect)
    found = detectable_difference(n, flip_rate=flips, design_effect=effect)
    assert found is not None
    assert found <= difference + 1e-9
    assert needed_n(found, flip_rate=flips, design_effect=effect) <= n + 1


def test_too_few_pairs_see_nothing():
    assert detectable_difference(3, flip_rate=0.5) is None
    assert detectable_difference(normal_quantile(0.975) ** 2 + 0.1, flip_rate=0.1) == pytest.approx(0.98, abs=0.03)


@pytest.mark.parametrize(("drop", "flips"), [(0.05, 0.1), (0.1, 0.2), (0.1, 0.4), (0.2, 0.3)])
def test_so_many_pairs_see_the_drop_four_times_in_five(drop, flips):
    """By simulation with the default interval: it leaves out 0 in 80 % of the draws, to three points."""
    n = needed_n(drop, flip_rate=flips)
    rng = np.random.default_rng(0)
    states = [1 - flips, (flips + drop) / 2, (flips - drop) / 2]
    seen = 0
    for _ in range(2000):
        same, lost, gained = rng.multinomial(n, states)
        before = np.repeat([1.0, 1, 0], [same, lost, gained])
        after = np.repeat([1.0, 0, 1], [same, lost, gained])
        seen += paired_difference(before, after).high < 0
    assert seen / 2000 == pytest.approx(0.8, abs=0.03)


@pytest.mark.parametrize("arguments", [{"difference": 0, "flip_rate": 0.1}, {"difference": 0.1, "flip_rate": 1.5}])
def test_impossible_questions_are_refused(arguments):
    with pytest.raises(UsageError, match="between 0 and 1"):
        needed_n(**arguments)
