"""Which cases that wait are near duplicates of one: what a person may decide once, for all of them.

The rule of the check `duplicate.near`: meant alike (cosine at the embedder's threshold) or worded alike (normalised
edit distance under 0.10), and never across a number, date, entity or negation. Here likeness is followed from case to
case, so that a group is whole whichever of its cases is looked at; it ends at `LARGEST`.
What this module does not know: where cases are kept, and what is decided.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from anchorset.infra.embed.veto import Facts, difference, facts

LARGEST = 50
"""Cases of one group, the first included: more than a person looks through at once."""
SURFACE = 0.10
"""Normalised edit distance under which two texts are the same words with slips."""
WORTH_A_LOOK = 0.60
"""Cosine from which the surface of a pair is compared at all: one misspelt word in a short text takes a quarter off."""
COMPARED = 1_000
"""Texts that are compared by their letters with one, the nearest by meaning."""

AT_A_TIME = 16
"""Rows whose likes are looked up in one go."""

Cosines = Callable[[Sequence[int]], NDArray[np.float32]]


def group_of(
    first: int, *, text_of: Callable[[int], str], cosines: Cosines, waits: NDArray[np.bool_], threshold: float,
    until: Callable[[], bool] = lambda: False,
) -> tuple[list[int], bool]:  # fmt: skip
    """(the rows that are like `first`, followed from row to row, those nearest to it first; whether that is all).

    cosines: (k, n) of k rows with all rows; under 0 for what has no vector. waits: the rows that may be members, which
    `first` need not be. until: asked after each step; true ends the search early.
    """
    known: dict[int, Facts] = {}

    def said(row: int) -> Facts:
        if row not in known:
            known[row] = facts(text_of(row))
        return known[row]

    found, seen, looked = [first], {first}, 0
    while looked < len(found) < LARGEST and not (looked and until()):
        some = found[looked : looked + AT_A_TIME]
        looked += len(some)
        for row, cosine in zip(some, cosines(some), strict=True):
            near = np.flatnonzero((cosine >= min(WORTH_A_LOOK, threshold)) & waits[: len(cosine)])
            near = near[np.argsort(-cosine[near], kind="stable")][:COMPARED]
            alike = (cosine[near] >= threshold) | _worded(text_of(row), [text_of(other) for other in near.tolist()])
            for other in near[alike].tolist():
                if other not in seen and len(found) < LARGEST and difference(said(row), said(other)) is None:
                    seen.add(other)
                    found.append(other)
    return found[1:], looked >= len(found) or len(found) >= LARGEST


def _worded(text: str, others: Sequence[str]) -> NDArray[np.bool_]:
    """(n,) which of these are the same words with slips."""
    if not others:
        return np.zeros(0, dtype=bool)
    away = cdist([text], others, scorer=Levenshtein.normalized_distance, score_cutoff=SURFACE, dtype=np.float32)
    alike: NDArray[np.bool_] = away[0] < SURFACE
    return alike


def same_answer(a: tuple[object, Sequence[str]], b: tuple[object, Sequence[str]]) -> bool:
    """Whether two cases, by (expected, criteria), want the same answer: one word on both means the same then."""
    return a[0] == b[0] and list(a[1]) == list(b[1])
