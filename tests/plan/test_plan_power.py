from __future__ import annotations

import numpy as np
import pytest
from planned_bank import MANY, configured, planned, seed_map

from anchorset.core.inert import visible
from anchorset.plan.power import power_of
from anchorset.plan.words import lines


def seen(n: int, drop: float, flips: float, *, times: int = 4000) -> float:
    """How often `n` pairs of which `flips` change and `drop` more get worse than better are told from none.

    McNemar's statistic at 95 %, two-sided: what Connor's formula is about.
    """
    rng = np.random.default_rng(11)
    worse = rng.binomial(n, (flips + drop) / 2, size=times)
    better = rng.binomial(n - worse, (flips - drop) / 2 / (1 - (flips + drop) / 2))
    changed = np.maximum(worse + better, 1)
    return float((np.abs(worse - better) / np.sqrt(changed) >= 1.96).mean())


@pytest.mark.parametrize(("groups", "flips"), [(100, 0.1), (184, 0.1), (1000, 0.1), (400, 0.25)])
def test_the_smallest_drop_is_seen_four_times_in_five(groups: int, flips: float) -> None:
    power = power_of(groups=groups, labelled_groups=groups, max_drop=0.05, flip_rate=flips)
    assert power.mde is not None
    # With a handful of flips the formula promises less than it keeps.
    assert 0.76 <= seen(groups, power.mde, flips) <= (0.84 if groups * flips > 15 else 0.9)
    assert seen(groups, power.mde / 2, flips) < 0.45


@pytest.mark.parametrize(("drop", "flips"), [(0.05, 0.1), (0.03, 0.1), (0.1, 0.3)])
def test_so_many_groups_as_are_needed_see_the_drop_that_shall_be_seen(drop: float, flips: float) -> None:
    needed = power_of(groups=0, labelled_groups=0, max_drop=drop, flip_rate=flips).needed
    assert seen(needed, drop, flips) == pytest.approx(0.8, abs=0.04)
    there = power_of(groups=needed, labelled_groups=needed, max_drop=drop, flip_rate=flips)
    assert there.mde == pytest.approx(drop, abs=0.001)


def test_fifty_are_always_needed_and_no_group_sees_nothing() -> None:
    assert power_of(groups=60, labelled_groups=60, max_drop=0.9).needed == 50
    none = power_of(groups=0, labelled_groups=0, max_drop=0.05)
    assert (none.mde, none.mde_labelled) == (None, None)
    assert "0 groups of seeds cannot decide anything" in none.sentence


def test_unlabelled_groups_are_said_to_have_no_vote() -> None:
    assert power_of(groups=400, labelled_groups=400, max_drop=0.05).sentence.endswith("changing, assumed)")
    some = power_of(groups=400, labelled_groups=100, max_drop=0.05, flip_rate=0.2)
    assert "Only 100 of them have an expected answer" in some.sentence
    assert "(20 % of the answers changing, measured)" in some.sentence
    assert some.mde_labelled > some.mde
    assert "None of them has" in power_of(groups=400, labelled_groups=0, max_drop=0.05).sentence


def test_a_lucky_past_is_no_promise() -> None:
    assert power_of(groups=100, labelled_groups=100, max_drop=0.05, flip_rate=0.0).flip_rate == 0.01


def test_the_lines_of_a_plan_stand_in_columns_and_hold_no_control_character() -> None:
    names = {"policy": {"x": "", "quite_a_long_name": "", "evil\x1b[31m\u202e": ""}}
    config = configured(names, mix={"seed": 30, "mutation": 60, "redteam": 10})
    said = lines(planned(config, seed_map(config, {"policy=x": MANY, "policy=quite_a_long_name": 3}), size=500))
    assert all(visible(line) == line and "\n" not in line for line in said)
    table = [line for line in said if line.startswith(("  bucket", "  seed", "  mutation", "  redteam"))]
    assert len(table) == 4
    assert table[0].split() == ["bucket", "share", "wanted", "there", "to", "make"]
    assert table[1].index("10,000") + 6 == table[0].index("there") + 5, "numbers end below their heads"
    assert sum(line.startswith("  policy=") for line in said) == 3


def test_a_plan_with_nothing_to_make_says_so_and_one_of_one_is_not_several() -> None:
    config = configured(mix={"mutation": 1})
    one = lines(planned(config, seed_map(config, 1), count=1))
    assert one[0] == "1 candidate to make in 1 brief, for a dataset of 1,000 cases."
    assert not any("1 seeds" in line or "1 groups" in line or "1 candidates" in line for line in one)
    nothing = planned(configured(mix={"seed": 1}), size=100)
    assert lines(nothing)[0] == "nothing to make: 0 candidates stand, 0 are wanted."
