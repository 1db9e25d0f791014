"""Each signal against a second implementation or a set made to trip it."""

from __future__ import annotations

import numpy as np
import pytest

from anchorset.infra.stats.entropy import entropy_bits
from anchorset.trust.audit.crowd import gather
from anchorset.trust.audit.entropy import key_term_entropy
from anchorset.trust.audit.features import matrix, words
from anchorset.trust.audit.ground import Ground, phrases, prepare
from anchorset.trust.audit.likeness import coverage, distance, duplicates, repeats
from anchorset.trust.audit.null import Labels, shuffled
from anchorset.trust.audit.over_use import over_use
from anchorset.trust.audit.saturation import by_slice, saturation

ASKS = ["where is my {}", "my {} has not come", "i lost the {}", "why was the {} declined", "cancel my {} please"]
THINGS = ["card", "top up", "transfer", "refund", "cash", "pin", "account", "statement", "fee", "limit", "app", "rate"]
REAL = [ask.format(thing) for ask in ASKS for thing in THINGS]


def labels_of(synthetic: np.ndarray) -> Labels:
    count = np.ones(len(synthetic), dtype=np.float32)
    return Labels(synthetic=synthetic, weight=synthetic.astype(np.float32), count=count)


def ground_of(real: list[str], synthetic: list[str], embedder, **fields: object) -> Ground:
    crowd = gather(real, synthetic, embedder=embedder, near=0.92, seed=7, **fields)
    return prepare(crowd, shuffled(crowd, np.random.default_rng(7), 99))


def test_key_terms_are_chosen_anew_under_every_shuffle(embedder):
    ground = ground_of(REAL, ["refund refund now " + str(word) for word in REAL], embedder)
    signal = key_term_entropy(ground, ground.words, given=False)
    assert signal is not None
    column = 17
    real = ground.words.holds.T @ ground.labels.count - ground.words.holds.T @ ground.labels.weight[:, column]
    synthetic = ground.words.holds.T @ ground.labels.weight[:, column]
    top = np.argsort(-real, kind="stable")[:50]
    assert signal.statistic[column] == pytest.approx(entropy_bits(synthetic[top]) - entropy_bits(real[top]), abs=1e-4)


def test_given_key_terms_are_found_as_whole_words_and_phrases():
    said = [words(text) for text in ("Top-up failed", "stop upping", "TOP UP, please")]
    assert phrases(said, ["top up", "TOP UP"]).holds[:, 0].tolist() == [1, 0, 1]


def test_over_used_words_come_with_their_shares_and_under_used_ones_do_not():
    features = matrix([["refund", "hi"]] * 40 + [["refund"]] * 10 + [["late"]] * 50, at_least=2)
    found = over_use(features, labels_of(np.repeat([[True], [False]], 50, axis=0)))
    shares = [(term.term, term.real, term.synthetic) for term in found.terms]
    assert shares == [("refund", 0, 1), ("hi", 0, pytest.approx(0.8))]
    assert found.largest[0] == pytest.approx(found.terms[0].z)


def test_nearest_rows_of_both_sides_equal_a_search_by_hand(embedder):
    ground = ground_of(REAL[:30], REAL[30:], embedder)
    cosine = ground.crowd.vectors @ ground.crowd.vectors.T
    np.fill_diagonal(cosine, -2)
    for column in (0, 50):
        side = ground.labels.synthetic[:, column]
        own = np.where(side[:, None] == side, cosine, -2).max(axis=1)
        other = np.where(side[:, None] != side, cosine, -2).max(axis=1)
        assert ground.near.own[:, column] == pytest.approx(own, abs=1e-5)
        assert ground.near.other[:, column] == pytest.approx(other, abs=1e-5)


def test_repeats_count_copies_and_near_copies_of_the_same_side_only(embedder):
    real = ["where is my card", "the app keeps crashing on start"]
    synthetic = ["Where is my card?", "refund my order", "refund my order", "top up failed", "top up failed!"]
    ground = ground_of(real, synthetic, embedder)
    seen = dict(zip(ground.crowd.texts, repeats(ground)[:, 0], strict=True))
    assert seen == {
        "where is my card": 0, "the app keeps crashing on start": 0, "Where is my card?": 0, "refund my order": 1,
        "top up failed": 1, "top up failed!": 1,
    }  # fmt: skip


def test_mutations_of_one_seed_are_no_repeats_of_each_other_when_declared(embedder):
    synthetic = ["top up failed", "top up failed!", "top up faild", "where is my card"]
    declared = ground_of(REAL, synthetic, embedder, synthetic_groups=["a", "a", "a", "b"])
    assert duplicates(declared, np.random.default_rng(0)).value == 0
    assert duplicates(ground_of(REAL, synthetic, embedder), np.random.default_rng(0)).value > 0


def test_a_set_of_one_text_over_and_over_is_certain_drift(embedder):
    assert duplicates(ground_of(REAL, ["please refund me"] * 60, embedder), np.random.default_rng(0)).certain
    assert not duplicates(ground_of(REAL[::2], REAL[1::2], embedder), np.random.default_rng(0)).certain
    doubled = ground_of(REAL[::2] * 3, REAL[1::2] * 3, embedder)
    assert not duplicates(doubled, np.random.default_rng(0)).certain


def test_far_texts_raise_distance_and_strays(embedder):
    far = [f"the volcano of planet {number} erupts over green oceans" for number in range(30)]
    near, away = ground_of(REAL[::2], REAL[1::2], embedder), ground_of(REAL[::2], far, embedder)
    assert distance(away).value > 2 * distance(near).value
    assert coverage(away)[1].value > coverage(near)[1].value
    assert coverage(away)[0].examples[0] in REAL


def test_copies_of_the_seed_are_close_and_say_so(embedder):
    signal = distance(ground_of(REAL, REAL[:40], embedder))
    assert signal.value == pytest.approx(0, abs=1e-5)
    assert "near copies" in signal.why
    assert signal.tail == "up"


def test_saturation_rises_when_a_set_says_the_same_words_again(embedder):
    letters = "abcdefghij"
    rich = [f"{text} {letters[at % 10]}{letters[at // 10]}x" for at, text in enumerate(REAL)]
    assert saturation(ground_of(rich[::2], rich[1::2], embedder)).value < 0.95
    poor = saturation(ground_of(rich, REAL, embedder))
    assert poor.value == 1
    assert poor.reference < 0.95


def test_good_turing_counts_words_said_in_one_case_only(embedder):
    ground = ground_of(["a b", "a c"], ["x y z", "x q"], embedder)
    # Synthetic: five uses, y z q once. Real: four uses, b c once.
    assert saturation(ground).value == pytest.approx(1 - 3 / 5)
    assert saturation(ground).reference == pytest.approx(1 - 2 / 4)


def test_slices_report_their_own_repeats(embedder):
    synthetic = REAL[:30] + ["please refund me"] * 30
    pieces = ["varied"] * 30 + ["stuck"] * 30
    found = {row[0]: row[2] for row in by_slice(ground_of(REAL, synthetic, embedder, synthetic_slices=pieces))}
    assert found["stuck"] == 1
    assert found["varied"] < 0.5
