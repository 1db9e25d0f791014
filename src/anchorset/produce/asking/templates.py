"""Prompt files: built in or the workspace's own, filled in a sandbox, named by what they say.

A prompt file is Jinja2. What stands before a line of three dashes is the system message, what comes after it the user's
message. Values are never templates: what seeds say is only ever filled in.
What this module does not know: which values a technique fills in.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from jinja2 import DictLoader, StrictUndefined, Template, TemplateError, TemplateSyntaxError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment

from anchorset.core.ask import Line
from anchorset.core.errors import ConfigError, nearest
from anchorset.core.hashing import short_hash

HEX = 8
_RULE = re.compile(r"^---\s*$", re.MULTILINE)
_BLANK = re.compile(r"\n{3,}")


@cache
def built_in() -> dict[str, str]:
    """Name -> text of the prompt files that come with the product."""
    folder = files(__package__).joinpath("prompts")
    found = {one.name.removesuffix(".md"): one.read_text(encoding="utf-8") for one in folder.iterdir()}
    return dict(sorted(found.items()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """One prompt file, ready to be filled."""

    name: str
    digest: str
    """8 hex digits over its text and that of every part it includes."""
    system: Template | None
    user: Template

    @property
    def label(self) -> str:
        """`persona@3f2a91bc`: what provenance keeps."""
        return f"{self.name}@{self.digest}"

    def lines(self, values: Mapping[str, Any]) -> tuple[Line, ...]:
        """The messages. Raises ConfigError for what the template cannot do with these values."""
        try:
            user = _tidy(self.user.render(values))
            system = _tidy(self.system.render(values)) if self.system else ""
        except (TemplateError, TypeError, ValueError, ArithmeticError) as error:
            raise ConfigError(f"prompts/{self.name}.md cannot be filled: {error}; mend it, or remove it.") from None
        spoken = (Line("system", system),) if system else ()
        return (*spoken, Line("user", user))


def prompt(name: str, overrides: Mapping[str, str], *, known: Collection[str]) -> Prompt:
    """The prompt of this name; `overrides` (name, with or without `.md` -> text) win over what is built in.

    `known`: the values that will be filled in. Raises ConfigError for a template that cannot be read, and for a value
    that is not among them.
    """
    own = {key.removesuffix(".md"): text for key, text in overrides.items()}
    sources = built_in() | {key: text for key, text in own.items() if key in built_in()}
    return _prompt(name, tuple(sorted(sources.items())), frozenset(known))


def prompt_hashes(overrides: Mapping[str, str] | None = None) -> dict[str, str]:
    """Name -> digest of every prompt file as it stands: what tells that candidates were made from another text."""
    own = {key.removesuffix(".md"): text for key, text in (overrides or {}).items()}
    sources = built_in() | {key: text for key, text in own.items() if key in built_in()}
    return {name: _digest(name, sources) for name in sources}


@lru_cache(maxsize=64)
def _prompt(name: str, sources: tuple[tuple[str, str], ...], known: frozenset[str]) -> Prompt:
    texts = dict(sources)
    env = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        loader=DictLoader(texts),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    for part in (name, *_included(name, texts, set())):
        try:
            missing = meta.find_undeclared_variables(env.parse(texts[part])) - known
        except TemplateSyntaxError as error:
            raise ConfigError(
                f"prompts/{part}.md line {error.lineno}: the template cannot be read ({error.message}); mend it."
            ) from None
        for variable in sorted(missing):
            raise ConfigError(f"prompts/{part}.md: {variable!r} is not filled in here; {nearest(variable, known)}")
    before, _, after = _split(texts[name])
    return Prompt(
        name=name,
        digest=_digest(name, texts),
        system=env.from_string(before) if before.strip() else None,
        user=env.from_string(after),
    )


def _split(text: str) -> tuple[str, str, str]:
    found = _RULE.search(text)
    return (text[: found.start()], "", text[found.end() :]) if found else ("", "", text)


def _digest(name: str, texts: Mapping[str, str]) -> str:
    parts = sorted({name, *_included(name, texts, set())})
    return short_hash([name, {part: texts[part] for part in parts}])[:HEX]


def _included(name: str, texts: Mapping[str, str], seen: set[str]) -> list[str]:
    """Every part that a prompt includes, also through others. Raises ConfigError for one that is not there."""
    try:
        tree = ImmutableSandboxedEnvironment().parse(texts[name])
    except TemplateSyntaxError:
        return []  # said with its line where the prompt is opened
    found = []
    for part in meta.find_referenced_templates(tree):
        if part is None or part not in texts:
            raise ConfigError(f"prompts/{name}.md includes {part!r}, which is no prompt; {nearest(str(part), texts)}")
        if part not in seen:
            seen.add(part)
            found += [part, *_included(part, texts, seen)]
    return found


def _tidy(text: str) -> str:
    return _BLANK.sub("\n\n", text).strip()
