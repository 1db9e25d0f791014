"""plan: how many candidates of which technique in which cell.

What this module does not know: what a candidate looks like.
"""

from __future__ import annotations

from collections.abc import Mapping

from anchorset.core.errors import UsageError
from anchorset.core.plan import Brief, Plan
from anchorset.core.quota import largest_remainder, level, table
from anchorset.plan.mix import MODEL_FREE, checked_mix


def plan(
    cells: Mapping[str, Mapping[str, str]],
    seeds_in: Mapping[str, int],
    *,
    size: int,
    mix: Mapping[str, float] = MODEL_FREE,
) -> Plan:
    """A plan of exactly `size` candidates.

    `cells`: name -> axis values. `seeds_in`: name -> number of seeds; a cell without one is left out.
    Cells are filled evenly, as far as twice their seeds allow: more than that from one seed is the same case again.
    Raises UsageError when size is under 1 or no cell has a seed.
    """
    if size < 1:
        raise UsageError(f"the number of candidates is {size}; 1 or more is needed (`-n 1000`)")
    room = {name: 2 * seeds_in.get(name, 0) for name in sorted(cells) if seeds_in.get(name, 0)}
    if not room:
        raise UsageError("no cell has a seed, so there is nothing to grow from; ingest real messages first")
    per_cell = level(size, room)
    per_technique = largest_remainder(size, checked_mix(mix))
    dealt = table(per_technique, per_cell)
    return Plan(
        briefs=tuple(
            Brief(technique=technique, cell=cell, values=dict(cells[cell]), count=count)
            for (technique, cell), count in dealt.items()
            if count
        )
    )
