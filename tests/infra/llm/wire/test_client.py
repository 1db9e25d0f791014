"""One ask, one answer, over real sockets on this machine."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiohttp import web

from anchorset.core.ask import Ask, Reply
from anchorset.core.config import ModelSpec
from anchorset.core.errors import ModelError
from anchorset.infra.llm.door import open_model
from anchorset.infra.llm.vendors import Vendor, vendor_of
from anchorset.infra.llm.wire.client import CAP_BYTES, WireModel

sys.path.insert(0, str(Path(__file__).parent))
from wanted import ask

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
GOOD = {"choices": [{"message": {"content": "yes"}, "finish_reason": "stop"}], "model": "m"}


def model_at(url: str, name: str = "vllm:m", key: str | None = None) -> WireModel:
    spec = ModelSpec(model=name, base_url=url)
    return WireModel(name, vendor_of(spec, {}), key)


def one(model: WireModel, wanted: Ask, timeout: float = 5) -> Reply:
    async def go() -> Reply:
        try:
            return await model.reply(wanted, timeout=timeout)
        finally:
            await model.close()

    return asyncio.run(go())


def against(handler: Handler, wanted: Ask, *, name: str = "vllm:m", timeout: float = 5, key: str | None = None) -> Any:
    """What the model behind `handler` makes of an ask: the reply or the error, and the model."""

    async def go() -> Any:
        app = web.Application(client_max_size=10**8)
        app.router.add_route("*", "/{path:.*}", handler)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        base = f"http://127.0.0.1:{port}" + ("" if name.startswith("anthropic") else "/v1")
        model = model_at(base, name, key)
        try:
            return await model.reply(wanted, timeout=timeout), model
        except ModelError as error:
            return error, model
        finally:
            await model.close()
            await runner.cleanup()

    return asyncio.run(go())


@pytest.mark.parametrize(("name", "wire"), [("vllm:m", "base_url"), ("anthropic:claude-opus-4-5", "root_url")])
def test_both_wires_get_an_answer_of_the_shape(server: Any, name: str, wire: str) -> None:
    reply = one(model_at(getattr(server, wire), name), ask(name, max_tokens=300))
    assert len(orjson.loads(reply.text)["items"]) == 5
    assert reply.usage.input > 0
    assert reply.usage.output > 0
    assert 0 < reply.seconds < 5
    assert reply.items == ()


@pytest.mark.parametrize("name", ["vllm:m", "anthropic:claude-3-haiku"])
@pytest.mark.parametrize(
    ("fault", "trouble"),
    [
        ("limited", "rate"), ("limited_silent", "rate"), ("error", "overloaded"), ("overloaded", "overloaded"),
        ("hang", "timeout"), ("cut", "transport"), ("broken", "malformed"),
    ],
)  # fmt: skip
def test_every_fault_has_its_name(server: Any, name: str, fault: str, trouble: str) -> None:
    server.change(**{fault: 1.0})
    url = server.root_url if name.startswith("anthropic") else server.base_url
    with pytest.raises(ModelError) as error:
        one(model_at(url, name), ask(name), timeout=0.3)
    assert error.value.trouble == trouble
    assert error.value.retry_after == (1.0 if fault == "limited" else None)


@pytest.mark.parametrize("name", ["vllm:m", "anthropic:claude-opus-4-5"])
@pytest.mark.parametrize(("fault", "finish"), [("truncated", "length"), ("refusal", "refused")])
def test_what_was_paid_for_comes_back_even_when_it_is_useless(server: Any, name: str, fault: str, finish: str) -> None:
    server.change(**{fault: 1.0})
    url = server.root_url if name.startswith("anthropic") else server.base_url
    reply = one(model_at(url, name), ask(name))
    assert reply.finish == finish
    assert reply.usage.input > 0


def test_a_wrong_key_is_auth_and_is_never_repeated(server: Any) -> None:
    server.change(key="right-key")
    with pytest.raises(ModelError) as error:
        one(model_at(server.base_url, key="sk-wrong-secret-key"), ask("vllm:m"))
    assert error.value.trouble == "auth"
    assert "sk-wrong-secret-key" not in str(error.value)
    assert one(model_at(server.base_url, key="right-key"), ask("vllm:m")).finish == "stop"


def test_what_a_model_does_not_take_is_learned_once(server: Any) -> None:
    server.change(refuses=["temperature", "response_format"])
    model = model_at(server.base_url)

    async def go() -> None:
        for nth in range(3):
            await model.reply(ask("vllm:m", temperature=0.5, nth=nth), timeout=5)
        await asyncio.gather(*(model.reply(ask("vllm:m", temperature=0.5, nth=10 + n), timeout=5) for n in range(20)))
        await model.close()

    asyncio.run(go())
    # Three refusals for three lessons (temperature, schema, JSON), and then one request an ask.
    assert server.stats()["kinds"] == {"invalid_request_error": 3, "ok": 23}
    assert model.lessons == [
        "takes no temperature; its own is used",
        "does not hold its answers to a JSON schema; words in the prompt alone is used",
    ]


def test_many_that_are_refused_together_all_get_their_answer(server: Any) -> None:
    server.change(refuses=["temperature", "response_format"], latency=0.02)
    model = model_at(server.base_url)

    async def go() -> list[Reply]:
        asks = [ask("vllm:m", temperature=0.5, nth=nth) for nth in range(64)]
        try:
            return await asyncio.gather(*(model.reply(one, timeout=5) for one in asks))
        finally:
            await model.close()

    assert len(asyncio.run(go())) == 64


@pytest.mark.parametrize("refused", ["output_config", "tools"])
def test_anthropic_falls_back_to_a_tool_and_then_to_words(server: Any, refused: str) -> None:
    server.change(refuses=["output_config", refused])
    model = model_at(server.root_url, "anthropic:claude-opus-4-5")
    reply = one(model, ask("anthropic:claude-opus-4-5"))
    assert orjson.loads(reply.text)["items"]
    assert model.habits.structured == ("prompt" if refused == "tools" else "tool")


@pytest.mark.parametrize(
    ("sent", "said", "then"),
    [
        ("max_tokens", "Unsupported parameter: 'max_tokens' is not supported with this model. "
         "Use 'max_completion_tokens' instead.", "max_completion_tokens"),
        ("response_format", "This model does not support response format `json_schema`. See response_format.", None),
        ("temperature", "Unsupported value: 'temperature' does not support 0.5 with this model. "
         "Only the default (1) value is supported.", None),
        ("system", "System role not supported", None),
    ],
)  # fmt: skip
@pytest.mark.enable_socket
def test_the_words_of_real_vendors_are_understood(sent: str, said: str, then: str | None) -> None:
    seen: list[dict[str, Any]] = []

    async def handler(request: web.Request) -> web.Response:
        body = await request.json()
        seen.append(body)
        takes = all(line["role"] != "system" for line in body["messages"]) if sent == "system" else sent not in body
        if sent == "response_format":
            takes = body.get("response_format", {}).get("type") != "json_schema"
        return web.json_response(GOOD) if takes else web.json_response({"error": {"message": said}}, status=400)

    reply, _ = against(handler, ask("vllm:m", temperature=0.5, max_tokens=100))
    assert reply.text == "yes"
    assert len(seen) == 2
    assert then is None or then in seen[1]


@pytest.mark.enable_socket
def test_a_question_that_is_wrong_itself_is_sent_once() -> None:
    seen: list[Any] = []

    async def handler(request: web.Request) -> web.Response:
        seen.append(1)
        return web.json_response(
            {"error": {"message": "This model's maximum context length is 8192 tokens."}}, status=400
        )

    error, _ = against(handler, ask("vllm:m"))
    assert (error.trouble, len(seen)) == ("request", 1)


@pytest.mark.enable_socket
def test_redirects_are_not_followed_and_keys_stay_here() -> None:
    seen: list[str] = []

    async def handler(request: web.Request) -> web.Response:
        seen.append(request.path)
        raise web.HTTPTemporaryRedirect("http://127.0.0.1:1/elsewhere")

    error, _ = against(handler, ask("vllm:m"), key="sk-secret")
    assert error.trouble == "auth"
    assert "redirects are not followed" in str(error)
    assert seen == ["/v1/chat/completions"]


@pytest.mark.enable_socket
def test_an_endless_answer_is_cut_off() -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        try:
            while True:
                await response.write(b" " * 1_000_000)
        except ConnectionError:
            return response

    error, _ = against(handler, ask("vllm:m"))
    assert error.trouble == "malformed"
    assert f"{CAP_BYTES:,}" in str(error)


@pytest.mark.enable_socket
def test_a_packed_answer_that_unpacks_to_an_endless_one_is_cut_off() -> None:
    async def handler(request: web.Request) -> web.Response:
        response = web.Response(body=b" " * 60_000_000)
        response.enable_compression(web.ContentCoding.gzip)
        return response

    error, _ = against(handler, ask("vllm:m"), timeout=20)
    assert error.trouble == "malformed"


@pytest.mark.enable_socket
def test_nobody_there_is_transport() -> None:
    with pytest.raises(ModelError) as error:
        one(model_at("http://127.0.0.1:1/v1"), ask("vllm:m"))
    assert error.value.trouble == "transport"
    assert "127.0.0.1:1" in str(error.value)


def test_what_the_headers_say_of_limits_is_kept(server: Any) -> None:
    server.change(per_minute=600, burst=10)
    for name, url in (("vllm:m", server.base_url), ("anthropic:claude-3-haiku", server.root_url)):
        model = model_at(url, name)
        one(model, ask(name))
        assert model.limits_seen is not None
        assert model.limits_seen.requests_limit == 10
        assert 7 <= (model.limits_seen.requests_remaining or 0) <= 9
        assert 0 < (model.limits_seen.requests_reset or 0) < 1


def test_connections_are_kept_open_and_no_more_than_allowed(server: Any) -> None:
    server.change(latency=0.05)
    model = WireModel(
        "vllm:m", vendor_of(ModelSpec(model="vllm:m", base_url=server.base_url), {}), None, max_in_flight=4
    )

    async def go() -> None:
        await asyncio.gather(*(model.reply(ask("vllm:m", nth=n), timeout=5) for n in range(16)))
        await model.close()

    asyncio.run(go())
    assert server.stats()["most_in_flight"] == 4


@pytest.mark.parametrize("name", ["openai:gpt-5", "anthropic:claude-opus-4-5", "groq:x"])
def test_the_switch_lets_nothing_leave_this_machine(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANCHORSET_NO_MODELS", "1")
    keys = {"OPENAI_API_KEY": "sk-secret", "ANTHROPIC_API_KEY": "sk-secret", "GROQ_API_KEY": "sk-secret"}
    model = open_model(ModelSpec(model=name), environ=keys)
    assert isinstance(model, WireModel)
    with pytest.raises(ModelError, match="ANCHORSET_NO_MODELS is set") as error:
        one(model, ask(name))
    assert error.value.trouble == "auth"
    assert "sk-secret" not in f"{error.value} {model!r}"


def test_proxies_are_used_only_when_they_are_set_and_never_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    away = Vendor(name="openai", base_url="https://api.openai.com/v1")
    here = Vendor(name="vllm", base_url="http://127.0.0.1:8000/v1")
    assert WireModel("openai:x", away, None).proxy is None
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy:3128")
    monkeypatch.setenv("HTTP_PROXY", "http://proxy:3128")
    assert WireModel("openai:x", away, None).proxy == "http://proxy:3128"
    assert WireModel("vllm:x", here, None).proxy is None
    monkeypatch.setenv("NO_PROXY", "api.openai.com")
    assert WireModel("openai:x", away, None).proxy is None
