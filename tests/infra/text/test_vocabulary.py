from __future__ import annotations

import sys
import unicodedata
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchorset.infra.text.vocabulary import (
    content_words,
    document_frequencies,
    key_terms,
    opening,
    openings,
    words,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Don't CANCEL order4481!", ["don't", "cancel", "order", "4481"]),
        ("I’m waiting", ["i'm", "waiting"]),
        ("mail [EMAIL_3] or [URL_CREDENTIALS_12]", ["mail", "[email]", "or", "[url_credentials]"]),
        ("see [1] and [note]", ["see", "1", "and", "[note]"]),
        ("naïve café", ["naïve", "café"]),
        ("मेरा ऑर्डर", ["मेरा", "ऑर्डर"]),
        ("我要退款", ["我", "要", "退", "款"]),
        ("", []),
        ("?!", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_decomposed_letters_stay_in_their_word() -> None:
    assert words("cafe\u0301 noir") == ["cafe\u0301", "noir"]


def test_content_words_leave_function_words_digits_and_placeholders_out() -> None:
    assert content_words("Where is my refund for order 4481, [NAME_1]?") == ["refund", "order"]


def test_content_words_of_one_language_keep_the_function_words_of_others() -> None:
    assert "die" in content_words("the plants die", "en")
    assert "die" not in content_words("the plants die")


def test_a_word_counts_once_a_text() -> None:
    assert document_frequencies(["refund refund refund", "refund now"])["refund"] == 2


def test_key_terms_are_by_texts_then_alphabet() -> None:
    texts = ["refund card", "refund card", "refund parcel", "zebra", "apple"]
    assert key_terms(texts, 4) == ["refund", "card", "apple", "parcel"]


def test_openings_have_slots_for_numbers_and_placeholders() -> None:
    assert opening("Order 4481 is late") == opening("order 17 is gone") == "order # is"
    assert opening("Hi [NAME_7], where") == opening("Hi [NAME_1] where") == "hi [name] where"
    assert openings(["Hi there you", "hi there YOU!", ""]) == Counter({"hi there you": 2, "": 1})


@given(st.text())
def test_words_are_lower_case_and_without_spaces(text: str) -> None:
    assert all(word and word == word.lower() and not any(map(str.isspace, word)) for word in words(text))


@given(st.text(alphabet=st.characters(codec="ascii")))
def test_ascii_and_other_scripts_are_cut_alike(text: str) -> None:
    assert words(text + " é")[:-1] == words(text)


def test_every_combining_mark_of_unicode_belongs_to_its_word() -> None:
    marks = [chr(c) for c in range(0x300, sys.maxunicode) if unicodedata.category(chr(c)) in ("Mn", "Mc")]
    assert [mark for mark in marks if words(f"क{mark}क") != [f"क{mark.lower()}क"]] == []
