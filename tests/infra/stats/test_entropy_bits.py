"""Miller-Madow entropy."""

import numpy as np
import pytest
from scipy import stats

from anchorset.infra.stats.entropy import entropy_bits


def test_entropy_is_scipys_plus_the_correction():
    counts = [10, 10, 5, 0]
    assert entropy_bits(counts) == pytest.approx(stats.entropy(counts, base=2) + 2 / (2 * 25 * np.log(2)))


def test_one_kind_or_none_has_no_entropy():
    assert entropy_bits([7]) == entropy_bits([]) == entropy_bits([0, 0]) == 0


def test_correction_removes_most_of_the_bias_of_small_samples():
    rng = np.random.default_rng(0)
    share = np.arange(1, 21) / 210
    truth = stats.entropy(share, base=2)
    draws = rng.multinomial(100, share, size=400)
    plain = np.mean([stats.entropy(draw, base=2) for draw in draws]) - truth
    corrected = np.mean([entropy_bits(draw) for draw in draws]) - truth
    assert plain < -0.1
    assert abs(corrected) < 0.03
