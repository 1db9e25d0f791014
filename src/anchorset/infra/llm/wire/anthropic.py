"""Anthropic's Messages: an ask as a request, a body as a reply.

Pure: no network, no clock, no state. Checked against the official SDK's own types in the tests.
What this module does not know: sending, waiting and trying again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from anchorset.core.ask import Ask, Finish, Reply, Usage
from anchorset.core.errors import ModelError
from anchorset.infra.llm.names import model_of
from anchorset.infra.llm.vendors import Vendor
from anchorset.infra.llm.wire.habits import BEFORE, ROOM_TO_THINK, Habits, first_habits
from anchorset.infra.llm.wire.openai import count
from anchorset.infra.llm.wire.shaping import in_words
from anchorset.infra.llm.wire.troubles import answered, said_in, trouble_of

PATH = "/v1/messages"
MAX_TOKENS = 4096
"""Where an ask names no limit: this wire wants one."""
_FINISHES: dict[str, Finish] = {
    "end_turn": "stop", "stop_sequence": "stop", "tool_use": "stop", "max_tokens": "length",
    "model_context_window_exceeded": "length", "refusal": "refused",
}  # fmt: skip


def request(
    ask: Ask, vendor: Vendor, key: str | None, habits: Habits | None = None
) -> tuple[str, dict[str, str], bytes]:
    """Address, headers and body. The headers hold the key: show them to nobody."""
    habits = habits or first_habits(vendor, model_of(ask.model))
    made = body(ask, vendor, habits)
    # The latest version takes a temperature from no model; older models still take one from the version before.
    version = BEFORE if "temperature" in made else habits.version
    return address(vendor, PATH), headers_for(key, version), orjson.dumps(made)


def address(vendor: Vendor, path: str) -> str:
    """The full address of a path, whether or not the base address ends in `/v1`."""
    return vendor.base_url.removesuffix("/v1") + path


def headers_for(key: str | None, version: str) -> dict[str, str]:
    headers = {"Content-Type": "application/json", "anthropic-version": version}
    if key is not None:
        headers["x-api-key"] = key
    return headers


def body(ask: Ask, vendor: Vendor, habits: Habits | None = None) -> dict[str, Any]:
    """The request's JSON."""
    model = model_of(ask.model)
    habits = habits or first_habits(vendor, model)
    lines = [{"role": line.role, "content": line.content} for line in ask.lines if line.role != "system"]
    system = "\n\n".join(line.content for line in ask.lines if line.role == "system")
    if not lines:  # Instructions alone are a question too.
        lines, system = [{"role": "user", "content": system}], ""
    if ask.shape is not None and habits.structured in ("object", "prompt"):
        lines = in_words(lines, ask.shape)
    limit = MAX_TOKENS if ask.max_tokens is None else ask.max_tokens
    made: dict[str, Any] = {
        "model": model,
        "max_tokens": limit + (ROOM_TO_THINK if habits.thinks else 0),
        "messages": lines,
    }
    if system:
        made["system"] = system
    if ask.shape is not None and habits.structured == "schema":
        made["output_config"] = {"format": {"type": "json_schema", "schema": ask.shape.schema()}}
    elif ask.shape is not None and habits.structured == "tool":
        name = ask.shape.name[:64]
        made["tools"] = [{"name": name, "description": "Takes the answer.", "input_schema": ask.shape.schema()}]
        made["tool_choice"] = {"type": "tool", "name": name, "disable_parallel_tool_use": True}
    if ask.temperature is not None and habits.temperature:
        made["temperature"] = min(ask.temperature, 1.0)  # This wire's scale ends at 1.
    return made


def read(status: int, headers: Mapping[str, str], content: bytes, *, who: str = "the model", now: float = 0.0) -> Reply:
    """The reply in an answer. Raises ModelError for everything that is no usable answer; `headers` in small letters."""
    return read_data(answered(status, headers, content, who=who, now=now), who=who)


def read_data(data: dict[str, Any], *, who: str = "the model") -> Reply:
    """The reply in the JSON of an answer with status 200."""
    if data.get("type") == "error" or isinstance(data.get("error"), dict):
        raise trouble_of(who, status_of(data), said_in(data))
    blocks = data.get("content")
    if not isinstance(blocks, list):
        raise ModelError(f"{who}: its answer has no content; it is asked again.", trouble="malformed")
    finish = _FINISHES.get(str(data.get("stop_reason")), "other")
    model = data.get("model")
    return Reply(
        text=_text(blocks),
        usage=usage_in(data.get("usage")),
        model=model if isinstance(model, str) and model else None,
        finish=finish,
    )


def usage_in(said: Any) -> Usage:
    """Tokens as counted. Anthropic counts cached input apart; here it is part of the input."""
    if not isinstance(said, dict):
        return Usage()
    cached = count(said.get("cache_read_input_tokens"))
    written = count(said.get("cache_creation_input_tokens"))
    return Usage(
        input=count(said.get("input_tokens")) + cached + written,
        output=count(said.get("output_tokens")),
        cached=cached,
    )


_STATUS = {
    "invalid_request_error": 400, "authentication_error": 401, "billing_error": 402, "permission_error": 403,
    "not_found_error": 404, "request_too_large": 413, "rate_limit_error": 429, "timeout_error": 504,
    "overloaded_error": 529, "api_error": 500,
}  # fmt: skip


def status_of(data: Any) -> int:
    """The status that an error's type stands for, where none came with it: in batches."""
    error = data.get("error") if isinstance(data, dict) else None
    kind = error.get("type") if isinstance(error, dict) else None
    return _STATUS.get(str(kind), 500)


def _text(blocks: list[Any]) -> str:
    """The words, else the input of the tool that was called, as JSON. What was thought is no answer."""
    words: list[str] = []
    for block in blocks:
        if not isinstance(block, dict):
            continue
        if block.get("type") == "text" and isinstance(block.get("text"), str):
            words.append(block["text"])
        elif block.get("type") == "tool_use" and isinstance(block.get("input"), dict):
            return orjson.dumps(block["input"]).decode()
    return "".join(words)
