"""A second round asks for what is missing, once; its answer is kept apart, so that it is never asked for again."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from parts import Memory, Message, Talker, answered, ask, said

from anchorset.core.ask import Ask, Fault, Reply, Shape
from anchorset.core.errors import ModelError


def texts(*items: str) -> str:
    return json.dumps({"items": [{"text": item} for item in items]})


def two_rounds(first: str, second: str, finish: str = "stop") -> Talker:
    return Talker(lambda asked, _: replace(said(0), text=second if len(asked.lines) > 1 else first, finish=finish))


def test_the_second_round_brings_the_missing_items_and_both_are_paid() -> None:
    model = two_rounds(texts("a")[:-2] + ', {"nope": 1}]}', texts("b"))
    (reply,) = answered(model, Memory(), [ask(1)])
    assert [item.text for item in reply.items] == ["a", "b"]
    assert not reply.problems
    assert reply.usd == pytest.approx(400e-6)
    assert reply.usage.input == 200
    first, second = model.asked
    assert second.wanted == 1
    assert second.lines[1].role == "assistant"
    assert "text: Field required" in second.lines[2].content
    assert "1 that are missing" in second.lines[2].content
    assert first.key != second.key


def test_there_is_no_third_round_and_what_was_saved_is_given_with_the_reason() -> None:
    model = two_rounds(texts("a"), "no")
    (reply,) = answered(model, Memory(), [ask(1)])
    assert len(model.asked) == 2
    assert [item.text for item in reply.items] == ["a"]
    assert any("second round" in why for why in reply.problems)


def test_items_of_the_first_round_are_not_counted_twice() -> None:
    (reply,) = answered(two_rounds(texts("a"), texts("a")), Memory(), [ask(1)])
    assert [item.text for item in reply.items] == ["a"]


def test_nothing_usable_in_two_rounds_is_malformed_with_the_text() -> None:
    memory, model = Memory(), two_rounds("- oops", "- oops again")
    (fault,) = answered(model, memory, [ask(1)])
    assert isinstance(fault, Fault)
    assert (fault.cause, fault.text, fault.final) == ("malformed", "- oops", True)
    assert fault.usd == pytest.approx(400e-6)
    assert answered(model, memory, [ask(1)]) == [fault]
    assert len(model.asked) == 2


def test_an_answer_cut_off_by_its_length_is_saved_as_far_as_it_is_whole() -> None:
    (reply,) = answered(two_rounds(texts("a", "b")[:-6], texts("b"), "length"), Memory(), [ask(1)])
    assert [item.text for item in reply.items] == ["a", "b"]


def test_a_single_object_is_asked_for_again_as_a_whole() -> None:
    model = two_rounds('{"tone": "calm"}', '{"text": "a"}')
    (reply,) = answered(model, Memory(), [ask(1, shape=Shape(Message), wanted=1)])
    assert reply.items == (Message(text="a"),)


def test_both_rounds_are_recalled_and_a_first_one_alone_goes_on_with_the_second() -> None:
    memory, model = Memory(), two_rounds(texts("a"), texts("b"))
    answered(model, memory, [ask(1)])
    (reply,) = answered(model, memory, [ask(1)])
    assert reply.recalled
    assert [item.text for item in reply.items] == ["a", "b"]
    assert len(model.asked) == 2
    del memory.kept[model.asked[1].key, ""]
    (reply,) = answered(model, memory, [ask(1)])
    assert len(model.asked) == 3
    assert [item.text for item in reply.items] == ["a", "b"]


def test_a_second_round_that_is_interrupted_leaves_the_question_open() -> None:
    memory = Memory()

    def talk(asked: Ask, _: int) -> Reply:
        if len(asked.lines) > 1:
            raise ModelError("no key.", trouble="auth")
        return replace(said(0), text=texts("a"))

    (fault,) = answered(Talker(talk), memory, [ask(1)])
    assert fault.cause == "auth"
    (reply,) = answered(two_rounds("never asked", texts("b")), memory, [ask(1)])
    assert [item.text for item in reply.items] == ["a", "b"]


def test_a_second_round_that_fails_for_good_keeps_what_the_first_one_gave() -> None:
    def talk(asked: Ask, _: int) -> Reply:
        if len(asked.lines) > 1:
            raise ModelError("the question is too long.", trouble="request")
        return replace(said(0), text=texts("a"))

    (reply,) = answered(Talker(talk), Memory(), [ask(1)])
    assert [item.text for item in reply.items] == ["a"]
    assert "too long" in reply.problems[-1]
