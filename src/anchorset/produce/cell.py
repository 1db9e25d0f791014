"""What a cell has to work with: its seeds in a fixed order, who may be merged with whom, and whose turn it is.

Nothing here depends on the order in which seeds arrive: everything is sorted by hash.
What this module does not know: what is made of the seeds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from anchorset.core.case import Case
from anchorset.core.hashing import draw
from anchorset.core.plan import Brief
from anchorset.produce.message import message_of

BLOCK = 3
"""Groups that may be merged with one another. Blocks never overlap, so a cluster never grows beyond one block."""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """The seeds of one cell, group by group."""

    name: str
    groups: tuple[tuple[Case, ...], ...]
    """Near-duplicate seeds together; in hash order, the seeds in a group too."""
    blocks: tuple[tuple[tuple[Case, ...], ...], ...] = field(repr=False)
    """The groups in fixed blocks of at most three, for techniques with two parents."""

    @cached_property
    def seeds(self) -> tuple[Case, ...]:
        """All seeds: the first of every group, then the second of every group, and so on, so that use stays level."""
        longest = max(map(len, self.groups), default=0)
        return tuple(group[turn] for turn in range(longest) for group in self.groups if turn < len(group))

    @cached_property
    def longest(self) -> int:
        """Length of the longest message here, in characters, and at least 80: what is put together stays within it."""
        messages = (message_of(seed) for seed in self.seeds)
        return max(80, *(len(message[0]) for message in messages if message), 80)

    @cached_property
    def mates(self) -> dict[str, tuple[Case, ...]]:
        """Seed id -> the seeds of its block that are in another group; empty when it stands alone."""
        found: dict[str, tuple[Case, ...]] = {}
        for block in self.blocks:
            for group in block:
                others = tuple(seed for other in block if other is not group for seed in other)
                found |= {seed.id: others for seed in group}
        return found


def cells_for(briefs: Sequence[Brief], seeds: Sequence[Case], groups: Mapping[str, str]) -> dict[str, Cell]:
    """Cell name -> cell, for every cell that a brief names. A seed belongs where its metadata has those values.

    `groups`: seed id -> group id; a seed it does not name is its own group. A group whose seeds lie in several cells is
    merged with others in one of them only (the one that hashes lowest), or blocks would chain into one large cluster.
    """
    ordered = sorted({(seed.id, seed.content, _where(seed)): seed for seed in seeds}.items())
    wanted = {brief.cell: brief.values for brief in sorted(briefs, key=lambda brief: brief.id)}
    members: dict[str, dict[str, list[Case]]] = {name: {} for name in sorted(wanted)}
    by_values = _Lookup(wanted)
    for _, seed in ordered:
        for name in by_values.cells_of(seed):
            members[name].setdefault(groups.get(seed.id, seed.id), []).append(seed)
    homes: dict[str, str] = {}
    for name, inside in members.items():
        for group in inside:
            homes[group] = min(homes.get(group, name), name, key=lambda cell: draw("home", group, cell))
    return {name: _cell(name, inside, homes) for name, inside in members.items()}


def _cell(name: str, inside: Mapping[str, Sequence[Case]], homes: Mapping[str, str]) -> Cell:
    order = sorted(inside, key=lambda group: (draw("group", name, group), group))
    at_home = [tuple(inside[group]) for group in order if homes[group] == name]
    return Cell(
        name=name,
        groups=tuple(tuple(inside[group]) for group in order),
        blocks=_blocks(at_home),
    )


def _blocks(groups: Sequence[tuple[Case, ...]]) -> tuple[tuple[tuple[Case, ...], ...], ...]:
    """Threes, and two twos at the end where a three would leave one alone."""
    cuts = list(range(0, len(groups), BLOCK)) or [0]
    if len(groups) % BLOCK == 1 and len(groups) > 1:
        cuts[-1] -= 1
    return tuple(tuple(groups[start:end]) for start, end in zip(cuts, [*cuts[1:], len(groups)], strict=True))


def _where(seed: Case) -> str:
    return repr(sorted(seed.metadata.items()))


class _Lookup:
    """Which cells a seed is in, without asking every cell about every seed."""

    def __init__(self, wanted: Mapping[str, Mapping[str, str]]) -> None:
        self._by_axes: dict[tuple[str, ...], dict[tuple[str, ...], list[str]]] = {}
        for name, values in wanted.items():
            axes = tuple(sorted(values))
            found = self._by_axes.setdefault(axes, {})
            found.setdefault(tuple(values[axis] for axis in axes), []).append(name)

    def cells_of(self, seed: Case) -> list[str]:
        return [
            name
            for axes, cells in self._by_axes.items()
            for name in cells.get(tuple(str(seed.metadata.get(axis)) for axis in axes), ())
        ]
