"""Weighted log-odds."""

import math

import numpy as np
import pytest

from anchorset.core.errors import InputError
from anchorset.infra.stats.logodds import log_odds_z


def test_z_equals_the_formula_by_hand():
    found = log_odds_z([10, 90], [2, 98], [3, 7])
    # y + α = 13 of 110 and 5 of 110.
    expected = (math.log(13 / 97) - math.log(5 / 105)) / math.sqrt(1 / 13 + 1 / 5)
    assert found[0] == pytest.approx(expected)
    assert found[1] == pytest.approx(-expected * math.sqrt(1 / 13 + 1 / 5) / math.sqrt(1 / 97 + 1 / 105))


def test_swapped_collections_change_the_sign():
    one, two = [10, 0, 5, 50], [1, 8, 5, 40]
    assert log_odds_z(one, two) == pytest.approx(-log_odds_z(two, one))


def test_a_leaked_word_stands_out_over_a_rare_one():
    rng = np.random.default_rng(0)
    share = 1 / np.arange(1, 501)
    real, made = (rng.multinomial(5000, share / share.sum()) for _ in range(2))
    made[100] += 80
    z = log_odds_z(made, real)
    assert z.argmax() == 100
    assert z[100] > 2 * np.delete(z, 100).max()


def test_z_of_two_halves_of_one_text_seldom_passes_two():
    rng = np.random.default_rng(1)
    share = 1 / np.arange(1, 301)
    z = np.concatenate([log_odds_z(*rng.multinomial(4000, share / share.sum(), size=2)) for _ in range(60)])
    assert np.mean(np.abs(z) > 1.96) < 0.05


def test_words_nobody_uses_and_empty_collections_get_zero():
    assert log_odds_z([5, 0], [3, 0]).tolist()[1] == 0
    assert log_odds_z([0, 0], [0, 0]).tolist() == [0, 0]
    assert log_odds_z([], []).size == 0


def test_strength_draws_z_towards_zero():
    weak, strong = (log_odds_z([30, 70], [10, 90], [50, 50], strength=each)[0] for each in (10, 1000))
    assert 0 < strong < weak


def test_shapes_that_differ_are_refused():
    with pytest.raises(InputError, match="one count a word"):
        log_odds_z([1, 2], [1])


def test_with_sizes_the_odds_are_of_holding_the_word():
    # 30 of 100 against 10 of 100: prior 20 cases at the pooled share 0.2 = 4; (34 / 86) against (14 / 106).
    z = log_odds_z([30], [10], sizes=(100, 100), strength=20)
    assert z[0] == pytest.approx((math.log(34 / 86) - math.log(14 / 106)) / math.sqrt(1 / 34 + 1 / 14))


def test_every_column_has_the_z_it_has_alone_in_the_precision_given():
    one, two = np.random.default_rng(0).integers(0, 50, (2, 12, 5)).astype(np.float32)
    sizes = np.full(5, 60.0, dtype=np.float32), np.arange(60.0, 65.0, dtype=np.float32)
    for given in ({}, {"sizes": sizes, "strength": 0.1 * (sizes[0] + sizes[1])}):
        found = log_odds_z(one, two, **given)
        assert found.dtype == np.float32
        for at in range(5):
            alone = {"sizes": (sizes[0][at], sizes[1][at]), "strength": given["strength"][at]} if given else {}
            assert found[:, at] == pytest.approx(log_odds_z(one[:, at], two[:, at], **alone), rel=1e-4, abs=1e-5)
