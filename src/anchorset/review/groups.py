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

from anchorset.infra.embed.veto import Facts, difference, facts

LARGEST = 50
"""Cases of one group, the first included: more than a person looks through at once."""
SURFACE = 0.10
"""Normalised edit distance under which two texts are the same words with slips."""
WORTH_A_LOOK = 0.75
"""Cosine from which the surface of a pair is compared at all."""
COMPARED = 400
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
            for other in near.tolist():
                if other in seen or len(found) >= LARGEST:
                    continue
                alike = float(cosine[other]) >= threshold or _worded(text_of(row), text_of(other))
                if alike and difference(said(row), said(other)) is None:
                    seen.add(other)
                    found.append(other)
    return found[1:], looked >= len(found) or len(found) >= LARGEST


def _worded(a: str, b: str) -> bool:
    return Levenshtein.normalized_distance(a, b, score_cutoff=SURFACE) < SURFACE


def same_answer(a: tuple[object, Sequence[str]], b: tuple[object, Sequence[str]]) -> bool:
    """Whether two cases, by (expected, criteria), want the same answer: one word on both means the same then."""
    return a[0] == b[0] and list(a[1]) == list(b[1])
