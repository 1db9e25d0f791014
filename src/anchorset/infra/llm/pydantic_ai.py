"""Any provider that pydantic-ai knows, as `pydantic-ai:bedrock:…`, for those that our own wires do not reach.

Costs ten times the CPU a request of our own wires; the library is imported here, on use, and nowhere else.
What this module does not know: the providers themselves. Keys and addresses are pydantic-ai's to find.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from time import perf_counter, time
from typing import TYPE_CHECKING, Any

from anchorset.core.ask import Ask, Finish, Line, Reply, Usage
from anchorset.core.errors import ConfigError, MachineError, MissingExtraError, ModelError
from anchorset.core.inert import short
from anchorset.infra.llm.vendors import forbidden
from anchorset.infra.llm.wire.limits import retry_after
from anchorset.infra.llm.wire.shaping import in_words
from anchorset.infra.llm.wire.troubles import hidden, trouble_of

if TYPE_CHECKING:
    from pydantic_ai.messages import ModelMessage, ModelResponse
    from pydantic_ai.models import Model

_FINISHES: dict[str, Finish] = {
    "stop": "stop", "length": "length", "content_filter": "filtered", "tool_call": "stop"
}  # fmt: skip
_HERE = ("test", "function")
"""Providers of pydantic-ai's own that send nothing."""


class PydanticAiModel:
    """Fills `core.ports.ChatModel` over `pydantic_ai.direct`."""

    def __init__(self, model: str | Model) -> None:
        """`model`: as pydantic-ai writes it, `bedrock:us.amazon.nova-pro-v1:0`; or one of its models.

        Raises MissingExtraError without the library, ConfigError for a name that it does not know, MachineError where
        it finds no key.
        """
        try:
            import pydantic_ai  # noqa: F401
        except ImportError:
            raise MissingExtraError(f"the model 'pydantic-ai:{model}'", "pydantic-ai") from None
        self._inner = _inferred(model) if isinstance(model, str) else model
        self._name = f"pydantic-ai:{model if isinstance(model, str) else self._inner.model_name}"

    @property
    def name(self) -> str:
        return self._name

    @property
    def host(self) -> str | None:
        if self._inner.system in _HERE:
            return None
        return self._inner.base_url or self._inner.system

    async def reply(self, ask: Ask, *, timeout: float) -> Reply:
        """The answer to one ask, within `timeout` seconds. Raises ModelError with its trouble."""
        if self.host is not None and (why := forbidden(self._name)):
            raise ModelError(why, trouble="auth")
        begun = perf_counter()
        try:
            async with asyncio.timeout(timeout):
                made = await self._asked(ask)
        except TimeoutError:
            raise ModelError(
                f"{self._name} gave no answer in {timeout:g} seconds; it is asked again.", trouble="timeout"
            ) from None
        return replace(_reply(made), seconds=perf_counter() - begun)

    async def close(self) -> None:
        return None

    async def _asked(self, ask: Ask) -> ModelResponse:
        from pydantic_ai import exceptions
        from pydantic_ai.direct import model_request
        from pydantic_ai.models import ModelRequestParameters
        from pydantic_ai.output import OutputObjectDefinition
        from pydantic_ai.settings import ModelSettings

        settings: ModelSettings = {}
        if ask.temperature is not None:
            settings["temperature"] = ask.temperature
        if ask.max_tokens is not None:
            settings["max_tokens"] = ask.max_tokens
        parameters = None
        lines = ask.lines
        if ask.shape is not None and _holds_to_schemas(self._inner):
            shape = OutputObjectDefinition(json_schema=ask.shape.schema(), name=ask.shape.name, strict=True)
            parameters = ModelRequestParameters(output_mode="native", output_object=shape)
        elif ask.shape is not None:
            told = in_words([{"role": line.role, "content": line.content} for line in lines], ask.shape)
            lines = (*lines[: len(told) - 1], Line(role="user", content=told[-1]["content"]))
        try:
            return await model_request(
                self._inner, _messages(lines), model_settings=settings, model_request_parameters=parameters
            )
        except exceptions.ModelHTTPError as error:
            wait = retry_after(error.headers or {}, now=time())
            raise trouble_of(self._name, error.status_code, str(error.body or error.message), wait) from None
        except exceptions.ContentFilterError as error:
            raise ModelError(
                f"{self._name} does not answer this question ({_said(error)}); it is counted as refused.",
                trouble="refused",
            ) from None
        except exceptions.UnexpectedModelBehavior as error:
            raise ModelError(f"{self._name}: {_said(error)}; it is asked again.", trouble="malformed") from None
        except exceptions.UserError as error:
            raise ModelError(f"{self._name} cannot be asked so: {_said(error)}.", trouble="request") from None
        except (exceptions.AgentRunError, OSError) as error:
            raise ModelError(
                f"{self._name} could not be reached: {_said(error)}; it is asked again.", trouble="transport"
            ) from None


def _inferred(name: str) -> Model:
    from pydantic_ai.exceptions import UserError
    from pydantic_ai.models import infer_model

    try:
        return infer_model(name)
    except UserError as error:
        if "set the" in str(error).casefold() or "api_key" in str(error).casefold():
            raise MachineError(f"the model 'pydantic-ai:{name}' has no key: {_said(error)}.") from None
        raise ConfigError(f"pydantic-ai cannot use the model {name!r}: {_said(error)}.") from None
    except ValueError as error:
        raise ConfigError(f"pydantic-ai does not know the model {name!r}: {_said(error)}.") from None
    except ImportError as error:
        raise MachineError(f"the model 'pydantic-ai:{name}' needs one more package: {_said(error)}.") from None


def _holds_to_schemas(model: Any) -> bool:
    profile = model.profile
    key = "supports_json_schema_output"
    return bool(profile.get(key) if hasattr(profile, "get") else getattr(profile, key, False))


def _messages(lines: tuple[Line, ...]) -> list[ModelMessage]:
    from pydantic_ai.messages import ModelRequest, ModelResponse, SystemPromptPart, TextPart, UserPromptPart

    made: list[ModelMessage] = []
    parts: list[Any] = []
    for line in lines:
        if line.role == "assistant":
            made += [ModelRequest(parts=parts)] if parts else []
            parts = []
            made.append(ModelResponse(parts=[TextPart(line.content)]))
        else:
            parts.append(SystemPromptPart(line.content) if line.role == "system" else UserPromptPart(line.content))
    return [*made, ModelRequest(parts=parts)] if parts else made


def _reply(made: ModelResponse) -> Reply:
    from pydantic_ai.messages import TextPart

    used = made.usage
    return Reply(
        text="".join(part.content for part in made.parts if isinstance(part, TextPart)),
        usage=Usage(input=used.input_tokens, output=used.output_tokens, cached=used.cache_read_tokens),
        model=made.model_name or None,
        finish=_FINISHES.get(made.finish_reason or "stop", "other"),
    )


def _said(error: BaseException) -> str:
    return short(hidden(str(error)), 200).rstrip(".") or type(error).__name__
