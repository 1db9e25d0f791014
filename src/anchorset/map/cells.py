"""Which cell of the grid a seed is in: the one whose axis values its metadata has.

What this module does not know: likeness; a seed without the axis stays unassigned here.
"""

from __future__ import annotations

from collections.abc import Sequence

from anchorset.core.case import Case
from anchorset.core.plan import UNASSIGNED, cell_name


def cell_values(case: Case, axes: Sequence[str]) -> dict[str, str] | None:
    """Axis -> value as text; None when the case lacks one of the axes."""
    values = {axis: case.metadata.get(axis) for axis in axes}
    return None if any(value in (None, "") for value in values.values()) else {k: str(v) for k, v in values.items()}


def cells_of(seeds: Sequence[Case], axes: Sequence[str]) -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    """(cell name -> axis values, sorted; seed id -> cell name or `unassigned`). Without axes, all is one cell."""
    grid: dict[str, dict[str, str]] = {}
    home: dict[str, str] = {}
    for seed in seeds:
        values = cell_values(seed, axes)
        home[seed.id] = UNASSIGNED if values is None else cell_name(values)
        if values is not None:
            grid[home[seed.id]] = values
    return dict(sorted(grid.items())), home
