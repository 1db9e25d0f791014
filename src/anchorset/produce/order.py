"""What a technique is told beside its parent. Travels only.

What this module does not know: any technique.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from anchorset.core.persona import Persona
from anchorset.core.plan import Brief
from anchorset.produce.cell import Cell
from anchorset.produce.operators.operator import Lexicon


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One brief, with what its cell offers."""

    brief: Brief
    cell: Cell
    lexicon: Lexicon
    """Of all seeds of the run."""
    random_seed: int
    run: str
    persona: Persona | None = None
    """Whose voice the candidates have; None: their parents'."""
    first: int = 0
    """Candidates of the same technique that the briefs before this one ask for."""
    weights: Mapping[str, float] = field(default_factory=dict)
    """Operator, or `anchor:` and the id of a seed -> how often it is taken when its turn comes, 0-1; not named: 1."""
    tried: Counter[Any] = field(default_factory=Counter, compare=False)
    """What the technique has tried for this brief, where its ways are few enough to count. Techniques add to it."""

    @property
    def label(self) -> str:
        """`synth-<persona or technique>-<cell>`."""
        return f"synth-{self.brief.persona or self.brief.technique}-{self.brief.cell}"
