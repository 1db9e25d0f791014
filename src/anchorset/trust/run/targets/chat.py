"""A chat-completions endpoint (OpenAI format) asked with a prompt file of the workspace.

System prompt: the filled prompt file, else the case's own. Then the turns of the case. The case's tools are offered to
the model; which of them it called is part of the answer.
What this module does not know: connections, and what a token costs.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import TemplateError
from pydantic import JsonValue

from anchorset.core.case import Case
from anchorset.core.config import ChatTarget
from anchorset.core.errors import ConfigError
from anchorset.trust.run.answer import Answer, CallError, answer_of, timed
from anchorset.trust.run.asked import messages, offered
from anchorset.trust.run.targets.exchange import Request, checked_url, exchange, session, shown, variable
from anchorset.trust.run.targets.target import Ask
from anchorset.trust.run.targets.templates import Fill, complaint, text_template


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """A target that is a model with a prompt."""

    name: str
    version: str
    family: str | None
    concurrency: int
    seconds: float
    spec: ChatTarget
    prompt: Fill | None
    key: str | None

    def check(self, cases: Iterable[Case]) -> None:
        for case in cases:
            self._system(case)

    def _system(self, case: Case) -> str | None:
        if self.prompt is None:
            return case.system
        try:
            return str(self.prompt(offered(case)))
        except (TemplateError, TypeError, ValueError) as error:
            raise complaint(f"{self.spec.prompt}", case.id, error) from None

    def _request(self, case: Case) -> Request:
        system = self._system(case)
        turns: list[JsonValue] = [] if not system else [{"role": "system", "content": system}]
        body: dict[str, JsonValue] = {"model": self.spec.model, "messages": [*turns, *messages(case)]}
        if self.spec.temperature is not None:
            body["temperature"] = self.spec.temperature
        if self.spec.max_tokens is not None:
            # OpenAI's newer models refuse the name that every other server knows.
            openai = urlsplit(self.spec.base_url).hostname == "api.openai.com"
            body["max_completion_tokens" if openai else "max_tokens"] = self.spec.max_tokens
        if case.tools:
            body["tools"] = [_tool(tool) for tool in case.tools]
        headers = {} if self.key is None else {"Authorization": f"Bearer {self.key}"}
        url = self.spec.base_url.rstrip("/") + "/chat/completions"
        return Request(method="POST", url=url, headers=headers, body=body, key=case.content)

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Ask]:
        secrets = () if self.key is None else (self.key,)
        async with session(self.concurrency) as client:

            async def ask(case: Case) -> Answer:
                request = self._request(case)
                reply = await exchange(client, request, self.seconds, secrets)
                return timed(completion, reply, f"POST {shown(request.url)}")

            yield ask


def completion(value: Any) -> Answer:
    """The answer in a chat completion: text (or the refusal), tools called, cost where the server says it.

    Raises CallError `garbage` when there is no choice with a message.
    """
    try:
        message = value["choices"][0]["message"]
        said = message.get("content")
        calls = message.get("tool_calls") or ()
        refusal = message.get("refusal")
    except (KeyError, IndexError, TypeError, AttributeError):
        raise CallError(
            "garbage", "the response has no `choices.0.message`; is it a chat-completions endpoint?"
        ) from None
    if isinstance(said, list):  # content parts
        said = "".join(part["text"] for part in said if isinstance(part, dict) and isinstance(part.get("text"), str))
    if said is None and not calls:
        said = refusal if isinstance(refusal, str) else ""  # an empty answer is one, and it will be judged
    usage = value.get("usage")
    cost = usage.get("cost") if isinstance(usage, dict) else None  # OpenRouter and LiteLLM say it, OpenAI does not
    priced = isinstance(cost, (int, float)) and not isinstance(cost, bool) and cost >= 0
    return answer_of(said, tools=calls, usd=cost if priced else None)


def _tool(tool: Mapping[str, JsonValue]) -> JsonValue:
    return dict(tool) if "function" in tool else {"type": "function", "function": dict(tool)}


def prompt_file(name: str, spec: ChatTarget, folder: Path) -> Path | None:
    """The prompt file. Raises ConfigError when it is named and not there."""
    if spec.prompt is None:
        return None
    path = folder / spec.prompt
    if not path.is_file():
        raise ConfigError(f"`targets.{name}.chat.prompt` is {spec.prompt!r}, but {str(path)!r} is no file; write it.")
    return path


def open_chat(
    name: str, spec: ChatTarget, *, version: str, family: str | None, concurrency: int, seconds: float,
    folder: Path, environ: Mapping[str, str],
) -> Chat:  # fmt: skip
    """The target, its prompt read. Raises ConfigError for the prompt, MachineError for a key that is not set."""
    path, where = prompt_file(name, spec, folder), f"`targets.{name}.chat"
    try:
        source = None if path is None else path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"`targets.{name}.chat.prompt`: {str(path)!r} cannot be read ({error}); save it as UTF-8."
        ) from None
    checked_url(spec.base_url, f"{where}.base_url`")
    return Chat(
        name=name,
        version=version,
        family=family,
        concurrency=concurrency,
        seconds=seconds,
        spec=spec,
        prompt=None if source is None else text_template(source, str(spec.prompt)),
        key=None if spec.api_key is None else variable(spec.api_key, environ, f"{where}.api_key`"),
    )
