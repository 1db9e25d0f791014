"""Batches: lines as the SDKs type them, results of both vendors in any order and with errors, endpoints on loopback."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiohttp import web
from anthropic.types.messages import MessageBatch, MessageBatchIndividualResponse
from anthropic.types.messages.batch_create_params import Request
from openai.types import Batch, FileObject
from openai.types.chat.completion_create_params import CompletionCreateParamsNonStreaming
from pydantic import TypeAdapter

from anchorset.core.ask import Reply
from anchorset.core.config import ModelSpec
from anchorset.core.errors import ConfigError, InputError, ModelError
from anchorset.infra.llm.vendors import vendor_of
from anchorset.infra.llm.wire.batch import batch_line, read_batch_line
from anchorset.infra.llm.wire.batch_http import Collected, collect, submit
from anchorset.infra.llm.wire.client import WireModel

sys.path.insert(0, str(Path(__file__).parent))
from wanted import ask

COMPLETION = {
    "id": "c", "object": "chat.completion", "created": 1, "model": "gpt-4o",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "yes"}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 3, "completion_tokens": 1, "total_tokens": 4},
}  # fmt: skip
MESSAGE = {
    "id": "m", "type": "message", "role": "assistant", "model": "claude", "content": [{"type": "text", "text": "yes"}],
    "stop_reason": "end_turn", "stop_sequence": None, "usage": {"input_tokens": 3, "output_tokens": 1},
}  # fmt: skip


def test_a_line_for_openai_holds_a_whole_request_under_the_asks_key() -> None:
    wanted = ask("openai:gpt-4o", temperature=0.4)
    line = batch_line(wanted, vendor_of(ModelSpec(model=wanted.model), {}))
    assert (line["custom_id"], line["method"], line["url"]) == (wanted.key, "POST", "/v1/chat/completions")
    TypeAdapter(CompletionCreateParamsNonStreaming).validate_python(line["body"])


def test_a_line_for_anthropic_is_what_its_sdk_sends() -> None:
    wanted = ask("anthropic:claude-sonnet-5")
    line = batch_line(wanted, vendor_of(ModelSpec(model=wanted.model), {}))
    TypeAdapter(Request).validate_python(line)
    assert set(line) == {"custom_id", "params"}


def answered(status: int, body: Any) -> dict[str, Any]:
    return {"id": "b", "custom_id": "a_1", "error": None, "response": {"status_code": status, "body": body}}


def failed(code: str) -> dict[str, Any]:
    return {"id": "b", "custom_id": "a_1", "response": None, "error": {"code": code, "message": "no"}}


def result(kind: str, **more: Any) -> dict[str, Any]:
    return {"custom_id": "a_1", "result": {"type": kind, **more}}


def errored(kind: str) -> dict[str, Any]:
    return result("errored", error={"type": "error", "error": {"type": kind, "message": "no"}})


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (answered(200, COMPLETION), "yes"),
        (answered(429, {"error": {"message": "slow"}}), "rate"),
        (answered(400, {"error": {"message": "bad"}}), "request"),
        (answered(200, {}), "malformed"),
        (failed("batch_expired"), "timeout"),
        (failed("x"), "overloaded"),
        ({"custom_id": "a_1", "response": "x", "error": None}, "overloaded"),
        (result("succeeded", message=MESSAGE), "yes"),
        (errored("overloaded_error"), "overloaded"),
        (errored("invalid_request_error"), "request"),
        (result("expired"), "timeout"),
        (result("canceled"), "timeout"),
        (result("new"), "malformed"),
    ],
)
def test_lines_of_results(line: dict[str, Any], found: str) -> None:
    for form in (line, orjson.dumps(line), orjson.dumps(line).decode()):
        key, answer = read_batch_line(form)
        assert key == "a_1"
        assert (answer.text if isinstance(answer, Reply) else answer.trouble) == found
    if "result" in line and line["result"]["type"] in ("succeeded", "errored", "expired", "canceled"):
        MessageBatchIndividualResponse.model_validate(line)


@pytest.mark.parametrize("line", [b"", b"{", b"[]", b"null", b'{"custom_id": 7}', b'{"custom_id": "a"}', b"\xff", {}])
def test_what_is_no_line_of_results_is_said(line: Any) -> None:
    with pytest.raises(InputError):
        read_batch_line(line)


Handler = Callable[[web.Request], Awaitable[web.Response]]
Go = Callable[[WireModel], Awaitable[Any]]


def at(handler: Handler, name: str, go: Go) -> Any:
    async def run() -> Any:
        async def handled(request: web.Request) -> web.Response:
            return await handler(request)

        app = web.Application()
        app.router.add_route("*", "/{path:.*}", handled)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        address = f"http://127.0.0.1:{runner.addresses[0][1]}" + ("" if name.startswith("anthropic") else "/v1")
        model = WireModel(name, vendor_of(ModelSpec(model=name, base_url=address), {}), "sk-secret")
        try:
            return await go(model)
        finally:
            await model.close()
            await runner.cleanup()

    return asyncio.run(run())


class OpenAiDesk:
    """Files and batches, as the SDK's types have them."""

    def __init__(self, status: str = "completed") -> None:
        self.status = status
        self.lines: list[dict[str, Any]] = []

    async def __call__(self, request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == "Bearer sk-secret"
        if request.path == "/v1/files":
            form = await request.post()
            file = form["file"]
            assert isinstance(file, web.FileField)
            self.lines = [orjson.loads(line) for line in file.file.read().splitlines()]
            assert form["purpose"] == "batch"
            made = FileObject(
                id="file-1", bytes=1, created_at=1, filename="x", object="file", purpose="batch", status="processed"
            )
            return web.json_response(made.model_dump())
        if request.path == "/v1/batches":
            wanted = await request.json()
            assert wanted == {"input_file_id": "file-1", "endpoint": "/v1/chat/completions", "completion_window": "24h"}
        if request.path.endswith("/content"):
            done, rest = self.lines[:-1], self.lines[-1:]
            if "out" in request.path:
                rows = [
                    {"custom_id": one["custom_id"], "error": None, "response": {"status_code": 200, "body": COMPLETION}}
                    for one in reversed(done)
                ]
                return web.Response(body=b"\n".join(map(orjson.dumps, rows)) + b'\n{"cut off')
            error = {"status_code": 400, "body": {"error": {"message": "bad"}}}
            return web.Response(
                body=orjson.dumps({"custom_id": rest[0]["custom_id"], "response": error, "error": None})
            )
        made_batch = Batch.model_validate(
            {
                "id": "batch_1", "completion_window": "24h", "created_at": 1, "endpoint": "/v1/chat/completions",
                "input_file_id": "file-1", "object": "batch", "status": self.status,
                "output_file_id": "file-out" if self.status == "completed" else None,
                "error_file_id": "file-err" if self.status == "completed" else None,
                "request_counts": {"completed": 2, "failed": 1, "total": 3},
                "errors": {"data": [{"message": "line 1 is bad"}]} if self.status == "failed" else None,
            }
        )  # fmt: skip
        return web.json_response(made_batch.model_dump())


class AnthropicDesk:
    def __init__(self, status: str = "ended") -> None:
        self.status = status
        self.lines: list[dict[str, Any]] = []
        self.version = ""

    async def __call__(self, request: web.Request) -> web.Response:
        assert request.headers["x-api-key"] == "sk-secret"
        if request.method == "POST":
            self.lines, self.version = (await request.json())["requests"], request.headers["anthropic-version"]
        if request.path.endswith("/results"):
            kinds = [{"type": "succeeded", "message": MESSAGE}, {"type": "expired"}, {"type": "canceled"}]
            rows = [
                {"custom_id": one["custom_id"], "result": kind} for one, kind in zip(self.lines, kinds, strict=True)
            ]
            return web.Response(body=b"\n".join(map(orjson.dumps, reversed(rows))))
        made = MessageBatch.model_validate(
            {
                "id": "msgbatch_1", "type": "message_batch", "processing_status": self.status,
                "created_at": "2026-01-01T00:00:00Z", "expires_at": "2026-01-02T00:00:00Z",
                "request_counts": {"processing": 1, "succeeded": 2, "errored": 0, "canceled": 0, "expired": 0},
            }
        )  # fmt: skip
        return web.Response(body=made.model_dump_json(), content_type="application/json")


@pytest.mark.enable_socket
@pytest.mark.parametrize(
    ("name", "desk"), [("openai:gpt-4o", OpenAiDesk), ("anthropic:claude-sonnet-5", AnthropicDesk)]
)
def test_a_batch_is_sent_and_collected_by_its_handle(name: str, desk: Any) -> None:
    asks = [ask(name, nth=nth) for nth in range(3)]

    async def go(model: WireModel) -> tuple[Any, Collected]:
        handle = await submit(model, [*asks, asks[0]])
        return handle, await collect(model, orjson.loads(orjson.dumps(handle)))

    handle, got = at(desk(), name, go)
    assert handle["requests"] == 3
    assert "sk-secret" not in str(handle)
    assert got.status == "ended"
    assert set(got.answers) == {one.key for one in asks}
    replies = [one for one in got.answers.values() if isinstance(one, Reply)]
    assert [one.text for one in replies] == ["yes"] * len(replies)
    assert len(replies) == (2 if name.startswith("openai") else 1)
    assert len(got.unread) == (1 if name.startswith("openai") else 0)


@pytest.mark.enable_socket
@pytest.mark.parametrize(
    ("name", "desk", "done", "total"),
    [
        ("openai:gpt-4o", OpenAiDesk("in_progress"), 3, 3),
        ("anthropic:claude-sonnet-5", AnthropicDesk("in_progress"), 2, 3),
    ],
)
def test_a_batch_that_runs_says_how_far_it_is(name: str, desk: Any, done: int, total: int) -> None:
    async def go(model: WireModel) -> Collected:
        return await collect(model, await submit(model, [ask(name)]))

    got = at(desk, name, go)
    assert (got.status, got.done, got.total, dict(got.answers)) == ("running", done, total, {})


@pytest.mark.enable_socket
def test_a_batch_that_was_not_taken_says_why() -> None:
    async def go(model: WireModel) -> Collected:
        return await collect(model, await submit(model, [ask()]))

    got = at(OpenAiDesk("failed"), "openai:gpt-4o", go)
    assert got.status == "failed"
    assert "line 1 is bad" in (got.message or "")


@pytest.mark.enable_socket
@pytest.mark.parametrize(("temperature", "version"), [(0.5, "2023-06-01"), (None, "2026-10-21")])
def test_a_warm_batch_goes_out_under_the_version_that_takes_temperatures(temperature: Any, version: str) -> None:
    desk = AnthropicDesk()
    name = "anthropic:claude-3-5-haiku-latest"
    at(desk, name, lambda model: submit(model, [ask(name, temperature=temperature)]))
    assert desk.version == version


@pytest.mark.enable_socket
def test_a_batch_of_nothing_and_a_strange_handle_are_refused() -> None:
    with pytest.raises(ConfigError, match="0 requests"):
        at(OpenAiDesk(), "openai:gpt-4o", lambda model: submit(model, []))
    with pytest.raises(ConfigError, match="cannot collect it"):
        at(OpenAiDesk(), "openai:gpt-4o", lambda model: collect(model, {"wire": "anthropic", "id": "x"}))


@pytest.mark.enable_socket
def test_an_id_that_would_change_the_address_is_refused() -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.json_response({"id": "../../v1/files"})

    with pytest.raises(ModelError, match="named no id"):
        at(handler, "openai:gpt-4o", lambda model: submit(model, [ask()]))
