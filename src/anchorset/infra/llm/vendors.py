"""Who serves language models: the wire they speak, their address, their key's variable, what they are known to take.

Names are `provider:model`. Everything here is a first guess that a vendor's 400 may correct (wire/habits.py).
What this module does not know: models, requests, and the values of keys beyond handing one over.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from ipaddress import ip_address
from typing import Literal
from urllib.parse import urlsplit

from anchorset.core.config import ModelSpec
from anchorset.core.errors import ConfigError, MachineError, nearest
from anchorset.core.inert import short
from anchorset.infra.llm.names import taken_apart

Wire = Literal["openai", "anthropic"]
Structured = Literal["schema", "tool", "object", "prompt"]
"""How an answer gets its shape: held to a JSON schema, through a forced tool, held to JSON, or only asked to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """One provider as it is reached from here."""

    name: str
    wire: Wire = "openai"
    base_url: str
    """OpenAI's wire: up to and with `/v1`. Anthropic's: without."""
    key: str | None = None
    """Name of the environment variable; None: it wants no key."""
    url_variable: str | None = None
    """Name of the environment variable that has another address; None: there is none."""
    structured: Structured = "schema"
    prices: str | None = None
    """What the price list calls it; None: it is not in there."""
    local: bool = False
    """Whether it is a server of one's own, which costs nothing a token and may do without a key."""

    @property
    def own(self) -> bool:
        """Whether the address is the vendor's own and not that of something that speaks like it."""
        return self.base_url == _KNOWN[self.name].base_url if self.name in _KNOWN else False

    @property
    def host(self) -> str:
        """Host and port, without anything secret."""
        parts = urlsplit(self.base_url)
        host = f"[{parts.hostname}]" if parts.hostname and ":" in parts.hostname else parts.hostname or ""
        return f"{host}:{parts.port}" if parts.port else host

    @property
    def loopback(self) -> bool:
        """Whether it is reached without leaving this machine."""
        return on_loopback(self.base_url)


VENDORS: tuple[Vendor, ...] = (
    Vendor(
        name="anthropic", wire="anthropic", base_url="https://api.anthropic.com",
        key="ANTHROPIC_API_KEY", url_variable="ANTHROPIC_BASE_URL", prices="anthropic",
    ),
    Vendor(
        name="openai", base_url="https://api.openai.com/v1",
        key="OPENAI_API_KEY", url_variable="OPENAI_BASE_URL", prices="openai",
    ),
    Vendor(
        name="google", base_url="https://generativelanguage.googleapis.com/v1beta/openai",
        key="GEMINI_API_KEY", prices="google",
    ),
    Vendor(name="groq", base_url="https://api.groq.com/openai/v1", key="GROQ_API_KEY", prices="groq"),
    Vendor(name="mistral", base_url="https://api.mistral.ai/v1", key="MISTRAL_API_KEY", prices="mistral"),
    Vendor(
        name="deepseek", base_url="https://api.deepseek.com/v1",
        key="DEEPSEEK_API_KEY", structured="object", prices="deepseek",
    ),
    Vendor(name="openrouter", base_url="https://openrouter.ai/api/v1", key="OPENROUTER_API_KEY", prices="openrouter"),
    Vendor(name="together", base_url="https://api.together.xyz/v1", key="TOGETHER_API_KEY", prices="together"),
    Vendor(
        name="fireworks", base_url="https://api.fireworks.ai/inference/v1", key="FIREWORKS_API_KEY", prices="fireworks"
    ),
    Vendor(name="ollama", base_url="http://127.0.0.1:11434/v1", url_variable="OLLAMA_HOST", local=True),
    Vendor(name="vllm", base_url="http://127.0.0.1:8000/v1", local=True),
    Vendor(name="llamacpp", base_url="http://127.0.0.1:8080/v1", local=True),
    Vendor(name="lmstudio", base_url="http://127.0.0.1:1234/v1", local=True),
)  # fmt: skip
"""In the order in which `auto` looks for keys and servers."""

COMPATIBLE = "openai-compatible"
"""Any server that speaks chat completions, at the `base_url` of the configuration."""
ALSO = {"gemini": "google", "claude": "anthropic", "llama.cpp": "llamacpp", "lm-studio": "lmstudio"}
"""Other words for a provider."""
_SECOND_KEY = {"GEMINI_API_KEY": "GOOGLE_API_KEY"}
"""The variable that is read where the first is not set."""
_KNOWN = {vendor.name: vendor for vendor in VENDORS}
SWITCH = "ANCHORSET_NO_MODELS"
"""Environment variable: with 1, nothing leaves this machine."""
IN_THIS_PROCESS = ("scripted", "replay", "pydantic-ai")
"""Providers that are no address."""


