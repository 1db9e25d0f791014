"""The batch endpoints: half the price, an answer within a day. OpenAI's files and batches, Anthropic's message batches.

A batch is known by a handle: plain JSON without secrets, to be kept and asked about from any process, any day.
What this module does not know: where handles and answers are kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from time import time
from typing import Any, Literal

import aiohttp
import orjson

from anchorset.core.ask import Ask, Reply
from anchorset.core.errors import ConfigError, InputError, ModelError
from anchorset.infra.llm.wire import anthropic, openai
from anchorset.infra.llm.wire.batch import URL, batch_line, read_batch_line
from anchorset.infra.llm.wire.client import WireModel
from anchorset.infra.llm.wire.habits import BEFORE, LATEST
from anchorset.infra.llm.wire.troubles import parsed, refused

SECONDS = 600.0
"""For sending a file, and for reading one."""
MOST = {"openai": 50_000, "anthropic": 100_000}
"""Requests in one batch."""
MOST_BYTES = 200_000_000
"""Of a batch's requests; both vendors take at least so much."""
_ENDED = ("completed", "expired", "cancelled", "failed")
Handle = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What has become of a batch."""

    status: Literal["running", "ended", "failed"]
    """failed: the vendor took none of it, `message` says why."""
    answers: Mapping[str, Reply | ModelError] = field(default_factory=dict)
    """By the ask's key. What is missing was not answered and can be asked again."""
    done: int = 0
    total: int = 0
    message: str | None = None
    unread: tuple[str, ...] = ()
    """Sentences about lines of the results that could not be read."""


async def submit(model: WireModel, asks: Sequence[Ask]) -> Handle:
    """Sends the asks as one batch; the handle to collect it by. Raises ConfigError for too many, ModelError."""
    vendor = model.vendor
    lines = list({ask.key: batch_line(ask, vendor, model.habits) for ask in asks}.values())
    content = b"\n".join(map(orjson.dumps, lines)) + b"\n"
    if not lines or len(lines) > MOST[vendor.wire] or len(content) > MOST_BYTES:
        raise ConfigError(
            f"a batch for {model.name} has {len(lines):,} requests and {len(content):,} bytes; it takes 1 to "
            f"{MOST[vendor.wire]:,} and {MOST_BYTES:,} bytes: send it in parts."
        )
    handle: Handle = {"model": model.name, "wire": vendor.wire, "base_url": vendor.base_url, "requests": len(lines)}
    if vendor.wire == "anthropic":
        # A batch goes out under one version of the API, and the latest takes no temperature from any model.
        warm = any("temperature" in line["params"] for line in lines)
        made = await _json(
            model, "POST", _batches(model), orjson.dumps({"requests": lines}), version=BEFORE if warm else LATEST
        )
        return handle | {"id": _id(model, made)}
    form = aiohttp.FormData()
    form.add_field("purpose", "batch")
    form.add_field("file", content, filename="anchorset.jsonl", content_type="application/jsonl")
    file = await _json(model, "POST", f"{vendor.base_url}/files", form)
    wanted = {"input_file_id": _id(model, file), "endpoint": URL, "completion_window": "24h"}
    made = await _json(model, "POST", _batches(model), orjson.dumps(wanted))
    return handle | {"id": _id(model, made), "file": _id(model, file)}


async def collect(model: WireModel, handle: Handle) -> Collected:
    """What there is of a batch, all of it once it has ended. Asks the address that the model's spec says now.

    Raises ConfigError for a handle of another wire, ModelError.
    """
    if handle.get("wire") != model.vendor.wire or not isinstance(handle.get("id"), str):
        raise ConfigError(
            f"the batch {handle.get('id')!r} was sent to {handle.get('model')!r} and {model.name!r} cannot collect it; "
            "name the model that it was sent to."
        )
    seen = await _json(model, "GET", f"{_batches(model)}/{handle['id']}")
    counts = seen.get("request_counts")
    counts = counts if isinstance(counts, dict) else {}
    if model.vendor.wire == "anthropic":
        total = sum(value for value in counts.values() if isinstance(value, int)) or int(handle.get("requests", 0))
        if seen.get("processing_status") != "ended":
            return Collected(status="running", done=total - openai.count(counts.get("processing")), total=total)
        address = f"{_batches(model)}/{handle['id']}/results"
        return await _read_all(model, [address], total)
    total = openai.count(counts.get("total")) or int(handle.get("requests", 0))
    done = openai.count(counts.get("completed")) + openai.count(counts.get("failed"))
    if seen.get("status") not in _ENDED:
        return Collected(status="running", done=done, total=total)
    files = [seen[name] for name in ("output_file_id", "error_file_id") if isinstance(seen.get(name), str)]
    if not files:
        return Collected(status="failed", done=done, total=total, message=_why(seen))
    return await _read_all(model, [f"{model.vendor.base_url}/files/{file}/content" for file in files], total)


