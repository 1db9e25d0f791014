"""Distance from the seed, coverage both ways, near duplicates: four readings of who is near whom.

What this module does not know: how neighbours were found.
"""

from __future__ import annotations

import numpy as np

from anchorset.core.numbers import share
from anchorset.infra.stats.intervals import newcombe_independent
from anchorset.trust.audit.features import Floats
from anchorset.trust.audit.ground import Ground, first
from anchorset.trust.audit.null import Measured

COVERED = 0.90
"""Two samples of one crowd cover each other to this share: it sets the radius within which a case counts as covered."""

_SHARE_FLOOR = 0.05
_DISTANCE_FLOOR = 0.02

_COLLAPSE = 0.3
"""Difference of repeat rates that no sampling explains."""
_SURE = 0.999


def distance(ground: Ground) -> Measured:
    """`distance.seed`: mean distance to the nearest real case, against that among real cases. Only farther is drift."""
    away = ground.labels.means(1 - ground.near.other, synthetic=True)
    among = ground.labels.means(1 - ground.near.own, synthetic=False)
    value, reference = first(away), first(among)
    rows = np.flatnonzero(ground.crowd.synthetic)
    farthest = rows[np.argsort(ground.near.other[rows, 0], kind="stable")]
    closer = " Closer than real cases are to each other: near copies, which add little." if value < reference else ""
    return Measured(
        name="distance.seed", statistic=away - among, tail="up", floor=_DISTANCE_FLOOR, value=value,
        reference=reference, as_value=lambda difference: reference + difference,
        why=(
            f"A synthetic case lies {value:.2f} from its nearest real case on average, a real case {reference:.2f} "
            f"from its nearest other (cosine distance, 0 the same).{closer}"
        ),
        examples=ground.texts(farthest),
    )  # fmt: skip


def coverage(ground: Ground) -> list[Measured]:
    """`coverage.seed`: real cases with no synthetic one near. `coverage.synthetic`: synthetic cases unlike any real."""
    seed, stray = _uncovered(ground, synthetic=False), _uncovered(ground, synthetic=True)
    return [
        _coverage(
            ground, "coverage.seed", seed, synthetic=False,
            why=f"{share(first(seed))} of the real cases have no synthetic case near them",
        ),
        _coverage(
            ground, "coverage.synthetic", stray, synthetic=True,
            why=f"{share(first(stray))} of the synthetic cases are unlike any real case",
        ),
    ]  # fmt: skip


def _uncovered(ground: Ground, *, synthetic: bool) -> Floats:
    mine = ground.labels.synthetic == synthetic
    radius = np.quantile(ground.near.other[mine], 1 - COVERED)
    return ground.labels.means((ground.near.other < radius).astype(np.float32), synthetic=synthetic)


def _coverage(ground: Ground, name: str, statistic: Floats, *, synthetic: bool, why: str) -> Measured:
    rows = np.flatnonzero(ground.crowd.synthetic == synthetic)
    farthest = rows[np.argsort(ground.near.other[rows, 0], kind="stable")]
    middle = float(np.median(statistic))
    return Measured(
        name=name, statistic=statistic, tail="up", floor=_SHARE_FLOOR, value=first(statistic), reference=middle,
        as_value=float, why=f"{why}; between two samples of one crowd it is {share(middle)}.",
        examples=ground.texts(farthest),
    )  # fmt: skip


def duplicates(ground: Ground, rng: np.random.Generator) -> Measured:
    """`duplicates.near`: cases that repeat or nearly repeat another of their own set. Only more is drift.

    When the synthetic set is a few texts over and over there are too few voices to shuffle; then the rates of equally
    large samples are compared as they are (`_collapsed`).
    """
    repeated = repeats(ground)
    synthetic, real = (ground.labels.means(repeated, synthetic=side) for side in (True, False))
    value, reference = first(synthetic), first(real)
    rows = np.flatnonzero(ground.crowd.synthetic & (repeated[:, 0] > 0))
    rows = rows[np.argsort(-ground.crowd.count[rows] - ground.near.own[rows, 0], kind="stable")]
    return Measured(
        name="duplicates.near", statistic=np.maximum(synthetic - real, 0), tail="up", floor=_SHARE_FLOOR, value=value,
        reference=reference, as_value=lambda difference: reference + difference,
        why=(
            f"{share(value)} of the synthetic cases repeat or nearly repeat another one, by letters or by meaning, "
            f"of the real cases {share(reference)}."
        ),
        examples=ground.texts(rows), certain=_collapsed(ground, rng),
    )  # fmt: skip


def _collapsed(ground: Ground, rng: np.random.Generator) -> bool:
    """Whether equally large samples repeat themselves far more often when synthetic (larger sets repeat more)."""
    size = min(ground.n_real, ground.n_synthetic)
    rates = []
    for side in (True, False):
        rows = np.flatnonzero(ground.crowd.synthetic == side)
        cases = np.repeat(rows, ground.crowd.count[rows].astype(np.intp))
        drawn = rng.choice(cases, size, replace=False)
        said = ground.crowd.same[drawn]
        voices = np.unique(np.stack([said, ground.crowd.declared[drawn]]), axis=1)[0]
        # Cases of one declared group are one voice: they repeat nobody unless another voice says the same.
        alike = np.bincount(voices)[said] > 1
        undeclared = np.bincount(ground.crowd.declared)[ground.crowd.declared[drawn]] == 1
        copied = np.bincount(drawn)[drawn] > 1
        rates.append(int((alike | (undeclared & copied)).sum()))
    return newcombe_independent(rates[0], size, rates[1], size, confidence=_SURE)[0] > _COLLAPSE


def repeats(ground: Ground) -> Floats:
    """(n, columns) 1 where a near-duplicate from outside the declared group stands on the same side."""
    crowd, labels = ground.crowd, ground.labels
    order = np.argsort(crowd.same, kind="stable")
    starts = np.flatnonzero(np.diff(crowd.same[order], prepend=-1))
    number = np.empty(len(order), dtype=np.intp)
    number[order] = np.cumsum(np.diff(crowd.same[order], prepend=-1) != 0) - 1
    synthetic = np.add.reduceat(labels.weight[order], starts, axis=0)[number]
    everybody = np.add.reduceat(labels.count[order], starts)[number][:, None]
    alike = np.where(labels.synthetic, synthetic, everybody - synthetic)
    # A declared group is on one side as a whole, so what it takes out is the same under every shuffle.
    _, block = np.unique(np.stack([crowd.same, crowd.declared]), axis=1, return_inverse=True)
    declared = np.bincount(crowd.declared)[crowd.declared] > 1
    own = np.where(declared, np.bincount(block.reshape(-1), weights=crowd.count)[block.reshape(-1)], 1.0)
    repeated: Floats = (alike > own[:, None] + 0.5).astype(np.float32)
    return repeated
