"""Thresholds that belong to an embedder: the same cosine means different things in different vector spaces.

The numbers in `calibration.json` are computed by `tools/calibrate.py` from the pairs in `paraphrases.jsonl`, which we
wrote: support messages that say the same, and messages that look alike and do not.
What this module does not know: how the vectors are made, and what a check does with a threshold.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from anchorset.core.errors import ConfigError
from anchorset.infra.embed.neighbours import nearest_in
from anchorset.infra.embed.surface import similarity

PAIRS_FILE = Path(__file__).parent / "calibration" / "paraphrases.jsonl"
NUMBERS_FILE = Path(__file__).parent / "calibration" / "calibration.json"

FLOOR = 0.92
"""No calibrated near-duplicate threshold is lower, whatever the pairs say."""

_NEIGHBOURS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """What an embedder's cosines mean."""

    near_duplicate: float
    """Cosine from which two texts are called the same."""
    precision: float
    """Share of true duplicates among the bundled pairs from that cosine up, 0-1."""
    recall: float
    """Share of the bundled duplicates that reach it, 0-1."""
    pairs: int
    """How many bundled pairs the numbers were computed on."""
    calibrated_for: str
    """Name of the embedder they were computed with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """How far a new text may be from the seed: distances 0 (the same) to 2 (opposite)."""

    too_close: float
    """1st percentile of seed-to-nearest-seed distance: nearer than real texts are to each other."""
    too_far: float
    """99th percentile: further than real texts are from each other."""
    seeds: int
    """How many seeds it was computed on; under 20 the ends are little more than the extremes."""


def thresholds_for(embedder: str) -> Thresholds:
    """The calibrated thresholds of an embedder by its `name`; one of the same kind in another version counts.

    Raises ConfigError for an embedder nobody calibrated: name a threshold then.
    """
    known = _numbers()
    kind = embedder.partition("@")[0]
    for name, thresholds in known.items():
        if name == embedder or name.partition("@")[0] == kind:
            return thresholds
    raise ConfigError(
        f"No calibrated threshold for the embedder {embedder!r}; known: {', '.join(sorted(known))}. "
        "Name a number in place of `auto`, e.g. `--threshold 0.95`."
    )


def calibrate(name: str, cosines: NDArray[np.float32], same: NDArray[np.bool_], precision: float = 0.95) -> Thresholds:
    """The lowest cosine, never under 0.92, from which at least `precision` of the pairs are duplicates.

    cosines (n,), same (n,): the labelled pairs. The threshold is rounded up to three digits; when no cosine reaches
    the precision, it lies above all pairs that are not duplicates.
    """
    candidates = np.unique(np.concatenate([[FLOOR], cosines[cosines >= FLOOR]]))
    for candidate in candidates.tolist():
        threshold = float(np.ceil(candidate * 1000) / 1000)
        above = cosines >= threshold
        if above.any() and same[above].mean() >= precision:
            break
    else:
        highest = float(cosines[~same].max(initial=FLOOR))
        threshold = min(1.0, float(np.ceil(highest * 1000 + 1) / 1000))
        above = cosines >= threshold
    return Thresholds(
        near_duplicate=threshold,
        precision=float(same[above].mean()) if above.any() else 1.0,
        recall=float(above[same].mean()) if same.any() else 0.0,
        pairs=len(cosines),
        calibrated_for=name,
    )


def distance_to_seed(
    texts: Sequence[str],
    vectors: NDArray[np.float32],
    seeds: Sequence[str],
    seed_vectors: NDArray[np.float32],
    *,
    same: bool = False,
) -> NDArray[np.float32]:
    """(n,) how far each text is from its nearest seed, 0-2: the smaller of 1 - cosine and 1 - surface similarity.

    Letters count because a typo moves a vector far; they are compared with the 3 nearest seeds by meaning. `same` says
    that the texts are the seeds, row by row: each is then compared with the others. Without seeds every distance is 2.
    """
    out = np.full(len(texts), 2.0, dtype=np.float32)
    where, cosine = nearest_in(vectors, seed_vectors, _NEIGHBOURS + (1 if same else 0))
    for row, text in enumerate(texts):
        for seed, score in zip(where[row].tolist(), cosine[row].tolist(), strict=True):
            if not (same and seed == row):
                out[row] = min(out[row], 1.0 - score, 1.0 - similarity(text, seeds[seed]))
    return np.clip(out, 0.0, 2.0)


def distance_band(seeds: Sequence[str], vectors: NDArray[np.float32]) -> Band | None:
    """Too close and too far for these seeds: 1st and 99th percentile of `distance_to_seed` among themselves.

    vectors (n, dim): the seeds' unit rows. None for fewer than two seeds, which have no distance.
    """
    if len(seeds) < 2:
        return None
    distances = distance_to_seed(seeds, vectors, seeds, vectors, same=True)
    low, high = np.percentile(distances, [1, 99])
    return Band(too_close=float(low), too_far=float(high), seeds=len(seeds))


@cache
def _numbers() -> dict[str, Thresholds]:
    stored = json.loads(NUMBERS_FILE.read_text(encoding="utf-8"))
    return {name: Thresholds(**numbers) for name, numbers in stored.items()}