async def _read_all(model: WireModel, addresses: Sequence[str], total: int) -> Collected:
    answers: dict[str, Reply | ModelError] = {}
    unread: list[str] = []
    for address in addresses:
        async for line in _lines(model, address):
            try:
                key, answer = read_batch_line(line, who=model.name)
            except InputError as error:
                unread.append(str(error))
                continue
            if not isinstance(answers.get(key), Reply):  # An answer is never replaced by an error.
                answers[key] = answer
    return Collected(status="ended", answers=answers, done=len(answers), total=total, unread=tuple(unread))


async def _lines(model: WireModel, address: str) -> Any:
    model.check()
    who = f"{model.name} at {model.host}"
    try:
        async with (
            asyncio.timeout(SECONDS),
            model.session().get(address, headers=_headers(model), allow_redirects=False, proxy=model.proxy) as response,
        ):
            if response.status != 200:
                raise refused(who, response.status, response.headers, await response.content.read(4096), now=time())
            left = b""
            async for chunk in response.content.iter_chunked(1 << 16):
                *whole, left = (left + chunk).split(b"\n")
                for line in whole:
                    if line.strip():
                        yield line
            if left.strip():
                yield left
    except TimeoutError:
        raise ModelError(f"{who} sent no results in {SECONDS:g} seconds; collect again.", trouble="timeout") from None
    except (aiohttp.ClientError, OSError) as error:
        raise ModelError(
            f"{who} broke off the results: {model.words(error)}; collect again.", trouble="transport"
        ) from None


async def _json(
    model: WireModel,
    method: str,
    address: str,
    body: bytes | aiohttp.FormData | None = None,
    version: str = LATEST,
) -> dict[str, Any]:
    headers = _headers(model, version)
    if not isinstance(body, bytes):
        headers.pop("Content-Type", None)  # A form names its own boundary.
    who = f"{model.name} at {model.host}"
    try:
        async with asyncio.timeout(SECONDS):
            status, seen, content = await model.send(method, address, headers, body)
    except TimeoutError:
        raise ModelError(f"{who} gave no answer in {SECONDS:g} seconds; try again.", trouble="timeout") from None
    if status not in (200, 201):
        raise refused(who, status, seen, content, now=time())
    data = parsed(content)
    if not isinstance(data, dict):
        raise ModelError(f"{who}: its answer about the batch is no JSON object; try again.", trouble="malformed")
    return data


def _batches(model: WireModel) -> str:
    if model.vendor.wire == "anthropic":
        return anthropic.address(model.vendor, "/v1/messages/batches")
    return f"{model.vendor.base_url}/batches"


def _headers(model: WireModel, version: str = LATEST) -> dict[str, str]:
    if model.vendor.wire == "anthropic":
        return anthropic.headers_for(model.key, version)
    return openai.headers_for(model.key)


def _id(model: WireModel, data: dict[str, Any]) -> str:
    found = data.get("id")
    # It becomes part of an address.
    if isinstance(found, str) and found and len(found) < 200 and all(c.isalnum() or c in "-_." for c in found):
        return found
    raise ModelError(f"{model.name} named no id for what it took; try again.", trouble="malformed")


def _why(seen: dict[str, Any]) -> str:
    errors = seen.get("errors")
    rows = errors.get("data") if isinstance(errors, dict) else None
    first = rows[0] if isinstance(rows, list) and rows else None
    said = first.get("message") if isinstance(first, dict) else None
    return f"the batch {seen.get('status')}: {said or 'no reason given'}; nothing of it was answered, send it again."
