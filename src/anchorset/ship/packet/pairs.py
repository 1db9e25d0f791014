"""A sample of a version, each synthetic case beside the real one it is nearest to.

What this module does not know: reviews, and how a case is shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from anchorset.core.case import Case
from anchorset.core.hashing import draw
from anchorset.core.plan import ALL, cell_name
from anchorset.core.ports import Embedder
from anchorset.core.provenance import Synthetic

MOST = 100
"""Synthetic cases; with the real ones beside them at most 200."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A synthetic case and its nearest real one. One side is None where the version has none."""

    cell: str
    synthetic: Case | None
    real: Case | None
    distance: float | None
    """1 - cosine: 0 the same direction. None: one side is missing, or has no word that is known."""
    is_parent: bool = False
    """Whether the synthetic case rewrites this real one."""
    elsewhere: bool = False
    """Whether the real case lies in another cell: its own has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampled:
    """The pairs, by cell."""

    pairs: tuple[Pair, ...]
    rule: str
    """How they were drawn, in a sentence."""
    synthetic: int
    """Synthetic cases that could have been drawn."""
    real: int


def sampled(
    cases: Sequence[Case], *, axes: Sequence[str], embedder: Embedder, digest: str, without: Sequence[str] = (),
    most: int = MOST,
) -> Sampled:  # fmt: skip
    """Up to `most` pairs. `digest` of the version is the root of the draw, so that nobody can choose it.

    `without`: buckets that are not to be shown.
    """
    shown = [case for case in cases if case.bucket not in without]
    made = [case for case in shown if isinstance(case.provenance, Synthetic)]
    real = [case for case in shown if not isinstance(case.provenance, Synthetic)]
    chosen = _drawn(made or real, axes=axes, digest=digest, most=most)
    if not made:
        pairs = [Pair(cell=_cell(case, axes), synthetic=None, real=case, distance=None) for case in chosen]
    else:
        pairs = _beside(chosen, real, axes=axes, embedder=embedder)
    pairs.sort(key=lambda one: (one.cell, one.distance is None, one.distance or 0.0, _id(one)))
    return Sampled(
        pairs=tuple(pairs), rule=_rule(len(chosen), len(made or real), bool(made)), synthetic=len(made), real=len(real)
    )


def _rule(chosen: int, of: int, made: bool) -> str:
    what = "synthetic" if made else "real"
    if chosen == of:
        drawn = f"All {of:,} {what} cases are shown"
    else:
        drawn = (
            f"{chosen:,} of {of:,} {what} cases are shown: from each cell and bucket in turn, by the hash of the "
            "version's digest and the case's content, so that nobody chose them"
        )
    if not made:
        return drawn + "."
    return drawn + (
        "; beside each stands the real case of its cell that is nearest in meaning (of all real ones where its cell "
        "has none)."
    )


def _drawn(cases: Sequence[Case], *, axes: Sequence[str], digest: str, most: int) -> list[Case]:
    """From each cell and bucket in turn."""
    strata: dict[tuple[str, str], list[Case]] = defaultdict(list)
    for case in sorted(cases, key=lambda case: draw("packet", digest, case.content)):
        strata[_cell(case, axes), case.bucket].append(case)
    order = sorted(strata, key=lambda name: (draw("packet", digest, *name), name))
    found: list[Case] = []
    for nth in range(max((len(rows) for rows in strata.values()), default=0)):
        found += [strata[name][nth] for name in order if nth < len(strata[name])][: most - len(found)]
        if len(found) >= most:
            break
    return found


def _beside(chosen: Sequence[Case], real: Sequence[Case], *, axes: Sequence[str], embedder: Embedder) -> list[Pair]:
    if not real:
        return [Pair(cell=_cell(case, axes), synthetic=case, real=None, distance=None) for case in chosen]
    theirs = embedder.embed([case.text for case in real])
    ours = embedder.embed([case.text for case in chosen])
    in_cell: dict[str, list[int]] = defaultdict(list)
    for row, case in enumerate(real):
        in_cell[_cell(case, axes)].append(row)
    pairs = []
    for case, vector in zip(chosen, ours, strict=True):
        cell = _cell(case, axes)
        rows = in_cell.get(cell) or list(range(len(real)))
        cosine = theirs[rows] @ vector
        best = rows[int(np.argmax(cosine))]
        origin = case.provenance
        pairs.append(
            Pair(
                cell=cell, synthetic=case, real=real[best], elsewhere=cell not in in_cell,
                distance=round(float(1 - cosine.max()), 3) if vector.any() else None,
                is_parent=isinstance(origin, Synthetic) and real[best].id in origin.parents,
            )
        )  # fmt: skip
    return pairs


def _cell(case: Case, axes: Sequence[str]) -> str:
    return cell_name({axis: str(case.metadata.get(axis, "-")) for axis in axes}) if axes else ALL


def _id(pair: Pair) -> str:
    case = pair.synthetic or pair.real
    return case.id if case else ""
