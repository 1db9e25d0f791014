from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from anchorset.infra.text.privacy import find
from anchorset.infra.text.scrub import Scrubber


def test_the_same_value_gets_the_same_placeholder_through_the_run() -> None:
    scrubber = Scrubber()
    assert scrubber.scrub("I am jane@example.com, not joe@example.com") == "I am [EMAIL_1], not [EMAIL_2]"
    assert scrubber.scrub("joe@example.com again, and JANE@Example.com") == "[EMAIL_2] again, and [EMAIL_1]"
    assert scrubber.counts == {"email": 4}
    assert scrubber.values == {"email": 2}


def test_spelling_makes_no_new_value() -> None:
    scrubber = Scrubber()
    texts = ["4111 1111 1111 1111", "4111-1111-1111-1111", "4111111111111111", "４１１１１１１１１１１１１１１１"]
    assert {scrubber.scrub(text) for text in texts} == {"[CARD_1]"}


def test_kinds_are_numbered_apart() -> None:
    scrubbed = Scrubber().scrub("a@example.com +44 20 7946 0958 b@example.com 4111 1111 1111 1111")
    assert scrubbed == "[EMAIL_1] [PHONE_1] [EMAIL_2] [CARD_1]"


def test_placeholders_of_another_run_are_left_and_not_reused() -> None:
    scrubber = Scrubber()
    assert scrubber.scrub("[EMAIL_1] wrote to jane@example.com") == "[EMAIL_1] wrote to [EMAIL_2]"


def test_reserved_texts_keep_their_numbers_when_they_come_later() -> None:
    scrubber = Scrubber()
    texts = ["jane@example.com", "hello [EMAIL_1] and [EMAIL_3]", "joe@example.com"]
    scrubber.reserve(texts)
    assert [scrubber.scrub(text) for text in texts] == ["[EMAIL_2]", "hello [EMAIL_1] and [EMAIL_3]", "[EMAIL_4]"]


def test_nothing_personal_is_the_same_object_of_text() -> None:
    text = "order #4481 is late"
    assert Scrubber().scrub(text) is text


def test_what_comes_into_reach_of_its_name_is_scrubbed_too() -> None:
    text = "ssn of jane.with.a.very.long.address@example.com and of joe.too@example.com is 123456789"
    once = Scrubber().scrub(text)
    assert find(once) == []


PIECES = st.sampled_from(
    [
        "jane@example.com",
        "joe@example.com",
        "+44 20 7946 0958",
        "4111 1111 1111 1111",
        "[EMAIL_1]",
        "[PHONE_2]",
        "my name is",
        "Jane Roe",
        "password is",
        "Hunter2x",
        "123-45-6789",
        "GB82WEST12345698765432",
        "call",
        "555 0199 44",
        "ssn",
        "123456789",
        "192.168.1.20",
        "card number",
        "9137 4867 5701 4237",
        "221 Baker Street",
        ",",
        "api_key=",
    ]
)
TEXTS = st.lists(PIECES | st.text(max_size=4), max_size=14).map(" ".join)


@given(st.lists(TEXTS, max_size=4))
def test_scrubbing_is_idempotent_and_leaves_nothing_to_find(texts: list[str]) -> None:
    scrubber = Scrubber()
    once = [scrubber.scrub(text) for text in texts]
    assert all(find(text) == [] for text in once)
    assert [scrubber.scrub(text) for text in once] == once
    assert [Scrubber().scrub(text) for text in once] == once


@given(st.lists(TEXTS, max_size=4))
def test_two_runs_over_the_same_texts_agree(texts: list[str]) -> None:
    first, second = Scrubber(), Scrubber()
    assert [first.scrub(text) for text in texts] == [second.scrub(text) for text in texts]
    assert first.counts == second.counts


@given(st.lists(TEXTS, max_size=5))
def test_reserved_placeholders_never_stand_for_a_value(texts: list[str]) -> None:
    scrubber = Scrubber()
    scrubber.reserve(texts)
    before = [text.count("[EMAIL_1]") for text in texts]
    assert [scrubber.scrub(text).count("[EMAIL_1]") for text in texts] == before or not any(before)
