from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from talk_of_a_bank import SUBJECTS, mapped, real, said

from anchorset.core.hashing import draw
from anchorset.map.axis import axes_found
from anchorset.map.behaviours import behaviours
from anchorset.map.labels import labels
from anchorset.map.richness import seen
from anchorset.map.voices import voices
from anchorset.map.words import lines

SEEDS = [real(text, subject=name) for name in SUBJECTS for text in said(name)]


@pytest.fixture(scope="module")
def whole(embedder):
    return mapped(SEEDS, embedder)


def test_three_subjects_are_found_as_three_broad_behaviours(whole) -> None:
    broad = [one for one in whole.behaviours if one.granularity == "broad"]
    assert len(broad) == 3
    up = {one.id: one.parent for one in whole.behaviours}
    mixed = Counter((seed.metadata["subject"], up[whole.behaviour_of[seed.id]]) for seed in SEEDS)
    assert sum(max(n for (name, _), n in mixed.items() if name == subject) for subject in SUBJECTS) >= 81


def test_every_seed_is_in_one_granular_behaviour_and_each_of_those_in_one_broad_one(whole) -> None:
    broad = {one.id: one for one in whole.behaviours if one.granularity == "broad"}
    fine = {one.id: one for one in whole.behaviours if one.granularity == "granular"}
    assert Counter(whole.behaviour_of.values()) == {id: one.seeds for id, one in fine.items()}
    assert {one.parent for one in fine.values()} == set(broad)
    for id, one in broad.items():
        assert one.seeds == sum(part.seeds for part in fine.values() if part.parent == id)
    assert sum(one.share for one in broad.values()) == pytest.approx(1, abs=1e-3)
    # √(90 / 2)
    assert len(fine) == 7


def test_snippets_are_seeds_of_the_behaviour_and_of_different_groups(whole) -> None:
    for one in whole.behaviours:
        assert 1 <= len(one.snippets) <= 3
        ids = [snippet.case for snippet in one.snippets]
        assert len(set(ids)) == len(ids)
        if one.granularity == "granular":
            assert all(whole.behaviour_of[id] == one.id for id in ids)


def test_labels_are_words_of_the_behaviour_that_the_rest_uses_less(whole) -> None:
    for one in (one for one in whole.behaviours if one.granularity == "broad"):
        first = one.label.split(" · ")[0].split()[0]
        inside = {id for id, at in whole.behaviour_of.items() if at in _children(whole, one.id)}
        with_it = [seed.id in inside for seed in SEEDS if first in seed.input]
        assert sum(with_it) > len(with_it) / 2


def _children(found, id: str) -> set[str]:
    return {one.id for one in found.behaviours if one.parent == id}


def test_a_message_that_is_repeated_is_one_group_of_every_behaviour_it_lies_in(embedder) -> None:
    crowd = [real(text) for text in said("card") + said("loan") + said("travel")]
    again = [real(f"{said('card')[0]}{'!' * n}") for n in range(1, 30)]
    groups = {seed.id: "g_1" for seed in (crowd[0], *again)}
    found = mapped([*crowd, *again], embedder, groups=groups)
    for one in (one for one in found.behaviours if one.granularity == "granular"):
        inside = [id for id, at in found.behaviour_of.items() if at == one.id]
        assert (one.seeds, one.groups) == (len(inside), len({groups.get(id, id) for id in inside}))
        assert len({groups.get(snippet.case, snippet.case) for snippet in one.snippets}) == len(one.snippets)


def test_few_groups_among_many_are_rare_and_few_among_few_are_not() -> None:
    rng = np.random.default_rng(3)
    centre = np.repeat(np.eye(3, 32), [120, 120, 3], axis=0)
    vectors = centre + 0.05 * rng.standard_normal(centre.shape)
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    seeds = [real(f"message {at}") for at in range(len(vectors))]
    found = behaviours(seeds, vectors, {})
    broad = sorted(one.seeds for one in found.behaviours if one.granularity == "broad" and one.rare)
    assert broad == [3]
    assert sum(one.granularity == "broad" for one in found.behaviours) == 3
    assert not any(one.rare for one in behaviours(seeds[-3:], vectors[-3:], {}).behaviours)


def test_a_behaviour_is_new_when_its_seeds_are_and_nothing_is_new_without_an_earlier_map(embedder) -> None:
    old = [seed.id for seed in SEEDS if seed.metadata["subject"] != "travel"]
    found = mapped(SEEDS, embedder, known=old)
    fresh = {seed.metadata["subject"] for seed in SEEDS for one in found.behaviours
             if one.new and found.behaviour_of[seed.id] == one.id}  # fmt: skip
    assert fresh == {"travel"}
    assert not any(one.new for one in mapped(SEEDS, embedder).behaviours)
    assert all(one.new for one in mapped(SEEDS, embedder, known=[]).behaviours)


