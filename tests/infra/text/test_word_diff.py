"""A diff in words holds both texts whole."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from anchorset.infra.text.word_diff import MOST, word_diff

WORDS = st.lists(st.sampled_from(["late", "parcel", " ", "  ", "\n", "!", "é", "7"]), max_size=30).map("".join)


@given(WORDS, WORDS)
def test_both_texts_can_be_read_from_it(old: str, new: str) -> None:
    pieces = word_diff(old, new)
    assert pieces is not None
    assert "".join(text for kind, text in pieces if kind != "new") == old
    assert "".join(text for kind, text in pieces if kind != "gone") == new
    assert (old == new) == all(kind == "same" for kind, _ in pieces)


def test_neighbouring_changes_are_one() -> None:
    assert word_diff("my old red kettle", "my new blue kettle") == [
        ("same", "my "), ("gone", "old red"), ("new", "new blue"), ("same", " kettle"),
    ]  # fmt: skip


def test_a_text_that_nobody_reads_has_none() -> None:
    assert word_diff("a", "a " * MOST) is None
    assert word_diff("a", "a" * 200_000) is None
