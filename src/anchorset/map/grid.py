"""The grid: which combinations of dimension values are cells.

What this module does not know: seeds.
"""

from __future__ import annotations

from itertools import product
from math import prod

from anchorset.core.config import Config
from anchorset.core.errors import ConfigError
from anchorset.core.plan import cell_name

MOST = 10_000
"""Cells beyond which a grid is refused: nobody reviews them, and a table of them helps nobody."""


def grid(config: Config) -> dict[str, dict[str, str]]:
    """Cell name -> axis values: the product of the axes without `grid.skip`, in the order of the configuration.

    Without dimensions there is one cell, `all`. Raises ConfigError when an axis has no value, when there are more than
    10,000 cells, or when everything is skipped.
    """
    axes = {axis: list(config.dimensions[axis]) for axis in config.axes}
    for axis, values in axes.items():
        if not values:
            raise ConfigError(f"the axis {axis!r} has no values; name some under `dimensions`, or drop it")
    size = prod(map(len, axes.values()))
    if size > MOST:
        shape = " × ".join(f"{axis} {len(values):,}" for axis, values in axes.items())
        raise ConfigError(
            f"the grid has {size:,} cells ({shape}), at most {MOST:,} can be; name two or three axes under `grid.axes`"
        )
    cells = [dict(zip(axes, values, strict=True)) for values in product(*axes.values())]
    kept = {cell_name(values): values for values in cells if not skipped(values, config)}
    if not kept:
        raise ConfigError(f"`grid.skip` leaves none of the {size:,} cells; take one of its entries out")
    return kept


def skipped(values: dict[str, str], config: Config) -> bool:
    """Whether `grid.skip` leaves this combination out; an axis that an entry does not name matches every value."""
    return any(entry and all(values.get(axis) == value for axis, value in entry.items()) for entry in config.grid.skip)
