"""How much of what users do have the seeds shown? Kinds of messages counted like species.

What this module does not know: behaviours, which are never met just once and so cannot tell.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from anchorset.core.behaviour import Seen
from anchorset.core.hashing import draw
from anchorset.infra.embed.neighbours import pairs_above
from anchorset.infra.stats.richness import richness

KIND = 0.75
"""Cosine from which two messages are of one kind. Two in three such pairs of bank customers have the same intent."""
MOST = 10_000
"""Texts looked at, by lowest hash."""


def seen(texts: Sequence[str], vectors: NDArray[np.float32]) -> Seen:
    """Kinds met, kinds there must be, and the chance that the next message is of a new one.

    A kind is a message with all near enough to it that no earlier one has taken; earlier by the hash of the text, so
    that the order of the seeds has no say. Every seed counts, near-duplicates too: who says the same has met the kind
    again. Texts without a vector are a kind each.
    """
    order = sorted(range(len(texts)), key=lambda row: (draw("kind", texts[row]), texts[row]))[:MOST]
    picked = np.round(vectors[order], 4) if order else vectors[:0]
    pairs = pairs_above(picked, KIND, mode="exact")
    starts = np.searchsorted(pairs.i, np.arange(len(order) + 1))
    owner = np.full(len(order), -1)
    first: dict[str, int] = {}
    for row, at in enumerate(order):
        # Equal texts without a vector are near nothing, and still the same message.
        first.setdefault(texts[at], row)
        if owner[row] < 0:
            owner[row] = owner[first[texts[at]]] if first[texts[at]] != row else row
        if owner[row] == row:
            near = pairs.j[starts[row] : starts[row + 1]]
            owner[near[owner[near] < 0]] = row
    counts = np.bincount(owner) if len(owner) else np.zeros(0, dtype=np.int64)
    found = richness(counts)
    return Seen(
        kinds=found.seen, at_least=round(found.at_least, 1), next_is_new=round(found.unseen_mass, 4), cosine=KIND
    )
