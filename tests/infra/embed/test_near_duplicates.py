import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anchorset.core.errors import UsageError
from anchorset.infra.embed.duplicates import groups, near_duplicates
from anchorset.infra.embed.linkage import complete_linkage
from anchorset.infra.embed.static import StaticEmbedder

TEXTS = [
    "I want to cancel my order",  # 0
    "I want to cnacel my order",  # 1: a slip of 0
    "i want to cancel my order please",  # 2: 0 with a courtesy
    "I would like to cancel my order",  # 3: 0 in other words
    "I don't want to cancel my order",  # 4: the opposite
    "Where is parcel 1234?",  # 5
    "Where is parcel 1235?",  # 6: another parcel
    "the coffee is cold",  # 7
]


@pytest.fixture(scope="module")
def embedder() -> StaticEmbedder:
    return StaticEmbedder()


def test_copies_are_dropped_and_what_differs_is_kept(embedder: StaticEmbedder) -> None:
    found = near_duplicates(TEXTS, embedder)
    assert found.kept == (0, 4, 5, 6, 7)
    (cluster,) = found.clusters
    assert cluster.kept == 0
    assert [(pair.j, pair.kind) for pair in cluster.dropped] == [(1, "surface"), (2, "surface"), (3, "meaning")]
    assert found.vetoed["negation"] >= 1
    assert found.vetoed["number"] >= 1


def test_a_result_can_be_cut_again_but_not_below_its_search(embedder: StaticEmbedder) -> None:
    found = near_duplicates(TEXTS, embedder, 0.9)
    strict = found.at(0.999)
    assert 3 in strict.kept
    assert 1 not in strict.kept
    with pytest.raises(UsageError, match=r"0\.9 up.*0\.5"):
        found.at(0.5)


@pytest.mark.parametrize("threshold", [0.0, -1.0, 1.1, float("nan")])
def test_a_threshold_out_of_range_is_refused(embedder: StaticEmbedder, threshold: float) -> None:
    with pytest.raises(UsageError, match="threshold"):
        near_duplicates(TEXTS, embedder, threshold)


def test_no_texts_have_no_duplicates(embedder: StaticEmbedder) -> None:
    found = near_duplicates([], embedder)
    assert found.kept == ()
    assert found.clusters == ()


def test_every_dropped_row_is_a_pair_with_a_kept_one(embedder: StaticEmbedder) -> None:
    rng = random.Random(3)
    words = ["where", "is", "my", "card", "refund", "order", "late", "please", "now"]
    texts = [" ".join(rng.choice(words) for _ in range(4)) for _ in range(300)]
    found = near_duplicates(texts, embedder)
    pairs = set(zip(found.pairs.i.tolist(), found.pairs.j.tolist(), strict=True))
    kept = set(found.kept)
    dropped = [pair for cluster in found.clusters for pair in cluster.dropped]
    assert len(kept) + len(dropped) == len(texts)
    assert all(pair.i in kept and pair.j not in kept for pair in dropped)
    assert not [p for p in pairs if p[0] in kept and p[1] in kept]


def test_copies_of_one_template_stay_apart_by_number_and_cheap(embedder: StaticEmbedder) -> None:
    texts = [f"order number {i} has still not arrived" for i in range(3000)] + ["Order number 7 has still not arrived!"]
    found = near_duplicates(texts, embedder)
    assert len(found.kept) == 3000
    assert sum(found.vetoed.values()) + len(found.pairs) < 60 * len(texts)


def test_texts_in_other_scripts_are_not_merged_by_meaning(embedder: StaticEmbedder) -> None:
    texts = ["Где моя посылка", "Почему карта заблокирована", "我的包裹在哪里", "如何重置我的密码", "Где моя посылка!"]
    assert near_duplicates(texts, embedder).kept == (0, 1, 2, 3)


def test_groups_part_every_row_and_keep_members_alike(embedder: StaticEmbedder) -> None:
    texts = [*TEXTS, "I want to cancel my order", "i want to cancel my ordr"]
    vectors = embedder.embed(texts)
    found = groups(texts, vectors)
    assert sorted(row for group in found for row in group) == list(range(len(texts)))
    assert any({0, 8} <= set(group) for group in found)
    for group in found:
        cosine = vectors[list(group)] @ vectors[list(group)].T
        assert cosine.min() >= 0.92 - 1e-5


@settings(max_examples=25, deadline=None)
@given(st.randoms(use_true_random=False))
def test_groups_do_not_depend_on_the_order_of_texts(rng) -> None:
    words = ["where", "wheer", "is", "my", "card", "crad", "cards", "please"]
    texts = [" ".join(rng.choice(words) for _ in range(rng.randint(2, 5))) for _ in range(40)]
    vectors = _shared().embed(texts)
    order = list(range(len(texts)))
    rng.shuffle(order)
    a = groups(texts, vectors)
    b = groups([texts[k] for k in order], vectors[order])
    assert {tuple(sorted(g)) for g in a} == {tuple(sorted(order[k] for k in g)) for g in b}


def test_complete_linkage_makes_no_chain() -> None:
    texts = ["a", "b", "c", "d"]
    i, j = np.array([0, 1, 2]), np.array([1, 2, 3])
    assert complete_linkage(texts, i, j, np.array([0.99, 0.98, 0.97])) == [(0, 1), (2, 3)]


def test_complete_linkage_merges_a_full_clique() -> None:
    i, j = np.array([0, 0, 1]), np.array([1, 2, 2])
    assert complete_linkage(["a", "b", "c", "d"], i, j, np.ones(3)) == [(0, 1, 2), (3,)]


_CACHE: list[StaticEmbedder] = []


def _shared() -> StaticEmbedder:
    if not _CACHE:
        _CACHE.append(StaticEmbedder())
    return _CACHE[0]
