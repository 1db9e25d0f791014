"""Our requests and parsers against the types of the official SDK."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import orjson
import pytest
from openai.types.chat import ChatCompletion
from openai.types.chat.completion_create_params import CompletionCreateParamsNonStreaming
from pydantic import TypeAdapter

from anchorset.core.ask import Line, Usage
from anchorset.core.config import ModelSpec
from anchorset.core.errors import ModelError
from anchorset.infra.llm.vendors import vendor_of
from anchorset.infra.llm.wire import openai
from anchorset.infra.llm.wire.habits import Habits, first_habits

sys.path.insert(0, str(Path(__file__).parent))
from wanted import SHAPE, SYSTEM, USER, ask, closed

PARAMS = TypeAdapter(CompletionCreateParamsNonStreaming)
OPENAI = vendor_of(ModelSpec(model="openai:gpt-4o"), {})
NAMES = [
    "openai:gpt-4o", "openai:gpt-5-mini", "openai:o3", "openai:gpt-5-chat-latest", "openai:gpt-6-sol",
    "groq:llama-3.3-70b-versatile", "deepseek:deepseek-chat", "ollama:qwen3:8b", "openrouter:openai/gpt-5",
]  # fmt: skip


def completion(content: Any = '{"items": []}', finish: str = "stop", **message: Any) -> dict[str, Any]:
    made = ChatCompletion.model_validate(
        {
            "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "gpt-4o-2024-08-06",
            "choices": [{
                "index": 0, "finish_reason": finish, "logprobs": None,
                "message": {"role": "assistant", "content": content, **message},
            }],
            "usage": {
                "prompt_tokens": 120, "completion_tokens": 30, "total_tokens": 150,
                "prompt_tokens_details": {"cached_tokens": 64},
            },
        }
    )  # fmt: skip
    return orjson.loads(made.model_dump_json())


def read(data: Any, status: int = 200, **headers: str) -> Any:
    body = data if isinstance(data, bytes) else orjson.dumps(data)
    return openai.read(status, headers, body, who="openai:gpt-4o at api.openai.com", now=1_000.0)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("shape", [SHAPE, None])
@pytest.mark.parametrize("structured", [None, "schema", "object", "prompt"])
def test_every_request_is_one_that_the_sdk_could_have_sent(name: str, shape: Any, structured: Any) -> None:
    vendor = vendor_of(ModelSpec(model=name), {})
    habits = Habits(structured=structured) if structured else None
    wanted = ask(name, shape=shape, temperature=0.7, max_tokens=400)
    url, headers, body = openai.request(wanted, vendor, "sk-secret", habits)
    made = orjson.loads(body)
    closed(made, CompletionCreateParamsNonStreaming)
    checked = PARAMS.validate_python(made)
    assert next(line["content"] for line in checked["messages"]) == "You write messages."
    assert url == vendor.base_url + "/chat/completions"
    assert headers["Authorization"] == "Bearer sk-secret"
    assert made["model"] == name.partition(":")[2]


def test_a_schema_is_strict_and_closed() -> None:
    form = openai.body(ask(), OPENAI)["response_format"]["json_schema"]
    assert form["strict"] is True
    assert form["name"] == "messages"
    item = form["schema"]["properties"]["items"]["items"]
    assert item["additionalProperties"] is False
    assert item["required"] == ["n", "message", "mood"]


@pytest.mark.parametrize(
    ("name", "limit", "temperature", "value"),
    [
        ("openai:gpt-4o", "max_completion_tokens", True, 400),
        ("openai:gpt-5", "max_completion_tokens", False, 4496),
        ("openai:gpt-6.2-sol", "max_completion_tokens", False, 4496),
        ("openai:o3-mini", "max_completion_tokens", False, 4496),
        ("openrouter:openai/gpt-5.1", "max_completion_tokens", False, 4496),
        ("openai:gpt-5-chat-latest", "max_completion_tokens", True, 400),
        ("groq:openai/gpt-oss-120b", "max_tokens", True, 400),
        ("ollama:llama3.2", "max_tokens", True, 400),
    ],
)
def test_reasoning_models_get_the_limit_and_no_temperature(
    name: str, limit: str, temperature: bool, value: int
) -> None:
    vendor = vendor_of(ModelSpec(model=name), {})
    body = openai.body(ask(name, temperature=0.2, max_tokens=400), vendor)
    assert body[limit] == value
    assert ("temperature" in body) is temperature
    assert len({"max_tokens", "max_completion_tokens"} & set(body)) == 1


def test_an_endpoint_that_only_speaks_like_openai_gets_the_old_word_for_the_limit() -> None:
    vendor = vendor_of(ModelSpec(model="openai:qwen", base_url="http://127.0.0.1:9/v1"), {})
    assert first_habits(vendor, "qwen").limit == "max_tokens"


def test_where_no_schema_is_taken_it_stands_in_the_prompt() -> None:
    body = openai.body(ask(), OPENAI, Habits(structured="object"))
    assert body["response_format"] == {"type": "json_object"}
    assert "JSON schema" in body["messages"][-1]["content"]
    assert '"mood"' in body["messages"][-1]["content"]
    asked = openai.body(ask(lines=(SYSTEM,)), OPENAI, Habits(structured="prompt"))
    assert "response_format" not in asked
    assert asked["messages"][-1]["role"] == "user"


def test_a_model_without_system_prompts_hears_it_from_the_user() -> None:
    body = openai.body(ask(shape=None), OPENAI, Habits(system=False))
    assert body["messages"] == [{"role": "user", "content": "You write messages.\n\nWrite five."}]
    alone = openai.body(ask(shape=None, lines=(SYSTEM,)), OPENAI, Habits(system=False))
    assert alone["messages"] == [{"role": "user", "content": "You write messages."}]


def test_an_answer_is_read_whole() -> None:
    reply = read(completion('{"items": [{"n": 1}]}'))
    assert reply.text == '{"items": [{"n": 1}]}'
    assert reply.usage == Usage(input=120, output=30, cached=64)
    assert (reply.model, reply.finish, reply.usd, reply.items) == ("gpt-4o-2024-08-06", "stop", None, ())


@pytest.mark.parametrize(
    ("data", "text", "finish"),
    [
        (completion("cut", "length"), "cut", "length"),
        (completion("", "content_filter"), "", "filtered"),
        (completion(None, "stop", refusal="I cannot."), "I cannot.", "refused"),
        (completion("<think>hm\n</think>\n\nyes"), "yes", "stop"),
        (completion("I <think> so </think>"), "I <think> so </think>", "stop"),
        (completion(None, "tool_calls", tool_calls=[
            {"id": "c", "type": "function", "function": {"name": "f", "arguments": '{"a": 1}'}}
        ]), '{"a": 1}', "stop"),
        ({"choices": [{"message": {"content": [{"type": "thinking"}, {"type": "text", "text": "a"}]}}]}, "a", "other"),
        ({"choices": [{"message": {"content": "a"}, "finish_reason": "stop"}], "usage": None, "model": 7}, "a", "stop"),
        ({"choices": [{"message": {"content": None}, "finish_reason": "stop"}],
          "usage": {"prompt_tokens": "x", "completion_tokens": -3}}, "", "stop"),
        ({"choices": [{"message": {"content": "a"}, "finish_reason": "stop"}], "error": None}, "a", "stop"),
    ],
)  # fmt: skip
def test_answers_of_all_kinds(data: Any, text: str, finish: str) -> None:
    reply = read(data)
    assert (reply.text, reply.finish) == (text, finish)


@pytest.mark.parametrize(
    "data",
    [
        b"", b"<html>502</html>", b"[]", b"null", b"\xff\xfe", b'{"choices": []}', b"{}", b'{"choices": [null]}',
        b'{"choices": [{"message": "x"}]}', b'{"choices": {"0": 1}}', b"[" * 100_000,
    ],
)  # fmt: skip
def test_what_is_no_answer_is_malformed(data: bytes) -> None:
    with pytest.raises(ModelError) as error:
        read(data)
    assert error.value.trouble == "malformed"


def said(message: str, **more: Any) -> dict[str, Any]:
    return {"error": {"message": message, **more}}


@pytest.mark.parametrize(
    ("status", "data", "trouble"),
    [
        (401, said("Incorrect API key provided: sk-abcdefghijk"), "auth"),
        (403, said("You do not have access"), "auth"),
        (403, said("Your input was flagged", metadata={"reasons": ["violence"]}), "refused"),
        (402, said("Insufficient Balance"), "auth"),
        (404, said("The model `x` does not exist", code="model_not_found"), "auth"),
        (429, said("Rate limit reached"), "rate"),
        (429, said("You exceeded your current quota", code="insufficient_quota"), "auth"),
        (400, said("The response was filtered", code="content_filter"), "refused"),
        (400, said("Invalid prompt", code="invalid_prompt"), "refused"),
        (400, said("maximum context length is 8192 tokens", code="context_length_exceeded"), "request"),
        (422, {"detail": [{"loc": ["body"], "msg": "field required"}]}, "request"),
        (500, said("oops"), "overloaded"), (503, {}, "overloaded"), (529, {}, "overloaded"),
        (502, b"<html>", "overloaded"),
        (408, {}, "timeout"), (504, {}, "timeout"), (301, b"", "auth"), (418, "teapot", "request"),
        (200, {"error": {"code": 429, "message": "upstream", "metadata": {"raw": "slow down"}}}, "rate"),
        (200, {"error": {"code": "x", "message": "upstream"}}, "overloaded"),
    ],
)  # fmt: skip
def test_refusals_by_status_and_words(status: int, data: Any, trouble: str) -> None:
    with pytest.raises(ModelError) as error:
        read(data, status)
    assert error.value.trouble == trouble
    assert str(error.value).startswith("openai:gpt-4o at api.openai.com")
    assert str(error.value).endswith(".")
    assert "sk-abcdefghijk" not in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "2"}, 2.0), ({"retry-after": "0.5"}, 0.5), ({"retry-after-ms": "250"}, 0.25),
        ({"retry-after-ms": "250", "retry-after": "9"}, 0.25), ({"retry-after": "Thu, 01 Jan 1970 00:16:50 GMT"}, 10.0),
        ({"retry-after": "Thu, 01 Jan 1970 00:00:01 GMT"}, 0.0), ({"retry-after": "soon"}, None),
        ({"retry-after": "nan"}, None), ({"retry-after": "-1"}, None), ({"retry-after": "1e9"}, 86400.0), ({}, None),
    ],
)  # fmt: skip
def test_how_long_the_vendor_asks_us_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    with pytest.raises(ModelError) as error:
        read(said("slow down"), 429, **headers)
    assert error.value.retry_after == seconds


def test_google_says_in_the_body_how_long() -> None:
    detail = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "34s"}
    with pytest.raises(ModelError) as error:
        read([{"error": {"code": 429, "message": "Quota", "status": "RESOURCE_EXHAUSTED", "details": [detail]}}], 429)
    assert (error.value.trouble, error.value.retry_after) == ("rate", 34.0)


def test_lines_keep_their_order_and_roles() -> None:
    lines = (SYSTEM, USER, Line(role="assistant", content="one"), Line(role="user", content="another"))
    assert [line["role"] for line in openai.body(ask(lines=lines), OPENAI)["messages"]] == [
        "system", "user", "assistant", "user",
    ]  # fmt: skip
