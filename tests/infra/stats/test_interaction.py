"""The difference of two paired differences."""

import numpy as np
import pytest
from crowds import interaction_alarms
from test_paired import outcomes

from anchorset.core.errors import InputError
from anchorset.infra.stats.interaction import interaction
from anchorset.infra.stats.intervals import newcombe_independent
from anchorset.infra.stats.paired import paired_difference


def join(first, second):
    """Both slices below each other."""
    before, after = (np.concatenate(sides) for sides in zip(first, second, strict=True))
    return before, after, np.arange(before.size) < len(first[0])


def test_seed_that_drops_while_synthetic_rises_has_diverged():
    found = interaction(*join(outcomes(65, 16, 2, 10), outcomes(153, 125, 9, 4)))
    assert found.delta == pytest.approx(-8 / 65 - 5 / 153)
    assert found.p < 0.05
    assert found.high < 0


def test_p_and_interval_say_the_same():
    rng = np.random.default_rng(0)
    for _ in range(60):
        before, after = rng.integers(0, 2, (2, 200))
        first = rng.random(200) < 0.4
        after = np.where(first & (rng.random(200) < 0.25), 0, after)
        found = interaction(before, after, first)
        assert (found.p < 0.05) == (found.low > 0 or found.high < 0)


def test_p_is_where_the_limit_touches_zero():
    rows = join(outcomes(65, 16, 2, 10), outcomes(153, 125, 9, 4))
    found = interaction(*rows)
    assert interaction(*rows, confidence=1 - found.p).high == pytest.approx(0, abs=1e-9)


def test_limits_of_disjoint_slices_are_squared_and_added():
    seed, synthetic = outcomes(65, 16, 2, 10), outcomes(153, 125, 9, 4)
    one, other = paired_difference(*seed), paired_difference(*synthetic)
    found = interaction(*join(seed, synthetic))
    assert found.correlation == 0
    assert found.delta - found.low == pytest.approx(np.hypot(one.delta - one.low, other.high - other.delta))
    # Candidate rates against a baseline that always fails are two independent rates: Newcombe's own interval.
    single = interaction(*join(outcomes(70, 0, 56, 0), outcomes(80, 0, 48, 0)))
    assert (single.low, single.high) == pytest.approx(newcombe_independent(56, 70, 48, 80), abs=0.004)


def test_slices_swapped_mirror():
    before, after, first = join(outcomes(65, 16, 2, 10), outcomes(153, 125, 9, 4))
    found, mirrored = interaction(before, after, first), interaction(before, after, ~first)
    assert (mirrored.delta, mirrored.low, mirrored.high) == pytest.approx((-found.delta, -found.high, -found.low))
    assert mirrored.p == pytest.approx(found.p)


def test_children_that_follow_their_seed_sharpen_the_comparison():
    """A seed and its child flip together: the shared part cancels in the difference of the deltas."""
    rng = np.random.default_rng(1)
    flips = rng.integers(-1, 2, 100)
    before, after = np.tile(flips < 0, 2), np.tile(flips > 0, 2)
    first = np.arange(200) < 100
    after = after ^ (rng.random(200) < 0.05)
    shared = interaction(before, after, first, clusters=np.tile(np.arange(100), 2))
    apart = interaction(before, after, first)
    assert shared.correlation > 0.7
    assert shared.high - shared.low < 0.75 * (apart.high - apart.low)


def test_an_empty_slice_is_refused():
    with pytest.raises(InputError, match="shape"):
        interaction([1, 0], [0, 1], [True, True])


LAYOUTS = {
    "apart": {"shared": False, "clusters": (65, 150), "rows": (1, 1), "likeness": 0.0},
    "apart in fives": {"shared": False, "clusters": (65, 150), "rows": (5, 5), "likeness": 0.3},
    "shared": {"shared": True, "clusters": (65, 65), "rows": (1, 4), "likeness": 0.5},
    "partly shared": {"shared": True, "clusters": (65, 150), "rows": (1, 5), "likeness": 0.8},
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(
    ("gained", "lost"),
    [
        ((0.0, 0.0), (0.1, 0.1)), ((0.25, 0.25), (0.25, 0.25)),
        pytest.param((0.05, 0.2), (0.05, 0.2), marks=pytest.mark.slow),
    ],
)  # fmt: skip
def test_false_alarms_stay_under_five_and_a_half_percent(layout, gained, lost):
    alarms = interaction_alarms(gained=gained, lost=lost, times=250, **LAYOUTS[layout])
    # 5.5 % and two standard errors of 250 draws; the slow test is sharper.
    assert alarms <= 8.3


@pytest.mark.slow
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(
    ("gained", "lost"),
    [((0.05, 0.05), (0.05, 0.05)), ((0, 0), (0.1, 0.1)), ((0.02, 0.1), (0.12, 0.2)), ((0.25, 0.25), (0.25, 0.25))],
)
def test_false_alarms_over_many_draws(layout, gained, lost):
    assert interaction_alarms(gained=gained, lost=lost, times=4000, **LAYOUTS[layout]) <= 6.0
