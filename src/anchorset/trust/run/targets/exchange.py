"""One JSON exchange over HTTP, and the wall where its errors become causes.

Redirects are never followed: a case goes to the host that was named, and nowhere else. Cookies are not kept, so that no
case sees another's. Values of environment variables are taken out of everything that comes back.
What this module does not know: what is sent, and where in the response the answer is.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from urllib.parse import urlsplit

import aiohttp
from pydantic import JsonValue

from anchorset.core.errors import ConfigError, MachineError
from anchorset.core.hashing import draw
from anchorset.core.inert import short
from anchorset.trust.run.answer import HEAD_CHARACTERS, CallError, Served

CAP_BODY_BYTES = 8_000_000
"""What is read of a response: the answer may lie in a larger envelope, but not in an endless one."""
TRIES = 5
"""A server that says 429 or 503 is asked again, as long as the time of the call allows."""
_LATER = (429, 503)
_NAMED = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is sent once."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: JsonValue = None
    """None: no body."""
    key: str
    """Of the call: pauses between tries hang on it."""


def session(concurrency: int) -> aiohttp.ClientSession:
    """A client that keeps no cookies and at most so many connections."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=concurrency),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=None),
    )


async def exchange(client: aiohttp.ClientSession, request: Request, seconds: float, secrets: Sequence[str]) -> Served:
    """The JSON that came back, within `seconds`. Raises CallError: timeout, transport, status, garbage, too_large."""
    place = f"{request.method} {shown(request.url)}"
    begun = perf_counter()
    try:
        async with asyncio.timeout(seconds):
            for attempt in range(1, TRIES + 1):
                tried = perf_counter()
                status, reason, headers, body, whole = await _once(client, request)
                text = hidden(body.decode("utf-8", errors="replace"), secrets)
                pause = _pause(headers.get("Retry-After"), request.key, attempt)
                left = seconds - (perf_counter() - begun)
                if status in _LATER and attempt < TRIES and pause < left:
                    await asyncio.sleep(pause)
                    continue
                return _read(place, status, f"{status} {reason}", headers, text, whole, attempt, perf_counter() - tried)
    except TimeoutError:
        raise CallError("timeout", f"{place} gave no answer in {seconds:g} seconds") from None
    except (aiohttp.ClientError, ConnectionError, OSError, ValueError) as error:
        said = hidden(str(error), secrets) or "no reason given"
        raise CallError("transport", f"{place} failed: {type(error).__name__}: {short(said, 160)}") from None
    raise AssertionError("the last try returns")


async def _once(client: aiohttp.ClientSession, request: Request) -> tuple[int, str, Mapping[str, str], bytes, bool]:
    # aiohttp takes json=None for no body.
    async with client.request(
        request.method, request.url, headers=request.headers, json=request.body, allow_redirects=False
    ) as response:
        body = bytearray()
        async for chunk in response.content.iter_chunked(65536):
            body += chunk
            if len(body) > CAP_BODY_BYTES:
                response.close()
                break
        return response.status, response.reason or "", response.headers, bytes(body), len(body) <= CAP_BODY_BYTES


def _read(
    place: str, status: int, named: str, headers: Mapping[str, str], text: str, whole: bool, tries: int, seconds: float
) -> Served:
    if 300 <= status < 400:
        where = shown(headers.get("Location", "")) or "nowhere"
        said = f"{place} answered {named}, a redirect to {where}; redirects are not followed, write that address"
        raise CallError("status", said, seconds=seconds)
    head = text[:HEAD_CHARACTERS] or None
    if not 200 <= status < 300:
        often = f" ({tries} tries)" if tries > 1 else ""
        said = f"{place} answered {named}{often}: {short(text, 160) or 'no text'}"
        raise CallError("status", said, head=head, seconds=seconds)
    if not whole:
        said = f"{place} answered more than {CAP_BODY_BYTES:,} bytes; only the head is kept"
        raise CallError("too_large", said, head=head, seconds=seconds)
    try:
        return Served(json.loads(text), seconds)
    except (ValueError, RecursionError):
        said = f"{place} answered {named}, but no JSON: {short(text, 120) or 'no text'}"
        raise CallError("garbage", said, head=head, seconds=seconds) from None


def _pause(asked_for: str | None, key: str, attempt: int) -> float:
    """Seconds until the next try: what the server asks for, else 0.5, 1, 2, 4 with up to half as much again."""
    if asked_for is not None and asked_for.strip().isdecimal() and len(asked_for) < 7:
        return float(asked_for)
    return 0.25 * 2.0**attempt * (1 + draw("pause", key, attempt) / 2**65)


def shown(url: str) -> str:
    """The address without what may be a secret: user, password, query and fragment are left out."""
    try:
        parts = urlsplit(url)
        host = f"[{parts.hostname}]" if parts.hostname and ":" in parts.hostname else parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "(an address that cannot be read)"
    return short(f"{parts.scheme}://{host}{port}{parts.path}" if host else parts.path, 120)


def hidden(text: str, secrets: Sequence[str]) -> str:
    """The text with every secret as `***`: a server may well echo the headers it was sent."""
    for secret in secrets:
        text = text.replace(secret, "***")
    return text


def named_variables(text: str) -> list[str]:
    """Names of the environment variables in `${NAME}`."""
    return _NAMED.findall(text)


def with_variables(text: str, prefix: str) -> str:
    """`${NAME}` as a template variable, so that neither a secret nor a case is ever read as a template."""
    return _NAMED.sub(lambda found: "{{ " + prefix + found[1] + " }}", text)


def variable(name: str, environ: Mapping[str, str], where: str) -> str:
    """The value of an environment variable. Raises MachineError, naming it, when it is not set or empty."""
    value = environ.get(name, "")
    if not value:
        raise MachineError(f"{where} needs the environment variable {name}, which is not set; export it and run again.")
    return value


def checked_url(url: str, where: str) -> str:
    """The address. Raises ConfigError unless it begins with http:// or https:// and a host."""
    if not re.match(r"https?://[^/\s]", url):
        raise ConfigError(f"{where} is {short(url, 60)!r}; it begins with http:// or https:// and a host.")
    return url
