"""The judge's prompt for one candidate. Hostile text stands in it as material.

What this module does not know: which questions there are, and who reads the prompt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from anchorset.core.ask import Line
from anchorset.core.case import Case
from anchorset.core.hashing import short_hash
from anchorset.core.inert import fenced
from anchorset.infra.formats.case_format import as_text, input_text
from anchorset.infra.text.prompt_file import PromptFile, prompt_file
from anchorset.qualify.judging.question import Question, Scene

NAME = "judge"
"""Of the file, `prompts/judge.md`, and in versions, `judge@3f2a91bc`."""
LONGEST = 12_000
"""Characters of one part of a case that are shown; what is left out is said."""


def prompt_of(overrides: Mapping[str, str]) -> PromptFile:
    """The prompt. `overrides`: name -> text of the workspace's own files. Raises ConfigError for one we cannot use."""
    built_in = Path(__file__).parent / "prompts" / f"{NAME}.md"
    return prompt_file(NAME, overrides.get(NAME) or built_in.read_text(encoding="utf-8"))


def version_of(prompt: PromptFile, questions: Sequence[Question]) -> str:
    """`judge@` and 8 hex digits of the file and of the words of all questions."""
    asked = [[one.code, one.version, one.asks] for one in questions]
    return f"{NAME}@{short_hash([prompt.source, asked])[:8]}"


def lines_for(
    prompt: PromptFile, case: Case, questions: Sequence[Question], scene: Scene, level: str
) -> tuple[Line, ...]:
    """The two messages for one case. Raises ConfigError when the workspace's file cannot be filled."""
    variables = {
        "product": scene.product.strip(),
        "rubric": scene.rubric.strip(),
        "parts": parts_of(case),
        "questions": [{"field": one.field, "text": one.words(case, scene)} for one in questions],
        "level": level,
    }
    return prompt.lines(variables, case=case.id)


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
