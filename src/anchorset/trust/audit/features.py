"""Texts as matrices, built once without looking at the labels: which row holds which word, opening or letter triple.

What this module does not know: signals.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anchorset.infra.text import vocabulary

Floats = NDArray[np.float32]

MAX_FEATURES = 5_000
"""Columns of one matrix: the features in most texts are kept, ties in alphabetical order."""

MAX_CHARACTERS = 5_000
"""Of one text. What lies beyond is not looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """Which rows hold which features."""

    names: tuple[str, ...]
    holds: Floats
    """(n, k) 1 or 0."""

    def only(self, wanted: Callable[[str], bool]) -> Matrix:
        """The columns whose name is wanted."""
        at = [column for column, name in enumerate(self.names) if wanted(name)]
        return Matrix(names=tuple(self.names[column] for column in at), holds=self.holds[:, at])


def words(text: str) -> list[str]:
    """Lower-case words in order, without bare numbers."""
    return [word for word in vocabulary.words(text[:MAX_CHARACTERS]) if not word.isdigit()]


def openings(said: Sequence[str]) -> list[str]:
    """The first two, three and four words, each as one string; fewer when the text is short."""
    return [" ".join(said[:size]) for size in (2, 3, 4) if len(said) >= size]


def letter_triples(text: str) -> set[str]:
    """Three characters in a row, with case, spaces and punctuation: how somebody types."""
    line = f" {' '.join(text[:MAX_CHARACTERS].split())} "
    return {line[at : at + 3] for at in range(len(line) - 2)}


def matrix(held: Iterable[Iterable[str]], *, at_least: int, limit: int = MAX_FEATURES) -> Matrix:
    """The features that stand in at least `at_least` texts, at most `limit` of them."""
    sets = [set(features) for features in held]
    in_texts = Counter(feature for features in sets for feature in features)
    common = sorted((-count, feature) for feature, count in in_texts.items() if count >= at_least)[:limit]
    names = tuple(feature for _, feature in common)
    column = {name: at for at, name in enumerate(names)}
    holds = np.zeros((len(sets), len(names)), dtype=np.float32)
    for row, features in enumerate(sets):
        holds[row, [column[feature] for feature in features if feature in column]] = 1.0
    return Matrix(names=names, holds=holds)
