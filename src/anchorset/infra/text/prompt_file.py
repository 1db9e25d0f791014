"""A prompt file: Jinja2 with the blocks `system` and `user`, filled in a sandbox into the two messages of a question.

What is filled in is only ever a value, never a template. Hostile text has to be fenced by whoever gives it.
What this module does not know: which variables there are, and who reads the messages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from anchorset.core.ask import Line
from anchorset.core.errors import ConfigError

BLOCKS = ("system", "user")

_ENV = ImmutableSandboxedEnvironment(undefined=StrictUndefined, keep_trailing_newline=True)


@dataclass(frozen=True, slots=True)
class PromptFile:
    """One file, read."""

    name: str
    source: str
    template: Template

    def lines(self, variables: Mapping[str, Any], *, case: str) -> tuple[Line, ...]:
        """The system and the user message. Raises ConfigError naming `case` when the file cannot be filled."""
        try:
            context = self.template.new_context(dict(variables))
            system, user = ("".join(self.template.blocks[block](context)).strip() for block in BLOCKS)
        except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
            raise ConfigError(
                f"`prompts/{self.name}.md` cannot be filled for case {case} ({error}); "
                f"it may use {', '.join(variables)}."
            ) from None
        return (Line("system", system), Line("user", user))


@cache
def prompt_file(name: str, source: str) -> PromptFile:
    """The file `prompts/NAME.md` with this text. Raises ConfigError, naming the line or the block that is missing."""
    try:
        template = _ENV.from_string(source)
    except TemplateSyntaxError as error:
        raise ConfigError(
            f"`prompts/{name}.md` line {error.lineno}: the template cannot be read ({error.message}); mend it."
        ) from None
    for block in BLOCKS:
        if block not in template.blocks:
            raise ConfigError(
                f"`prompts/{name}.md` has no block {block!r}; it needs both, "
                "`{% block system %}…{% endblock %}` and `{% block user %}…{% endblock %}`."
            )
    return PromptFile(name, source, template)