def vendor_of(spec: ModelSpec, environ: Mapping[str, str] | None = None) -> Vendor:
    """The vendor behind `spec.model`, at the address that the spec, else the environment, else the table says.

    Raises ConfigError for a provider that nobody knows, and for an address that is none.
    """
    environ = os.environ if environ is None else environ
    name = taken_apart(spec.model)[0]
    name = ALSO.get(name, name)
    if name == COMPATIBLE:
        if not spec.base_url:
            raise ConfigError(
                f"the model {short(spec.model, 80)!r} needs an address; "
                "write `base_url: http://HOST:PORT/v1` beside it under `models`."
            )
        address = _checked(spec.base_url, "`base_url`")
        return Vendor(name=COMPATIBLE, base_url=address, key=spec.api_key, local=on_loopback(address))
    if name not in _KNOWN:
        names = [*_KNOWN, *ALSO, COMPATIBLE, *IN_THIS_PROCESS]
        raise ConfigError(
            f"the model {short(spec.model, 80)!r} names a provider we do not know; {nearest(name, names)}"
        )
    vendor = _KNOWN[name]
    key = spec.api_key or vendor.key
    if spec.base_url:
        return replace(vendor, base_url=_checked(spec.base_url, "`base_url`"), key=key)
    if vendor.url_variable and (said := environ.get(vendor.url_variable, "").strip()):
        address = _ollama(said) if vendor.name == "ollama" else _checked(said, vendor.url_variable)
        return replace(vendor, base_url=address, key=key)
    return replace(vendor, key=key)


def key_of(vendor: Vendor, environ: Mapping[str, str] | None = None) -> str | None:
    """The key's value; None where the vendor wants none.

    Raises MachineError that names the variable when it is not set, or holds what no header can carry. Its value is
    never in the sentence.
    """
    environ = os.environ if environ is None else environ
    if vendor.key is None:
        return None
    key = key_in(environ, vendor.key)
    if not key:
        if vendor.local:
            return None
        raise MachineError(
            f"the provider {vendor.name} needs a key, and the environment variable {vendor.key} is not set; "
            "export it and run again, or choose another model under `models`."
        )
    if not re.fullmatch(r"[\x21-\x7e]+", key):
        raise MachineError(
            f"the environment variable {vendor.key} holds {len(key)} characters with spaces or signs among them that "
            "no key has; export it again."
        )
    return key


def key_in(environ: Mapping[str, str], variable: str) -> str:
    """What the variable, or the one that stands in for it, holds; empty when neither is set."""
    return (environ.get(variable) or environ.get(_SECOND_KEY.get(variable, ""), "")).strip()


def forbidden(who: str) -> str | None:
    """Why nothing is sent to a host that is not this machine: the sentence; None where nothing forbids it."""
    if os.environ.get(SWITCH, "") in ("", "0"):
        return None
    return (
        f"{who} is not asked: {SWITCH} is set and lets nothing leave this machine; "
        "unset it, or use a local server or `scripted:`."
    )


@cache
def on_loopback(url: str) -> bool:
    """Whether an address leads to this machine itself."""
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _checked(url: str, where: str) -> str:
    url = url.strip().rstrip("/")
    try:
        parts = urlsplit(url)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        fine = False
    if not fine or re.search(r"\s", url):
        raise ConfigError(f"{where} is no address that can be used; write it as `https://HOST/v1`.")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ConfigError(
            f"{where} for {parts.hostname} holds more than an address; "
            "leave out user, password and query, and name the key's variable under `api_key`."
        )
    return url


def _ollama(said: str) -> str:
    """`OLLAMA_HOST` as people set it for the server: `0.0.0.0`, `host:port`, `:11435` or an address."""
    address = said if "://" in said else f"http://{said if not said.startswith(':') else '127.0.0.1' + said}"
    address = _checked(address, "OLLAMA_HOST").removesuffix("/v1")
    parts = urlsplit(address)
    if parts.port is None and parts.scheme == "http":
        address = f"{address}:11434"
    # A server that listens everywhere is asked at home.
    return re.sub(r"^(http://)(0\.0\.0\.0|\[::\])", r"\g<1>127.0.0.1", address) + "/v1"
