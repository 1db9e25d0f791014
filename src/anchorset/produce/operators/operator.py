"""What an operator is: a named change with its relation to the expected answer.

What this module does not know: any particular operator.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from anchorset.core.case import Message
from anchorset.core.provenance import Relation, Step
from anchorset.produce.dice import Dice

Level = Literal[
    "entity", "sentence", "word", "locale", "register", "punctuation", "whitespace", "character", "case",
    "conversation", "record",
]  # fmt: skip
"""In the order in which several are applied to one text: a word is swapped before a letter of it goes wrong."""

Spans = Sequence[tuple[int, int]]
"""Protected places of the text, start and end (exclusive) in code points, in order and apart."""

Change = tuple[str, str | None]
"""The new text, and what was done in a few words; None when the operator's name says it all."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What the seeds say instead of what."""

    synonyms: dict[str, tuple[str, ...]]
    """Word -> words that mean the same here."""
    neighbours: dict[str, tuple[str, ...]]
    """Word -> words that stand in the same places, and may mean anything: card and account, lost and stolen."""


Apply = Callable[[str, Dice, Spans], Change | None]
ApplyWords = Callable[[str, Dice, Spans, Lexicon], Change | None]
ApplyTwo = Callable[[str, Dice, Spans, str], Change | None]
Turns = tuple[Message, ...]
ApplyTurns = Callable[[Turns, Dice], tuple[Turns, str | None] | None]
Record = dict[str, Any]
ApplyRecord = Callable[[Record, Dice], tuple[Record, str | None] | None]


_set = object.__setattr__
_FIELDS = {"operator", "version", "relation", "detail"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What every operator declares."""

    name: str
    """Stable: `family.what`. Of one family only one operator acts on a text at a time."""
    level: Level
    relation: Relation
    weight: int = 10
    """How often it is chosen, relative to the others; 0: only when asked for by name."""
    version: int = 1
    family: str = field(init=False)
    _plain: Step = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        plain = Step(operator=self.name, version=self.version, relation=self.relation)
        _set(self, "family", self.name.partition(".")[0])  # frozen for everybody else
        _set(self, "_plain", plain)

    def step(self, detail: str | None) -> Step:
        """The lineage of one application."""
        if detail is None:
            return self._plain
        # Validation would cost as much as the mutation, and all but the detail was validated with the plain step.
        step = Step.__new__(Step)
        _set(step, "__dict__", {**self._plain.__dict__, "detail": detail})
        _set(step, "__pydantic_fields_set__", _FIELDS)
        _set(step, "__pydantic_extra__", None)
        _set(step, "__pydantic_private__", None)
        return step


@dataclass(frozen=True, slots=True, kw_only=True)
class TextOperator(Head):
    """Changes one text. `apply` returns None when it cannot act, and never the text unchanged."""

    apply: Apply
    touches_protected: bool = False
    """True: it changes numbers, dates, amounts or ids, and cannot act on a text that has none."""
    carry: Callable[[str, str, str], str] | None = None
    """(text before, text after, answer) -> the answer that fits the new text; None: it cannot be re-derived."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LexiconOperator(Head):
    """Changes one text with the vocabulary of the seeds."""

    apply: ApplyWords


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeOperator(Head):
    """Changes one text with the help of a second parent's."""

    apply: ApplyTwo


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnsOperator(Head):
    """Changes the turns of a chat; what system, assistant and tools said is moved or left out, never reworded."""

    apply: ApplyTurns


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordOperator(Head):
    """Changes the fields of one JSON object; the given one stays as it is."""

    apply: ApplyRecord


Operator = TextOperator | LexiconOperator | MergeOperator | TurnsOperator | RecordOperator