def test_the_error_rate_is_that_of_the_seeds_with_results(embedder) -> None:
    found = mapped(SEEDS, embedder)
    first = found.behaviours[-1]
    inside = [id for id, at in found.behaviour_of.items() if at == first.id]
    results = {id: at % 4 != 0 for at, id in enumerate(inside[:8])}
    again = {one.id: one for one in mapped(SEEDS, embedder, results=results).behaviours}
    assert again[first.id].error_rate == pytest.approx(1 - sum(results.values()) / len(results), abs=1e-4)
    assert sum(one.error_rate is not None for one in again.values()) == 2, "its broad behaviour has it too"


def test_equal_clusters_without_words_have_no_label() -> None:
    assert labels(["12", "34"], np.array([0, 1]), 2) == ["", ""]
    assert labels([], np.zeros(0, np.int64), 0) == []
    assert labels(["lost card", "lost card", "lost phone"], np.zeros(3, np.int64), 1)[0].startswith("lost")


def test_a_label_that_is_a_text_ends_with_a_word_and_is_not_its_own_example(embedder) -> None:
    texts = ["Delivery note says nitrile, cartons contain latex. We have a clean room", "Please send the right gloves"]
    found = mapped([real(text) for text in texts], embedder)
    for one in found.behaviours:
        whole = one.label.removesuffix("…")
        assert (
            any(f"{text} ".startswith(f"{whole} ") or text.startswith(f"{whole},") for text in texts) or " · " in whole
        )
    rows = [line for line in lines(found) if "Delivery note" in line]
    assert all(line.count("Delivery note") == 1 for line in rows)


def test_every_repeat_is_a_kind_met_again_and_every_stranger_a_new_one(embedder) -> None:
    texts = ["where is my card", "the lender refused our mortgage", "japanese yen in cash", "где карта", "где карта"]
    found = seen(texts, embedder.embed(texts))
    assert found.kinds == 4
    assert seen([], np.zeros((0, 8), np.float32)).model_dump() == {
        "kinds": 0, "at_least": 0.0, "next_is_new": 1.0, "cosine": 0.75,
    }  # fmt: skip


@pytest.mark.parametrize("share", [0.5, 1.5])
def test_the_chance_of_a_new_kind_is_the_share_of_new_kinds_among_the_next_messages(share: float) -> None:
    """A crowd of 300 kinds of known frequencies; the estimate is held against what is really unseen."""
    rng = np.random.default_rng(5)
    kinds = 300
    weight = 1 / np.arange(1, kinds + 1) ** share
    weight /= weight.sum()
    basis = np.linalg.qr(rng.standard_normal((kinds, kinds)))[0].astype(np.float32)
    told, true, least = [], [], []
    for _ in range(25):
        met = rng.choice(kinds, size=250, p=weight)
        found = seen([f"{kind} {at}" for at, kind in enumerate(met)], basis[met])
        assert found.kinds == len(set(met.tolist()))
        told.append(found.next_is_new)
        true.append(1 - weight[np.unique(met)].sum())
        least.append(found.at_least)
    assert np.mean(told) == pytest.approx(np.mean(true), abs=0.02)
    assert np.mean(least) <= kinds, "a lower bound"


def test_an_axis_of_the_subject_parts_the_seeds_and_one_of_dice_does_not(embedder) -> None:
    vectors = embedder.embed([seed.text for seed in SEEDS])
    (found,) = axes_found(SEEDS, ["subject"], vectors=vectors, groups={})
    assert found.separates
    assert found.explained > 0.2
    thrown = 0
    for throw in range(40):
        diced = [real(seed.text, dice=str(draw(throw, seed.id) % 3)) for seed in SEEDS]
        (found,) = axes_found(diced, ["dice"], vectors=vectors, groups={})
        thrown += bool(found.separates)
    # 5 % of 40 are 2; more than 7 happen once in a thousand times.
    assert thrown <= 7


def test_an_axis_with_fewer_than_two_values_of_five_groups_is_not_asked_about(embedder) -> None:
    few = [real(f"{text} now", subject="loan" if at < 4 else "card") for at, text in enumerate(said("card", 20))]
    vectors = embedder.embed([seed.text for seed in few])
    (found,) = axes_found(few, ["subject"], vectors=vectors, groups={})
    assert (found.separates, found.p, found.values) == (None, None, {"card": 16, "loan": 4})
    repeated = {seed.id: f"g_{seed.metadata['subject']}" for seed in SEEDS}
    vectors = embedder.embed([seed.text for seed in SEEDS])
    assert axes_found(SEEDS, ["subject"], vectors=vectors, groups=repeated)[0].p is None, "one group a value"


def test_voices_are_counted_as_they_are_defined() -> None:
    texts = ["PLEASE HELP NOW!!!", "where is my card", "Thanks, all is well.", "lol 🙂 u there", ""]
    found = voices(texts)
    assert (found["caps"], found["angry"], found["emoji"]) == (1, 1, 1)
    assert (found["polite"], found["terse"], found["unpunctuated"]) == (2, 4, 2)
    assert found["lower"] == 2
    assert set(voices([]).values()) == {0}
