"""The joint null: exact level, no drift below the floor, units that move whole."""

from __future__ import annotations

import numpy as np
import pytest

from anchorset.trust.audit.crowd import gather
from anchorset.trust.audit.null import JOINT, Measured, read, shuffled


def measured(statistic: np.ndarray, **fields: object) -> Measured:
    fields = {"tail": "both", "floor": 0.01} | fields
    return Measured(
        name="x", statistic=statistic.astype(np.float32), value=float(statistic[0]), reference=0.0, as_value=float,
        why="", **fields,  # type: ignore[arg-type]
    )  # fmt: skip


def test_false_alarms_of_many_signals_together_keep_the_joint_level():
    rng = np.random.default_rng(1)
    alarms = 0
    for _ in range(1000):
        shared = rng.normal(size=400)
        signals = [measured(rng.normal(size=400) + shared) for _ in range(8)]
        signals += [measured(rng.exponential(size=400), tail="up"), measured((rng.random(400) < 0.01) * 5.0)]
        alarms += any(one.outside for one in read(signals))
    # 1,000 draws at 1.5 %: mean 15, sd 3.8.
    assert 4 <= alarms <= 1000 * (1 - JOINT) + 4 * 3.9


def test_one_strange_signal_among_calm_ones_is_found():
    rng = np.random.default_rng(2)
    strange = rng.normal(size=1000)
    strange[0] = 8
    readings = read([measured(rng.normal(size=1000)) for _ in range(20)] + [measured(strange)])
    assert [one.outside for one in readings] == [False] * 20 + [True]


def test_a_rarely_seen_signal_does_not_deafen_the_others():
    rng = np.random.default_rng(3)
    strange, rare = rng.normal(size=1000), np.zeros(1000)
    strange[0], rare[rng.choice(999, 24, replace=False) + 1] = 8, 4.0
    assert read([measured(strange), measured(rare, tail="up", floor=0.01)])[0].outside


def test_a_difference_below_the_floor_never_fails():
    statistic = np.full(1000, 0.0)
    statistic[0] = 0.04
    assert not read([measured(statistic, floor=0.05)])[0].outside
    assert read([measured(statistic, floor=0.03)])[0].outside


def test_the_wrong_tail_is_no_drift():
    statistic = np.random.default_rng(4).normal(size=1000)
    statistic[0] = -9
    assert not read([measured(statistic, tail="up")])[0].outside
    assert read([measured(statistic, tail="down")])[0].outside


def test_inside_and_outside_agree_with_the_band_that_is_shown():
    rng = np.random.default_rng(5)
    for first in np.linspace(-6, 6, 25):
        statistic = rng.normal(size=1000)
        statistic[0] = first
        reading = read([measured(statistic), measured(rng.normal(size=1000))])[0]
        assert reading.low is not None
        assert reading.high is not None
        assert reading.outside == (not reading.low <= first <= reading.high)


def test_widening_asks_for_more():
    statistic = np.random.default_rng(6).normal(size=1000)
    statistic[0] = 4
    assert read([measured(statistic)])[0].outside
    assert not read([measured(statistic)], widen=2.0)[0].outside


def test_units_move_whole_and_keep_their_number(embedder):
    real = ["where is my card", "where is my card?", "WHERE is my card", "top up failed", "app keeps crashing"]
    synthetic = ["please refund my order", "cash machine took my money", "how do I verify my identity"]
    crowd = gather(real, synthetic, embedder=embedder, near=0.92, seed=7)
    labels = shuffled(crowd, np.random.default_rng(0), 200)
    assert (labels.synthetic[:, 0] == crowd.synthetic).all()
    for unit in np.unique(crowd.unit):
        rows = labels.synthetic[crowd.unit == unit]
        assert (rows == rows[0]).all()
    firsts = np.array([np.flatnonzero(crowd.unit == unit)[0] for unit in np.unique(crowd.unit)])
    assert set(labels.synthetic[firsts].sum(axis=0)) == {3}
    assert crowd.distinct(False) == 3


def test_sums_and_means_are_weighted_by_the_counts(embedder):
    crowd = gather(["hi", "hi", "hi", "card"], ["refund", "hi"], embedder=embedder, near=0.92, seed=7)
    labels = shuffled(crowd, np.random.default_rng(0), 3)
    says_hi = np.array([[text == "hi"] for text in crowd.texts], dtype=np.float32)
    real, synthetic = labels.sums(says_hi)
    assert (real[0, 0], synthetic[0, 0]) == (3, 1)
    mean = labels.means(np.repeat(says_hi, 4, axis=1), synthetic=False)
    assert mean[0] == pytest.approx(0.75)
