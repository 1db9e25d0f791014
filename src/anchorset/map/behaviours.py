"""What the seeds do, found without a model: clusters of their texts, named by their characteristic words.

What this module does not know: cells and candidates.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from anchorset.core.behaviour import Behaviour, Granularity, Snippet
from anchorset.core.case import Case
from anchorset.core.hashing import short_hash
from anchorset.infra.embed.clusters import Labels, Tree, centres, silhouette, tree
from anchorset.map.labels import labels

BROAD = range(3, 13)
"""How many broad behaviours there may be; the number with the best silhouette is taken."""
MOST_GRANULAR = 100
SNIPPETS = 3
SNIPPET_LENGTH = 240
LABEL_LENGTH = 40
RARE_GROUPS = 3
RARE_SHARE = 0.2
"""Of an even share of the groups: a behaviour that has at most this much is rare."""
NEW_SHARE = 0.9
"""Of a behaviour's seeds that have to be new for it to be called new."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """The behaviours, with what is needed to place other texts."""

    behaviours: tuple[Behaviour, ...]
    of: dict[str, str]
    """Seed id -> granular behaviour."""
    broad_of: dict[str, str]
    """Seed id -> broad behaviour."""
    ids: tuple[str, ...]
    """Granular behaviours, in the order of `centres`."""
    centres: NDArray[np.float32]
    """(n_granular, dim) unit length."""


def behaviours(
    seeds: Sequence[Case],
    vectors: NDArray[np.float32],
    groups: Mapping[str, str],
    *,
    known: Collection[str] | None = None,
    results: Mapping[str, bool] | None = None,
) -> Found:
    """Broad and granular behaviours of the seeds, the same in any order of them.

    Granular: √(groups / 2) of them, 100 at most. Broad: 3 to 12, at most half as many, where the silhouette is best.
    Every granular behaviour lies in one broad one. `known`: ids of seeds that an earlier map had; None: nothing is
    new. `results`: seed id -> whether it passed its last run.
    """
    grown = tree([seed.text for seed in seeds], vectors)
    if not grown.leaves:
        return Found(behaviours=(), of={}, broad_of={}, ids=(), centres=np.zeros((0, vectors.shape[1]), np.float32))
    group_of = [groups.get(seed.id, seed.id) for seed in seeds]
    fine = grown.cut(min(MOST_GRANULAR, max(1, round(sqrt(len(set(group_of)) / 2)))))
    coarse = _broad(grown, vectors, at_most=(int(fine.max()) + 1) // 2)
    level = _Level(seeds, vectors, group_of, known, results)
    broad = level.described(coarse, "broad", parents=None)
    parents = [broad[int(coarse[np.flatnonzero(fine == at)[0]])].id for at in range(int(fine.max()) + 1)]
    granular = level.described(fine, "granular", parents=parents)
    readable = [(seed.id, int(at), int(up)) for seed, at, up in zip(seeds, fine, coarse, strict=True) if at >= 0]
    return Found(
        behaviours=(*broad, *granular),
        of={id: granular[at].id for id, at, _ in readable},
        broad_of={id: broad[up].id for id, _, up in readable},
        ids=tuple(one.id for one in granular),
        centres=centres(vectors, fine, len(granular)),
    )


def _broad(grown: Tree, vectors: NDArray[np.float32], at_most: int) -> Labels:
    best = grown.cut(1)
    if at_most < BROAD.start:
        return best
    score = -np.inf
    for count in range(BROAD.start, min(BROAD.stop - 1, at_most, grown.leaves) + 1):
        labelled = grown.cut(count)
        # Rounded, so that an equally good coarser cut wins on every machine.
        fits = round(silhouette(vectors, labelled), 3)
        if fits > score:
            best, score = labelled, fits
    return best


class _Level:
    """Describes the clusters of one cut."""

    def __init__(
        self,
        seeds: Sequence[Case],
        vectors: NDArray[np.float32],
        group_of: Sequence[str],
        known: Collection[str] | None,
        results: Mapping[str, bool] | None,
    ) -> None:
        self.seeds, self.vectors, self.group_of = seeds, vectors, group_of
        self.new = [known is not None and seed.id not in known for seed in seeds]
        self.results = results or {}

    def described(self, labelled: Labels, at: Granularity, *, parents: Sequence[str] | None) -> list[Behaviour]:
        count = int(labelled.max()) + 1
        middle = centres(self.vectors, labelled, count)
        names = labels([seed.text for seed in self.seeds], labelled, count)
        members = [np.flatnonzero(labelled == number).tolist() for number in range(count)]
        sizes = [len({self.group_of[row] for row in rows}) for rows in members]
        few = max(RARE_GROUPS, RARE_SHARE * sum(sizes) / count)
        # When every behaviour is that small, none of them is rare: the seed is.
        rare = [size <= few and max(sizes) > few for size in sizes]
        return [
            self._one(
                rows,
                middle[number],
                at,
                names[number],
                sizes[number],
                rare[number],
                parents[number] if parents else None,
            )
            for number, rows in enumerate(members)
        ]

    def _one(
        self, rows: list[int], middle: NDArray[np.float32], at: Granularity, label: str, groups: int, rare: bool,
        parent: str | None,
    ) -> Behaviour:  # fmt: skip
        near = np.round(self.vectors[rows] @ middle, 4)
        order = sorted(range(len(rows)), key=lambda k: (-near[k], self.seeds[rows[k]].text, self.seeds[rows[k]].id))
        nearest = [rows[k] for k in order]
        judged = [self.results[self.seeds[row].id] for row in rows if self.seeds[row].id in self.results]
        return Behaviour(
            id="h_" + short_hash([at, self.seeds[nearest[0]].id]),
            granularity=at,
            label=label or _words(self.seeds[nearest[0]].text),
            seeds=len(rows),
            groups=groups,
            share=round(len(rows) / len(self.seeds), 4),
            snippets=tuple(self._snippet(row) for row in self._shown(nearest)),
            parent=parent,
            new=sum(self.new[row] for row in rows) >= NEW_SHARE * len(rows),
            rare=rare,
            error_rate=round(1 - sum(judged) / len(judged), 4) if judged else None,
        )

    def _shown(self, nearest: Sequence[int]) -> list[int]:
        once: dict[str, int] = {}
        for row in nearest:
            once.setdefault(self.group_of[row], row)
            if len(once) == SNIPPETS:
                break
        return list(once.values())

    def _snippet(self, row: int) -> Snippet:
        text = self.seeds[row].text
        return Snippet(
            case=self.seeds[row].id,
            text=text if len(text) <= SNIPPET_LENGTH else text[: SNIPPET_LENGTH - 1].rstrip() + "…",
        )


def _words(text: str) -> str:
    """The beginning of a text, where a behaviour has no words of its own."""
    said = " ".join(text.split())
    if len(said) <= LABEL_LENGTH:
        return said or "(no words)"
    whole = said[: LABEL_LENGTH + 1].rpartition(" ")[0] or said[:LABEL_LENGTH]
    return whole.rstrip(" ,;:-") + "…"
