"""Texts in a tree of clusters that can be cut at any number: what a crowd talks about, coarse or fine.

Ward's method (Ward 1963; the update of Lance and Williams 1967) over the means of small cells found by spherical
k-means (Dhillon and Modha 2001), so that ten thousand texts take a second or two and no n by n table is kept.
What this module does not know: what a cluster means, and how many are wanted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Labels = NDArray[np.int64]

CELLS = 400
"""Cells that more distinct texts than this are first gathered in: no cut can be finer."""

_TRAINING = 20_000
_ROUNDS = 12
_BLOCK = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """Clusters within clusters over n texts."""

    leaf: Labels
    """(n,) the leaf each text lies in; -1 for a text without a vector, which lies in no cluster."""
    joins: tuple[tuple[int, int], ...]
    """Leaves joined, best first: the second is gathered under the first."""
    leaves: int

    def cut(self, count: int) -> Labels:
        """(n,) cluster numbers when the tree is cut into `count` clusters, largest first; -1 as in `leaf`.

        `count` is brought between 1 and the number of leaves. A finer cut only ever parts clusters of a coarser one.
        """
        head = np.arange(self.leaves)
        for kept, gone in self.joins[: self.leaves - min(max(count, 1), self.leaves)]:
            head[head == gone] = kept
        known = self.leaf >= 0
        labels = np.full(len(self.leaf), -1, dtype=np.int64)
        if known.any():
            names, numbers, sizes = np.unique(head[self.leaf[known]], return_inverse=True, return_counts=True)
            # Leaves are numbered in the order of the texts, so ties do not depend on the order of the rows.
            place = np.empty(len(names), dtype=np.int64)
            place[np.lexsort((names, -sizes))] = np.arange(len(names))
            labels[known] = place[numbers.reshape(-1)]
        return labels


def tree(texts: Sequence[str], vectors: Vectors) -> Tree:
    """The tree over these texts, the same in any order; equal texts lie together and count once.

    vectors (n, dim): float32 rows of unit length; a zero row has no cluster.
    """
    # The last bits of a vector may differ with the batch it was computed in.
    rounded = np.round(vectors, 4)
    heads: dict[str, int] = {}
    for row, text in enumerate(texts):
        heads.setdefault(text, row)
    ordered = [heads[text] for text in sorted(heads) if rounded[heads[text]].any()]
    leaf = np.full(len(texts), -1, dtype=np.int64)
    if not ordered:
        return Tree(leaf=leaf, joins=(), leaves=0)
    points = rounded[ordered]
    cell = _cells(points)
    _, first = np.unique(cell, return_index=True)
    cell = np.argsort(np.argsort(first))[np.unique(cell, return_inverse=True)[1].reshape(-1)]
    counts = np.bincount(cell).astype(np.float64)
    means = _sums(points, cell, len(counts)) / counts[:, None]
    of_text = {texts[row]: int(at) for row, at in zip(ordered, cell, strict=True)}
    leaf[:] = [of_text.get(text, -1) for text in texts]
    return Tree(leaf=leaf, joins=_ward(means, counts), leaves=len(counts))


def silhouette(vectors: Vectors, labels: Labels) -> float:
    """How far each row is nearer to its own cluster's centre than to the next one, on average, -1 to 1.

    The simplified silhouette (Hruschka and others 2004): distances are 1 minus the cosine to the mean direction. Rows
    labelled -1 are left out; 0 with fewer than two clusters.
    """
    known = labels >= 0
    points, inside = vectors[known], labels[known]
    count = int(inside.max(initial=-1)) + 1
    if count < 2:
        return 0.0
    near = points @ centres(points, inside, count).T
    rows = np.arange(len(points))
    own = 1 - near[rows, inside]
    near[rows, inside] = -np.inf
    other = 1 - near.max(axis=1)
    return float(((other - own) / np.maximum(np.maximum(other, own), 1e-6)).mean())


def centres(vectors: Vectors, labels: Labels, count: int) -> Vectors:
    """(count, dim) the mean direction of each cluster, of unit length; zero for one without rows. -1 is left out."""
    known = labels >= 0
    sums = _sums(vectors[known], labels[known], count)
    norms = np.linalg.norm(sums, axis=1, keepdims=True)
    unit: Vectors = np.divide(sums, norms, out=np.zeros_like(sums), where=norms > 0).astype(np.float32)
    return unit


def _cells(points: Vectors) -> Labels:
    """(n,) a cell for each of the distinct points: itself while they are few, else of k-means with `CELLS` centres."""
    if len(points) <= CELLS:
        return np.arange(len(points))
    sample = points[np.linspace(0, len(points) - 1, min(len(points), _TRAINING)).astype(np.int64)]
    middle = _spread_out(sample)
    for _ in range(_ROUNDS):
        owner = _nearest(sample, middle)
        fresh = centres(sample, owner, CELLS)
        middle = np.where(fresh.any(axis=1, keepdims=True), fresh, middle)
    return _nearest(points, middle)


def _spread_out(points: Vectors) -> Vectors:
    """First centres: k-means++ (Arthur and Vassilvitskii 2007) with a fixed generator; cosine distance is the weight,
    which is half the squared distance of unit vectors."""
    rng = np.random.default_rng(7)
    chosen = [int(np.argmax(points @ points.mean(axis=0)))]
    away = 1 - points @ points[chosen[0]]
    while len(chosen) < CELLS:
        heights = np.cumsum(np.maximum(away, 0), dtype=np.float64)
        at = min(int(np.searchsorted(heights, rng.random() * heights[-1])), len(points) - 1)
        chosen.append(at)
        away = np.minimum(away, 1 - points @ points[at])
    first: Vectors = points[chosen]
    return first


def _nearest(points: Vectors, middle: Vectors) -> Labels:
    parts = [(points[at : at + _BLOCK] @ middle.T).argmax(axis=1) for at in range(0, len(points), _BLOCK)]
    return np.concatenate(parts).astype(np.int64)


def _sums(vectors: Vectors, labels: Labels, count: int) -> NDArray[np.float64]:
    """(count, dim) the sum of the rows of each label."""
    sums = np.zeros((count, vectors.shape[1]))
    if len(labels):
        order = np.argsort(labels, kind="stable")
        present, starts = np.unique(labels[order], return_index=True)
        sums[present] = np.add.reduceat(vectors[order].astype(np.float64), starts, axis=0)
    return sums


def _ward(means: NDArray[np.float64], counts: NDArray[np.float64]) -> tuple[tuple[int, int], ...]:
    """The joins, each the pair that adds least to the squared distances within clusters."""
    means, counts, size = means.copy(), counts.copy(), len(counts)
    squares = (means**2).sum(axis=1)
    weight = counts[:, None] * counts[None] / (counts[:, None] + counts[None])
    cost = weight * np.maximum(squares[:, None] + squares[None] - 2 * means @ means.T, 0)
    np.fill_diagonal(cost, np.inf)
    gone = np.zeros(size, dtype=bool)
    joins = []
    for _ in range(size - 1):
        one, two = sorted(divmod(int(cost.argmin()), size))
        together = counts[one] + counts[two]
        means[one] = (counts[one] * means[one] + counts[two] * means[two]) / together
        counts[one], gone[two] = together, True
        cost[two, :] = cost[:, two] = np.inf
        fresh = ((means - means[one]) ** 2).sum(axis=1) * counts * together / (counts + together)
        fresh[gone], fresh[one] = np.inf, np.inf
        cost[one, :] = cost[:, one] = fresh
        joins.append((one, two))
    return tuple(joins)
