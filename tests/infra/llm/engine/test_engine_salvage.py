"""Whatever a model writes: nothing raises, what is whole is saved, and half an item is never taken for one."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from anchorset.core.ask import Shape
from anchorset.infra.llm.salvage import salvage


class Tag(BaseModel):
    name: str


class Message(BaseModel):
    text: str
    tone: str = "plain"
    score: float | None = None
    tags: list[Tag] = []


MANY, ONE = Shape(Message, many=True), Shape(Message)

texts = st.text(st.characters(codec="utf-8"), max_size=20) | st.sampled_from(
    ['"', "\\", "}]", "```", "{", "a\nb", "</think>"]
)
messages = st.lists(
    st.builds(Message, text=texts, tone=texts, score=st.none() | st.floats(allow_nan=False, allow_infinity=False),
              tags=st.lists(st.builds(Tag, name=texts), max_size=2)),
    max_size=5, unique_by=lambda one: one.model_dump_json(),
)  # fmt: skip


@given(messages, st.booleans(), st.booleans())
def test_a_whole_answer_gives_all_its_items(items: list[Message], ascii_only: bool, indented: bool) -> None:
    value = {"items": [item.model_dump() for item in items]}
    text = json.dumps(value, ensure_ascii=ascii_only, indent=2 if indented else None)
    saved = salvage(text, MANY, len(items))
    assert list(saved.items) == items
    assert not saved.problems


@given(messages, st.data())
def test_any_prefix_of_an_answer_gives_its_whole_items_and_nothing_else(
    items: list[Message], data: st.DataObject
) -> None:
    text = json.dumps({"items": [item.model_dump() for item in items]}, ensure_ascii=False)
    cut = data.draw(st.integers(0, len(text)))
    saved = salvage(text[:cut], MANY, 6)
    assert list(saved.items) == items[: len(saved.items)]
    ends, whole = 0, 0
    for item in items:
        ends = text.index(part := json.dumps(item.model_dump(), ensure_ascii=False), ends) + len(part)
        whole += ends <= cut
    # an answer that is cut inside its last brackets has lost nothing
    assert len(saved.items) == whole
    assert saved.problems


@given(st.text(alphabet='{}[]",:\\ntru1e-0.a`\u2028\ud800 ', max_size=60), st.integers(1, 5))
def test_nothing_that_a_model_can_write_raises(text: str, wanted: int) -> None:
    for shape in (MANY, ONE):
        saved = salvage(text, shape, wanted)
        assert len(saved.items) <= wanted
        assert bool(saved.problems) == (len(saved.items) < (wanted if shape.many else 1))


A, B = Message(text="a"), Message(text="b")


@pytest.mark.parametrize(
    "text",
    [
        '{"items": [{"text": "a"}, {"text": "b"}]}',
        '```json\n{"items": [{"text": "a"}, {"text": "b"}]}\n```',
        'Sure! Here are 2 of them:\n[{"text": "a"}, {"text": "b"},]\nAnything else?',
        '{"items": [{"text": "a",}, {"text": "b",},],}',
        '{"text": "a"}\n{"text": "b"}',
        '1. {"text": "a"} and 2. {"text": "b"}',
        '{"cases": [{"text": "a"}, {"text": "b"}]}',
        '<think>maybe {"text": "x"}</think>[{"text": "a"}, {"text": "b"}]',
        '"{\\"items\\": [{\\"text\\": \\"a\\"}, {\\"text\\": \\"b\\"}]}"',
        '{"items": [{"text": "a", "score": NaN}, {"text": "b", "score": Infinity}]}',
        '\ufeff[{"text": "a"} {"text": "b"}]',
    ],
)
def test_the_ways_models_wrap_their_json(text: str) -> None:
    assert salvage(text, MANY, 2).items == (A, B)
    assert salvage(text, ONE).items == (A,)


def test_the_same_item_twice_counts_once_and_is_told() -> None:
    saved = salvage('[{"text": "a"}, {"text": "a"}]', MANY, 2)
    assert saved.items == (A,)
    assert saved.problems == ("item 2: says the same as an earlier one",)


def test_the_problem_names_the_field_and_never_quotes_the_value() -> None:
    saved = salvage('{"items": [{"text": ["\x1b[31mevil"]}]}', MANY, 1)
    assert saved.problems == ("item 1: text: Input should be a valid string",)


def test_a_list_of_strings_fills_items_of_one_field() -> None:
    assert salvage('["a", "b"]', Shape(Tag, many=True), 2).items == (Tag(name="a"), Tag(name="b"))


def test_brackets_without_end_are_read_in_no_time() -> None:
    for text in ("[" * 200_000, "{" * 200_000, '{"a":' * 100_000, "[{" * 100_000, '"' * 200_000, "\\" * 200_000):
        assert not salvage(text, MANY, 3).items
