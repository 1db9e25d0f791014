import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anchorset.infra.embed.surface import alike, fold, similarity, surface_pairs


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("I want to cancel my order", "I want to cnacel my order"),
        ("I want to cancel my order", "I want cancel to my order"),
        ("I want to cancel my order", "I WANT TO CANCEL MY ORDER!!"),
        ("I want to cancel my order", "I want to cancel my order please thanks"),
        ("I want to cancel my order", "I wannt to cancel my ordeer"),
        ("I want to cancel my order", "I want to cancelmy order"),
        ("is there a fee for this", "is thr ea fee for this"),
        ("don't do it again", "dont do it again"),
    ],
)
def test_near_copies_are_alike_and_found(a: str, b: str) -> None:
    assert alike(a, b)
    assert len(surface_pairs([a, "something else entirely", b])) == 1


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("my card payment was declined", "my cash payment was declined"),
        ("cancel my order", "change my order"),
        ("where is my parcel", "where is my invoice"),
        ("refund order 1234", "refund order 1235"),
        ("", "hello"),
    ],
)
def test_other_words_are_not_alike(a: str, b: str) -> None:
    assert not alike(a, b)
    assert len(surface_pairs([a, b])) == 0


def test_two_frequent_words_are_no_slip_of_each_other() -> None:
    things = ["card", "phone", "key", "ring", "bag", "coat"]
    texts = [f"{verb} my {thing}" for verb in ("lost", "last") for thing in things]
    found = surface_pairs(texts)
    assert not [1 for i, j in zip(found.i, found.j, strict=True) if texts[i].split()[1:] == texts[j].split()[1:]]


def test_a_thousand_equal_texts_give_a_star_and_not_half_a_million_pairs() -> None:
    assert len(surface_pairs(["the same text"] * 1000)) == 999


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(alphabet="abc dé'!", max_size=20), max_size=12), st.randoms(use_true_random=False))
def test_pairs_do_not_depend_on_the_order_of_texts(texts: list[str], rng) -> None:
    order = list(range(len(texts)))
    rng.shuffle(order)
    a, b = surface_pairs(texts), surface_pairs([texts[k] for k in order])
    left = [(texts[i], texts[j], round(float(s), 5)) for i, j, s in zip(a.i, a.j, a.score, strict=True)]
    right = [(texts[order[i]], texts[order[j]], round(float(s), 5)) for i, j, s in zip(b.i, b.j, b.score, strict=True)]
    assert sorted((*sorted(p[:2]), p[2]) for p in left) == sorted((*sorted(p[:2]), p[2]) for p in right)
    assert len(left) == len(right)


@given(st.text(max_size=60), st.text(max_size=60))
def test_similarity_is_symmetric_and_one_for_equal_folds(a: str, b: str) -> None:
    assert similarity(a, b) == pytest.approx(similarity(b, a))
    assert 0 <= similarity(a, b) <= 1
    if fold(a) == fold(b):
        assert similarity(a, b) == 1
