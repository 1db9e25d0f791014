"""How a run asks its model: what the owner says of the product and wants of every message.

What this module does not know: prompts, and how an answer is read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import JsonValue

from anchorset.core.case import Case
from anchorset.core.config import Axis, CellNote, Config, EvaluatorSpec
from anchorset.core.errors import UsageError
from anchorset.core.family import family_of
from anchorset.core.lessons import KIN
from anchorset.core.plan import Brief
from anchorset.produce.asking.lessons import Lesson
from anchorset.produce.asking.policy import Policy

PER_REQUEST = 5
"""Candidates in one request: enough to pay the prompt once, few enough that they differ."""

WHY = 300
"""Characters of a reason that are told; it may quote what a product answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What the evaluators need a case to have, beside its message. Falsy: nothing."""

    expected: str | None = None
    """What the reference answer looks like, in a sentence; None: none is needed."""
    criteria: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)
    """Extra column -> what stands in it, in a sentence. A text, or a list of texts where the name ends in s."""

    def __bool__(self) -> bool:
        return bool(self.expected or self.criteria or self.columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A case that the product failed, and why."""

    case: Case
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Everything that a request says beside its order. Values, so that the same settings give the same asks."""

    model: str
    """`provider:model`."""
    family: str | None = None
    """Of the model; None: its name does not tell."""
    temperature: float | None = None
    """None: the vendor's own."""
    max_tokens: int | None = None
    """Of one answer: fewer candidates are asked for at a time where they would not fit. None: the vendor's own."""
    per_request: int = PER_REQUEST
    """Candidates in one request, at most."""
    context: str = ""
    """What the product is and is not."""
    dimensions: Mapping[str, Axis] = field(default_factory=dict)
    """What the values of the axes mean."""
    cells: Mapping[str, CellNote] = field(default_factory=dict)
    """Cell -> what holds there."""
    topic: str | None = None
    """What all messages are about; None: the topics take turns."""
    topics: tuple[str, ...] = ()
    forbidden_topics: tuple[str, ...] = ()
    vocabulary: tuple[str, ...] = ()
    """Words of the domain that may be used."""
    min_length: int | None = None
    """Characters of a message; None: as the seeds."""
    max_length: int | None = None
    language: str | None = None
    """ISO 639-1, where the brief has none."""
    code_switching: str | None = None
    """ISO 639-1 of a second language that speakers slip into; None: they do not."""
    chain_of_thought: bool = False
    """Whether each candidate comes with a thought, which is kept in its provenance and never in the case."""
    multi_turn: bool = False
    """Whether candidates are conversations that end with the user."""
    max_turns: int = 3
    """User turns of a conversation, at most."""
    needs: Needs = Needs()
    """What evaluators need: filled in by the model, for a person to approve."""
    min_novelty: float | None = None
    """Least distance to everything known (0-2, the embedder's). Only carried: the gate measures it. None: not asked."""
    prompts: Mapping[str, str] = field(default_factory=dict)
    """Name -> template that stands in place of the built-in one."""
    policies: tuple[Policy, ...] = ()
    failures: Mapping[str, tuple[Failure, ...]] = field(default_factory=dict)
    """Cell -> what the product failed there: new messages test the same."""
    lessons: Mapping[tuple[str, str], Lesson] = field(default_factory=dict)
    """(cell, kin of techniques) -> what reviewers said of such candidates there."""

    def __post_init__(self) -> None:
        for name, value in (("per_request", self.per_request), ("max_turns", self.max_turns)):
            if value < 1:
                raise UsageError(f"`{name}` is {value}; 1 or more is needed")
        if self.multi_turn and self.max_turns < 2:
            raise UsageError("a conversation of 1 turn is a message; give `max_turns` 2 or more, or leave it out")
        if self.max_tokens is not None and self.max_tokens < 1:
            raise UsageError(f"`max_tokens` is {self.max_tokens}; 1 or more is needed, or leave it out")

    def lesson(self, brief: Brief) -> Lesson:
        """What its prompts are told of reviewers' decisions."""
        return self.lessons.get((brief.cell, KIN.get(brief.technique, "")), Lesson())

    def about(self, values: Mapping[str, str]) -> list[tuple[str, str, str]]:
        """(axis, value, what it means or empty) of a cell, in the order of its axes."""
        known = self.dimensions
        return [(axis, value, known[axis][value].about if value in known.get(axis, {}) else "")
                for axis, value in values.items()]  # fmt: skip

    def expected(self, brief: Brief) -> JsonValue:
        """What the owner says the product should answer in this cell; None: it depends, or nobody has said."""
        note = self.cells.get(brief.cell)
        if note is not None and note.expected is not None:
            return note.expected
        said = [self.dimensions[axis][value].expected for axis, value in brief.values.items()
                if value in self.dimensions.get(axis, {})]  # fmt: skip
        return next((one for one in said if one is not None), None)

    def ambiguous(self, brief: Brief) -> bool:
        """Whether messages of this cell are meant to leave open what the user wants."""
        note = self.cells.get(brief.cell)
        return (note is not None and note.ambiguous) or any(
            self.dimensions[axis][value].ambiguous
            for axis, value in brief.values.items()
            if value in self.dimensions.get(axis, {})
        )


