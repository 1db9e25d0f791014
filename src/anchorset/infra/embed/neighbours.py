"""Who is near whom: cosine over unit rows, in blocks, so that memory grows with the answer and never with n squared.

What this module does not know: texts, and what being near means to the caller.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

Vectors = NDArray[np.float32]
T = TypeVar("T")
R = TypeVar("R")

EXACT_UP_TO = 20_000
"""Rows up to which all pairs are cheaper than any index."""

_BLOCK = 2048
_MARGIN = 0.05
# A row is also looked up in cells whose centre is this much less similar to it than its best. bench/dedup.py measures
# what share of the exact pairs that finds, on every run.


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Pairs of rows and how alike they are, ordered by (i, j), each pair once."""

    i: NDArray[np.int64]
    """(m,) the lower row of each pair."""
    j: NDArray[np.int64]
    """(m,) the higher row."""
    score: NDArray[np.float32]
    """(m,) 0-1 in surface, -1 to 1 in cosine."""

    def __len__(self) -> int:
        return len(self.i)

    def at(self, threshold: float) -> Pairs:
        """The pairs that score at least `threshold`."""
        keep = self.score >= threshold
        return Pairs(i=self.i[keep], j=self.j[keep], score=self.score[keep])


def pairs_above(
    vectors: Vectors,
    threshold: float,
    *,
    mode: Literal["auto", "exact", "fast"] = "auto",
    most: int | None = None,
) -> Pairs:
    """Every pair i < j whose cosine is at least `threshold`.

    vectors (n, dim): float32 rows of unit length; zero rows are near nothing. `threshold` above 0.
    `exact` multiplies all blocks. `fast` looks a row up only in the cells of an inverted file whose centre is nearly
    its nearest (Sivic and Zisserman 2003; the adaptive number of cells is ours) and finds at least 99 % of the pairs
    at 0.9 and above, less at low thresholds; the scores it returns are exact. `auto` is exact up to 20,000 rows.
    `most`: where rows have more neighbours than this on average, as 20,000 copies of one template have, only the `most`
    earliest neighbours of a row in each block are returned, so that memory stays linear; None returns all.
    """
    if mode == "exact" or (mode == "auto" and len(vectors) <= EXACT_UP_TO):
        return _exact_pairs(vectors, threshold, most)
    return _fast_pairs(vectors, threshold, most)


