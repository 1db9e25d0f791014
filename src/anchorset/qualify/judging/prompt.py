"""The judge's prompt: a Jinja2 file with two blocks, filled for one candidate. Hostile text stands in it as material.

What this module does not know: which questions there are, and who reads the prompt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from anchorset.core.ask import Line
from anchorset.core.case import Case
from anchorset.core.errors import ConfigError
from anchorset.core.hashing import short_hash
from anchorset.core.inert import fenced
from anchorset.infra.formats.case_format import as_text, input_text
from anchorset.qualify.judging.question import Question, Scene

NAME = "judge"
"""Of the file, `prompts/judge.md`, and in versions, `judge@3f2a91bc`."""
LONGEST = 12_000
"""Characters of one part of a case that are shown; what is left out is said."""
BLOCKS = ("system", "user")

_ENV = ImmutableSandboxedEnvironment(undefined=StrictUndefined, keep_trailing_newline=True)


@dataclass(frozen=True, slots=True)
class JudgePrompt:
    """The prompt file: ours, or the one that the workspace has in its place."""

    source: str
    template: Template

    def lines(self, case: Case, questions: Sequence[Question], scene: Scene, level: str) -> tuple[Line, ...]:
        """The two messages for one case. Raises ConfigError when the workspace's file cannot be filled."""
        variables = {
            "product": scene.product.strip(),
            "rubric": scene.rubric.strip(),
            "parts": parts_of(case),
            "questions": [{"field": one.field, "text": one.words(case, scene)} for one in questions],
            "level": level,
        }
        try:
            filled = ["".join(self.template.blocks[name](self.template.new_context(variables))) for name in BLOCKS]
        except (TemplateError, TypeError, ValueError) as error:
            raise ConfigError(
                f"`prompts/{NAME}.md` cannot be filled for case {case.id} ({error}); it may use {', '.join(variables)}."
            ) from None
        system, user = (text.strip() for text in filled)
        return (Line("system", system), Line("user", user))

    def version(self, questions: Sequence[Question]) -> str:
        """`judge@` and 8 hex digits of the file and of the words of all questions."""
        asked = [[one.code, one.version, one.asks] for one in questions]
        return f"{NAME}@{short_hash([self.source, asked])[:8]}"


def prompt_of(overrides: Mapping[str, str]) -> JudgePrompt:
    """The prompt. `overrides`: name -> text of the workspace's own files. Raises ConfigError for one we cannot use."""
    return _read(overrides.get(NAME) or (Path(__file__).parent / "prompts" / f"{NAME}.md").read_text(encoding="utf-8"))


@cache
def _read(source: str) -> JudgePrompt:
    try:
        template = _ENV.from_string(source)
    except TemplateSyntaxError as error:
        raise ConfigError(
            f"`prompts/{NAME}.md` line {error.lineno}: the template cannot be read ({error.message}); mend it."
        ) from None
    missing = [name for name in BLOCKS if name not in template.blocks]
    if missing:
        raise ConfigError(
            f"`prompts/{NAME}.md` has no block {missing[0]!r}; it needs both, "
            "`{% block system %}…{% endblock %}` and `{% block user %}…{% endblock %}`."
        )
    return JudgePrompt(source, template)


def parts_of(case: Case) -> list[dict[str, str]]:
    """What of a case is shown, each with its title: `{"title": …, "text": …}`, the text fenced."""
    told = {"text": "What the user sends", "chat": "The conversation, as JSON, oldest turn first"}
    parts = [(told.get(case.kind, f"The {case.kind} that the application gets, as JSON"), "message", input_text(case))]
    if case.system:
        parts.append(("The system prompt of the case", "system", case.system))
    if case.tools:
        parts.append(("Tools that the application has", "tools", as_text(list(case.tools))))
    parts += [(f"Context, part {n}", "context", span.text) for n, span in enumerate(case.context, start=1)]
    if case.expected is not None:
        parts.append(("The expected answer", "expected", as_text(case.expected)))
    if case.criteria:
        parts.append(("What a good answer does", "criteria", "\n".join(f"- {line}" for line in case.criteria)))
    return [{"title": title, "text": fenced(_cut(text), name)} for title, name, text in parts]


def _cut(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    return f"{text[:LONGEST]}\n[{len(text) - LONGEST:,} characters are left out here]"
