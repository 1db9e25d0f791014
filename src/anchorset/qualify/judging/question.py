"""What a question to the judge is, and what all of them may look at beside the candidate.

What this module does not know: any particular question.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from anchorset.core.case import Case
from anchorset.core.config import Axis, CellNote
from anchorset.core.finding import OnHit
from anchorset.core.persona import Persona


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What the workspace says of its product and its users."""

    product: str = ""
    """What the product is and is not."""
    rubric: str = ""
    """What reviewers go by."""
    personas: Mapping[str, Persona] = field(default_factory=dict)
    axes: Mapping[str, Axis] = field(default_factory=dict)
    cells: Mapping[str, CellNote] = field(default_factory=dict)
    """`axis=value,axis=value`, in any order -> what holds there."""

    def meant(self, case: Case) -> Iterator[tuple[str, str, str]]:
        """(axis, value, what it means) for each axis value of the case that the owner has described."""
        for axis, values in self.axes.items():
            value = str(case.metadata.get(axis))
            if value in values and values[value].about.strip():
                yield axis, value, values[value].about.strip()

    def ambiguous(self, case: Case) -> bool:
        """Whether cases of this cell are meant to be unclear."""
        if any(
            str(case.metadata.get(axis)) in values and values[str(case.metadata[axis])].ambiguous
            for axis, values in self.axes.items()
            if axis in case.metadata
        ):
            return True
        there = {f"{axis}={value}" for axis, value in case.metadata.items()}
        return any(
            note.ambiguous and {part.strip() for part in cell.split(",")} <= there for cell, note in self.cells.items()
        )


class Question(ABC):
    """One thing the judge is asked of a candidate. It holds words, never results."""

    code: str
    version: int
    """Raised when the same candidate would be judged by other standards than before."""
    on_hit: OnHit = "flag"
    field: str
    """Its name in the answer."""
    asks: str
    """Its words where they do not depend on the case. A yes is always the good answer."""
    otherwise: str
    """Why it is not asked, where it does not apply."""

    @abstractmethod
    def applies(self, case: Case, scene: Scene) -> bool:
        """Whether the question makes sense for this case."""

    def words(self, case: Case, scene: Scene) -> str:
        """The question as it is put for this case."""
        return self.asks
