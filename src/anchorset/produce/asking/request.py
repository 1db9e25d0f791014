"""One request: the ask, and what each of its lines will become.

What this module does not know: how it was written, and how an answer is read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from anchorset.core.ask import Ask
from anchorset.core.case import Case
from anchorset.core.provenance import Technique
from anchorset.produce.asking.book import StyleBook
from anchorset.produce.asking.families import Way
from anchorset.produce.asking.lessons import Lesson
from anchorset.produce.asking.policy import Policy
from anchorset.produce.asking.settings import Asking
from anchorset.produce.asking.style import Style
from anchorset.produce.order import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One line of a request: one candidate to be."""

    n: int
    """Its number in the request, from 1."""
    attempt: int
    """Its number among all attempts of the brief, from 0."""
    style: Style | None = None
    """None: the seeds have no style to draw, or the parent's is kept."""
    topic: str | None = None
    parent: Case | None = None
    """The seed that it rewrites."""
    way: Way | None = None
    policy: Policy | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What techniques are told when they write a request."""

    order: Order
    book: StyleBook
    settings: Asking
    turn: int
    """How many requests of this size came before it for the brief: whose turn it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """How one technique asks."""

    name: str
    """Of its prompt file."""
    technique: Technique
    """What provenance says."""
    rewrites: bool
    """Whether every candidate has a seed as its parent."""
    criteria: bool
    """Whether the model says what a good answer does, whatever evaluators need."""
    slot: Callable[[Scene, int, int, Case | None], Slot]
    """(scene, number in the request, attempt, parent) -> what is drawn for it."""
    values: Callable[[Scene, tuple[Slot, ...]], Mapping[str, Any]]
    """What the prompt is told beyond what every prompt is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """An ask, with what is needed to read its answer."""

    ask: Ask
    slots: tuple[Slot, ...]
    method: Method
    scene: Scene
    prompt: str
    """`name@hash`."""
    anchors: tuple[str, ...]
    """Ids of the seeds shown for their sound."""
    language: str | None
    """ISO 639-1 that was asked for; None: none, or two."""
    lesson: Lesson = field(default_factory=Lesson)
    """What it was told of reviewers' decisions."""

    @property
    def wanted(self) -> int:
        """Candidates."""
        return len(self.slots)
