"""Names for clusters: the words and pairs of words that a cluster uses and the others do not.

What this module does not know: how texts came together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from anchorset.infra.stats.logodds import log_odds_z
from anchorset.infra.text.vocabulary import content_words

TERMS = 3
CLEAR = 1.96
"""z from which a term is called characteristic."""
MOST_TERMS = 20_000
"""Terms looked at, those of most texts first."""
READ = 2_000
"""Characters of a text that are read for its name."""
PRIOR = 20.0
"""Pseudo-texts of background: calms rare terms."""


def labels(texts: Sequence[str], clusters: NDArray[np.int64], count: int) -> list[str]:
    """A label for each of `count` clusters: up to three terms, the most characteristic first; empty without any.

    clusters (n,): the cluster of each text, -1 for none. Terms are content words and neighbouring pairs of them, held
    by at least a fifth of the cluster; z of the weighted log odds against all other texts is the order.
    """
    held: list[Counter[str]] = [Counter() for _ in range(count)]
    sizes = np.zeros(count)
    for text, at in zip(texts, clusters.tolist(), strict=True):
        if at >= 0:
            sizes[at] += 1
            held[at].update(_terms(text))
    overall: Counter[str] = Counter()
    for one in held:
        overall.update(one)
    terms = sorted((t for t in overall if overall[t] > 1 or len(texts) < 20), key=lambda t: (-overall[t], t))
    terms = terms[:MOST_TERMS]
    if not terms:
        return [""] * count
    counts = np.array([[one[term] for one in held] for term in terms], dtype=np.float64)
    every = counts.sum(axis=1, keepdims=True)
    prior = np.repeat(every, count, axis=1)
    z = log_odds_z(counts, every - counts, prior, sizes=(sizes, sizes.sum() - sizes), strength=PRIOR)
    if count == 1:
        z = counts  # nothing to be set apart from: the most common words
    z = np.where(counts >= np.maximum(1, 0.2 * sizes), z, -np.inf)
    floor = 0.0 if count == 1 else CLEAR
    return [_label(terms, z[:, at], floor) for at in range(count)]


def _label(terms: Sequence[str], z: NDArray[np.float64], floor: float) -> str:
    chosen: list[str] = []
    for at in np.argsort(-np.round(z, 6), kind="stable"):
        if z[at] < floor or len(chosen) == TERMS:
            break
        # A pair and its own words say the same thing twice.
        if not any(set(terms[at].split()) & set(other.split()) for other in chosen):
            chosen.append(terms[at])
    return " · ".join(chosen)


def _terms(text: str) -> set[str]:
    said = content_words(text[:READ])
    return {*said, *(f"{one} {two}" for one, two in pairwise(said))}
