"""Names, addresses and keys; what opens and what does not; what `auto` finds."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from anchorset.core.config import ModelSpec
from anchorset.core.errors import ConfigError, InputError, MachineError
from anchorset.infra.llm.door import open_model
from anchorset.infra.llm.find import FIRST_MODELS, found, keys_found, settled
from anchorset.infra.llm.names import taken_apart
from anchorset.infra.llm.vendors import VENDORS, key_of, on_loopback, vendor_of


def vendor(model: str, environ: dict[str, str] | None = None, **spec: Any) -> Any:
    return vendor_of(ModelSpec(model=model, **spec), environ or {})


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("openai:gpt-5", ("openai", "gpt-5")), ("ollama:qwen3:8b", ("ollama", "qwen3:8b")),
        ("OpenRouter:meta-llama/llama-3.3-70b-instruct:free", ("openrouter", "meta-llama/llama-3.3-70b-instruct:free")),
        (" openai : gpt-5 ", ("openai", "gpt-5")),
    ],
)  # fmt: skip
def test_the_first_word_is_the_provider(name: str, parts: tuple[str, str]) -> None:
    assert taken_apart(name) == parts


@pytest.mark.parametrize("name", ["gpt-5", "", "openai:", ":gpt-5", "openai: "])
def test_a_name_without_provider_or_model_says_how_to_write_it(name: str) -> None:
    with pytest.raises(ConfigError, match="write `provider:model`"):
        taken_apart(name)


def test_an_unknown_provider_names_the_nearest() -> None:
    with pytest.raises(ConfigError, match="did you mean 'anthropic'"):
        vendor("antropic:claude")
    with pytest.raises(ConfigError, match=r"known: .*openai-compatible"):
        vendor("zzz:claude")


@pytest.mark.parametrize("listed", VENDORS, ids=lambda one: one.name)
def test_every_vendor_has_an_address_that_can_be_used(listed: Any) -> None:
    found = vendor(f"{listed.name}:m")
    assert found.base_url.startswith("http://127.0.0.1" if listed.local else "https://")
    assert found.own
    assert found.local == found.loopback
    assert listed.local or listed.name in FIRST_MODELS


def test_the_specs_address_wins_over_the_environments() -> None:
    environ = {"OPENAI_BASE_URL": "https://gateway.example/v1/"}
    assert vendor("openai:x", environ).base_url == "https://gateway.example/v1"
    assert vendor("openai:x", environ, base_url="http://127.0.0.1:9/v1").base_url == "http://127.0.0.1:9/v1"
    assert not vendor("openai:x", environ).own


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("0.0.0.0", "http://127.0.0.1:11434/v1"), ("127.0.0.1:11435", "http://127.0.0.1:11435/v1"),
        (":11500", "http://127.0.0.1:11500/v1"), ("http://box.lan:11434", "http://box.lan:11434/v1"),
        ("0.0.0.0:8080", "http://127.0.0.1:8080/v1"), ("http://box.lan:1/v1", "http://box.lan:1/v1"),
        ("https://box.lan", "https://box.lan/v1"), ("[::]:11434", "http://127.0.0.1:11434/v1"),
    ],
)  # fmt: skip
def test_ollamas_host_in_all_its_forms(said: str, address: str) -> None:
    assert vendor("ollama:x", {"OLLAMA_HOST": said}).base_url == address


@pytest.mark.parametrize(
    "url",
    ["api.openai.com", "ftp://x/v1", "https://", "https://user:sk-secret@host/v1", "https://h/v1?key=sk-secret",
     "https://h:99999/v1", "http://h\n/v1", "https://[::1/v1"],
)  # fmt: skip
def test_an_address_that_cannot_be_used_is_refused_without_showing_secrets(url: str) -> None:
    with pytest.raises(ConfigError) as error:
        vendor("openai:x", base_url=url)
    assert "sk-secret" not in str(error.value)


def test_compatible_servers_need_an_address_and_no_key() -> None:
    with pytest.raises(ConfigError, match="base_url"):
        vendor("openai-compatible:m")
    found = vendor("openai-compatible:m", base_url="http://10.0.0.5:8000/v1")
    assert (found.key, found.host, found.loopback) == (None, "10.0.0.5:8000", False)
    assert key_of(vendor("openai-compatible:m", base_url="https://x/v1", api_key="OURS"), {"OURS": "k"}) == "k"


def test_a_missing_key_names_the_variable() -> None:
    with pytest.raises(MachineError, match="GROQ_API_KEY is not set"):
        key_of(vendor("groq:x"), {})
    with pytest.raises(MachineError, match="OURS is not set"):
        key_of(vendor("groq:x", api_key="OURS"), {"GROQ_API_KEY": "k"})
    assert key_of(vendor("ollama:x"), {}) is None
    assert key_of(vendor("gemini:x"), {"GOOGLE_API_KEY": "k"}) == "k"
    assert key_of(vendor("openai:x"), {"OPENAI_API_KEY": " k\n"}) == "k"


@pytest.mark.parametrize("key", ["sk-sec ret", "sk-sec\r\nret", "sk-sécret"])
def test_a_key_that_no_header_can_carry_is_refused_and_not_shown(key: str) -> None:
    with pytest.raises(MachineError, match="OPENAI_API_KEY") as error:
        key_of(vendor("openai:x"), {"OPENAI_API_KEY": key})
    assert "ret" not in str(error.value)


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("http://127.0.0.1:1/v1", True), ("http://127.9.9.9/v1", True), ("http://localhost:1", True),
        ("http://[::1]:1", True), ("http://0.0.0.0:1", False), ("http://127.0.0.1.evil.com", False),
        ("http://10.0.0.1", False), ("https://localhost.evil.com", False),
    ],
)  # fmt: skip
def test_what_this_machine_is(url: str, here: bool) -> None:
    assert on_loopback(url) is here


@pytest.mark.parametrize("model", ["none", "auto"])
def test_nothing_opens_without_a_model(model: str) -> None:
    with pytest.raises(ConfigError, match="nothing can be asked"):
        open_model(ModelSpec(model=model))


def test_the_door_opens_each_kind(tmp_path: Any) -> None:
    assert open_model(ModelSpec(model="scripted:demo")).host is None
    assert open_model(ModelSpec(model="openai:gpt-5"), environ={"OPENAI_API_KEY": "k"}).host == "api.openai.com"
    assert open_model(ModelSpec(model="ollama:qwen3:8b"), environ={}).host == "127.0.0.1:11434"
    with pytest.raises(MachineError, match="ANTHROPIC_API_KEY"):
        open_model(ModelSpec(model="anthropic:claude-sonnet-5"), environ={})
    with pytest.raises(InputError, match="cannot be read"):
        open_model(ModelSpec(model="scripted:nowhere.jsonl"), root=tmp_path)


def test_auto_takes_the_first_key_in_the_stated_order() -> None:
    environ = {"OPENAI_API_KEY": "sk-a", "ANTHROPIC_API_KEY": "sk-b", "GROQ_API_KEY": "  "}
    spec, why = settled(ModelSpec(model="auto", temperature=0.3), environ | _NOBODY)
    assert spec.model == f"anthropic:{FIRST_MODELS['anthropic']}"
    assert spec.temperature == 0.3
    assert why == "ANTHROPIC_API_KEY is set"
    everything = str(keys_found(environ | _NOBODY))
    assert "sk-a" not in everything
    assert "OPENAI_API_KEY" in everything
    assert "GROQ_API_KEY" not in everything


def test_a_named_model_is_left_alone() -> None:
    spec = ModelSpec(model="openai:gpt-5")
    assert settled(spec, {}) == (spec, None)


_NOBODY = {"OLLAMA_HOST": "127.0.0.1:1"}


def test_auto_finds_a_local_server_and_says_which(server: Any) -> None:
    server.change(models=["nomic-embed-text", "qwen3:8b"])
    environ = {"OLLAMA_HOST": f"127.0.0.1:{server.port}"}
    spec, why = settled(ModelSpec(model="auto"), environ)
    assert spec.model == "ollama:qwen3:8b"
    assert why == f"a server answers at 127.0.0.1:{server.port}"
    assert open_model(spec, environ=environ).host == f"127.0.0.1:{server.port}"


def test_auto_asks_the_address_it_is_given(server: Any) -> None:
    server.change(models=["tiny"])
    spec, why = settled(ModelSpec(model="auto", base_url=server.base_url), {})
    assert spec.model == "openai-compatible:tiny"
    assert server.base_url in (why or "")


@pytest.mark.enable_socket
def test_auto_without_anything_says_what_it_looked_for() -> None:
    if any(one.key is None for one in found({})):
        pytest.skip("a model server runs on this machine")
    with pytest.raises(MachineError, match=r"OPENAI_API_KEY.*LM Studio"):
        settled(ModelSpec(model="auto"), {})


@pytest.mark.enable_socket
def test_a_server_that_says_nothing_is_left_after_half_a_second() -> None:
    import time

    with socket.create_server(("127.0.0.1", 0)) as silent:
        begun = time.perf_counter()
        found({"OLLAMA_HOST": f"127.0.0.1:{silent.getsockname()[1]}"})
        assert time.perf_counter() - begun < 2
