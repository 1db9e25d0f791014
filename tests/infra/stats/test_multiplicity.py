"""Holm's adjustment."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchorset.core.errors import InputError
from anchorset.infra.stats.multiplicity import holm


def test_holm_gives_the_numbers_of_r():
    # R: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm")
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


def test_nothing_to_adjust_stays_nothing():
    assert holm([]) == []
    assert holm([0.2]) == [0.2]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_holm_keeps_order_and_lies_between_raw_and_bonferroni(ps):
    adjusted = holm(ps)
    assert all(p <= a <= min(1, p * len(ps)) + 1e-12 for p, a in zip(ps, adjusted, strict=True))
    assert all(adjusted[i] <= adjusted[j] for i in range(len(ps)) for j in range(len(ps)) if ps[i] <= ps[j])


def test_holm_keeps_the_chance_of_any_false_alarm_under_five_percent():
    rng = np.random.default_rng(0)
    assert np.mean([min(holm(rng.random(12).tolist())) < 0.05 for _ in range(6000)]) <= 0.055


def test_a_p_outside_its_range_is_refused():
    with pytest.raises(InputError, match="place 1"):
        holm([0.1, 1.1])
