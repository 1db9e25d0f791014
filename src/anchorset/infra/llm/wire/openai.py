"""Chat completions, as OpenAI and all that speak like it have them: an ask as a request, a body as a reply.

Pure: no network, no clock, no state. Checked against the official SDK's own types in the tests.
What this module does not know: sending, waiting and trying again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import orjson

from anchorset.core.ask import Ask, Finish, Reply, Usage
from anchorset.core.errors import ModelError
from anchorset.infra.llm.names import model_of
from anchorset.infra.llm.vendors import Vendor
from anchorset.infra.llm.wire.habits import ROOM_TO_THINK, Habits, first_habits
from anchorset.infra.llm.wire.shaping import in_words
from anchorset.infra.llm.wire.troubles import answered, said_in, trouble_of

PATH = "/chat/completions"
_FINISHES: dict[str, Finish] = {
    "stop": "stop", "length": "length", "content_filter": "filtered", "tool_calls": "stop", "function_call": "stop",
    "eos": "stop", "end_turn": "stop", "model_length": "length", "max_tokens": "length", "refusal": "refused",
}  # fmt: skip
_THOUGHT = re.compile(r"\s*<think(?:ing)?>.*?</think(?:ing)?>\s*", re.DOTALL)


def request(
    ask: Ask, vendor: Vendor, key: str | None, habits: Habits | None = None
) -> tuple[str, dict[str, str], bytes]:
    """Address, headers and body. The headers hold the key: show them to nobody."""
    return vendor.base_url + PATH, headers_for(key), orjson.dumps(body(ask, vendor, habits))


def headers_for(key: str | None) -> dict[str, str]:
    headers = {"Content-Type": "application/json"}
    if key is not None:
        headers["Authorization"] = f"Bearer {key}"
    return headers


def body(ask: Ask, vendor: Vendor, habits: Habits | None = None) -> dict[str, Any]:
    """The request's JSON."""
    model = model_of(ask.model)
    habits = habits or first_habits(vendor, model)
    lines = [{"role": line.role, "content": line.content} for line in ask.lines]
    if ask.shape is not None and habits.structured in ("object", "prompt"):
        lines = in_words(lines, ask.shape)
    if not habits.system:
        lines = _without_system(lines)
    made: dict[str, Any] = {"model": model, "messages": lines}
    if ask.shape is not None and habits.structured == "schema":
        made["response_format"] = {
            "type": "json_schema",
            "json_schema": {"name": ask.shape.name[:64], "strict": True, "schema": ask.shape.schema()},
        }
    elif ask.shape is not None and habits.structured == "object":
        made["response_format"] = {"type": "json_object"}
    if ask.temperature is not None and habits.temperature:
        made["temperature"] = ask.temperature
    if ask.max_tokens is not None:
        made[habits.limit] = ask.max_tokens + (ROOM_TO_THINK if habits.thinks else 0)
    return made


def read(status: int, headers: Mapping[str, str], content: bytes, *, who: str = "the model", now: float = 0.0) -> Reply:
    """The reply in an answer. Raises ModelError for everything that is no usable answer; `headers` in small letters."""
    return read_data(answered(status, headers, content, who=who, now=now), who=who)


def read_data(data: dict[str, Any], *, who: str = "the model") -> Reply:
    """The reply in the JSON of an answer with status 200."""
    choices = data.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    if isinstance(data.get("error"), dict) and not isinstance(choice, dict):
        # Gateways say 200 when the provider behind them failed.
        code = data["error"].get("code")
        status = code if isinstance(code, int) and 300 <= code < 600 else 502
        raise trouble_of(who, status, said_in(data))
    message = choice.get("message") if isinstance(choice, dict) else None
    if not isinstance(choice, dict) or not isinstance(message, dict):
        raise ModelError(f"{who}: its answer has no choice with a message; it is asked again.", trouble="malformed")
    text, finish = _text(message), _FINISHES.get(str(choice.get("finish_reason")), "other")
    refusal = message.get("refusal")
    if isinstance(refusal, str) and refusal and not text:
        text, finish = refusal, "refused"
    model = data.get("model")
    return Reply(
        text=text,
        usage=usage_in(data.get("usage")),
        model=model if isinstance(model, str) and model else None,
        finish=finish,
    )


def usage_in(said: Any) -> Usage:
    """Tokens as counted; 0 where a server counts nothing."""
    if not isinstance(said, dict):
        return Usage()
    details = said.get("prompt_tokens_details")
    cached = details.get("cached_tokens") if isinstance(details, dict) else said.get("prompt_cache_hit_tokens")
    return Usage(
        input=count(said.get("prompt_tokens")), output=count(said.get("completion_tokens")), cached=count(cached)
    )


def count(value: Any) -> int:
    """A number of tokens; 0 for what is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def _text(message: dict[str, Any]) -> str:
    content = message.get("content")
    if isinstance(content, list):  # Mistral's thinking models answer in parts.
        content = "".join(
            part["text"] for part in content if isinstance(part, dict) and isinstance(part.get("text"), str)
        )
    if isinstance(content, str) and content:
        # Open models that think aloud do it in front of the answer.
        return _THOUGHT.sub("", content, count=1) if content.lstrip().startswith("<think") else content
    calls = message.get("tool_calls")
    call = calls[0] if isinstance(calls, list) and calls else None
    function = call.get("function") if isinstance(call, dict) else None
    arguments = function.get("arguments") if isinstance(function, dict) else None
    return arguments if isinstance(arguments, str) else ""


def _without_system(lines: list[dict[str, str]]) -> list[dict[str, str]]:
    """Instructions put in front of the first thing that the user says."""
    said = "\n\n".join(line["content"] for line in lines if line["role"] == "system")
    rest = [dict(line) for line in lines if line["role"] != "system"]
    if said and rest and rest[0]["role"] == "user":
        rest[0]["content"] = f"{said}\n\n{rest[0]['content']}"
    elif said:
        rest.insert(0, {"role": "user", "content": said})
    return rest
