"""The dice are fair enough, and tell neighbouring keys apart."""

from __future__ import annotations

from collections import Counter

from scipy.stats import chisquare

from anchorset.produce.dice import Dice


def test_faces_come_up_alike_within_one_stream_and_across_keys():
    dice = Dice(7)
    within = Counter(dice.below(10) for _ in range(20_000))
    across = Counter(Dice(key).below(10) for key in range(20_000))
    for counts in (within, across):
        assert set(counts) == set(range(10))
        assert chisquare([counts[face] for face in range(10)]).pvalue > 0.001


def test_the_same_key_gives_the_same_throws():
    one, other = Dice(2**64 - 1), Dice(2**64 - 1)
    assert [one.below(99) for _ in range(50)] == [other.below(99) for _ in range(50)]


def test_rotated_has_every_option_once():
    assert sorted(Dice(3).rotated("abcd")) == list("abcd")
    assert Dice(3).rotated([]) == []
