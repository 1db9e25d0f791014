"""Our requests and parsers against the types of the official SDK."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import orjson
import pytest
from anthropic.types import Message
from anthropic.types.message_create_params import MessageCreateParamsNonStreaming
from pydantic import TypeAdapter

from anchorset.core.ask import Line, Usage
from anchorset.core.config import ModelSpec
from anchorset.core.errors import ModelError
from anchorset.infra.llm.vendors import vendor_of
from anchorset.infra.llm.wire import anthropic
from anchorset.infra.llm.wire.habits import BEFORE, LATEST, Habits, claude_version, first_habits

sys.path.insert(0, str(Path(__file__).parent))
from wanted import SHAPE, SYSTEM, USER, ask, closed

PARAMS = TypeAdapter(MessageCreateParamsNonStreaming)
VENDOR = vendor_of(ModelSpec(model="anthropic:x"), {})
TEXT = {"type": "text", "text": "yes", "citations": None}


def message(content: list[Any], stop: str = "end_turn", **usage: int) -> dict[str, Any]:
    made = Message.model_validate(
        {
            "id": "msg_1", "type": "message", "role": "assistant", "model": "claude-opus-4-5-20251101",
            "content": content, "stop_reason": stop, "stop_sequence": None,
            "usage": {"input_tokens": 20, "output_tokens": 7} | usage,
        }
    )  # fmt: skip
    return orjson.loads(made.model_dump_json())


def read(data: Any, status: int = 200, **headers: str) -> Any:
    body = data if isinstance(data, bytes) else orjson.dumps(data)
    return anthropic.read(status, headers, body, who="anthropic:claude", now=0.0)


@pytest.mark.parametrize("model", ["claude-opus-4-5", "claude-3-5-haiku-latest", "claude-sonnet-5-5", "made-up"])
@pytest.mark.parametrize("shape", [SHAPE, None])
@pytest.mark.parametrize("structured", [None, "schema", "tool", "prompt"])
def test_every_request_is_one_that_the_sdk_could_have_sent(model: str, shape: Any, structured: Any) -> None:
    habits = Habits(structured=structured, temperature=False) if structured else None
    wanted = ask(f"anthropic:{model}", shape=shape, max_tokens=300)
    url, headers, body = anthropic.request(wanted, VENDOR, "sk-ant-x", habits)
    made = orjson.loads(body)
    closed(made, MessageCreateParamsNonStreaming)
    checked = PARAMS.validate_python(made)
    assert [line["role"] for line in checked["messages"]] == ["user"]
    assert [tool["name"] for tool in checked.get("tools", ())] in ([], ["messages"])
    assert checked["system"] == "You write messages."
    assert url == "https://api.anthropic.com/v1/messages"
    assert headers == {"Content-Type": "application/json", "anthropic-version": LATEST, "x-api-key": "sk-ant-x"}


@pytest.mark.parametrize(
    ("model", "sent", "version"),
    [
        ("claude-3-5-haiku-latest", 0.3, BEFORE), ("claude-sonnet-4-6", 0.3, BEFORE),
        ("claude-opus-4-7", None, LATEST), ("claude-sonnet-5-5", None, LATEST), ("made-up", None, LATEST),
    ],
)  # fmt: skip
def test_a_temperature_goes_only_where_it_is_taken(model: str, sent: float | None, version: str) -> None:
    _, headers, body = anthropic.request(ask(f"anthropic:{model}", temperature=0.3), VENDOR, "k", None)
    assert orjson.loads(body).get("temperature") == sent
    assert headers["anthropic-version"] == version


def test_the_scale_of_temperatures_ends_at_one() -> None:
    assert anthropic.body(ask("anthropic:claude-3-opus", temperature=1.6), VENDOR)["temperature"] == 1.0


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("claude-opus-4-5-20251101", (4, 5)), ("claude-sonnet-4-20250514", (4, 0)),
        ("claude-3-5-sonnet-20241022", (3, 5)),
        ("claude-3-opus-20240229", (3, 0)), ("us.anthropic.claude-3-7-sonnet-20250219-v1:0", (3, 7)),
        ("claude-fable-5-2", (5, 2)), ("claude-haiku-4.5", (4, 5)), ("claude-opus-5", (5, 0)), ("our-model", None),
    ],
)  # fmt: skip
def test_versions_in_names(name: str, version: tuple[int, int] | None) -> None:
    assert claude_version(name) == version


@pytest.mark.parametrize(
    ("model", "structured"),
    [
        ("claude-opus-4-5", "schema"), ("claude-opus-4-1", "schema"), ("claude-sonnet-4-20250514", "tool"),
        ("claude-3-haiku-20240307", "tool"), ("claude-sonnet-5", "schema"),
    ],
)  # fmt: skip
def test_older_models_answer_through_a_tool(model: str, structured: str) -> None:
    assert first_habits(VENDOR, model).structured == structured
    body = anthropic.body(ask(f"anthropic:{model}"), VENDOR)
    assert ("tools" in body, "output_config" in body) == (structured == "tool", structured == "schema")


def test_a_limit_is_always_named_and_thinkers_get_room() -> None:
    assert anthropic.body(ask("anthropic:claude-3-opus"), VENDOR)["max_tokens"] == 4096
    assert anthropic.body(ask("anthropic:claude-3-opus", max_tokens=100), VENDOR)["max_tokens"] == 100
    assert anthropic.body(ask("anthropic:claude-sonnet-5", max_tokens=100), VENDOR)["max_tokens"] == 4196


def test_instructions_alone_are_a_question() -> None:
    body = anthropic.body(ask("anthropic:claude-3-opus", lines=(SYSTEM,), shape=None), VENDOR)
    assert body["messages"] == [{"role": "user", "content": "You write messages."}]
    assert "system" not in body


def test_roles_are_kept_and_system_lines_joined() -> None:
    lines = (SYSTEM, USER, Line(role="assistant", content="a"), Line(role="system", content="More."), USER)
    body = anthropic.body(ask("anthropic:claude-3-opus", lines=lines, shape=None), VENDOR)
    assert body["system"] == "You write messages.\n\nMore."
    assert [line["role"] for line in body["messages"]] == ["user", "assistant", "user"]


def test_cached_input_is_part_of_the_input() -> None:
    reply = read(message([TEXT], cache_read_input_tokens=100, cache_creation_input_tokens=5))
    assert reply.usage == Usage(input=125, output=7, cached=100)
    assert (reply.text, reply.finish, reply.model) == ("yes", "stop", "claude-opus-4-5-20251101")


@pytest.mark.parametrize(
    ("data", "text", "finish"),
    [
        (message([{"type": "tool_use", "id": "t", "name": "messages", "input": {"items": []}}], "tool_use"),
         '{"items":[]}', "stop"),
        (message([{"type": "thinking", "thinking": "hm", "signature": "s"}, TEXT]), "yes", "stop"),
        (message([TEXT, TEXT], "max_tokens"), "yesyes", "length"),
        (message([], "refusal"), "", "refused"),
        (message([TEXT], "model_context_window_exceeded"), "yes", "length"),
        (message([TEXT], "pause_turn"), "yes", "other"),
        ({"content": ["x", {"type": "text"}, {"type": "new"}], "usage": []}, "", "other"),
    ],
)  # fmt: skip
def test_answers_of_all_kinds(data: Any, text: str, finish: str) -> None:
    reply = read(data)
    assert (reply.text, reply.finish) == (text, finish)


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b'{"content": "x"}', b"<html>"])
def test_what_is_no_answer_is_malformed(data: bytes) -> None:
    with pytest.raises(ModelError) as error:
        read(data)
    assert error.value.trouble == "malformed"


def failed(kind: str, said: str = "no") -> dict[str, Any]:
    return {"type": "error", "error": {"type": kind, "message": said}, "request_id": "req_1"}


@pytest.mark.parametrize(
    ("status", "data", "trouble"),
    [
        (401, failed("authentication_error", "invalid x-api-key"), "auth"), (403, failed("permission_error"), "auth"),
        (404, failed("not_found_error", "model: nope"), "auth"), (413, failed("request_too_large"), "request"),
        (429, failed("rate_limit_error"), "rate"), (500, failed("api_error"), "overloaded"),
        (529, failed("overloaded_error"), "overloaded"), (400, failed("invalid_request_error", "bad"), "request"),
        (400, failed("invalid_request_error", "Your credit balance is too low"), "auth"),
        (400, failed("invalid_request_error", "Output blocked by content filtering policy"), "refused"),
        (200, failed("overloaded_error"), "overloaded"),
    ],
)  # fmt: skip
def test_refusals_by_status_and_words(status: int, data: Any, trouble: str) -> None:
    with pytest.raises(ModelError) as error:
        read(data, status)
    assert error.value.trouble == trouble
