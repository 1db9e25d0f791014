"""The models that could be asked here, those that are configured, and one small question to each on request.

What this module does not know: what they will be asked in earnest, and how anything is shown.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from pydantic import BaseModel

from anchorset.core.ask import Ask, Line, Shape
from anchorset.core.config import ModelSpec
from anchorset.core.errors import AnchorsetError
from anchorset.core.family import family_of
from anchorset.infra.folder.workspace_folder import Folder
from anchorset.pipeline.asking import ask_once
from anchorset.pipeline.models import Agree, agreed

if TYPE_CHECKING:
    from anchorset.core.ports import ChatModel
    from anchorset.infra.llm.find import Found

PACKAGES = ("aiohttp", "genai-prices", "pydantic-ai-slim")
"""Whose versions matter when a model cannot be asked."""


class _Word(BaseModel):
    """What a ping asks for: the smallest thing that has the form of an answer."""

    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A configured model, as far as it can be known without asking it; after a ping, what it said."""

    role: str
    model: str
    """`none` where none is configured."""
    why: str | None = None
    """How `auto` came to it."""
    family: str | None = None
    host: str | None = None
    """None: it answers in this process."""
    usd_per_million: tuple[float, float] | None = None
    """Input, output; None: not known."""
    problem: str | None = None
    """Why it cannot be asked."""
    seconds: float | None = None
    """Of a ping; None: it was not asked."""
    lessons: tuple[str, ...] = ()
    """What it turned out not to take."""

    def report(self) -> dict[str, object]:
        """The machine form."""
        price = self.usd_per_million
        return {
            "role": self.role, "model": self.model, "why": self.why, "family": self.family, "host": self.host,
            "usd_per_million": None if price is None else {"input": price[0], "output": price[1]},
            "problem": self.problem, "seconds": self.seconds, "lessons": list(self.lessons),
        }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelsSeen:
    """All there is to say."""

    found: tuple[Found, ...]
    """Keys that are set, by name, and servers that answer on this machine."""
    configured: tuple[Seen, ...]
    versions: Mapping[str, str | None]
    """Package -> version; None: not installed."""

    @property
    def ok(self) -> bool:
        """Whether every configured model can be asked, as far as it was looked at."""
        return all(seen.problem is None for seen in self.configured)

    def report(self) -> dict[str, object]:
        """The machine form. No key's value is in it."""
        return {
            "keys": [one.key for one in self.found if one.key],
            "servers": [{"address": one.address, "models": list(one.models)} for one in self.found if not one.key],
            "configured": [seen.report() for seen in self.configured],
            "versions": dict(self.versions),
        }


def offered(environ: Mapping[str, str] | None = None) -> list[Found]:
    """What `auto` could take, keys first. Where ANCHORSET_NO_MODELS is set no server is looked for."""
    from anchorset.infra.llm.find import found, keys_found
    from anchorset.infra.llm.vendors import SWITCH

    environ = os.environ if environ is None else environ
    return keys_found(environ) if environ.get(SWITCH, "") not in ("", "0") else found(environ)


def other_family(model: str, among: Sequence[Found]) -> str | None:
    """A model of another family than this one's: a judge for what it writes. None: there is none."""
    own = family_of(model)
    models = [name for one in among for name in one.models]
    return next((name for name in models if family_of(name) not in (None, own)), None)


def models_seen(folder: Folder, *, ping: bool = False, agree: Agree | None = None) -> ModelsSeen:
    """The models of a workspace, looked at from outside; with `ping` each is asked for one token.

    `agree`: asked before anything leaves the machine. Raises UsageError when nobody agrees, ConfigError for a
    configuration that cannot be read.
    """
    models = folder.config.models
    seen = [_looked_at(role, spec, folder) for role, spec in (("generator", models.generator), ("judge", models.judge))]
    if ping:
        can = [(one, model) for one, model, _ in seen if model is not None]
        agreed([model for _, model in can], agree, what="one short question, nothing of yours,", cost="one token each")
    return ModelsSeen(
        found=tuple(offered()),
        configured=tuple(
            _pinged(one, model, spec) if ping and model is not None else one for one, model, spec in seen
        ),
        versions={name: _version(name) for name in PACKAGES},
    )  # fmt: skip


def _looked_at(role: str, spec: ModelSpec, folder: Folder) -> tuple[Seen, ChatModel | None, ModelSpec]:
    """What is known of it, and the model when it can be asked."""
    if spec.model == "none":
        return Seen(role=role, model="none"), None, spec
    from anchorset.infra.llm.door import open_model
    from anchorset.infra.llm.find import settled
    from anchorset.infra.llm.prices import price_of

    seen = Seen(role=role, model=spec.model)
    try:
        spec, why = settled(spec)
        price = price_of(spec.model)
        seen = replace(
            seen, model=spec.model, why=why, family=family_of(spec.model, override=spec.family),
            usd_per_million=None if price is None else (price.input, price.output),
        )  # fmt: skip
        model = open_model(spec, root=folder.path)
    except AnchorsetError as error:
        return replace(seen, problem=str(error)), None, spec
    return replace(seen, host=model.host, problem=_absent(spec)), model, spec


def _absent(spec: ModelSpec) -> str | None:
    """Why a server on this machine cannot be asked for this model; None where it can, or is somewhere else."""
    from anchorset.infra.llm.find import models_at
    from anchorset.infra.llm.vendors import IN_THIS_PROCESS, SWITCH, vendor_of

    if spec.model.partition(":")[0] in IN_THIS_PROCESS or os.environ.get(SWITCH, "") not in ("", "0"):
        return None
    vendor = vendor_of(spec)
    if not vendor.loopback or not vendor.base_url.startswith("http://"):
        return None
    if models_at(vendor) is None:
        return f"nobody says which models there are at {vendor.base_url}; start the server, or correct `base_url`"
    return None


def _pinged(seen: Seen, model: ChatModel, spec: ModelSpec) -> Seen:
    ask = Ask(
        model=spec.model, lines=(Line("user", "Answer with the word yes."),), shape=Shape(_Word), max_tokens=1,
        temperature=spec.temperature,
    )  # fmt: skip
    try:
        seconds = ask_once(model, ask, spec.timeout_seconds)
    except AnchorsetError as error:
        return replace(seen, problem=str(error).removesuffix("; it is asked again."))
    return replace(seen, problem=None, seconds=seconds, lessons=tuple(getattr(model, "lessons", ())))


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
