"""An application behind an HTTP endpoint that takes and gives JSON.

What this module does not know: connections, and chat formats.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from jinja2 import TemplateError

from anchorset.core.case import Case
from anchorset.core.config import HttpTarget
from anchorset.core.errors import ConfigError
from anchorset.core.inert import short
from anchorset.trust.run.answer import Answer, CallError, answer_of, timed
from anchorset.trust.run.asked import offered
from anchorset.trust.run.targets.exchange import (
    Request,
    checked_url,
    exchange,
    named_variables,
    session,
    shown,
    variable,
    with_variables,
)
from anchorset.trust.run.targets.target import Ask
from anchorset.trust.run.targets.templates import Fill, complaint, text_template, value_template

_SECRET = "environment_"
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_MISSING = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class Http:
    """A target that is asked over HTTP."""

    name: str
    version: str
    family: str | None
    concurrency: int
    seconds: float
    spec: HttpTarget
    url: Fill
    headers: Mapping[str, Fill]
    body: Fill | None
    secrets: Mapping[str, str]
    """Template variable -> value of an environment variable."""

    def check(self, cases: Iterable[Case]) -> None:
        for case in cases:
            self._request(case)

    def _request(self, case: Case) -> Request:
        values = offered(case)
        try:
            headers = {
                # A line break in a header would begin another header.
                name: _CONTROL.sub(" ", fill({**values, **self.secrets})).strip()
                for name, fill in self.headers.items()
            }
            return Request(
                method=self.spec.method,
                url=self.url(values),
                headers=headers,
                body=None if self.body is None else self.body(values),
                key=case.content,
            )
        except (TemplateError, TypeError, ValueError) as error:
            raise complaint(f"targets.{self.name}.http", case.id, error) from None

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Ask]:
        async with session(self.concurrency) as client:

            async def ask(case: Case) -> Answer:
                request = self._request(case)
                reply = await exchange(client, request, self.seconds, tuple(self.secrets.values()))
                return timed(self._answer, reply, f"{request.method} {shown(request.url)}")

            yield ask

    def _answer(self, value: Any) -> Answer:
        output = found(value, self.spec.output)
        if output is _MISSING:
            keys = ", ".join(map(str, value)) if isinstance(value, dict) else f"a {type(value).__name__}"
            raise CallError("garbage", f"the response has nothing at {self.spec.output!r} (it has: {short(keys, 100)})")
        tools = usd = None
        if self.spec.tools is not None:  # a path that leads nowhere: no tool was called
            tools = found(value, self.spec.tools)
            tools = () if tools is _MISSING or tools is None else tools
        if self.spec.usd is not None:
            usd = found(value, self.spec.usd)
            usd = None if usd is _MISSING else usd
        return answer_of(output, tools=tools, usd=usd)


def found(value: Any, path: str) -> Any:
    """What a dotted path leads to (`choices.0.text`); a marker of ours when nowhere. Empty: the value itself."""
    for part in path.split(".") if path else ():
        if isinstance(value, dict) and part in value:
            value = value[part]
        elif isinstance(value, list) and re.fullmatch(r"-?\d{1,6}", part) and -len(value) <= int(part) < len(value):
            value = value[int(part)]
        else:
            return _MISSING
    return value


def open_http(
    name: str, spec: HttpTarget, *, version: str, family: str | None, concurrency: int, seconds: float,
    environ: Mapping[str, str],
) -> Http:  # fmt: skip
    """The target, its templates read. Raises ConfigError for a template, MachineError for a variable not set."""
    where = f"targets.{name}.http"
    if spec.method == "GET" and "body" in spec.model_fields_set and spec.body is not None:
        raise ConfigError(f"`{where}.body` is set, but the method is GET, which has none; drop it, or use POST.")
    named = sorted({found for text in spec.headers.values() for found in named_variables(text)})
    return Http(
        name=name,
        version=version,
        family=family,
        concurrency=concurrency,
        seconds=seconds,
        spec=spec,
        url=text_template(checked_url(spec.url, f"`{where}.url`"), f"{where}.url", url=True),
        headers={
            key: text_template(
                with_variables(text, _SECRET), f"{where}.headers.{key}", also=[_SECRET + one for one in named]
            )
            for key, text in spec.headers.items()
        },
        body=None if spec.method == "GET" or spec.body is None else value_template(spec.body, f"{where}.body"),
        secrets={_SECRET + one: variable(one, environ, f"`{where}.headers`") for one in named},
    )
