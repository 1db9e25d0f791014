"""A language model over HTTP: one ask, one answer, on connections that stay open.

Nothing is tried again here but a form of request that the vendor does not take (habits.py): the engine does the rest.
Redirects are never followed and nothing is sent to a host that was not named. With ANCHORSET_NO_MODELS=1 only this
machine itself is asked.
What this module does not know: how an ask is written and an answer read (openai.py, anthropic.py), prices and memory.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import replace
from time import perf_counter, time
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp

from anchorset.core.ask import Ask, Reply
from anchorset.core.errors import ModelError
from anchorset.core.inert import short
from anchorset.infra.llm.names import model_of
from anchorset.infra.llm.spans import active, span
from anchorset.infra.llm.vendors import Vendor, forbidden
from anchorset.infra.llm.wire import anthropic, openai
from anchorset.infra.llm.wire.habits import Habits, first_habits, learned, lessons
from anchorset.infra.llm.wire.limits import Limits, limits_in
from anchorset.infra.llm.wire.troubles import hidden, parsed, said_in

CAP_BYTES = 4_000_000
"""What is read of an answer. A case is a few hundred characters; what is longer than this is no answer."""
FORMS = 6
"""Forms in which one ask is sent at most, before its refusal counts."""
_HOPELESS = (aiohttp.ClientConnectorCertificateError, aiohttp.InvalidURL, ssl.SSLCertVerificationError)


class WireModel:
    """Fills `core.ports.ChatModel`. Make and use it in one event loop; `close` when done."""

    def __init__(self, name: str, vendor: Vendor, key: str | None, *, max_in_flight: int = 64) -> None:
        """`name`: `provider:model`, as asks say it."""
        self._name = name
        self._model = model_of(name)
        self._vendor = vendor
        self.key = key
        self._request = anthropic.request if vendor.wire == "anthropic" else openai.request
        self._read = anthropic.read if vendor.wire == "anthropic" else openai.read
        self._who = f"{name} at {vendor.host}"
        self._max = max_in_flight
        self._client: aiohttp.ClientSession | None = None
        self.proxy = _proxy(vendor)
        self._first = self.habits = first_habits(vendor, self._model)
        self.limits_seen: Limits | None = None
        """What the vendor said of its limits with the latest answer that said anything."""

    def __repr__(self) -> str:
        return f"WireModel({self._name!r}, host={self._vendor.host!r})"

    @property
    def name(self) -> str:
        return self._name

    @property
    def host(self) -> str | None:
        return self._vendor.host

    @property
    def vendor(self) -> Vendor:
        return self._vendor

    @property
    def lessons(self) -> list[str]:
        """What this model turned out not to take, a clause each: `takes no temperature; its own is used`."""
        return lessons(self._first, self.habits)

    async def reply(self, ask: Ask, *, timeout: float) -> Reply:
        """The answer to one ask, within `timeout` seconds. Raises ModelError with its trouble."""
        if active():
            with span(ask, self._vendor, self._model) as note:
                return note(await self._reply(ask, timeout))
        return await self._reply(ask, timeout)

    async def _reply(self, ask: Ask, timeout: float) -> Reply:
        begun = perf_counter()
        try:
            async with asyncio.timeout(timeout):
                for left in reversed(range(FORMS)):
                    habits = self.habits
                    url, headers, body = self._request(ask, self._vendor, self.key, habits)
                    status, seen, content = await self.send("POST", url, headers, body)
                    if status in (400, 422) and left and self._learns(habits, ask, content):
                        continue
                    made = self._read(status, seen, content, who=self._who, now=time())
                    return replace(made, seconds=perf_counter() - begun)
        except TimeoutError:
            raise ModelError(
                f"{self._who} gave no answer in {timeout:g} seconds; it is asked again.", trouble="timeout"
            ) from None
        raise AssertionError("the last form returns or raises")

    async def send(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | aiohttp.FormData | None = None
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Status, headers (looked up in any letters) and body of one exchange. Raises ModelError: transport, auth."""
        self.check()
        try:
            async with self.session().request(
                method, url, headers=headers, data=body, allow_redirects=False, proxy=self.proxy
            ) as response:
                content = await _read(response)
        except _HOPELESS as error:
            raise ModelError(
                f"{self._who} cannot be trusted: {self.words(error)}; correct the address or the certificates here.",
                trouble="auth",
            ) from None
        except (aiohttp.ClientError, ConnectionError, ssl.SSLError, OSError, ValueError) as error:
            if isinstance(error, TimeoutError):
                raise
            raise ModelError(
                f"{self._who} could not be reached: {self.words(error)}; it is asked again.", trouble="transport"
            ) from None
        if content is None:
            raise ModelError(
                f"{self._who} answered more than {CAP_BYTES:,} bytes; lower `max_tokens`.", trouble="malformed"
            )
        if (limits := limits_in(response.headers, now=time())) is not None:
            self.limits_seen = limits
        return response.status, response.headers, content

    def check(self) -> None:
        """Raises ModelError where the switch forbids the host."""
        if not self._vendor.loopback and (why := forbidden(self._who)):
            raise ModelError(why, trouble="auth")

    def session(self) -> aiohttp.ClientSession:
        """The connections, opened on use."""
        if self._client is None or self._client.closed:
            self._client = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._max, keepalive_timeout=60, ttl_dns_cache=300),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None),
                headers={"User-Agent": "anchorset"},
                auto_decompress=True,
            )
        return self._client

    async def close(self) -> None:
        if self._client is not None:
            await self._client.close()
            self._client = None

    def words(self, error: BaseException) -> str:
        """What an error says, without the key."""
        said = str(error)
        if self.key:
            said = said.replace(self.key, "***")
        return f"{type(error).__name__}: {short(hidden(said), 160)}" if said else type(error).__name__

    def _learns(self, sent: Habits, ask: Ask, content: bytes) -> bool:
        """Whether the ask is worth another form, now that the vendor refused this one."""
        if self.habits != sent:
            return True  # Another ask learned while this one was on its way.
        found = learned(sent, self._vendor, said_in(parsed(content), content), shaped=ask.shape is not None)
        if found is None:
            return False
        self.habits = found
        return True


def _proxy(vendor: Vendor) -> str | None:
    """The proxy that the environment sets for this address; None: straight."""
    parts = urlsplit(vendor.base_url)
    if vendor.loopback or not parts.hostname or proxy_bypass(parts.hostname):
        return None
    return getproxies().get(parts.scheme)


async def _read(response: aiohttp.ClientResponse) -> bytes | None:
    """The body; None when it is longer than the cap."""
    content = response.content
    first = await content.readany()
    if content.at_eof():
        return first if len(first) <= CAP_BYTES else None
    body = bytearray(first)
    while len(body) <= CAP_BYTES:
        chunk = await content.readany()
        if not chunk:
            return bytes(body)
        body += chunk
    response.close()
    return None
