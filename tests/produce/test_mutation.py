"""Mutation of whole cases: what stays, what is cleared, and what kind of case can be mutated how."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anchorset.core.case import Case
from anchorset.core.errors import UsageError
from anchorset.core.hashing import draw
from anchorset.core.provenance import Observed
from anchorset.produce.dice import Dice
from anchorset.produce.mutation import mutate, mutation
from anchorset.produce.operators.lexical import lexicon_of

ORIGIN = Observed(source="production", origin="made-up.csv sha256:00", original_id="1")
TEXT = Case(
    kind="text",
    input="I bought a lamp 30 days ago. Can I please return it?",
    expected="refund",
    criteria=("names the limit",),
    metadata={"policy": "remorse"},
    tags=("protects:failure",),
    extra={"row": 4},
    system="Be brief.",
    provenance=ORIGIN,
)
CHAT = Case(
    kind="chat",
    input=[
        {"role": "system", "content": "You are a support agent. Be nice to people."},
        {"role": "user", "content": "Hello, I have a question about my order."},
        {"role": "assistant", "content": "Of course, what would you like to know?"},
        {"role": "user", "content": "I paid 30 twice. Where is my money?"},
    ],
    expected="refund",
    provenance=ORIGIN,
)
RECORD = Case(kind="record", input={"subject": "where is my parcel", "count": 2}, expected="late", provenance=ORIGIN)


@settings(max_examples=60)
@given(st.integers(0, 2**32))
def test_the_answer_stays_exactly_while_every_operator_is_invariant(random_seed):
    for case in (TEXT, CHAT, RECORD):
        for child in mutate(case, n=3, random_seed=random_seed, run="r_1"):
            invariant = all(step.relation == "invariant" for step in child.provenance.operators)
            assert (child.expected, child.criteria) == ((case.expected, case.criteria) if invariant else (None, ()))
            assert (child.kind, child.metadata, child.system) == (case.kind, case.metadata, case.system)
            assert (child.provenance.parents, child.provenance.roots) == ((case.id,), (case.id,))
            assert child.id != case.id
            assert child.tags == ()
            assert child.extra == {}
            assert Case.read(child.line(), where="here") == child


def test_the_same_seed_gives_the_same_mutations_and_more_of_them_begin_alike():
    few = mutate(TEXT, n=3, random_seed=7, run="r_1")
    many = mutate(TEXT, n=8, random_seed=7, run="r_1")
    assert len({case.id for case in many}) == 8
    assert [case.id for case in many[:3]] == [case.id for case in few]
    assert [case.id for case in mutate(TEXT, n=3, random_seed=8, run="r_1")] != [case.id for case in few]


def test_one_to_three_operators_of_different_families_act():
    sizes = set()
    for key in range(300):
        steps = mutation(TEXT, Dice(draw(key))).steps
        families = [step.operator.partition(".")[0] for step in steps]
        assert len(set(families)) == len(families)
        sizes.add(len(steps))
    assert sizes == {1, 2, 3}


def test_nothing_but_user_turns_is_reworded_in_a_chat():
    operators = set()
    for child in mutate(CHAT, n=80, random_seed=3, run="r_1"):
        operators |= {step.operator.partition(".")[0] for step in child.provenance.operators}
        others = [turn for turn in child.input if turn.role != "user"]
        assert all(turn in CHAT.input for turn in others)
    assert "turns" in operators
    assert "typo" in operators


def test_a_record_is_changed_in_its_fields():
    operators = {
        step.operator.partition(".")[0]
        for child in mutate(RECORD, n=40, random_seed=3, run="r_1")
        for step in child.provenance.operators
    }
    assert {"field", "typo"} <= operators


def test_named_operators_are_the_only_ones_used():
    for child in mutate(TEXT, n=5, operators=["typo", "case.upper"], random_seed=7, run="r_1"):
        assert {step.operator.partition(".")[0] for step in child.provenance.operators} <= {"typo", "case"}
    with pytest.raises(UsageError, match="there is no operator 'typoo'"):
        mutate(TEXT, n=1, operators=["typoo"], random_seed=7, run="r_1")


def test_what_cannot_be_mutated_gives_nothing():
    steps = Case(kind="trajectory", input=[{"tool": "search"}], provenance=ORIGIN)
    assert mutate(steps, n=3, random_seed=7, run="r_1") == []
    assert mutate(TEXT, n=3, operators=["turns.drop"], random_seed=7, run="r_1") == []
    assert mutate(TEXT, n=3, operators=["word.synonym"], random_seed=7, run="r_1") == []


def test_a_lexicon_brings_synonyms():
    lexicon = lexicon_of(["my parcel is late", "my package is late", "the parcel came", "the package came"])
    case = Case(kind="text", input="where is my parcel now", provenance=ORIGIN)
    (child,) = mutate(case, n=1, operators=["word.synonym"], lexicon=lexicon, random_seed=7, run="r_1")
    assert child.text == "where is my package now"


def test_a_merge_names_both_parents_and_clears_the_answer():
    mate = Case(kind="text", input="The app keeps crashing.", expected="refund", provenance=ORIGIN)
    merged = mutation(TEXT, Dice(4), names=("sentence.merge",), mate=mate)
    assert merged.mate
    assert "crashing" in merged.input
    assert merged.expected is None


def test_the_new_name_goes_into_the_answer():
    case = Case(kind="text", input="Hi, I am Maria, where is it?", expected="greets Maria", provenance=ORIGIN)
    for child in mutate(case, n=5, operators=["entity.name"], random_seed=7, run="r_1"):
        name = child.text.removeprefix("Hi, I am ").partition(",")[0]
        assert child.expected == f"greets {name}"
