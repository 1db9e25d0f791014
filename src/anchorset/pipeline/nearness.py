"""The real and the approved cases nearest to one: their vectors are made when first asked for, and kept in memory.

What this module does not know: what near means to a reviewer, and how anything is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from anchorset.core.case import Case
from anchorset.core.filter import Filter
from anchorset.infra.db import light
from anchorset.pipeline.shelf import Mask, Shelf

_REAL = Filter(real=True, counting=True)
AT_A_TIME = 2_000
"""Texts that are embedded in one go: other requests are answered in between."""


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
    """Asked from several threads, one at a time."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self._lock = Lock()
        self._rows: dict[str, int] = {}
        self._vectors: NDArray[np.float32] = np.zeros((0, 1), dtype=np.float32)

    def near(self, case: Case, *, k: int = 3) -> tuple[list[Near], list[Near]]:
        """The k nearest real cases and the k nearest approved ones, nearest first; the case itself is left out.

        A text without a known word is near nothing, and then both lists are empty.
        """
        with self._lock:
            embedder = self.shelf.workspace.bench.embedder
            vector = embedder.embed([case.text])[0]
            if not vector.any():
                return [], []
            real = self.shelf.mask(_REAL)
            return self._best(vector, real, case, k), self._best(vector, self.shelf.kept(), case, k)

    def _best(self, vector: NDArray[np.float32], among: Mask, case: Case, k: int) -> list[Near]:
        keys = self.shelf.keys_where(among)
        self._embed([key for key in keys if key not in self._rows])
        if not keys:
            return []
        rows = np.array([self._rows[key] for key in keys])
        cosine = self._vectors[rows] @ vector
        most = min(len(keys), k + 4)
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

    def _embed(self, keys: list[str]) -> None:
        for start in range(0, len(keys), AT_A_TIME):
            some = keys[start : start + AT_A_TIME]
            with self.shelf.workspace.store.reading() as connection:
                texts = [line.text for line in light.lines(connection, some)]
            vectors = self.shelf.workspace.bench.embedder.embed(texts)
            first = len(self._rows)
            self._grow(first + len(some), vectors.shape[1])
            self._vectors[first : first + len(some)] = vectors
            self._rows |= {key: first + nth for nth, key in enumerate(some)}

    def _grow(self, rows: int, dim: int) -> None:
        if rows > len(self._vectors):
            grown = np.zeros((max(rows, 2 * len(self._vectors)), dim), dtype=np.float32)
            if len(self._rows):
                grown[: len(self._rows)] = self._vectors[: len(self._rows)]
            self._vectors = grown
