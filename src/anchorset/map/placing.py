"""Which cell of the grid a seed is in: by its metadata, else by the description that is clearly nearest.

What this module does not know: what the cells are for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from anchorset.core.behaviour import How, Placed
from anchorset.core.case import Case
from anchorset.core.config import Axis, Config
from anchorset.core.plan import UNASSIGNED, cell_name
from anchorset.core.ports import Embedder
from anchorset.map.grid import skipped

CLEARLY = 0.05
"""Cosine by which the nearest description has to beat the second."""
AT_ALL = 0.2
"""Cosine that the nearest description needs: under it a text and a description have nothing to do with each other."""


def placed(
    seeds: Sequence[Case], config: Config, *, vectors: NDArray[np.float32], embedder: Embedder
) -> dict[str, Placed]:
    """Seed id -> its cell. vectors (n_seeds, dim): unit rows in the order of the seeds.

    Axis by axis: the metadata when it equals a value of the axis; where it says nothing, the value whose `about` (or
    name, without one) is nearest, when that has a cosine of at least 0.2 and beats the second by 0.05; else that axis
    stays open and the seed is unassigned. A word that the axis does not know leaves it open too: it says that the seed
    is something else.
    """
    if not config.axes:
        return {seed.id: Placed(cell=cell_name({}), how="only") for seed in seeds}
    nearest = {axis: _Nearest(config.dimensions[axis], embedder) for axis in config.axes}
    found = {}
    for seed, vector in zip(seeds, vectors, strict=True):
        values: dict[str, str] = {}
        margins: list[float] = []
        for axis in config.axes:
            said = told(seed, axis)
            if said in config.dimensions[axis]:
                values[axis] = said
                continue
            if said:
                continue
            value, margin = nearest[axis].to(vector)
            margins.append(margin)
            if value is not None:
                values[axis] = value
        found[seed.id] = _placed(values, margins, config)
    return found


def told(seed: Case, axis: str) -> str:
    """The seed's own word for an axis, as text; empty when it has none."""
    value = seed.metadata.get(axis)
    if value is None:
        return ""
    # JSON's words, which is how a configuration writes them too.
    return str(value).lower() if isinstance(value, bool) else str(value)


def with_cells(seeds: Sequence[Case], home: Mapping[str, Placed]) -> list[Case]:
    """The seeds with the axis values of their cells in their metadata: what produce and qualify look at."""
    return [
        seed.model_copy(update={"metadata": {**seed.metadata, **home[seed.id].values}})
        if seed.id in home and home[seed.id].cell != UNASSIGNED and home[seed.id].values
        else seed
        for seed in seeds
    ]


def _placed(values: dict[str, str], margins: Sequence[float], config: Config) -> Placed:
    closest = round(min(margins), 4) if margins else None
    if len(values) < len(config.axes) or skipped(values, config):
        return Placed(cell=UNASSIGNED, how="unassigned", values=values, margin=closest)
    how: How = "about" if margins else "metadata"
    return Placed(cell=cell_name(values), how=how, values=values, margin=closest)


class _Nearest:
    """The descriptions of one axis."""

    def __init__(self, axis: Axis, embedder: Embedder) -> None:
        self.names = list(axis)
        texts = [value.about or name.replace("_", " ").replace("-", " ") for name, value in axis.items()]
        self.vectors = embedder.embed(texts)

    def to(self, vector: NDArray[np.float32]) -> tuple[str | None, float]:
        """(the value that is clearly nearest or None, by how much the nearest beats the second).

        One value alone beats nothing, so it is never assumed.
        """
        if len(self.names) < 2 or not vector.any():
            return None, 0.0
        cosines = self.vectors @ vector
        second, first = np.sort(cosines)[-2:]
        margin = float(first - second)
        # The last bits differ from machine to machine: what stands exactly at the line counts as clear.
        clear = margin >= CLEARLY - 1e-6 and first >= AT_ALL - 1e-6
        return (self.names[int(cosines.argmax())] if clear else None), margin
