"""The one door to language models: a spec goes in, something that answers comes out.

`provider:model` is read here and nowhere else: addresses (vendors.py), scripts and recordings in this process, and any
other provider through the extra. Libraries are imported on use.
What this module does not know: how any of them answers.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from anchorset.core.config import ModelSpec
from anchorset.core.errors import ConfigError
from anchorset.core.ports import ChatModel
from anchorset.infra.llm.names import taken_apart
from anchorset.infra.llm.vendors import key_of, vendor_of


def open_model(
    spec: ModelSpec, *, record: Path | None = None, root: Path | None = None, environ: Mapping[str, str] | None = None
) -> ChatModel:
    """The model of a spec, ready to be asked; nothing is sent yet. Close it when done.

    `record`: a file that every reply is written to, for `replay:` later. `root`: where paths in `scripted:` and
    `replay:` start; None: the current directory. `auto` is settled before (find.py).
    Raises ConfigError for a name that cannot be used, MachineError for a key that is not set, MissingExtraError.
    """
    environ = os.environ if environ is None else environ
    if spec.model in ("none", "auto"):
        what = "no model is set" if spec.model == "none" else "`auto` has not been settled yet"
        raise ConfigError(f"nothing can be asked: {what}; name one under `models`, as in `openai:gpt-5`.")
    provider, rest = taken_apart(spec.model)
    root = Path.cwd() if root is None else root
    opened = _in_this_process(provider, rest, spec, root) or _on_the_wire(spec, environ)
    if record is not None:
        from anchorset.infra.llm.replay import Recording

        return Recording(opened, record)
    return opened


def _in_this_process(provider: str, rest: str, spec: ModelSpec, root: Path) -> ChatModel | None:
    if provider == "scripted":
        from anchorset.infra.llm.scripted import open_script

        return open_script(rest, root)
    if provider == "replay":
        from anchorset.infra.llm.replay import Replay

        return Replay(rest, root / rest)
    if provider == "pydantic-ai":
        from anchorset.infra.llm.pydantic_ai import PydanticAiModel

        return PydanticAiModel(rest)
    return None


def _on_the_wire(spec: ModelSpec, environ: Mapping[str, str]) -> ChatModel:
    vendor = vendor_of(spec, environ)
    key = key_of(vendor, environ)
    from anchorset.infra.llm.wire.client import WireModel

    return WireModel(spec.model, vendor, key, max_in_flight=spec.max_in_flight)
