"""The question to a judge of answers, and the form of its answer: a mark for each criterion, the reason first.

What this module does not know: which criteria count, and what a mark comes to.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, create_model

from anchorset.core.ask import Ask, Shape
from anchorset.core.case import Case
from anchorset.core.config import ModelSpec
from anchorset.core.inert import fenced, short
from anchorset.infra.formats.case_format import as_text, input_text
from anchorset.infra.text.prompt_file import PromptFile, prompt_file
from anchorset.trust.run.answer import Answer
from anchorset.trust.run.evaluators.judge_model import JudgeModel

NAME = "rubric"
"""Of the file, `prompts/rubric.md`."""
LONGEST = 12_000
"""Characters of one part that are shown; what is left out is said."""
LONGEST_CRITERION = 600


def _text(value: Any) -> Any:
    return "" if value is None else value


class Mark(BaseModel):
    """A reason and the word it leads to."""

    why: Annotated[str, BeforeValidator(_text)] = ""
    met: bool


@cache
def shape_for(fields: tuple[str, ...]) -> Shape:
    """The shape of an answer with a Mark under each of `fields`."""
    parts: dict[str, Any] = dict.fromkeys(fields, (Mark, ...))
    return Shape(create_model("Grade", **parts))


def fields_for(criteria: Sequence[str]) -> tuple[str, ...]:
    """`c1`, `c2` …"""
    return tuple(f"c{n}" for n in range(1, len(criteria) + 1))


def prompt_of(model: JudgeModel) -> PromptFile:
    """The prompt file, the workspace's own where it has one. Raises ConfigError for one we cannot use."""
    built_in = Path(__file__).parent / "prompts" / f"{NAME}.md"
    return prompt_file(NAME, model.prompts.get(NAME) or built_in.read_text(encoding="utf-8"))


def ask_for(case: Case, answer: Answer, criteria: Sequence[str], *, model: JudgeModel, spec: ModelSpec) -> Ask:
    """The question. It hangs on the case, the answer, the criteria and the workspace alone."""
    fields = fields_for(criteria)
    named = "\n".join(
        f"{field}: {short(text, LONGEST_CRITERION)}" for field, text in zip(fields, criteria, strict=True)
    )
    variables = {
        "product": model.product.strip(),
        "rubric": model.rubric.strip(),
        "case": _case(case),
        "answer": _answer(answer),
        "criteria": fenced(named, "criteria"),
        "fields": list(fields),
    }
    return Ask(
        model=spec.model, lines=prompt_of(model).lines(variables, case=case.id), shape=shape_for(fields),
        temperature=spec.temperature, max_tokens=spec.max_tokens,
    )  # fmt: skip


def _case(case: Case) -> list[dict[str, str]]:
    told = {"text": "What the user sent", "chat": "The conversation, as JSON, oldest turn first"}
    parts = [(told.get(case.kind, f"The {case.kind} that the application got, as JSON"), "message", input_text(case))]
    if case.system:
        parts.append(("Its system prompt", "system", case.system))
    parts += [(f"Context, part {n}", "context", span.text) for n, span in enumerate(case.context, start=1)]
    if case.expected is not None:
        parts.append(("An expected answer", "expected", as_text(case.expected)))
    return _fenced(parts)


def _answer(answer: Answer) -> list[dict[str, str]]:
    parts = [("What it said", "answer", as_text(answer.output) or "(nothing)")]
    if answer.tools is not None:
        parts.append(("Tools it called, in order", "tools", "\n".join(answer.tools) or "(none)"))
    return _fenced(parts)


def _fenced(parts: Sequence[tuple[str, str, str]]) -> list[dict[str, str]]:
    return [{"title": title, "text": fenced(_cut(text), name)} for title, name, text in parts]


def _cut(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    return f"{text[:LONGEST]}\n[{len(text) - LONGEST:,} characters are left out here]"
