"""A prompt file: Jinja2 that says a system and a user message, filled in a sandbox, named by what it says.

Its two messages stand above and below a line of three dashes, or in the blocks `system` and `user`; where blocks are
used, nothing outside them counts. A file may include others. What is filled in is only ever a value, never a template;
hostile text has to be fenced by whoever gives it.
What this module does not know: which files and variables there are, and who reads the messages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from jinja2 import DictLoader, StrictUndefined, TemplateError, TemplateSyntaxError, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from anchorset.core.ask import Line
from anchorset.core.errors import ConfigError, nearest
from anchorset.core.hashing import short_hash

BLOCKS = ("system", "user")
HEX = 8
_RULE = re.compile(r"^---\s*$", re.MULTILINE)
_BLANK = re.compile(r"\n{3,}")

Fill = Callable[[Mapping[str, Any]], str]


@dataclass(frozen=True, slots=True)
class PromptFile:
    """One file, read."""

    name: str
    source: str
    digest: str
    """8 hex digits over its text and that of every part it includes."""
    system: Fill | None
    """None: it has no system message."""
    user: Fill

    @property
    def label(self) -> str:
        """`persona@3f2a91bc`: what provenance keeps."""
        return f"{self.name}@{self.digest}"

    def lines(self, values: Mapping[str, Any], *, case: str | None = None) -> tuple[Line, ...]:
        """The messages. Raises ConfigError, naming `case` if there is one, when the file cannot be filled."""
        try:
            user = self.user(values)
            system = self.system(values) if self.system else ""
        except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
            where = f" for case {case}" if case else ""
            raise ConfigError(
                f"`prompts/{self.name}.md` cannot be filled{where} ({error}); mend it, or remove it; "
                f"it may use {', '.join(values)}."
            ) from None
        return (*((Line("system", system),) if self.system else ()), Line("user", user))


def prompt_file(
    name: str, source: str, *, parts: Mapping[str, str] | None = None, known: Collection[str] | None = None,
    both: bool = True,
) -> PromptFile:  # fmt: skip
    """The file `prompts/NAME.md` with this text.

    `parts`: name -> text of what it may include. `known`: the values that will be filled in; None: that is seen when it
    is filled. `both`: whether it needs a system message. Raises ConfigError, naming the line, the value or the message
    that is missing.
    """
    texts = {**(parts or {}), name: source}
    return _read(name, tuple(sorted(texts.items())), None if known is None else frozenset(known), both)


def digest_of(name: str, texts: Mapping[str, str]) -> str:
    """8 hex digits over a file and all that it includes, of these texts. Raises ConfigError for a missing part."""
    parts = sorted({name, *_included(name, texts, set())})
    return short_hash([name, {part: texts[part] for part in parts}])[:HEX]


@lru_cache(maxsize=128)
def _read(name: str, sources: tuple[tuple[str, str], ...], known: frozenset[str] | None, both: bool) -> PromptFile:
    texts = dict(sources)
    trees = {part: _parsed(part, texts[part], known) for part in (name, *_included(name, texts, set()))}
    blocks = {block.name for block in trees[name].find_all(nodes.Block)}
    rule = None if blocks else _RULE.search(texts[name])
    if blocks or (both and rule is None):
        _refuse_missing(name, blocks)
    system, user = (
        _by_blocks(name, texts) if blocks else _by_rule(texts[name], texts, rule)
    )  # fmt: skip
    return PromptFile(name=name, source=texts[name], digest=digest_of(name, texts), system=system, user=user)


def _parsed(part: str, text: str, known: frozenset[str] | None) -> nodes.Template:
    try:
        tree = ImmutableSandboxedEnvironment().parse(text)
        missing = sorted(meta.find_undeclared_variables(tree) - known) if known is not None else []
    except TemplateSyntaxError as error:
        raise ConfigError(
            f"`prompts/{part}.md` line {error.lineno}: the template cannot be read ({error.message}); mend it."
        ) from None
    if missing and known is not None:
        raise ConfigError(f"`prompts/{part}.md`: {missing[0]!r} is not filled in here; {nearest(missing[0], known)}")
    return tree


def _refuse_missing(name: str, blocks: Collection[str]) -> None:
    for block in BLOCKS:
        if block not in blocks:
            raise ConfigError(
                f"`prompts/{name}.md` has no block {block!r}; it needs both, "
                "`{% block system %}…{% endblock %}` and `{% block user %}…{% endblock %}`, or a line of three dashes "
                "between the two messages."
            )


def _by_blocks(name: str, texts: Mapping[str, str]) -> tuple[Fill, Fill]:
    env = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, keep_trailing_newline=True, loader=DictLoader(dict(texts))
    )
    template = env.get_template(name)

    def block(which: str) -> Fill:
        def fill(values: Mapping[str, Any]) -> str:
            return "".join(template.blocks[which](template.new_context(dict(values)))).strip()

        return fill

    return block("system"), block("user")


def _by_rule(text: str, texts: Mapping[str, str], rule: re.Match[str] | None) -> tuple[Fill | None, Fill]:
    env = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, keep_trailing_newline=True, loader=DictLoader(dict(texts)), trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip

    def whole(part: str) -> Fill:
        template = env.from_string(part)
        return lambda values: _BLANK.sub("\n\n", template.render(values)).strip()

    before, after = (text[: rule.start()], text[rule.end() :]) if rule else ("", text)
    return whole(before) if before.strip() else None, whole(after)


def _included(name: str, texts: Mapping[str, str], seen: set[str]) -> list[str]:
    """Every part that a prompt includes, also through others. Raises ConfigError for one that is not there."""
    try:
        tree = ImmutableSandboxedEnvironment().parse(texts[name])
    except TemplateSyntaxError:
        return []  # said with its line where the prompt is opened
    found = []
    for part in meta.find_referenced_templates(tree):
        if part is None or part not in texts:
            raise ConfigError(
                f"`prompts/{name}.md` includes {part!r}, which is no prompt; {nearest(str(part), texts)}"
            )  # fmt: skip
        if part not in seen:
            seen.add(part)
            found += [part, *_included(part, texts, seen)]
    return found
