"""Complete linkage over a sparse set of near pairs: a cluster in which every two members are a pair.

What this module does not know: what makes two members near.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def complete_linkage(
    texts: Sequence[str], i: NDArray[np.int64], j: NDArray[np.int64], strength: NDArray[np.float64]
) -> list[tuple[int, ...]]:
    """All rows of `texts` in clusters, by first row: two clusters merge only when every pair across them is near.

    i, j, strength (m,): the near pairs. The strongest merge first; ties go by the texts, so the clusters of a set of
    texts are the same in any order. Equal texts count as one member, and come together.
    """
    # Equal texts have equal pairs: as one member they keep big clusters of copies cheap.
    first: dict[str, int] = {}
    member = np.array([first.setdefault(text, row) for row, text in enumerate(texts)], dtype=np.int64)
    rows_of: dict[int, list[int]] = {}
    for row, head in enumerate(member.tolist()):
        rows_of.setdefault(head, []).append(row)
    rank = {text: k for k, text in enumerate(sorted(first))}
    best: dict[tuple[int, int], float] = {}
    for a, b, s in zip(member[i].tolist(), member[j].tolist(), strength.tolist(), strict=True):
        if a != b:
            pair = (a, b) if rank[texts[a]] < rank[texts[b]] else (b, a)
            best[pair] = max(s, best.get(pair, s))
    ordered = sorted(best, key=lambda p: (-best[p], rank[texts[p[0]]], rank[texts[p[1]]]))
    cluster = {head: head for head in rows_of}
    members = {head: [head] for head in rows_of}
    links: dict[int, dict[int, int]] = {head: {} for head in rows_of}
    for a, b in ordered:
        links[a][b] = links[b][a] = 1
    for a, b in ordered:
        left, right = cluster[a], cluster[b]
        if left == right or links[left].get(right, 0) != len(members[left]) * len(members[right]):
            continue
        if len(links[left]) < len(links[right]):
            left, right = right, left
        for other, count in links.pop(right).items():
            del links[other][right]
            if other != left:
                links[left][other] = links[other][left] = links[left].get(other, 0) + count
        for head in members[right]:
            cluster[head] = left
        members[left] += members.pop(right)
    return sorted(tuple(sorted(row for head in heads for row in rows_of[head])) for heads in members.values())
