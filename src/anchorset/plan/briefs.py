"""From what is wanted in a cell to briefs: less what stands, more what reviewers reject, each in somebody's voice.

What this module does not know: how wants came about.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from math import ceil, floor

from anchorset.core.config import Config
from anchorset.core.persona import Persona
from anchorset.core.plan import Brief
from anchorset.core.provenance import Technique
from anchorset.core.quota import largest_remainder, table
from anchorset.plan.tally import Place, Tally

Spot = tuple[Technique, str]
"""(technique, cell)."""

SPEAKS: tuple[Technique, ...] = ("persona", "remix", "conversation")
"""Techniques that can put on a persona's voice; mutation and red team keep the voice of the seed."""


def by_cell(standing: Mapping[Place, Tally]) -> dict[Spot, Tally]:
    """The tallies without personas."""
    found: dict[Spot, Tally] = {}
    for (technique, cell, _), tally in standing.items():
        found[technique, cell] = found.get((technique, cell), Tally()) + tally
    return found


def missing(
    goal: Mapping[Spot, int], there: Mapping[Spot, Tally], survival: Callable[[str, str], float]
) -> dict[Spot, int]:
    """Candidates to make in each spot so that `goal` of them can be expected to survive.

    What waits for review counts by its expected survival; less than half a candidate is not made. Mutations beyond
    their goal stand in for what another technique could not make in the same cell: that is where production moves it.
    """
    passes = _passes(goal, survival)
    spare: dict[str, float] = {}
    for (technique, cell), tally in there.items():
        over = _worth(tally, survival(technique, cell)) - passes.get((technique, cell), 0)
        if technique == "mutation" and over > 0:
            spare[cell] = over
    orders: dict[Spot, int] = {}
    for (technique, cell), wanted in passes.items():
        lack = wanted - _worth(there.get((technique, cell), Tally()), survival(technique, cell))
        taken = min(max(lack, 0.0), spare.get(cell, 0.0))
        spare[cell] = spare.get(cell, 0.0) - taken
        if (count := floor(lack - taken + 0.5)) > 0:
            orders[technique, cell] = count
    return orders


def _passes(goal: Mapping[Spot, int], survival: Callable[[str, str], float]) -> dict[Spot, int]:
    """Candidates that have to pass in each spot, rounded so that they add up over the cells of a technique."""
    found: dict[Spot, int] = {}
    exact: dict[str, float] = {}
    whole: Counter[str] = Counter()
    for technique, cell in sorted(goal):
        exact[technique] = exact.get(technique, 0.0) + goal[technique, cell] / survival(technique, cell)
        # The last cell of a technique must not fall short by the dust of the sums before it.
        count = ceil(exact[technique] - 1e-6) - whole[technique]
        found[technique, cell] = count
        whole[technique] += count
    return found


def briefs_of(
    ordered: Mapping[Spot, int],
    goal: Mapping[Spot, int],
    cells: Mapping[str, Mapping[str, str]],
    config: Config,
    standing: Mapping[Place, Tally],
    personas: Mapping[str, Persona],
    language: str | None,
    survival: Callable[[str, str, str], float] = lambda technique, cell, persona: 1.0,
) -> tuple[Brief, ...]:
    """One brief for each technique, cell and persona that has something to make, in that order.

    Personas get their weights over a whole technique and as nearly as possible in every cell; who has fewer standing
    than due is served first, and whose candidates survive less gets more of them. `survival`: of technique, cell and
    persona. `language`: of all; None: the persona's, else the configuration's.
    """
    made = []
    due = {technique: _due(technique, goal, config) for technique in SPEAKS}
    for (technique, cell), count in sorted(ordered.items()):
        theirs = due.get(technique, {}).get(cell, {})
        for persona, n in _voices(count, technique, cell, theirs, standing, survival).items():
            spoken = personas[persona].language if persona in personas else None
            made.append(
                Brief(
                    technique=technique, cell=cell, values=dict(cells[cell]), count=n, persona=persona or None,
                    language=language or spoken or config.language,
                )
            )  # fmt: skip
    return tuple(made)


def _worth(tally: Tally, survival: float) -> float:
    """What stands, in candidates that have passed and wait: one that was kept is worth several of them."""
    return tally.waiting + (tally.kept + tally.sampled) / survival


def _due(technique: Technique, goal: Mapping[Spot, int], config: Config) -> dict[str, dict[str, int]]:
    """Cell -> persona -> candidates; empty without personas."""
    weights = {name: weight for name, weight in config.personas.items() if weight > 0}
    rows = {cell: n for (name, cell), n in sorted(goal.items()) if name == technique and n}
    if not weights or not rows:
        return {}
    due: dict[str, dict[str, int]] = {}
    for (cell, persona), n in table(rows, largest_remainder(sum(rows.values()), weights)).items():
        due.setdefault(cell, {})[persona] = n
    return due


def _voices(
    count: int, technique: Technique, cell: str, due: Mapping[str, int], standing: Mapping[Place, Tally],
    survival: Callable[[str, str, str], float],
) -> dict[str, int]:  # fmt: skip
    """Persona -> candidates of `count`; the empty name stands for nobody in particular."""
    if not due:
        return {"": count}
    lack = Counter({
        persona: max(0, n - standing.get((technique, cell, persona), Tally()).standing) for persona, n in due.items()
    })  # fmt: skip
    shall = lack if lack.total() else Counter(due)
    weights = {persona: n / survival(technique, cell, persona) for persona, n in shall.items()}
    return {persona: n for persona, n in sorted(largest_remainder(count, weights).items()) if n}
