"""What all signals stand on, computed once: the labels and their shuffles, words, neighbours.

What this module does not know: any signal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anchorset.core.numbers import share
from anchorset.trust.audit.crowd import Crowd
from anchorset.trust.audit.features import Floats, Matrix, matrix, words
from anchorset.trust.audit.nearness import Nearness, nearness
from anchorset.trust.audit.null import Labels

EXAMPLES = 3
"""Texts shown with a signal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """One crowd, ready to be measured."""

    crowd: Crowd
    labels: Labels
    said: tuple[list[str], ...]
    """The words of each row."""
    words: Matrix
    """Words in two rows or more."""
    lengths: Floats
    """(n,) words of each row, at least 1."""
    near: Nearness

    @property
    def n_real(self) -> int:
        return self.crowd.measured(False)

    @property
    def n_synthetic(self) -> int:
        return self.crowd.measured(True)

    def texts(self, rows: NDArray[np.intp], limit: int = EXAMPLES) -> tuple[str, ...]:
        """The texts of the first `limit` rows."""
        return tuple(self.crowd.texts[row] for row in rows[:limit])

    def holding(self, holds: Floats, *, synthetic: bool, limit: int = EXAMPLES) -> tuple[str, ...]:
        """Texts of one side in which a feature column (n,) is 1, in the order of the crowd, which is random."""
        return self.texts(np.flatnonzero((holds > 0) & (self.crowd.synthetic == synthetic)), limit)

    def both(self, real: float, synthetic: float) -> str:
        """Two shares with their counts: `198 of 200 synthetic cases (99 %) and 31 of 140 real ones (22 %)`."""
        return (
            f"{round(synthetic * self.n_synthetic):,} of {self.n_synthetic:,} synthetic cases ({share(synthetic)}) "
            f"and {round(real * self.n_real):,} of {self.n_real:,} real ones ({share(real)})"
        )


def prepare(crowd: Crowd, labels: Labels) -> Ground:
    """Words and neighbours of a crowd."""
    said = tuple(words(text) for text in crowd.texts)
    return Ground(
        crowd=crowd,
        labels=labels,
        said=said,
        words=matrix(said, at_least=2),
        lengths=np.array([max(1, len(row)) for row in said], dtype=np.float32),
        near=nearness(crowd, labels),
    )


def first(values: Floats) -> float:
    """What we see: column 0."""
    return float(values[0])


def phrases(said: Sequence[Sequence[str]], wanted: Sequence[str]) -> Matrix:
    """(n, k) which rows hold each of the wanted words or phrases, as whole words, letter case aside."""
    spaced = [f" {' '.join(row)} " for row in said]
    names = tuple(dict.fromkeys(" ".join(words(phrase)) for phrase in wanted if words(phrase)))
    holds = np.array([[f" {name} " in row for name in names] for row in spaced], dtype=np.float32)
    return Matrix(names=names, holds=holds.reshape(len(spaced), len(names)))
