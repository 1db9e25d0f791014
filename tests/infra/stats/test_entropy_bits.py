"""Miller-Madow entropy."""

import numpy as np
import pytest
from scipy import stats

from anchorset.infra.stats.entropy import entropies_bits, entropy_bits


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


def test_entropy_of_equal_counts_is_the_logarithm_plus_miller_madow():
    # Miller 1955: log2(4) + (4 - 1) / (2 · 40 · ln 2)
    assert entropy_bits([10] * 4) == pytest.approx(2 + 3 / (80 * np.log(2)))


def test_every_column_has_the_entropy_it_has_alone_in_the_precision_given():
    counts = np.random.default_rng(0).integers(0, 9, (20, 30)).astype(np.float32)
    counts[:, 3] = 0
    found = entropies_bits(counts)
    assert found == pytest.approx([entropy_bits(column) for column in counts.T], rel=1e-5)
    assert found[3] == 0
    assert found.dtype == np.float32