def nearest_in(queries: Vectors, rows: Vectors, k: int = 1) -> tuple[NDArray[np.int64], Vectors]:
    """For each query its `k` nearest rows, nearest first: indices (n, k) and cosines (n, k).

    queries (n, dim), rows (m, dim): unit float32. `k` is cut to m; equal cosines come in the order of the rows.
    Exact; memory is one block of 2,048 queries against all rows at most, in slices.
    """
    k = min(k, len(rows))
    where = np.zeros((len(queries), k), dtype=np.int64)
    score = np.zeros((len(queries), k), dtype=np.float32)
    if k == 0:
        return where, score
    step = max(1, min(_BLOCK, 64_000_000 // len(rows)))
    for start in range(0, len(queries), step):
        cosine = queries[start : start + step] @ rows.T
        if k == 1:
            best = np.argmax(cosine, axis=1)[:, None]
        else:
            best = np.sort(np.argpartition(-cosine, k - 1, axis=1)[:, :k], axis=1)
        found = np.take_along_axis(cosine, best, axis=1)
        order = np.argsort(-found, axis=1, kind="stable")
        where[start : start + step] = np.take_along_axis(best, order, axis=1)
        score[start : start + step] = np.take_along_axis(found, order, axis=1)
    return where, score


def unique_pairs(i: NDArray[np.int64], j: NDArray[np.int64], score: Vectors, n: int) -> Pairs:
    """The same pairs with i < j, ordered, each once with its highest score; n: rows the indices point into."""
    low, high = np.minimum(i, j), np.maximum(i, j)
    order = np.argsort(-score, kind="stable")
    _, first = np.unique((low * n + high)[order], return_index=True)
    keep = order[first]
    return Pairs(i=low[keep], j=high[keep], score=score[keep])


def _exact_pairs(vectors: Vectors, threshold: float, most: int | None) -> Pairs:
    found: list[tuple[NDArray[np.int64], NDArray[np.int64], Vectors]] = []
    for a in range(0, len(vectors), _BLOCK):
        left = vectors[a : a + _BLOCK]
        for b in range(a, len(vectors), _BLOCK):
            cosine = left @ vectors[b : b + _BLOCK].T
            i, j = _hits(cosine, threshold, most)
            score = cosine[i, j]
            if a == b:
                upper = i < j
                i, j, score = i[upper], j[upper], score[upper]
            found.append((i + a, j + b, score))
    return _joined(found, len(vectors))


def _fast_pairs(vectors: Vectors, threshold: float, most: int | None) -> Pairs:
    n = len(vectors)
    centres = _centres(vectors, cells=max(16, int(3 * np.sqrt(n))))
    homes = np.zeros(n, dtype=np.int64)

    def look_up(start: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        cosine = vectors[start : start + _BLOCK] @ centres.T
        best = cosine.max(axis=1)
        homes[start : start + _BLOCK] = cosine.argmax(axis=1)
        row, cell = np.divmod(np.flatnonzero(cosine >= (best - _MARGIN)[:, None]), cosine.shape[1])
        return row + start, cell

    visits = _in_threads(look_up, range(0, n, _BLOCK))
    visitor, cell = (np.concatenate(part) for part in zip(*visits, strict=True))
    visitor = visitor[np.argsort(cell, kind="stable")]
    visitor_ends = np.cumsum(np.bincount(cell, minlength=len(centres)))
    resident = np.argsort(homes, kind="stable")
    resident_ends = np.cumsum(np.bincount(homes, minlength=len(centres)))

    def compare(c: int) -> tuple[NDArray[np.int64], NDArray[np.int64], Vectors]:
        mine = resident[resident_ends[c - 1] if c else 0 : resident_ends[c]]
        guests = visitor[visitor_ends[c - 1] if c else 0 : visitor_ends[c]]
        rows, parts = vectors[guests], []
        for start in range(0, len(mine), _BLOCK):
            some = mine[start : start + _BLOCK]
            cosine = vectors[some] @ rows.T
            i, j = _hits(cosine, threshold, most)
            parts.append((some[i], guests[j], cosine[i, j]))
        a, b, score = (np.concatenate(part) for part in zip(*parts, strict=True)) if parts else _nothing()
        apart = a != b
        return a[apart], b[apart], score[apart]

    return _joined(_in_threads(compare, range(len(centres))), n)


def _hits(cosine: Vectors, threshold: float, most: int | None) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    hit = cosine >= threshold
    if most is not None and np.count_nonzero(hit) > most * cosine.shape[1]:
        hit &= np.cumsum(hit, axis=0, dtype=np.int32) <= most
    i, j = np.divmod(np.flatnonzero(hit), cosine.shape[1])
    return i, j


def _centres(vectors: Vectors, cells: int) -> Vectors:
    """Cell centres by spherical k-means over a sample that does not depend on the order of the rows."""
    rng = np.random.default_rng(7)
    direction = rng.standard_normal(vectors.shape[1], dtype=np.float32)
    order = np.argsort(vectors @ direction, kind="stable")
    sample = vectors[order[np.linspace(0, len(vectors) - 1, min(len(vectors), 12 * cells)).astype(np.int64)]]
    centres = sample[rng.permutation(len(sample))[:cells]]
    for _ in range(4):
        owner = np.concatenate(
            [(sample[s : s + _BLOCK] @ centres.T).argmax(axis=1) for s in range(0, len(sample), _BLOCK)]
        )
        by_owner = np.argsort(owner, kind="stable")
        present, starts = np.unique(owner[by_owner], return_index=True)
        sums = np.add.reduceat(sample[by_owner], starts, axis=0)
        norms = np.linalg.norm(sums, axis=1, keepdims=True)
        centres = centres.copy()
        centres[present] = np.divide(sums, norms, out=np.zeros_like(sums), where=norms > 0)
    return centres


def _joined(parts: list[tuple[NDArray[np.int64], NDArray[np.int64], Vectors]], n: int) -> Pairs:
    i, j, score = (np.concatenate(part) for part in zip(*parts, strict=True)) if parts else _nothing()
    return unique_pairs(i, j, score, n)


def _nothing() -> tuple[NDArray[np.int64], NDArray[np.int64], Vectors]:
    return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)


def _in_threads(work: Callable[[T], R], items: Iterable[T]) -> list[R]:
    # BLAS would start threads of its own under each of ours, and they spin against one another: twice the CPU seconds.
    with threadpool_limits(1, user_api="blas"), ThreadPoolExecutor(min(os.cpu_count() or 1, 8)) as pool:
        return list(pool.map(work, items))
