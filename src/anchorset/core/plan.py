"""What is ordered: cells of the grid, briefs, and the plan that holds them.

What this module does not know: how quotas are dealt out, and how a brief is carried out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, JsonValue

from anchorset.core.hashing import short_hash
from anchorset.core.noun import Noun
from anchorset.core.provenance import Technique

ALL = "all"
UNASSIGNED = "unassigned"


def cell_name(values: Mapping[str, JsonValue]) -> str:
    """`all` without dimensions, else `axis=value,axis=value` in the order of the axes."""
    return ",".join(f"{axis}={value}" for axis, value in values.items()) or ALL


ASKED: tuple[Technique, ...] = ("prompted", "persona")
"""Techniques that are always a model's."""


class Brief(Noun):
    """An order: `count` passed candidates of one technique in one cell."""

    technique: Technique
    cell: str = ALL
    values: dict[str, str] = Field(default_factory=dict)
    """Axis -> value: the metadata every candidate of this brief carries."""
    count: int = Field(ge=1)
    persona: str | None = None
    language: str | None = None
    """ISO 639-1 that the candidate must be in; None: whatever its parent is in."""
    way: Literal["model"] | None = None
    """How, where a technique has two: attacks and mutations can be a model's. None: without one, as it always is."""

    @property
    def id(self) -> str:
        """`b_` and the hash of everything but the count: the same order for more is the same brief."""
        order = [self.technique, self.cell, self.values, self.persona, self.language]
        return "b_" + short_hash([*order, self.way] if self.way else order)

    @property
    def by_model(self) -> bool:
        """Whether a model carries it out."""
        return self.technique in ASKED or self.way == "model"


class Plan(Noun):
    """All briefs of a run. `target` is the number of candidates that shall pass."""

    briefs: tuple[Brief, ...]

    @property
    def target(self) -> int:
        return sum(brief.count for brief in self.briefs)

    @property
    def cells(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(brief.cell for brief in self.briefs))
