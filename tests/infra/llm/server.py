"""A server on loopback that speaks OpenAI chat completions and Anthropic messages, and misbehaves on order.

    python tests/infra/llm/server.py '{"latency": 0.2, "limited": 0.1}'

prints `ready PORT`, and ends when its standard input closes. `ModelServer` below starts one from a test. Paths:

    POST /v1/chat/completions, POST /v1/messages, GET /v1/models
    GET /stats     what was asked and answered, in total and by hash of the request's body
    POST /config   {setting: value} changes settings on the fly; {"reset": true} forgets what was counted as well
    Settings are the fields of `Settings` (server_words.py); shares are 0-1, at most one fault a request.

What is drawn for a request hangs on the seed, its body and how often that body came: never on order.

What this module does not know: who asks, and why.
"""

from __future__ import annotations

import asyncio
import hashlib
import http.client
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from server_words import ANSWERED, FAULTS, WORDS, Settings, filled, said_in, schema_in


class Desk:
    """What was asked, what is said back, and the counting of both."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.reset()

    def reset(self) -> None:
        self.kinds: Counter[str] = Counter()
        self.asked: Counter[str] = Counter()
        self.answered: Counter[str] = Counter()
        self.in_flight = self.most_in_flight = 0
        self.first = self.last = 0.0
        self.tokens = float(self.settings.burst)
        self.filled_at = time.monotonic()

    def change(self, wanted: dict[str, Any]) -> None:
        if "per_minute" in wanted or "burst" in wanted:
            self.tokens = float(wanted.get("burst", self.settings.burst))
        for name, value in wanted.items():
            if name != "reset":
                getattr(self.settings, name)
                setattr(self.settings, name, tuple(value) if isinstance(value, list) else value)
        if wanted.get("reset"):
            self.reset()

    def stats(self) -> dict[str, Any]:
        return {
            "requests": sum(self.asked.values()), "answered": sum(self.answered.values()), "kinds": dict(self.kinds),
            "asked_by": dict(self.asked), "answered_by": dict(self.answered), "in_flight": self.in_flight,
            "most_in_flight": self.most_in_flight, "seconds": self.last - self.first,
        }  # fmt: skip

    def _limit(self, anthropic: bool) -> tuple[bool, list[str]]:
        """Whether the bucket has a token for this request, and what the headers tell of it."""
        settings = self.settings
        if settings.per_minute is None:
            return True, []
        now, rate = time.monotonic(), settings.per_minute / 60
        self.tokens = min(settings.burst, self.tokens + (now - self.filled_at) * rate)
        self.filled_at = now
        free = self.tokens >= 1
        self.tokens -= free
        if not settings.headers:
            return free, []
        left, full = int(self.tokens), (settings.burst - self.tokens) / rate
        if anthropic:
            when = (datetime.now(UTC) + timedelta(seconds=full)).isoformat().replace("+00:00", "Z")
            told = {"limit": settings.burst, "remaining": left, "reset": when}
            return free, [f"anthropic-ratelimit-requests-{name}: {value}" for name, value in told.items()]
        told = {"limit-requests": settings.burst, "remaining-requests": left, "reset-requests": f"{full:.3f}s"}
        return free, [f"x-ratelimit-{name}: {value}" for name, value in told.items()]

    def hear(self, path: str, head: bytes, body: bytes) -> tuple[str, float, int, list[str], bytes, str]:
        """(kind, seconds until it is said, status, headers, body, hash of the request)."""
        settings = self.settings
        anthropic = path.endswith("/messages")
        asked = hashlib.blake2b(body, digest_size=8).hexdigest()
        nth = self.asked[asked]
        self.asked[asked] += 1
        now = time.monotonic()
        self.first = self.first or now
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)

        def no(kind: str, status: int, message: str, seconds: float = 0.01, headers: list[str] | None = None) -> Any:
            error = {"type": kind, "message": message, "code": kind, "param": None}
            said = {"type": "error", "error": error, "request_id": asked} if anthropic else {"error": error}
            return kind, seconds, status, headers or [], orjson.dumps(said), asked

        try:
            request = orjson.loads(body)
            lines = request["messages"]
        except (ValueError, KeyError, TypeError):
            return no("invalid_request_error", 400, "the body is no request")
        if settings.key is not None:
            lowered = head.lower()
            if f"bearer {settings.key}".lower().encode() not in lowered and (
                f"x-api-key: {settings.key}".lower().encode() not in lowered
            ):
                return no("authentication_error", 401, "Incorrect API key provided.")
        if settings.models and request.get("model") not in settings.models:
            kind = "not_found_error" if anthropic else "model_not_found"
            return no(kind, 404, f"The model `{request.get('model')}` does not exist.")
        for name in settings.refuses:
            if name in request:
                return no("invalid_request_error", 400, f"Unsupported parameter: '{name}'")
        free, told = self._limit(anthropic)
        wait = [] if settings.retry_after is None else [f"retry-after: {settings.retry_after:g}"]
        if not free:
            return no("rate_limit_error", 429, "Rate limit reached for requests.", headers=told + wait)

        rng = random.Random(f"{settings.seed}/{asked}/{nth}")
        drawn, kind, edge = rng.random(), "ok", 0.0
        for name in FAULTS:
            edge += getattr(settings, name)
            if drawn < edge:
                kind = name
                break
        latency = settings.latency
        if kind == "limited":
            return kind, *no("rate_limit_error", 429, "Slow down.", headers=told + (wait or ["retry-after: 1"]))[1:]
        if kind == "limited_silent":
            return kind, *no("rate_limit_error", 429, "Slow down.", headers=told)[1:]
        if kind == "error":
            return kind, *no("api_error", 500, "Internal server error", latency, told)[1:]
        if kind == "overloaded":
            return kind, *no("overloaded_error", 529 if anthropic else 503, "Overloaded", 0.01, told)[1:]
        if kind == "broken":
            return kind, latency, 200, told, b"<html>502 Bad Gateway</html>", asked
        if kind == "slow":
            latency = max(latency, 0.01) * 10
        speak = self._messages if anthropic else self._completion
        if settings.steady:
            rng = random.Random(f"{settings.seed}/{asked}")
        answer = speak(request, lines, rng, kind, "shared" if kind == "same_id" else f"{asked}-{nth}", len(body))
        return kind, latency, 200, told, orjson.dumps(answer), asked

    def _text(self, schema: dict[str, Any] | None, rng: random.Random, kind: str) -> str:
        if kind == "refusal":
            return "I'm sorry, but I can't help with that."
        if kind == "malformed":
            return "Here you go!\n\n- " + " ".join(rng.choices(WORDS, k=12)) + "\n- {oops"
        if kind == "wrong_schema":
            return json.dumps({"answers": [{"n": 1}], "items": [{"unexpected": True}]})
        if schema is None:
            return " ".join(rng.choices(WORDS, k=20))
        text = orjson.dumps(filled(schema, rng, self.settings, same=kind == "duplicates")).decode()
        return text[: int(len(text) * rng.uniform(0.3, 0.9))] if kind == "truncated" else text

    def _completion(
        self, request: dict[str, Any], lines: list[Any], rng: random.Random, kind: str, name: str, size: int
    ) -> dict[str, Any]:
        form = request.get("response_format") or {}
        tool = next(iter(request.get("tools") or []), None)
        schema = form.get("json_schema", {}).get("schema") or (tool and tool["function"].get("parameters"))
        text = self._text(schema or schema_in(said_in(lines)), rng, kind)
        message: dict[str, Any] = {"role": "assistant", "content": text, "refusal": None}
        finish = {"truncated": "length", "filtered": "content_filter"}.get(kind, "stop")
        if kind == "refusal":
            message |= {"content": None, "refusal": text}
        elif kind == "filtered":
            message["content"] = ""
        elif tool and not form:
            call = {"name": tool["function"]["name"], "arguments": text}
            message |= {"content": None, "tool_calls": [{"id": "call_" + name, "type": "function", "function": call}]}
            finish = "tool_calls" if finish == "stop" else finish
        into, out = size // 4, len(text) // 4
        return {
            "id": "chatcmpl-" + name, "object": "chat.completion", "created": 1_790_000_000,
            "model": request.get("model", "none"),
            "choices": []
            if kind == "empty"
            else [{"index": 0, "message": message, "finish_reason": finish, "logprobs": None}],
            "usage": {
                "prompt_tokens": into, "completion_tokens": out, "total_tokens": into + out,
                "prompt_tokens_details": {"cached_tokens": 0},
            },
        }  # fmt: skip

    def _messages(
        self, request: dict[str, Any], lines: list[Any], rng: random.Random, kind: str, name: str, size: int
    ) -> dict[str, Any]:
        form = (request.get("output_config") or {}).get("format") or request.get("output_format") or {}
        tool = next(iter(request.get("tools") or []), None)
        forced = tool and (request.get("tool_choice") or {}).get("type") in ("tool", "any")
        schema = form.get("schema") or (tool["input_schema"] if forced else None)
        text = self._text(schema or schema_in(said_in(lines) + str(request.get("system", ""))), rng, kind)
        content: list[dict[str, Any]] = [{"type": "text", "text": text}]
        finish = {"truncated": "max_tokens", "refusal": "refusal", "filtered": "refusal"}.get(kind, "end_turn")
        if kind in ("empty", "filtered"):
            content = []
        elif forced and not form and kind in ("ok", "slow", "duplicates", "same_id", "wrong_schema"):
            content = [{"type": "tool_use", "id": "toolu_" + name, "name": tool["name"], "input": orjson.loads(text)}]
            finish = "tool_use"
        return {
            "id": "msg_" + name, "type": "message", "role": "assistant", "model": request.get("model", "none"),
            "content": content, "stop_reason": finish, "stop_sequence": None,
            "usage": {
                "input_tokens": size // 4, "output_tokens": len(text) // 4, "cache_creation_input_tokens": 0,
                "cache_read_input_tokens": 0,
            },
        }  # fmt: skip


REASONS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 429: "Too Many Requests"}


class Talk(asyncio.Protocol):
    """One connection, kept alive: request after request."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.loop = asyncio.get_running_loop()
        self.heard = b""
        self.transport: asyncio.Transport

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.heard += data
        while (end := self.heard.find(b"\r\n\r\n")) >= 0:
            head = self.heard[:end]
            at = head.lower().find(b"content-length:")
            length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
            if len(self.heard) < end + 4 + length:
                return
            body, self.heard = self.heard[end + 4 : end + 4 + length], self.heard[end + 4 + length :]
            method, path = head.split(b" ", 2)[:2]
            self.asked(method.decode(), path.decode().partition("?")[0], head, body)

    def asked(self, method: str, path: str, head: bytes, body: bytes) -> None:
        desk = self.desk
        if path.endswith(("/chat/completions", "/messages")) and method == "POST":
            kind, wait, status, headers, said, hashed = desk.hear(path, head, body)
            if kind != "hang":
                self.loop.call_later(wait, self.answer, kind, status, headers, said, hashed)
            return
        if path == "/stats":
            said = orjson.dumps(desk.stats())
        elif path == "/config" and method == "POST":
            desk.change(orjson.loads(body))
            said = b"{}"
        elif path.endswith("/models"):
            names = desk.settings.models or ("made-up",)
            said = orjson.dumps({"object": "list", "data": [{"id": name, "object": "model"} for name in names]})
        else:
            self.say(404, [], b'{"error": {"message": "no such path", "type": "not_found_error"}}')
            return
        self.say(200, [], said)

    def answer(self, kind: str, status: int, headers: list[str], said: bytes, hashed: str) -> None:
        desk = self.desk
        desk.in_flight -= 1
        desk.kinds[kind] += 1
        desk.last = time.monotonic()
        if self.transport.is_closing():
            desk.kinds["gone"] += 1
            return
        if kind in ANSWERED:
            desk.answered[hashed] += 1
        self.say(status, headers, said, cut=kind == "cut")

    def say(self, status: int, headers: list[str], said: bytes, *, cut: bool = False) -> None:
        first = f"HTTP/1.1 {status} {REASONS.get(status, 'No')}"
        head = "\r\n".join([first, "content-type: application/json", f"content-length: {len(said)}", *headers])
        self.transport.write(head.encode() + b"\r\n\r\n" + (said[: len(said) // 2] if cut else said))
        if cut:
            self.transport.close()


async def serve(settings: Settings) -> None:
    desk = Desk(settings)
    server = await asyncio.get_running_loop().create_server(lambda: Talk(desk), "127.0.0.1", 0, backlog=1024)
    print(f"ready {server.sockets[0].getsockname()[1]}", flush=True)  # noqa: T201
    await server.serve_forever()


class ModelServer:
    """The server in a process of its own, as tests hold it."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process, self.port = process, port

    @property
    def base_url(self) -> str:
        """With `/v1`, as OpenAI-compatible clients want it; Anthropic's go without it."""
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def root_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def _call(self, method: str, path: str, body: str | None = None) -> Any:
        talk = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            talk.request(method, path, body)
            return json.loads(talk.getresponse().read())
        finally:
            talk.close()

    def stats(self) -> dict[str, Any]:
        return self._call("GET", "/stats")

    def change(self, **settings: Any) -> None:
        """Changes settings; with `reset=True` the counts start anew."""
        self._call("POST", "/config", json.dumps(settings))


@contextmanager
def model_server(**settings: Any) -> Iterator[ModelServer]:
    """A server with these settings. Needs sockets: `@pytest.mark.enable_socket`."""
    process = subprocess.Popen(
        [sys.executable, __file__, json.dumps(settings)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield ModelServer(process, int(process.stdout.readline().split()[1]))
    finally:
        process.kill()
        process.stdin.close()
        process.stdout.close()
        process.wait()


def _until_closed() -> None:
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    threading.Thread(target=_until_closed, daemon=True).start()
    given = json.loads(sys.argv[1]) if len(sys.argv) > 1 else {}
    known = {field.name for field in fields(Settings)}
    if unknown := set(given) - known:
        sys.exit(f"unknown settings: {', '.join(sorted(unknown))}")
    asyncio.run(serve(Settings(**given)))
