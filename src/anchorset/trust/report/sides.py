"""Three rates side by side: the seed, everything mixed, synthetic cases alone.

What this module does not know: what to release.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from anchorset.core.numbers import share
from anchorset.core.trust import Answer, Signal
from anchorset.infra.stats.unpaired import UnpairedDifference, unpaired_difference
from anchorset.trust.report.phrases import joined, signed, span
from anchorset.trust.report.points import Point, case_means, estimate
from anchorset.trust.report.population import Mask, Population

FEWEST = 10
"""Cases on either side."""


def synthetic_only(points: Sequence[Point], of: Population, *, max_drop: float) -> Signal:
    """Would synthetic cases alone have given the seed's pass rate? Points: the newest run of each target."""
    read = [(point, found) for point in points if (found := _difference(point, of, of.synthetic)) is not None]
    if not read:
        return Signal(
            id="synthetic_only", answer="unknown", todo="Run a target on seed and synthetic cases.",
            evidence=f"No run judged {FEWEST} seed and {FEWEST} synthetic cases.",
        )  # fmt: skip
    far = [one for one in read if (one[1].low > 0 or one[1].high < 0) and abs(one[1].delta) > max_drop]
    sure = [one for one in read if max(abs(one[1].low), abs(one[1].high)) <= 2 * max_drop]
    answer: Answer = "no" if far else "yes" if len(sure) == len(read) else "unknown"
    worst = max(far or read, key=lambda one: abs(one[1].delta))[1]
    todo = {
        "yes": "",
        "no": "Decide by the seed's rate; synthetic cases show where to look, not how good it is.",
        "unknown": "Decide by the seed's rate; more seeds would show how far synthetic cases are off.",
    }[answer]
    return Signal(
        id="synthetic_only", answer=answer, evidence=joined(*(_said(point, found, of) for point, found in read[-4:])),
        todo=todo, value=worst.delta, low=worst.low, high=worst.high,
    )  # fmt: skip


def _difference(point: Point, of: Population, where: Mask) -> UnpairedDifference | None:
    value = case_means(point, of) if len(point.rows) else np.full(len(of.cases), np.nan)
    known = ~np.isnan(value)
    ours, theirs = of.seed & known, where & known
    if min(ours.sum(), theirs.sum()) < FEWEST:
        return None
    return unpaired_difference(
        value[theirs], value[ours], first_clusters=of.cluster[theirs], second_clusters=of.cluster[ours]
    )


def _said(point: Point, found: UnpairedDifference, of: Population) -> str:
    mixed = estimate(point, of, np.ones(len(of.cases), dtype=bool))
    return (
        f"{point.name}: seed {share(found.second)}, mixed {share(mixed.value if mixed else None)}, synthetic alone "
        f"{share(found.first)}: {signed(found.delta)} {span(found.low, found.high)}."
    )
