"""Which models can be used here and now: keys in the environment, servers on this machine.

Only loopback is asked, and only for its list of models; a key is looked for, never sent and never shown.
What this module does not know: which model is best, and what the owner wants.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

import orjson

from anchorset.core.config import ModelSpec
from anchorset.core.errors import ConfigError, MachineError
from anchorset.core.inert import visible
from anchorset.infra.llm.vendors import VENDORS, Vendor, key_in, vendor_of

SECONDS = 0.5
"""How long a local server may take to say which models it has."""
_CAP_BYTES = 1_000_000
FIRST_MODELS = {
    "anthropic": "claude-sonnet-5", "openai": "gpt-5-mini", "google": "gemini-2.5-flash",
    "groq": "llama-3.3-70b-versatile", "mistral": "mistral-small-latest", "deepseek": "deepseek-chat",
    "openrouter": "openai/gpt-5-mini", "together": "meta-llama/Llama-3.3-70B-Instruct-Turbo",
    "fireworks": "accounts/fireworks/models/llama-v3p3-70b-instruct",
}  # fmt: skip
"""What `auto` takes of a vendor whose key is there: a middling model, for thousands of short texts."""
_NO_CHAT = ("embed", "bge-", "rerank", "whisper", "tts", "clip", "moderation")
"""Parts of names of models that do not chat."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One way to a model."""

    provider: str
    key: str | None
    """Name of the environment variable that is set; None: a server of one's own."""
    address: str
    models: tuple[str, ...]
    """`provider:model`, the suggested one first; empty: it answers and shows none (none loaded, or it wants a key)."""

    @property
    def why(self) -> str:
        """A clause for people: `OPENAI_API_KEY is set`, `a server answers at 127.0.0.1:11434`."""
        return f"{self.key} is set" if self.key else f"a server answers at {urlsplit(self.address).netloc}"


def found(environ: Mapping[str, str] | None = None) -> list[Found]:
    """All of them, in the order in which `auto` takes them: keys first, then local servers. About half a second."""
    environ = os.environ if environ is None else environ
    return [*keys_found(environ), *servers_found(environ)]


def keys_found(environ: Mapping[str, str]) -> list[Found]:
    """Vendors whose key is set, with a model to begin with. Nothing is sent."""
    return [
        Found(
            provider=vendor.name, key=vendor.key, address=vendor.base_url,
            models=(f"{vendor.name}:{FIRST_MODELS[vendor.name]}",),
        )
        for vendor in _reachable(environ)
        if vendor.key and key_in(environ, vendor.key)
    ]  # fmt: skip


def servers_found(environ: Mapping[str, str]) -> list[Found]:
    """Servers on this machine that say which models they have."""
    asked = [vendor for vendor in _reachable(environ) if vendor.local and vendor.loopback]
    with ThreadPoolExecutor(len(asked) or 1) as pool:
        answers = list(pool.map(models_at, asked))
    return [
        Found(
            provider=vendor.name, key=None, address=vendor.base_url,
            models=tuple(f"{vendor.name}:{model}" for model in models),
        )
        for vendor, models in zip(asked, answers, strict=True)
        if models is not None
    ]  # fmt: skip


def _reachable(environ: Mapping[str, str]) -> list[Vendor]:
    """All vendors whose address can be used. Whoever names one with an address that is none hears of it then."""
    vendors = []
    for listed in VENDORS:
        with suppress(ConfigError):
            vendors.append(vendor_of(ModelSpec(model=f"{listed.name}:any"), environ))
    return vendors


def settled(spec: ModelSpec, environ: Mapping[str, str] | None = None) -> tuple[ModelSpec, str | None]:
    """The spec with a model in place of `auto`, and why it was that one; any other spec as it is, and None.

    Raises MachineError when nothing is found.
    """
    if spec.model != "auto":
        return spec, None
    if spec.base_url:
        model = f"openai-compatible:{_first_at(spec)}"
        return spec.model_copy(update={"model": model}), f"`base_url` is {spec.base_url}"
    environ = os.environ if environ is None else environ
    for look in (keys_found, servers_found):
        for one in look(environ):
            if not one.models:
                continue
            return spec.model_copy(update={"model": one.models[0], "api_key": spec.api_key or one.key}), one.why
    names = ", ".join(vendor.key for vendor in VENDORS if vendor.key)
    raise MachineError(
        f"`auto` found no language model: none of {names} is set, and no local server (Ollama, vLLM, llama.cpp, "
        "LM Studio) answers; export a key, start one, or name `provider:model` under `models`."
    )


def models_at(vendor: Vendor, seconds: float = SECONDS) -> list[str] | None:
    """The models that a server on loopback lists, those for chats first in its own order; None: nobody answers."""
    parts = urlsplit(vendor.base_url)
    if parts.scheme != "http" or not vendor.loopback:
        return None
    talk = HTTPConnection(parts.hostname or "", parts.port or 80, timeout=seconds)
    try:
        talk.request("GET", f"{parts.path}/models", headers={"User-Agent": "anchorset"})
        answer = talk.getresponse()
        if answer.status in (401, 403):
            return []  # It is there, and wants a key that a guess does not send.
        if answer.status != 200:
            return None
        data = orjson.loads(answer.read(_CAP_BYTES))
    except (OSError, HTTPException, ValueError):
        return None
    finally:
        talk.close()
    rows = data.get("data") if isinstance(data, dict) else None
    if not isinstance(rows, list) and not (isinstance(data, dict) and "data" in data):
        return None  # Something else listens there.
    names = [row["id"] for row in rows or () if isinstance(row, dict) and isinstance(row.get("id"), str) and row["id"]]
    names = [name for name in names if visible(name) == name and len(name) <= 200]
    return [name for name in names if not any(part in name.casefold() for part in _NO_CHAT)]


def _first_at(spec: ModelSpec) -> str:
    vendor = vendor_of(spec.model_copy(update={"model": "openai-compatible:any"}))
    models = models_at(vendor) if vendor.loopback else None
    if not models:
        raise MachineError(
            f"`auto` was given the address {spec.base_url} and found no model there; start the server, or name "
            "`openai-compatible:MODEL`."
        )
    return models[0]
