"""How much there is of each cell and each behaviour: seeds, groups, other real cases, candidates, approved ones.

What this module does not know: how much there should be.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from anchorset.core.behaviour import Coverage, Placed
from anchorset.core.case import Case
from anchorset.core.decision import standing
from anchorset.core.plan import ALL, cell_name
from anchorset.core.ports import Embedder
from anchorset.core.provenance import Synthetic
from anchorset.map.behaviours import Found
from anchorset.map.placing import told

STANDING = ("passed", "approved", "edited", "sampled", "shipped")
"""Statuses of a candidate that no check and no reviewer rejected."""


def cell_of(case: Case, axes: Sequence[str]) -> str:
    """The cell that the metadata of a case names; `all` without axes."""
    return cell_name({axis: told(case, axis) for axis in axes}) if axes else ALL


def approved(case: Case) -> bool:
    """Whether reviewers approved or edited it: what they disagree on is neither."""
    return case.status in ("approved", "edited") or (
        case.status == "shipped" and standing(case.reviews) in ("approved", "edited")
    )


def coverage(
    seeds: Sequence[Case],
    others: Sequence[Case],
    candidates: Sequence[Case],
    *,
    cells: Mapping[str, Mapping[str, str]],
    axes: Sequence[str],
    home: Mapping[str, Placed],
    groups: Mapping[str, str],
    found: Found,
    embedder: Embedder,
) -> tuple[Coverage, ...]:
    """Cells in the order of the grid, then granular behaviours. `others`: regression and golden cases.

    A candidate with a root does what its first root does; any other case does what the nearest centre does. Attacks do
    nothing that seeds do, so they count for their cell alone.
    """
    rows = [*others, *(case for case in candidates if case.status in STANDING)]
    by_cell = [cell_of(case, axes) for case in rows]
    found_cells = _cells(cells, seeds, home, groups)
    by_behaviour = _behaviours_of(rows, found, embedder)
    labels = {one.id: one for one in found.behaviours}
    found_behaviours = [
        Coverage(of="behaviour", name=id, label=labels[id].label, seeds=labels[id].seeds, groups=labels[id].groups)
        for id in found.ids
    ]
    return tuple(_counted(found_cells, rows, by_cell) + _counted(found_behaviours, rows, by_behaviour))


def _cells(
    cells: Mapping[str, Mapping[str, str]], seeds: Sequence[Case], home: Mapping[str, Placed], groups: Mapping[str, str]
) -> list[Coverage]:
    inside: dict[str, list[str]] = {name: [] for name in cells}
    for seed in seeds:
        inside.get(home[seed.id].cell, []).append(groups.get(seed.id, seed.id))
    return [
        Coverage(of="cell", name=name, label=name, seeds=len(members), groups=len(set(members)))
        for name, members in inside.items()
    ]


def _counted(rows: Sequence[Coverage], cases: Sequence[Case], place: Sequence[str | None]) -> list[Coverage]:
    """The rows with the cases that lie in them added."""
    counts: Counter[tuple[str | None, str]] = Counter()
    for case, name in zip(cases, place, strict=True):
        if isinstance(case.provenance, Synthetic):
            counts[name, "passed"] += 1
            counts[name, "approved"] += approved(case)
        else:
            counts[name, str(case.bucket)] += 1
    kinds = ("regression", "golden", "passed", "approved")
    return [row.model_copy(update={kind: counts[row.name, kind] for kind in kinds}) for row in rows]


def _behaviours_of(cases: Sequence[Case], found: Found, embedder: Embedder) -> list[str | None]:
    """The granular behaviour of each case; None for attacks and for what the embedder cannot read."""
    place: list[str | None] = [None] * len(cases)
    if not found.ids:
        return place
    unrooted = []
    for at, case in enumerate(cases):
        roots = [root for root in case.roots if root in found.of]
        if case.bucket == "redteam":
            continue
        if roots:
            place[at] = found.of[roots[0]]
        else:
            unrooted.append(at)
    vectors = embedder.embed([cases[at].text for at in unrooted])
    for at, vector in zip(unrooted, vectors, strict=True):
        if vector.any():
            place[at] = found.ids[int((found.centres @ vector).argmax())]
    return place
