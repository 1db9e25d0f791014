"""How many candidates of each technique shall survive in each cell, and which cannot be had.

What this module does not know: what exists already, personas, and reviewers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from anchorset.core.provenance import Technique
from anchorset.core.quota import largest_remainder
from anchorset.plan.filling import filled

REMIXES_PER_SEED = 2
"""Readable combinations of clauses that a seed gives; more are mostly the same again."""
ATTACKS_PER_SEED = 5
FIRST: tuple[Technique, ...] = ("redteam", "remix", "mutation")
"""Dealt out in this order, those with the least room first; what asks a model comes last and fills what is left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What the seeds of a cell allow."""

    seeds: int
    groups: int
    per_root: int

    def of(self, technique: str) -> int | None:
        """Candidates of a technique that the cell has room for; None: any number."""
        if technique == "mutation":
            return self.per_root * self.seeds
        if technique == "remix":
            # Two parents of different groups are needed.
            return REMIXES_PER_SEED * self.seeds if self.groups > 1 else 0
        if technique == "redteam":
            return ATTACKS_PER_SEED * self.seeds
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotas:
    """Who shall get what."""

    of: dict[tuple[Technique, str], int]
    """(technique, cell) -> candidates."""
    unfilled: dict[Technique, int]
    """Technique -> candidates no cell has room for."""


def quotas(
    wanted: Mapping[Technique, int],
    rooms: Mapping[str, Room],
    *,
    yields: Callable[[str, str], float] = lambda technique, cell: 1.0,
    base: Mapping[tuple[str, str], int] | None = None,
) -> Quotas:
    """Every cell as full as every other, as far as its seeds allow: the rare cell is forced to fill.

    `wanted`: technique -> candidates. `yields`: (technique, cell) -> share of what is made that counts, 0-1; room is
    in candidates made. `base`: what is there already, which fills cells and takes room; None: nothing.
    """
    base = base or {}
    total: Counter[str] = Counter()
    for (_, cell), count in base.items():
        total[cell] += count
    dealt: dict[tuple[Technique, str], int] = {}
    unfilled: dict[Technique, int] = {}
    for technique in sorted(wanted, key=lambda name: (_turn(name), name)):
        room: dict[str, int | None] = {}
        for cell, there in rooms.items():
            most = there.of(technique)
            taken = base.get((technique, cell), 0)
            room[cell] = None if most is None else max(0, int(most * yields(technique, cell) + 1e-9) - taken)
        given = filled(wanted[technique], total, room)
        for cell, count in given.items():
            if count:
                dealt[technique, cell] = count
                total[cell] += count
        if missing := wanted[technique] - sum(given.values()):
            unfilled[technique] = missing
    return Quotas(of=dealt, unfilled=unfilled)


def floored(wanted: Mapping[Technique, int], least: int, shares: Mapping[Technique, float]) -> dict[Technique, int]:
    """`wanted`, or where that is fewer than `least`, so many dealt out by the shares of the mix.

    Whole numbers of a small set are no shares: 2 attacks of 10 would be 20 of 100 where the mix asks for 25.
    """
    if sum(wanted.values()) >= least or not shares:
        return dict(wanted)
    return {name: count for name, count in largest_remainder(least, shares).items() if count}


def _turn(technique: Technique) -> int:
    return FIRST.index(technique) if technique in FIRST else len(FIRST)
