"""Good-Turing and Chao."""

import numpy as np
import pytest

from anchorset.infra.stats.richness import richness


def test_unseen_mass_equals_the_formula_by_hand():
    found = richness([1, 1, 1, 2, 2, 5, 0])
    # n = 12, f₁ = 3, f₂ = 2
    assert found.unseen_mass == pytest.approx(3 / 12 * 33 / (33 + 4))
    assert found.at_least == pytest.approx(6 + 11 / 12 * 3 * 2 / (2 * 3))
    assert (found.seen, found.coverage) == (6, pytest.approx(1 - found.unseen_mass))


def test_nothing_and_one_observation_say_everything_is_new():
    assert richness([]).unseen_mass == richness([1]).unseen_mass == 1
    assert richness([9, 9]).unseen_mass == 0
    assert richness([1, 1, 1]).unseen_mass == 1


def test_unseen_mass_is_right_on_average():
    rng = np.random.default_rng(0)
    share = 1 / np.arange(1, 201)
    share /= share.sum()
    draws = rng.multinomial(300, share, size=400)
    truth = [share[draw == 0].sum() for draw in draws]
    assert np.mean([richness(draw).unseen_mass for draw in draws]) == pytest.approx(np.mean(truth), rel=0.05)
    assert all(richness(draw).at_least >= richness(draw).seen for draw in draws[:20])
