"""What already passed: the memory that duplicates and over-used openings are judged against.

What this module does not know: why anything passed.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from anchorset.core.case import Case
from anchorset.core.provenance import Synthetic
from anchorset.infra.text.vocabulary import opening, words
from anchorset.qualify.crowd import Crowd


class Known:
    """Seeds and passed candidates, by exact words, by kin, and by meaning. Grows as candidates pass."""

    def __init__(self, crowd: Crowd) -> None:
        self.crowd = crowd
        self.by_words: dict[str, str] = {
            plain(text): seed.id for seed, text in zip(crowd.seeds, crowd.texts, strict=True)
        }
        self.kin: dict[str, list[str]] = {}
        """Root group or attack pattern -> texts that passed."""
        self.openings: dict[str, Counter[str]] = {}
        """Technique -> opening -> how many passed with it."""
        self.words: Counter[str] = Counter()
        """Word -> how many passed candidates hold it."""
        self.passed: list[Case] = []
        self.texts: list[str] = []
        self._vectors = np.zeros((1024, crowd.vectors.shape[1]), np.float32)

    @property
    def vectors(self) -> NDArray[np.float32]:
        """(n_passed, dim)."""
        return self._vectors[: len(self.passed)]

    def add(self, case: Case, text: str, vector: NDArray[np.float32]) -> None:
        if len(self.passed) == len(self._vectors):
            self._vectors = np.concatenate([self._vectors, np.zeros_like(self._vectors)])
        self._vectors[len(self.passed)] = vector
        self.passed.append(case)
        self.texts.append(text)
        self.by_words.setdefault(plain(text), case.id)
        self.words.update(set(words(text)))
        if isinstance(case.provenance, Synthetic):
            self.openings.setdefault(case.provenance.technique, Counter())[opening(text)] += 1
        for key in kin_of(case, self.crowd):
            self.kin.setdefault(key, []).append(text)


def plain(text: str) -> str:
    """Letters and digits, lower case, single spaces: what `duplicate.exact` compares."""
    return " ".join(words(text)) or text.strip()


def kin_of(case: Case, crowd: Crowd) -> set[str]:
    """The root groups and the attack pattern a case descends from: within them likeness is meant, not a fault."""
    origin = case.provenance
    attack = (
        {step.operator for step in origin.operators if step.operator.startswith("redteam.")}
        if isinstance(origin, Synthetic)
        else set()
    )
    return {crowd.group(root) for root in case.roots} | attack
