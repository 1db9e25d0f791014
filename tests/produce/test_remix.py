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
        ("I was charged twice but the app shows one payment", ("I was charged twice", "the app shows one payment"), ()),
        ("Can you check it if my payment failed?", ("my payment failed",), ("Can you check it?",)),
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


def test_two_chats_become_one_that_begins_like_the_first():
    def talk(*said):
        origin = Observed(source="production", origin="made-up.csv sha256:00", original_id=said[0])
        return Case(kind="chat", input=[{"role": "user", "content": text} for text in said], provenance=origin)

    seeds = [
        talk("hi there", "I need to change my flight", "bye"),
        talk("morning", "Can I pick another seat today?", "ok"),
    ]
    brief = Brief(technique="remix", count=1)
    cell = cells_for([brief], seeds, {})["all"]
    order = Order(brief=brief, cell=cell, lexicon=Lexicon({}, {}), random_seed=7, run="r_1")
    made = {tuple(turn.content for turn in remixer(seeds[0], order, Dice(key)).input) for key in range(12)}
    assert ("hi there", "Can I pick another seat today?", "ok") in made
    assert len(made) == 2
