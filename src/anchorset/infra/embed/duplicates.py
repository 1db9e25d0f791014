"""Near-duplicates by surface and meaning, never across a number, date, entity or negation; and the groups of a seed.

A text is dropped only for a text that is kept and that it resembles itself, so there are no chains.
What this module does not know: cases, and which of two texts is worth more (the earlier one is kept).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from anchorset.core.errors import UsageError
from anchorset.core.ports import Embedder
from anchorset.infra.embed.calibration import thresholds_for
from anchorset.infra.embed.linkage import complete_linkage
from anchorset.infra.embed.neighbours import Pairs, pairs_above
from anchorset.infra.embed.surface import surface_pairs
from anchorset.infra.embed.veto import Difference, Facts, difference, facts

Kind = Literal["surface", "meaning"]

GROUP_COSINE = 0.92

_MOST = 24
# Of a row with more neighbours than this in a dense region, the earliest are enough to drop it.


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two texts found alike."""

    i: int
    """Row of the earlier text."""
    j: int
    kind: Kind
    """What found them: `surface` when their letters are alike, else `meaning`."""
    score: float
    """Surface similarity 0.85-1, or cosine from the threshold to 1, as `kind` says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """One kept text and what was dropped for it."""

    kept: int
    """Row of the kept text."""
    dropped: tuple[Pair, ...]
    """One pair per dropped row, `i` or `j` being the kept row; in the order of the rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NearDuplicates:
    """What is a near-duplicate of what, with the evidence; `at` cuts it again without computing anything anew."""

    n: int
    """How many texts were compared."""
    embedder: str
    """Name of the embedder."""
    threshold: float
    """Cosine from which two texts mean the same."""
    pairs: Pairs
    """Every pair found and not vetoed, ordered by (i, j); `score` is the surface similarity where there is one."""
    by_surface: NDArray[np.bool_]
    """(m,) whether the pair's letters are alike; the others were found by meaning alone."""
    vetoed: dict[Difference, int]
    """How many found pairs a difference in number, date, entity or negation took out."""

    def at(self, threshold: float) -> NearDuplicates:
        """The same texts at a higher cosine threshold; pairs found by surface stay.

        Raises UsageError when `threshold` is lower than the one the pairs were searched with.
        """
        if threshold < self.threshold:
            raise UsageError(
                f"The pairs were searched from cosine {self.threshold!r} up and cannot be cut at {threshold!r}; "
                "search again with the lower threshold."
            )
        keep = self.by_surface | (self.pairs.score >= threshold)
        pairs = Pairs(i=self.pairs.i[keep], j=self.pairs.j[keep], score=self.pairs.score[keep])
        return NearDuplicates(
            n=self.n,
            embedder=self.embedder,
            threshold=threshold,
            pairs=pairs,
            by_surface=self.by_surface[keep],
            vetoed=self.vetoed,
        )

    @property
    def clusters(self) -> tuple[Cluster, ...]:
        """The kept texts that have duplicates, by row; a row is kept unless an earlier kept one is like it."""
        owner, because = self._owners()
        dropped: dict[int, list[Pair]] = {}
        for row in np.flatnonzero(owner != np.arange(self.n)).tolist():
            dropped.setdefault(int(owner[row]), []).append(self._pair(int(because[row])))
        return tuple(Cluster(kept=kept, dropped=tuple(pairs)) for kept, pairs in sorted(dropped.items()))

    @property
    def kept(self) -> tuple[int, ...]:
        """The rows that stay, in order."""
        owner, _ = self._owners()
        return tuple(np.flatnonzero(owner == np.arange(self.n)).tolist())

    def _owners(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """For each row the kept row it belongs to, and the pair that says so (-1 for kept rows)."""
        owner = np.arange(self.n, dtype=np.int64)
        because = np.full(self.n, -1, dtype=np.int64)
        best = np.full(self.n, -1.0)
        # Pairs come by their earlier row, so that row's fate is settled before it can drop others.
        for k, (i, j, score) in enumerate(
            zip(self.pairs.i.tolist(), self.pairs.j.tolist(), self.pairs.score.tolist(), strict=True)
        ):
            if owner[i] == i and score > best[j]:
                owner[j], because[j], best[j] = i, k, score
        return owner, because

    def _pair(self, k: int) -> Pair:
        return Pair(
            i=int(self.pairs.i[k]),
            j=int(self.pairs.j[k]),
            kind="surface" if self.by_surface[k] else "meaning",
            score=float(self.pairs.score[k]),
        )


def near_duplicates(
    texts: Sequence[str],
    embedder: Embedder,
    threshold: float | None = None,
    *,
    vectors: NDArray[np.float32] | None = None,
) -> NearDuplicates:
    """Which texts are near-duplicates of which, by letters or by meaning.

    `threshold`: cosine, above 0 and at most 1; None takes the embedder's calibrated one. `vectors` (n, dim): the
    texts' vectors when they are known already. Up to 20,000 texts every pair is compared; above, at least 99 % of the
    pairs are found (`neighbours.pairs_above`). The earliest text of a cluster is kept.
    """
    if threshold is None:
        threshold = thresholds_for(embedder.name).near_duplicate
    if not 0.0 < threshold <= 1.0:
        raise UsageError(f"The cosine threshold is {threshold!r}; give a number above 0 and up to 1, or none for auto.")
    # One after the other, each with all cores where it can use them: side by side, the interpreter loops of the one
    # hold up every small step of the other.
    meaning = pairs_above(embedder.embed(texts) if vectors is None else vectors, threshold, most=_MOST)
    surface = surface_pairs(texts)
    n = max(1, len(texts))
    by_meaning_only = ~np.isin(meaning.i * n + meaning.j, surface.i * n + surface.j, assume_unique=True)
    i = np.concatenate([surface.i, meaning.i[by_meaning_only]])
    j = np.concatenate([surface.j, meaning.j[by_meaning_only]])
    score = np.concatenate([surface.score, meaning.score[by_meaning_only]])
    from_surface = np.arange(len(i)) < len(surface)
    order = np.lexsort((j, i))
    i, j, score, from_surface = i[order], j[order], score[order], from_surface[order]
    keep, vetoed = _without_vetoes(texts, i, j)
    return NearDuplicates(
        n=len(texts),
        embedder=embedder.name,
        threshold=threshold,
        pairs=Pairs(i=i[keep], j=j[keep], score=score[keep]),
        by_surface=from_surface[keep],
        vetoed=vetoed,
    )


def groups(
    texts: Sequence[str], vectors: NDArray[np.float32], threshold: float = GROUP_COSINE
) -> list[tuple[int, ...]]:
    """The texts parted into groups: within one, every two texts have a cosine of `threshold` or more and alike letters.

    vectors (n, dim): unit float32 rows. Every row is in exactly one group, equal texts in the same; groups come by
    their first row, rows ascending. Complete linkage, best pairs first, ties broken by the texts themselves, so that
    the groups do not depend on the order of the input.
    """
    found = surface_pairs(texts)
    cosine = np.einsum("ij,ij->i", vectors[found.i], vectors[found.j])
    near = cosine >= threshold
    # Vectors of one text may differ in the last bits from batch to batch: ranks are taken on rounded scores.
    strength = np.round(np.minimum(cosine, 1.0) + found.score, 4)
    return complete_linkage(texts, found.i[near], found.j[near], strength[near])


def _without_vetoes(
    texts: Sequence[str], i: NDArray[np.int64], j: NDArray[np.int64]
) -> tuple[NDArray[np.bool_], dict[Difference, int]]:
    known: dict[int, Facts] = {}
    keep = np.ones(len(i), dtype=bool)
    vetoed: dict[Difference, int] = {}
    for k, (a, b) in enumerate(zip(i.tolist(), j.tolist(), strict=True)):
        for row in (a, b):
            if row not in known:
                known[row] = facts(texts[row])
        what = difference(known[a], known[b])
        if what is not None:
            keep[k] = False
            vetoed[what] = vetoed.get(what, 0) + 1
    return keep, vetoed
