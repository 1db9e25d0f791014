"""What a production run takes to heart of what reviewers said: fixed when it begins, by reference, never by text.

What this module does not know: how lessons are chosen and told.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, JsonValue

from anchorset.core.decision import RejectReason
from anchorset.core.noun import Noun
from anchorset.core.provenance import Technique

Kin = Literal["written", "redteam", "mutation"]
"""Techniques that learn from one another: those that write anew, attacks, and rewordings."""
KIN: dict[Technique, Kin] = {
    "prompted": "written", "persona": "written", "remix": "written", "template": "written", "redteam": "redteam",
    "mutation": "mutation",
}  # fmt: skip


class Heeded(Noun):
    """One decision that is taken to heart."""

    content: str
    """What was decided on."""
    after: str | None = None
    """Content of what an edit made of it; None: it was rejected."""
    reason: RejectReason | None = None
    """Of a rejection."""
    at: str
    guideline: str | None = None
    """`rubric@hash` that held then."""


class CellLessons(Noun):
    """What reviewers said of one cell's candidates of one kin."""

    cell: str
    kin: Kin
    reasons: tuple[RejectReason, ...] = ()
    """Commonest first."""
    unlike: tuple[Heeded, ...] = ()
    """Rejected candidates that are shown as what not to write."""
    better: Heeded | None = None
    """An edit that is shown as the way to go."""


class Lessons(Noun):
    """All that one run takes to heart."""

    cells: tuple[CellLessons, ...] = ()
    weights: dict[str, float] = Field(default_factory=dict)
    """Operator, or `anchor:` and the id of a seed -> how often it is taken when its turn comes, 0-1; not named: 1."""

    @property
    def told(self) -> JsonValue:
        """All that decides what is made: who decided when is not of it."""
        cells: list[JsonValue] = [
            [
                one.cell, one.kin, list(one.reasons), [[seen.content, seen.reason] for seen in one.unlike],
                [one.better.content, one.better.after] if one.better else None,
            ]
            for one in self.cells
        ]  # fmt: skip
        return [cells, dict(sorted(self.weights.items()))]

    @property
    def contents(self) -> frozenset[str]:
        """Every content that is shown."""
        shown = [one for cell in self.cells for one in (*cell.unlike, *([cell.better] if cell.better else []))]
        return frozenset(content for one in shown for content in (one.content, one.after) if content)
