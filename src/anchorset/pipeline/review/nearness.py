"""What is near a case or a text: the nearest real and approved cases, or everything that fits a filter, by distance.

What this module does not know: what near means to a reviewer, and how anything is shown.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anchorset.core.case import Case
from anchorset.core.filter import Filter
from anchorset.infra.db import light
from anchorset.pipeline.review.shelf import Mask, Shelf
from anchorset.pipeline.review.vectors import Vectors

_REAL = Filter(real=True, counting=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """A case that is near another."""

    id: str
    bucket: str
    status: str
    text: str
    distance: float
    """1 - cosine: 0 the same direction, 1 nothing in common."""


class Nearness:
    """Asked from several threads."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.vectors = Vectors(shelf)

    def near(self, case: Case, *, k: int = 3, attacks: bool = True) -> tuple[list[Near], list[Near]]:
        """The k nearest real cases and the k nearest approved ones, nearest first; the case itself is left out.

        A text without a known word is near nothing, and then both lists are empty. `attacks`: whether they may be
        among the approved.
        """
        vector = self.vectors.of(case.text)
        if not vector.any():
            return [], []
        kept = self.shelf.kept()
        if not attacks:
            kept = kept & self.shelf.mask(Filter(redteam=False))[: len(kept)]
        return self._best(vector, self.shelf.mask(_REAL), case, k), self._best(vector, kept, case, k)

    def ranked(
        self, vector: NDArray[np.float32], wanted: Filter, *, within: float | None, most: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """What is like a vector, of what fits a filter and lies no further than `within` (0-2; None: anywhere).

        (rows of the shelf, nearest first, at the most so many; the distance of each row of the shelf, infinite where
        it does not fit). Cases without a vector, because it is not made yet or no word is known, are near nothing.
        """
        self.vectors.complete()
        if not vector.any():
            return np.zeros(0, dtype=np.int64), np.full(len(self.shelf.keys), np.inf, dtype=np.float32)
        distance = np.maximum(1 - self.vectors.cosines(vector), 0)
        fits = self.shelf.mask(wanted)
        n = min(len(fits), len(distance))  # an edit may have come in between
        distance = np.where(fits[:n] & (distance[:n] <= _far(within)), distance[:n], np.inf)
        found = int(np.isfinite(distance).sum())
        most = min(most, found)
        if most == 0:
            return np.zeros(0, dtype=np.int64), distance
        best = np.argpartition(distance, most - 1)[:most]
        return best[np.lexsort((best, distance[best]))], distance

    def _best(self, vector: NDArray[np.float32], among: Mask, case: Case, k: int) -> list[Near]:
        keys = self.shelf.keys_where(among)
        self.vectors.ensure(keys)
        cosine = self.vectors.cosines(vector)
        rows = np.flatnonzero(among[: len(cosine)])
        if not len(rows):
            return []
        cosine = cosine[rows]
        most = min(len(rows), k + 4)
        best = np.argpartition(-cosine, most - 1)[:most]
        order = best[np.argsort(-cosine[best], kind="stable")]
        with self.shelf.workspace.store.reading() as connection:
            lines = light.lines(connection, [keys[at] for at in order])
        found = [
            Near(id=line.id, bucket=line.bucket, status=line.status, text=line.text[:600],
                 distance=round(float(1 - cosine[at]), 3))
            for at, line in zip(order, lines, strict=True)
            if line.id != case.id and line.id != case.revision_of
        ]  # fmt: skip
        return found[:k]


def _far(within: float | None) -> float:
    """The distance from which nothing is wanted; under that of what has no vector."""
    return 2.0 if within is None else within
