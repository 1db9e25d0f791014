"""What the real crowd looks like, measured once a run: every check reads its bands and lists from here.

What this module does not know: any candidate.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from anchorset.core.case import Case
from anchorset.core.ports import Embedder
from anchorset.infra.embed.calibration import Band, Thresholds, distance_band, thresholds_for
from anchorset.infra.text.language import Language, identify
from anchorset.infra.text.vocabulary import document_frequencies, openings, words

COPY_WORDS = 5
"""Messages of fewer words ("where is my card") are said by many people and belong to none."""
CLEAR = 0.6
"""Confidence from which an identified language is written down."""
COMMON_LANGUAGE = 0.02
"""A language that at least this share of the seeds is written in needs no explanation."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the owner asks of every candidate. None: measured on the seeds."""

    min_length: int | None = None
    """Characters."""
    max_length: int | None = None
    forbidden_topics: tuple[str, ...] = ()
    near_duplicate: float | None = None
    """Cosine; None: the embedder's calibrated one."""
    min_novelty: float | None = None
    """Least distance (one minus cosine, 0-2) to everything known; None: none is asked for."""
    on_hit: Mapping[str, str] = field(default_factory=dict)
    """Check code -> reject or flag, where the owner says otherwise."""


@dataclass(frozen=True, kw_only=True)
class Crowd:
    """The seeds, with everything the checks ask about them."""

    seeds: tuple[Case, ...]
    embedder: Embedder
    vectors: NDArray[np.float32]
    """(n_seeds, dim), unit length."""
    thresholds: Thresholds
    """The embedder's, calibrated once and for all."""
    groups: Mapping[str, str]
    """Seed id -> group id; a seed it does not name is its own group."""
    settings: Settings

    @cached_property
    def texts(self) -> list[str]:
        return [seed.text for seed in self.seeds]

    @cached_property
    def position(self) -> dict[str, int]:
        """Seed id -> row."""
        return {seed.id: row for row, seed in enumerate(self.seeds)}

    @cached_property
    def band(self) -> Band | None:
        """How far real messages are from each other; None for a single seed."""
        return distance_band(self.texts, self.vectors)

    @cached_property
    def languages(self) -> list[Language]:
        return identify(self.texts)

    def spoken(self, id: str) -> str | None:
        """ISO 639-1 of a seed when it was heard clearly; None when it was not, or the id is no seed's."""
        language = self.languages[self.position[id]] if id in self.position else None
        return language.code if language is not None and language.confidence >= CLEAR else None

    @cached_property
    def common_languages(self) -> frozenset[str]:
        counts = Counter(language.code for language in self.languages)
        return frozenset(code for code, n in counts.items() if n >= COMMON_LANGUAGE * len(self.seeds))

    @cached_property
    def length_band(self) -> tuple[int, int]:
        """(shortest, longest) allowed, in characters: half the 1st and twice the 99th percentile, or as set."""
        lengths = [len(text) for text in self.texts]
        low, high = np.percentile(lengths, [1, 99])
        return (self.settings.min_length or max(1, int(low / 2)), self.settings.max_length or int(2 * high) + 1)

    @cached_property
    def vocabulary(self) -> Counter[str]:
        """Word -> number of seeds that hold it."""
        return document_frequencies(self.texts, content=False)

    @cached_property
    def by_first_words(self) -> dict[tuple[str, ...], list[tuple[str, tuple[str, ...]]]]:
        """First 5 words -> (seed id, all its words), for seeds that long."""
        index: dict[tuple[str, ...], list[tuple[str, tuple[str, ...]]]] = {}
        for seed, text in zip(self.seeds, self.texts, strict=True):
            said = tuple(words(text))
            if len(said) >= COPY_WORDS:
                index.setdefault(said[:COPY_WORDS], []).append((seed.id, said))
        return index

    @cached_property
    def openings(self) -> Counter[str]:
        """Opening -> number of seeds that begin so."""
        return openings(self.texts)

    @cached_property
    def cell_centres(self) -> tuple[list[tuple[tuple[str, str], ...]], NDArray[np.float32]]:
        """(the metadata of each cell, its mean direction (n_cells, dim)); empty when the seeds have no metadata."""
        members: dict[tuple[tuple[str, str], ...], list[int]] = {}
        for row, seed in enumerate(self.seeds):
            if seed.metadata:
                members.setdefault(cell_key(seed), []).append(row)
        if not members:
            return [], np.zeros((0, self.vectors.shape[1]), np.float32)
        centres = np.stack([self.vectors[rows].mean(axis=0) for rows in members.values()])
        return list(members), centres / np.maximum(np.linalg.norm(centres, axis=1, keepdims=True), 1e-9)

    def group(self, root: str) -> str:
        return self.groups.get(root, root)


def crowd_of(
    seeds: Sequence[Case], *, embedder: Embedder, groups: Mapping[str, str], settings: Settings | None = None,
    vectors: NDArray[np.float32] | None = None,
) -> Crowd:  # fmt: skip
    """The crowd of these seeds. `vectors` (n_seeds, dim) saves embedding them again."""
    if vectors is None:
        vectors = embedder.embed([seed.text for seed in seeds])
    return Crowd(
        seeds=tuple(seeds), embedder=embedder, vectors=vectors, thresholds=thresholds_for(embedder.name), groups=groups,
        settings=settings or Settings(),
    )  # fmt: skip


def cell_key(case: Case) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((axis, str(value)) for axis, value in case.metadata.items()))
