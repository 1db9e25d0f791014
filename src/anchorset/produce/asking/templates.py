"""The prompt files of generators: built in or the workspace's own, which win.

What this module does not know: how a file is read and filled, and which values a technique fills in.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from importlib.resources import files

from anchorset.infra.text.prompt_file import PromptFile, digest_of, prompt_file


@cache
def built_in() -> dict[str, str]:
    """Name -> text of the prompt files that come with the product."""
    folder = files(__package__).joinpath("prompts")
    found = {one.name.removesuffix(".md"): one.read_text(encoding="utf-8") for one in folder.iterdir()}
    return dict(sorted(found.items()))


def prompt(name: str, overrides: Mapping[str, str], *, known: Collection[str]) -> PromptFile:
    """The prompt of this name; `overrides` (name, with or without `.md` -> text) win over what is built in.

    `known`: the values that will be filled in. Raises ConfigError for a template that cannot be read, and for a value
    that is not among them.
    """
    sources = _sources(overrides)
    return prompt_file(name, sources[name], parts=sources, known=known, both=False)


def prompt_hashes(overrides: Mapping[str, str] | None = None) -> dict[str, str]:
    """Name -> digest of every prompt file as it stands: what tells that candidates were made from another text."""
    sources = _sources(overrides or {})
    return {name: digest_of(name, sources) for name in sources}


def _sources(overrides: Mapping[str, str]) -> dict[str, str]:
    own = {key.removesuffix(".md"): text for key, text in overrides.items()}
    return built_in() | {key: text for key, text in own.items() if key in built_in()}
