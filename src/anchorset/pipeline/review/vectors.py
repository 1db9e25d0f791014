"""A vector for every case on the shelf: made a few thousand at a time in the background, kept in memory.

What this module does not know: what being near means, and who asks.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from threading import RLock, Thread

import numpy as np
from numpy.typing import NDArray

from anchorset.infra.db import light
from anchorset.pipeline.review.shelf import Shelf

AT_A_TIME = 1_000
"""Texts that are embedded in one go: other requests are answered in between."""
BREATH = 0.02
"""Seconds between two goes in the background."""
AT_ONCE = 2_000
"""Cases up to which all vectors are made while somebody waits: less than a second."""
NOTHING = -2.0
"""The cosine of what has no vector yet."""


class Vectors:
    """Asked from several threads, the shelf's lock before its own.

    A row of the shelf and a row here are two things: `_at` leads from one to the other.
    """

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self._lock = RLock()
        self._rows: dict[str, int] = {}
        self._vectors: NDArray[np.float32] = np.zeros((0, 1), dtype=np.float32)
        self._at: NDArray[np.int64] = np.zeros(0, dtype=np.int64)
        self._known = (-1, 0)
        self._worker: Thread | None = None

    def of(self, text: str) -> NDArray[np.float32]:
        """(dim,) of any text; zeros when none of its words is known."""
        vector: NDArray[np.float32] = self.shelf.workspace.bench.embedder.embed([text])[0]
        return vector

    def ensure(self, keys: Sequence[str]) -> None:
        """Makes those of these that are not there. Slow when they are many."""
        missing = [key for key in keys if key not in self._rows]
        for start in range(0, len(missing), AT_A_TIME):
            self._make(missing[start : start + AT_A_TIME])

    def complete(self) -> None:
        """Makes all there are: at once when they are few, else in the background. Cheap when done or on its way."""
        if len(self.shelf.keys) <= AT_ONCE:
            self.ensure(list(self.shelf.keys))
            return
        with self.shelf.lock, self._lock:
            if self._missing() and (self._worker is None or not self._worker.is_alive()):
                self._worker = Thread(target=self._make_all, name="vectors", daemon=True)
                self._worker.start()

    def done(self) -> tuple[int, int]:
        """(how many cases have a vector, how many cases there are)."""
        with self.shelf.lock, self._lock:
            n = len(self.shelf.keys)
            return n - self._missing(), n

    def cosines(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Of one vector (dim,) or several (k, dim) with each case: (rows of the shelf,) or (k, rows of the shelf);
        `NOTHING` for those that are not made yet."""
        with self.shelf.lock, self._lock:
            made, at = self._vectors[: len(self._rows)], self._aligned().copy()
        if not len(made):
            return np.full((*vectors.shape[:-1], len(at)), NOTHING, dtype=np.float32)
        found = vectors @ made.T
        none = np.full((*vectors.shape[:-1], 1), NOTHING, dtype=np.float32)
        cosines: NDArray[np.float32] = np.append(found, none, axis=-1)[..., at]  # -1 leads to the last: nothing
        return cosines

    def at(self, rows: Sequence[int]) -> NDArray[np.float32]:
        """(k, dim) of these rows of the shelf; zeros for those that are not made yet."""
        with self.shelf.lock, self._lock:
            if not self._rows:
                return np.zeros((len(rows), self.shelf.workspace.bench.embedder.dim), dtype=np.float32)
            at = self._aligned()[list(rows)]
            found: NDArray[np.float32] = np.where((at < 0)[:, None], np.float32(0), self._vectors[np.maximum(at, 0)])
            return found

    def _missing(self) -> int:
        return int((self._aligned() < 0).sum())

    def _aligned(self) -> NDArray[np.int64]:
        with self.shelf.lock:
            now = (self.shelf.loads, len(self.shelf.keys))
            if self._known != now or len(self._at) != len(self.shelf.keys):
                self._at = np.array([self._rows.get(key, -1) for key in self.shelf.keys], dtype=np.int64)
                self._known = now
            return self._at

    def _make_all(self) -> None:
        while True:
            with self.shelf.lock:
                keys = list(self.shelf.keys)
            missing = [key for key in keys if key not in self._rows]
            if not missing:
                return
            for start in range(0, len(missing), AT_A_TIME):
                self._make(missing[start : start + AT_A_TIME])
                time.sleep(BREATH)

    def _make(self, keys: list[str]) -> None:
        with self.shelf.workspace.store.reading() as connection:
            texts = [line.text for line in light.lines(connection, keys)]
        if len(texts) != len(keys):  # the store was made anew meanwhile
            self.shelf.refresh()
            return
        vectors = self.shelf.workspace.bench.embedder.embed(texts)
        with self.shelf.lock, self._lock:
            new = [nth for nth, key in enumerate(keys) if key not in self._rows]  # another thread may have been quicker
            first = len(self._rows)
            self._grow(first + len(new), vectors.shape[1])
            self._vectors[first : first + len(new)] = vectors[new]
            at = self._aligned()
            for row, nth in enumerate(new, start=first):
                self._rows[keys[nth]] = row
                for place in self.shelf.rows_of(keys[nth]):
                    at[place] = row

    def _grow(self, rows: int, dim: int) -> None:
        if rows > len(self._vectors):
            grown = np.zeros((max(rows, len(self.shelf.keys), 2 * len(self._vectors)), dim), dtype=np.float32)
            if len(self._rows):
                grown[: len(self._rows)] = self._vectors[: len(self._rows)]
            self._vectors = grown
