"""Models that are none: scripts, echo, the demo writer, recordings."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from anchorset.core.ask import Ask, Line, Reply, Shape
from anchorset.core.config import ModelSpec
from anchorset.core.errors import InputError, ModelError, RecordError
from anchorset.core.inert import fenced
from anchorset.core.ports import ChatModel
from anchorset.infra.llm.demo import shown_in, written
from anchorset.infra.llm.door import open_model


class Turn(BaseModel):
    role: Literal["user", "assistant"]
    content: str = Field(min_length=1)


class Opinion(BaseModel):
    why: str = ""
    ok: bool


class Item(BaseModel):
    n: int = 0
    message: str = Field(min_length=1)
    expected: str | None = None
    criteria: list[str] = []
    turns: list[Turn] = []
    level: Literal["easy", "hard"] = "easy"
    opinion: Opinion | None = None
    score: float = Field(default=0, ge=0, le=1)


SEEDS = (
    "my parcel never came, where is it?",
    "refund not on my card since monday",
    "the box was empty and you know it",
)
PROMPT = "Real messages:\n" + "\n".join(fenced(text, "real") for text in SEEDS) + "\nWrite 5 messages."


def ask(prompt: str = PROMPT, **changes: Any) -> Ask:
    lines = (Line(role="system", content="You write."), Line(role="user", content=prompt))
    return Ask(**({"model": "scripted:demo", "lines": lines, "shape": Shape(Item, many=True), "wanted": 5} | changes))


def say(model: ChatModel, *asks: Ask) -> list[Reply]:
    async def go() -> list[Reply]:
        return [await model.reply(one, timeout=1) for one in asks]

    return asyncio.run(go())


def script(tmp_path: Path, *rows: Any, name: str = "answers.jsonl", text: str | None = None) -> ChatModel:
    (tmp_path / name).write_text(text if text is not None else "\n".join(map(json.dumps, rows)), encoding="utf-8")
    return open_model(ModelSpec(model=f"scripted:{name}"), root=tmp_path)


def test_the_demo_fills_any_shape_with_what_the_prompt_shows() -> None:
    (reply,) = say(open_model(ModelSpec(model="scripted:demo")), ask())
    items = [Item.model_validate(one) for one in json.loads(reply.text)["items"]]
    assert [item.n for item in items] == [1, 2, 3, 4, 5]
    words = set(" ".join(SEEDS).replace(",", " ").replace("?", " ").split())
    for item in items:
        assert len(words & set(item.message.replace(",", " ").replace("?", " ").split())) >= 3
        assert item.turns[-1].role == "user"
    assert len({item.message for item in items}) >= 4
    assert reply.usage.input > 0
    assert reply.usd is None


def test_the_demo_says_the_same_to_the_same_question_and_something_else_to_another() -> None:
    assert written(ask()) == written(ask())
    assert written(ask()) != written(ask(nth=1))


def test_the_demo_writes_plain_text_and_single_objects() -> None:
    assert len(written(ask(shape=None)).split()) > 3
    Item.model_validate_json(written(ask(shape=Shape(Item), wanted=1)))


@given(st.text(max_size=300))
def test_the_demo_survives_any_prompt(prompt: str) -> None:
    for one in json.loads(written(ask(prompt)))["items"]:
        Item.model_validate(one)


def test_texts_come_from_fences_then_quotation_marks_then_lines() -> None:
    assert shown_in(PROMPT) == list(SEEDS)
    assert shown_in('say "my parcel is lost again" or so') == ["my parcel is lost again"]
    assert shown_in("where is my parcel today\nok") == ["where is my parcel today"]


def test_echo_repeats_what_was_said_last() -> None:
    echo = open_model(ModelSpec(model="scripted:echo"))
    plain, shaped = say(echo, ask("hello", shape=None), ask("hello"))
    assert plain.text == "hello"
    assert {one["message"] for one in json.loads(shaped.text)["items"]} == {"hello"}
    for one in json.loads(shaped.text)["items"]:
        Item.model_validate(one)


def test_a_script_answers_by_pattern_else_in_order(tmp_path: Path) -> None:
    model = script(
        tmp_path, {"match": "refund", "json": {"ok": True}}, {"text": "one"}, {"text": "two", "finish": "length"}
    )
    replies = say(model, ask("hello"), ask("a refund?"), ask("again"), ask("refund!"))
    assert [reply.text for reply in replies] == ["one", '{"ok":true}', "two", '{"ok":true}']
    assert replies[2].finish == "length"
    with pytest.raises(ModelError, match="no answer left") as error:
        say(model, ask("more"))
    assert error.value.trouble == "request"


def test_a_script_rehearses_errors_and_runs_out(tmp_path: Path) -> None:
    model = script(tmp_path, {"error": "rate", "retry_after": 0.1, "times": 2, "match": "."}, {"text": "at last"})
    for _ in range(2):
        with pytest.raises(ModelError) as error:
            say(model, ask())
        assert (error.value.trouble, error.value.retry_after) == ("rate", 0.1)
    assert say(model, ask())[0].text == "at last"


def test_a_script_in_yaml(tmp_path: Path) -> None:
    model = script(tmp_path, name="a.yaml", text="- just a text\n- {match: x, text: found}\n")
    assert [one.text for one in say(model, ask("y"), ask("x"))] == ["just a text", "found"]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.jsonl", "", "has no entry"), ("a.jsonl", "{", "line 1 is no JSON"), ("a.jsonl", "7", "entry 1 is int"),
        ("a.jsonl", '{"text": "a", "json": 1}', "exactly one of"), ("a.jsonl", "{}", "exactly one of"),
        ("a.jsonl", '{"text": "a", "match": "("}', "no regular expression"), ("a.jsonl", '{"txt": "a"}', "`txt`"),
        ("a.jsonl", '{"error": "oops"}', "error"), ("a.yaml", "a: 1", "holds dict"), ("a.yaml", "[", "no YAML"),
    ],
)  # fmt: skip
def test_a_script_that_cannot_be_used_says_where_and_why(tmp_path: Path, name: str, text: str, said: str) -> None:
    with pytest.raises((InputError, RecordError), match=said):
        script(tmp_path, name=name, text=text)


def test_what_one_model_said_is_replayed_under_another_name(tmp_path: Path) -> None:
    file = tmp_path / "said.jsonl"
    first = open_model(ModelSpec(model="scripted:demo"), record=file)
    said = say(first, ask(), ask(nth=1))
    again = open_model(ModelSpec(model="replay:said.jsonl"), root=tmp_path)
    assert first.name == "scripted:demo"
    assert again.host is None
    heard = say(again, ask(model="replay:said.jsonl", nth=1), ask(model="replay:said.jsonl"))
    assert [one.text for one in heard] == [one.text for one in reversed(said)]
    assert [one.usage for one in heard] == [one.usage for one in reversed(said)]
    with pytest.raises(ModelError, match="no answer to this question"):
        say(again, ask(nth=2))


def test_a_recording_that_was_cut_off_is_used_up_to_there(tmp_path: Path) -> None:
    file = tmp_path / "said.jsonl"
    say(open_model(ModelSpec(model="scripted:demo"), record=file), ask())
    with file.open("a") as more:
        more.write('{"key": "a_0", "te')
    say(open_model(ModelSpec(model="replay:said.jsonl"), root=tmp_path), ask())
    file.write_text('{"no": 1}\n{"key": "a", "text": "b"}\n')
    with pytest.raises(InputError, match="line 1 is no recorded reply"):
        open_model(ModelSpec(model="replay:said.jsonl"), root=tmp_path)
