"""Models at the edges: what `init` offers, what `doctor` sees and pings, the demo with a model."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from server import ModelServer, model_server

SECRET = "sk-nobody-must-see-this"


@pytest.fixture
def server(socket_enabled: None) -> Iterator[ModelServer]:
    with model_server(steady=True) as running:
        yield running


def models_of(folder: Path) -> dict[str, object]:
    return yaml.safe_load((folder / "anchorset.yaml").read_text(encoding="utf-8"))["models"]


def test_init_takes_no_model_by_itself_and_says_which_key_is_there(anchorset, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    shown = anchorset("init", tmp_path / "ws", "--yes", "--json")
    assert shown.code == 0
    assert models_of(tmp_path / "ws") == {"generator": "none", "judge": "none"}
    assert "OPENAI_API_KEY is set" in shown.err
    report = json.loads(shown.out)
    assert report["models"] == {"generator": "none", "judge": "none"}
    assert [one["why"] for one in report["found"]] == ["OPENAI_API_KEY is set"]
    assert SECRET not in shown.out + shown.err + (tmp_path / "ws" / "anchorset.yaml").read_text()


def test_init_finds_a_server_on_this_machine(anchorset, tmp_path: Path, monkeypatch, server: ModelServer) -> None:
    server.change(models=["qwen3:8b"])
    monkeypatch.delenv("ANCHORSET_NO_MODELS")
    monkeypatch.setenv("OLLAMA_HOST", f"127.0.0.1:{server.port}")
    shown = anchorset("init", tmp_path / "ws", "--yes")
    assert f"ollama:qwen3:8b (a server answers at 127.0.0.1:{server.port})" in shown.out
    assert server.stats()["requests"] == 0


def test_init_writes_the_models_that_are_given(anchorset, tmp_path: Path) -> None:
    words = ("--model", "openai:gpt-5-mini", "--judge", "anthropic:claude-sonnet-5")
    both = {"generator": "openai:gpt-5-mini", "judge": "anthropic:claude-sonnet-5"}
    assert anchorset("init", tmp_path / "plain", "--yes", *words).code == 0
    assert models_of(tmp_path / "plain") == both
    assert anchorset("init", tmp_path / "example", "--example", "refund-bot", *words).code == 0
    assert models_of(tmp_path / "example") == both


def test_init_writes_nothing_with_a_name_that_nobody_serves(anchorset, tmp_path: Path) -> None:
    shown = anchorset("init", tmp_path / "ws", "--yes", "--model", "opena:gpt-5")
    assert shown.code == 2
    assert "did you mean 'openai'?" in shown.err
    assert not (tmp_path / "ws").exists()


@pytest.mark.parametrize(
    ("said", "models"),
    [
        ("1\n\n", {"generator": "anthropic:claude-sonnet-5", "judge": "openai:gpt-5-mini"}),
        ("2\nnone\n", {"generator": "openai:gpt-5-mini", "judge": "none"}),
        ("\n", {"generator": "none", "judge": "none"}),
        ("gpt-5\nopenai:gpt-5\n1\n", {"generator": "openai:gpt-5", "judge": "anthropic:claude-sonnet-5"}),
    ],
)
def test_init_offers_a_writer_and_a_judge_of_another_family(
    anchorset, tmp_path: Path, monkeypatch, said: str, models: dict[str, str]
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    monkeypatch.setenv("ANTHROPIC_API_KEY", SECRET)
    monkeypatch.setattr(sys, "stdin", io.StringIO("shop\n\n\n\n" + said))
    shown = anchorset("init", tmp_path / "ws")
    assert shown.code == 0, shown.err
    assert models_of(tmp_path / "ws") == models
    assert SECRET not in shown.out + shown.err


def test_init_asks_for_no_model_where_none_is_found(anchorset, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("shop\n\n\n\n"))
    assert anchorset("init", tmp_path / "ws").code == 0
    assert models_of(tmp_path / "ws") == {"generator": "none", "judge": "none"}


@pytest.fixture
def made(anchorset, tmp_path: Path):
    """A workspace with these models."""

    def make(**models: object) -> Path:
        folder = tmp_path / "ws"
        anchorset("init", folder, "--yes")
        file = folder / "anchorset.yaml"
        config = yaml.safe_load(file.read_text(encoding="utf-8"))
        file.write_text(yaml.safe_dump(config | {"models": models}), encoding="utf-8")
        return folder

    return make


def test_doctor_names_keys_and_prices_and_shows_no_key(anchorset, made, monkeypatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    folder = made(generator="openai:gpt-5-mini", judge="scripted:demo")
    shown = anchorset("doctor", "-w", folder, "--json")
    assert shown.code == 0
    models = json.loads(shown.out)["models"]
    assert models["keys"] == ["OPENAI_API_KEY"]
    generator, judge = models["configured"]
    assert (generator["family"], generator["host"]) == ("openai-gpt", "api.openai.com")
    assert generator["usd_per_million"]["output"] > generator["usd_per_million"]["input"] > 0
    assert judge["usd_per_million"] == {"input": 0.0, "output": 0.0}
    assert generator["seconds"] is None, "nobody was asked"
    assert SECRET not in shown.out + shown.err


def test_doctor_leaves_with_4_when_a_configured_model_cannot_be_asked(anchorset, made) -> None:
    shown = anchorset("doctor", "-w", made(generator="openai:gpt-5-mini"))
    assert shown.code == 4
    assert "NO  generator: openai:gpt-5-mini" in shown.out
    assert "OPENAI_API_KEY is not set" in shown.out


def test_doctor_says_aloud_that_a_price_is_not_known(anchorset, made, monkeypatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    shown = anchorset("doctor", "-w", made(generator="openai:gpt-900-of-tomorrow"))
    assert "its price is not known" in shown.out


def test_a_broken_configuration_is_the_finding_and_not_its_models(anchorset, made) -> None:
    folder = made(generator={"model": "openai:gpt-5", "temperatur": 1})
    shown = anchorset("doctor", "-w", folder, "--json")
    assert shown.code == 1
    assert json.loads(shown.out)["models"] is None


def test_a_ping_asks_for_one_token_and_says_what_it_learned(anchorset, made, server: ModelServer) -> None:
    server.change(refuses=["temperature"])
    spec = {"model": "openai-compatible:qwen3:8b", "base_url": server.base_url, "temperature": 0.5}
    folder = made(generator=spec)
    assert anchorset("doctor", "-w", folder).code == 0
    assert server.stats()["requests"] == 0
    shown = anchorset("doctor", "-w", folder, "--ping", "--json")
    assert shown.code == 0, shown.out
    generator = json.loads(shown.out)["models"]["configured"][0]
    assert 0 < generator["seconds"] < 30
    assert any("temperature" in lesson for lesson in generator["lessons"])
    assert server.stats()["requests"] == 2


def test_a_ping_that_is_refused_leaves_with_4(anchorset, made, server: ModelServer, monkeypatch) -> None:
    monkeypatch.setenv("SHOP_KEY", SECRET)
    server.change(key="another")
    spec = {"model": "openai-compatible:qwen3:8b", "base_url": server.base_url, "api_key": "SHOP_KEY"}
    shown = anchorset("doctor", "-w", made(generator=spec), "--ping")
    assert shown.code == 4
    assert "does not know the key" in shown.out
    assert SECRET not in shown.out + shown.err


def test_a_ping_leaves_this_machine_only_with_consent_and_never_under_the_switch(anchorset, made, monkeypatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    folder = made(generator="openai:gpt-5-mini")
    silent = anchorset("doctor", "-w", folder, "--ping")
    assert silent.code == 2
    assert "nothing was sent" in silent.err
    agreed = anchorset("doctor", "-w", folder, "--ping", "--yes")
    assert agreed.code == 4
    assert "ANCHORSET_NO_MODELS" in agreed.out


def test_the_demo_takes_a_judge_only_with_a_writer(anchorset, tmp_path: Path) -> None:
    shown = anchorset("demo", tmp_path / "demo", "--judge", "scripted:demo")
    assert shown.code == 2
    assert "add `--model" in shown.err
    assert not (tmp_path / "demo").exists()


@pytest.mark.slow
def test_the_demo_with_a_model_asks_a_few_dozen_times_and_never_again(
    anchorset, tmp_path: Path, server: ModelServer
) -> None:
    folder = tmp_path / "demo"
    words = ("--model", "openai-compatible:qwen3:8b", "--judge", "openai-compatible:llama3.2")
    shown = anchorset("demo", folder, *words, "--base-url", server.base_url, "--json")
    assert shown.code == 0, shown.err
    report = json.loads(shown.out)
    assert [part["ledger"]["passed"] for part in report["models"]] == [8, 8, 8]
    asked = server.stats()["requests"]
    assert 10 < asked < 100
    assert {"prompted", "persona", "redteam"} <= {
        row["provenance"]["technique"]
        for path in (folder / "candidates").glob("r_*.jsonl")
        for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())
        if row["provenance"]["model"]
    }
    again = anchorset("demo", folder, *words, "--base-url", server.base_url, "--json")
    assert again.code == 0, again.err
    assert server.stats()["requests"] == asked
    assert anchorset("datasets", "verify", "refund-bot", "-w", folder).code == 0
