"""Remix: what is told and what is asked, put together from two real messages."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchorset.core.case import Case
from anchorset.core.plan import Brief
from anchorset.core.provenance import Observed
from anchorset.produce import remix
from anchorset.produce.cell import cells_for
from anchorset.produce.dice import Dice
from anchorset.produce.operators.operator import Lexicon
from anchorset.produce.order import Order
from anchorset.produce.remix import clauses, mixed, remixer


def seed(text: str, expected: str | None) -> Case:
    origin = Observed(source="production", origin="made-up.csv sha256:00", original_id=text)
    return Case(kind="text", input=text, expected=expected, provenance=origin)


def test_the_examples_hold():
    assert doctest.testmod(remix).failed == 0


@pytest.mark.parametrize(
    ("text", "tells", "asks"),
    [
        ("My card is lost. How do I freeze it?", ("My card is lost.",), ("How do I freeze it?",)),
        (
            "I was charged twice but the app shows one payment",
            ("I was charged twice but the app shows one payment",),
            (),
        ),
        ("Can you check it if my payment failed?", ("my payment failed",), ("Can you check it if my payment failed?",)),
        ("Refund!", (), ()),
    ],
)
def test_a_message_is_cut_where_a_new_subject_begins(text, tells, asks):
    found = clauses(text)
    assert (found.tells, found.asks) == (tells, asks)


@given(st.text(max_size=80), st.text(max_size=80), st.integers(0, 2**64 - 1))
def test_a_remix_is_never_one_of_its_parents_and_never_too_long(first, second, key):
    text = mixed(first, second, Dice(key), longest=70)
    if text is not None:
        assert len(text) <= 70
        assert text not in (first, second)
        text.encode()


@pytest.mark.parametrize(("other", "kept"), [("refund", "refund"), ("no refund", None), (None, None)])
def test_the_answer_stays_only_when_both_parents_have_it(other, kept):
    seeds = [seed("My lamp came broken. Can I send it back?", "refund"), seed("It is late. Where is my lamp?", other)]
    brief = Brief(technique="remix", count=1)
    cell = cells_for([brief], seeds, {})["all"]
    order = Order(brief=brief, cell=cell, lexicon=Lexicon({}, {}), random_seed=7, run="r_1")
    case = remixer(seeds[0], order, Dice(1))
    assert case.text in ("My lamp came broken. Where is my lamp?",)
    assert case.expected == kept
    assert set(case.provenance.parents) == {one.id for one in seeds}
    assert case.provenance.operators[0].relation == "unknown"


def test_a_seed_that_stands_alone_is_not_remixed():
    alone = seed("My lamp came broken. Can I send it back?", "refund")
    brief = Brief(technique="remix", count=1)
    cell = cells_for([brief], [alone], {})["all"]
    order = Order(brief=brief, cell=cell, lexicon=Lexicon({}, {}), random_seed=7, run="r_1")
    assert remixer(alone, order, Dice(1)) is None


def talk(*said):
    origin = Observed(source="production", origin="made-up.csv sha256:00", original_id=said[0])
    roles = [text.partition(": ") for text in said]
    return Case(kind="chat", input=[{"role": role, "content": text} for role, _, text in roles], provenance=origin)


def order_of(*seeds):
    brief = Brief(technique="remix", count=1)
    return Order(
        brief=brief, cell=cells_for([brief], seeds, {})["all"], lexicon=Lexicon({}, {}), random_seed=7, run="r_1"
    )


def test_two_chats_become_one_with_what_each_is_about():
    seeds = [
        talk("user: hi there", "user: I need to change my flight", "assistant: Sure.", "user: bye"),
        talk("user: morning", "user: Can I pick another seat today?", "assistant: Yes.", "user: ok", "assistant: Bye."),
    ]
    case = remixer(seeds[0], order_of(*seeds), Dice(1))
    assert [turn.content for turn in case.input] == [
        "hi there", "I need to change my flight", "Can I pick another seat today?", "Yes.", "ok",
    ]  # fmt: skip
    assert case.provenance.parents == (seeds[0].id, seeds[1].id)


def test_chats_that_only_greet_are_not_remixed():
    seeds = [talk("user: hi there", "assistant: Hello."), talk("user: I need to change my flight", "assistant: Sure.")]
    order = order_of(*seeds)
    assert [remixer(seed, order, Dice(1)) for seed in seeds] == [None, None]


def test_the_same_two_clauses_are_not_remixed_the_other_way_round():
    seeds = [seed("Where is my lamp?", None), seed("How do I pay?", None)]
    order = order_of(*seeds)
    assert remixer(seeds[0], order, Dice(1)).text == "Where is my lamp? How do I pay?"
    assert remixer(seeds[1], order, Dice(1)) is None


def test_every_combination_is_made_once_and_then_none_is_left():
    seeds = [seed("My lamp came broken. Can I send it back?", None), seed("My desk is late. Where is my desk?", None)]
    order = order_of(*seeds)
    made = [remixer(seeds[0], order, Dice(key)) for key in range(5)]
    assert [case.text for case in made if case] == ["My lamp came broken. Where is my desk?"]


@pytest.mark.parametrize(
    ("text", "tells"),
    [
        ("Would it be best if my card is frozen?", ()),
        ("What if my card is frozen?", ()),
        ("Can you check if my payment failed?", ()),
        ("It false, explain why", ()),
        ("The job, tell me if it is open", ()),
        ("The tall dark man and my dog are here", ("The tall dark man and my dog are here",)),
        ("Explain dogs and my cats like", ()),
        ("I see no reason. Can you tell me why?", ("I see no reason.",)),
    ],
)
def test_nothing_is_cut_that_cannot_stand_alone(text, tells):
    assert clauses(text).tells == tells


def test_a_clause_that_points_back_does_not_open_a_remix():
    text = mixed("Where is my lamp? It was on the table.", "How do I return a lamp?", Dice(1), longest=200)
    assert text is None
    assert mixed("It came broken.", "How do I return a lamp?", Dice(1), longest=200).startswith("It came broken.")
