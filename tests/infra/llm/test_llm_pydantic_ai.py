"""Any other provider through pydantic-ai: its own offline models stand in for a provider."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import Any

import pytest
from pydantic import BaseModel
from pydantic_ai import exceptions
from pydantic_ai.messages import ModelResponse, TextPart
from pydantic_ai.models.function import FunctionModel

from anchorset.core.ask import Ask, Line, Shape
from anchorset.core.config import ModelSpec
from anchorset.core.errors import ConfigError, MachineError, ModelError
from anchorset.infra.llm.door import open_model
from anchorset.infra.llm.pydantic_ai import PydanticAiModel


class Item(BaseModel):
    message: str


LINES = (
    Line(role="system", content="You write."), Line(role="user", content="one"),
    Line(role="assistant", content="two"), Line(role="user", content="three"),
)  # fmt: skip


def ask(**changes: Any) -> Ask:
    return Ask(**({"model": "pydantic-ai:test", "lines": LINES, "temperature": 0.1, "max_tokens": 9} | changes))


def one(function: Any, wanted: Ask, timeout: float = 5) -> Any:
    return asyncio.run(PydanticAiModel(FunctionModel(function)).reply(wanted, timeout=timeout))


def test_lines_settings_and_answers_go_through() -> None:
    seen: list[Any] = []

    def answer(messages: Any, info: Any) -> ModelResponse:
        seen.append((messages, info))
        return ModelResponse(parts=[TextPart("yes")], finish_reason="length")

    reply = one(answer, ask())
    messages, info = seen[0]
    assert [part.content for message in messages for part in message.parts] == ["You write.", "one", "two", "three"]
    assert (info.model_settings["temperature"], info.model_settings["max_tokens"]) == (0.1, 9)
    assert (reply.text, reply.finish) == ("yes", "length")
    assert reply.usage.output > 0


def test_a_shape_is_held_to_or_stands_in_the_prompt() -> None:
    seen: list[Any] = []

    def answer(messages: Any, info: Any) -> ModelResponse:
        seen.append((str(messages), info.model_request_parameters))
        return ModelResponse(parts=[TextPart('{"message": "x"}')])

    one(answer, ask(shape=Shape(Item)))
    said, parameters = seen[0]
    assert parameters.output_mode == "native" or "JSON schema" in said


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (exceptions.ModelHTTPError(429, "m", {"error": {"message": "slow"}}), "rate"),
        (exceptions.ModelHTTPError(401, "m", None), "auth"),
        (exceptions.ModelHTTPError(503, "m", None), "overloaded"),
        (exceptions.ContentFilterError("no"), "refused"),
        (exceptions.UnexpectedModelBehavior("odd"), "malformed"),
        (exceptions.UserError("wrong"), "request"),
        (exceptions.ModelAPIError("m", "gone"), "transport"),
        (ConnectionError("gone"), "transport"),
    ],
)
def test_its_errors_become_troubles(error: Exception, trouble: str) -> None:
    def answer(messages: Any, info: Any) -> ModelResponse:
        raise error

    with pytest.raises(ModelError) as raised:
        one(answer, ask())
    assert raised.value.trouble == trouble


def test_a_slow_one_is_a_timeout() -> None:
    async def answer(messages: Any, info: Any) -> ModelResponse:
        await asyncio.sleep(5)
        raise AssertionError

    with pytest.raises(ModelError) as error:
        one(answer, ask(), timeout=0.05)
    assert error.value.trouble == "timeout"


def test_names_that_it_does_not_know_and_keys_that_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigError):
        open_model(ModelSpec(model="pydantic-ai:nobody:x"))
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises((MachineError, ConfigError), match="OPENAI_API_KEY"):
        open_model(ModelSpec(model="pydantic-ai:openai:gpt-5"))


def test_the_switch_holds_here_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    model = open_model(ModelSpec(model="pydantic-ai:openai:gpt-5"))
    assert "openai" in (model.host or "")
    with pytest.raises(ModelError, match="ANCHORSET_NO_MODELS"):
        asyncio.run(model.reply(ask(), timeout=5))


def test_without_the_extra_the_command_that_installs_it_is_named() -> None:
    code = (
        "import sys; sys.modules['pydantic_ai'] = None\n"
        "from anchorset.core.config import ModelSpec\n"
        "from anchorset.infra.llm.door import open_model\n"
        "open_model(ModelSpec(model='pydantic-ai:openai:gpt-5'))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "MissingExtraError" in done.stderr
    assert "pip install 'anchorset[pydantic-ai]'" in done.stderr
