"""Saturation: does another case still bring something new? Overall as a signal, and for each slice as a remark.

What this module does not know: where slices come from.
"""

from __future__ import annotations

import numpy as np

from anchorset.core.numbers import share
from anchorset.trust.audit.features import Floats
from anchorset.trust.audit.ground import Ground, first
from anchorset.trust.audit.likeness import repeats
from anchorset.trust.audit.null import Measured

_FLOOR = 0.03
LEAST = 20
"""Synthetic cases a slice needs before it is looked at."""


def saturation(ground: Ground) -> Measured:
    """`saturation`: the share of word uses of one more case that the set already knows. Only more is drift.

    Good-Turing: 1 minus the words seen in one voice only, over all uses (Good 1953, equation 9); a word counts once a
    voice, and the cases of one declared group are one voice: a mutation is meant to use its parent's words.
    """
    synthetic, real = (_known(ground, side) for side in (True, False))
    value, reference = first(synthetic), first(real)
    return Measured(
        name="saturation", statistic=np.maximum(synthetic - real, 0), tail="up", floor=_FLOOR, value=value,
        reference=reference,
        as_value=lambda difference: min(1.0, reference + difference),
        why=(
            f"One more synthetic case would bring words of which {share(value)} are known already; one more real case "
            f"{share(reference)}."
        ),
    )  # fmt: skip


def _known(ground: Ground, synthetic: bool) -> Floats:
    # Presence of voices, not counts of texts: what one voice says twice is not known twice.
    order = np.argsort(ground.crowd.declared, kind="stable")
    starts = np.flatnonzero(np.diff(ground.crowd.declared[order], prepend=-1))
    side = ground.labels.synthetic if synthetic else ~ground.labels.synthetic
    present = side[order][starts].astype(np.float32)
    held = ground.words.holds
    alone = np.array([len(set(said)) for said in ground.said], dtype=np.float32) - held.sum(axis=1)
    alone = np.add.reduceat(alone[order], starts)
    voices = np.minimum(np.add.reduceat(held[order], starts, axis=0), 1).T @ present
    once = (voices == 1).sum(axis=0) + alone @ present
    uses = voices.sum(axis=0) + alone @ present
    known: Floats = (1 - once / np.maximum(uses, 1)).astype(np.float32)
    return known


def by_slice(ground: Ground) -> list[tuple[str, int, float, float, tuple[str, ...]]]:
    """(slice, cases, repeated share, that of the real set, examples) for slices with `LEAST` cases or more."""
    repeated = repeats(ground)[:, 0] > 0
    real = ~ground.crowd.synthetic
    among_real = float(np.average(repeated[real], weights=ground.crowd.count[real]))
    found = []
    for name in sorted({piece for piece in ground.crowd.slices if piece is not None}):
        mine = ground.crowd.synthetic & np.array([piece == name for piece in ground.crowd.slices])
        cases = int(ground.crowd.count[mine].sum())
        if cases >= LEAST:
            rate = float(np.average(repeated[mine], weights=ground.crowd.count[mine]))
            found.append((name, cases, rate, among_real, ground.texts(np.flatnonzero(mine & repeated))))
    return found