def asking_of(
    config: Config,
    *,
    model: str | None = None,
    topic: str | None = None,
    context: str | None = None,
    language: str | None = None,
    temperature: float | None = None,
    max_tokens: int | None = None,
    per_request: int = PER_REQUEST,
    code_switching: str | None = None,
    chain_of_thought: bool = False,
    multi_turn: bool = False,
    max_turns: int = 3,
    min_novelty: float | None = None,
    needs: Needs | None = None,
    prompts: Mapping[str, str] | None = None,
    policies: Sequence[Policy] = (),
    failures: Mapping[str, tuple[Failure, ...]] | None = None,
    lessons: Mapping[tuple[str, str], Lesson] | None = None,
) -> Asking:
    """The settings of a configuration; what is given here wins over what stands there.

    `model`: the name that was opened (`auto` in the configuration has become one). `prompts`: name -> text of the
    workspace's own files. Raises UsageError for numbers out of range.
    """
    spec, limits = config.models.generator, config.constraints
    name = model or spec.model
    return Asking(
        model=name,
        family=spec.family or family_of(name),
        temperature=spec.temperature if temperature is None else temperature,
        max_tokens=spec.max_tokens if max_tokens is None else max_tokens,
        per_request=per_request,
        context=config.context if context is None else context,
        dimensions=config.dimensions,
        cells=config.cells,
        topic=topic,
        topics=limits.topics,
        forbidden_topics=limits.forbidden_topics,
        vocabulary=limits.vocabulary,
        min_length=limits.min_length,
        max_length=limits.max_length,
        language=language or config.language,
        code_switching=code_switching,
        chain_of_thought=chain_of_thought,
        multi_turn=multi_turn,
        max_turns=max_turns,
        min_novelty=min_novelty,
        needs=needs or Needs(),
        prompts=prompts or {},
        policies=tuple(sorted(policies, key=lambda policy: policy.name)),
        failures=failures or {},
        lessons=lessons or {},
    )


_EXPECTED = {
    "exact": "the whole answer, word for word, as short as the product answers",
    "contains": "the words that a right answer must contain",
    "regex": "the words that a right answer must contain",
    "numeric": "the number that a right answer names",
    "similarity": "a right answer in one or two sentences",
    "python": "the right answer, as short as the product answers",
}


def needs_of(evaluators: Sequence[EvaluatorSpec]) -> Needs:
    """What cases need so that these evaluators can judge them. Settings that bring their own reference need nothing."""
    expected: str | None = None
    criteria, columns = False, dict[str, str]()
    for spec in evaluators:
        if spec.name == "tool_call" and "tools" not in spec.settings:
            columns["expected_tools"] = "names of the tools that a right answer calls, in order; empty when none"
        elif spec.name == "rubric":
            criteria = True
        elif spec.name in _EXPECTED and not {"text", "pattern"} & set(spec.settings):
            expected = expected or _EXPECTED[spec.name]
    return Needs(expected=expected, criteria=criteria, columns=columns)
