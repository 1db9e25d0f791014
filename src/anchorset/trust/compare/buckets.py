"""Pairs into measures: each bucket, each slice, all cases, and how far seed and synthetic cases disagree.

What this module does not know: the verdict.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from anchorset.core.provenance import REAL_BUCKETS, SEED
from anchorset.core.result import Bounds, BucketDelta, Flips, Interaction, Measure, SliceDelta
from anchorset.infra.stats.interaction import interaction
from anchorset.infra.stats.intervals import wilson
from anchorset.infra.stats.paired import mcnemar_p, paired_difference
from anchorset.infra.stats.permutation import sign_flip_p
from anchorset.infra.stats.power import detectable_difference, needed_n
from anchorset.infra.stats.rate import rate_interval
from anchorset.trust.compare.columns import Column
from anchorset.trust.compare.pairing import Floats, Pairs

Mask = NDArray[np.bool_]

MIN_SLICE = 10
"""Cases under which a slice is not measured."""

MAX_SLICE_COLUMNS = 12
"""Columns sliced by, in alphabetical order."""


def measure(
    pairs: Pairs, where: Mask, *, binary: bool, max_drop: float, random_seed: int, weights: Floats | None = None
) -> Measure:
    """Baseline against candidate on the cases where `where` (n_cases,) is true; at least one.

    weights (n_cases,): None counts each case once; cases of weight 0 do not belong into `where`.
    """
    before, after, cluster = pairs.baseline[where], pairs.candidate[where], pairs.cluster[where]
    repeats = pairs.repeats[where]
    once = bool((repeats == 1).all())
    weight = None if weights is None else weights[where]
    found = paired_difference(before, after, clusters=cluster, weights=weight)
    moved = after - before
    # Connor's formula takes the mean square of a pair's difference; for 0/1 outcomes that is the flip rate.
    flip_rate = min(1.0, float(np.average(moved * moved, weights=weight)))
    pairs_needed = needed_n(max_drop, flip_rate=flip_rate, design_effect=found.design_effect)
    n = found.n if weight is None else _kish(weight)
    return Measure(
        n=found.n,
        rows=int(repeats.sum()),
        clusters=found.clusters,
        baseline=found.baseline,
        candidate=found.candidate,
        baseline_bounds=_bounds(pairs, pairs.baseline_rows, where, binary=binary, weights=weights),
        candidate_bounds=_bounds(pairs, pairs.candidate_rows, where, binary=binary, weights=weights),
        delta=found.delta,
        low=found.low,
        high=found.high,
        method=found.method,
        p=(p := sign_flip_p(moved, clusters=cluster, weights=weight, seed=random_seed)),
        p_holm=p,
        p_mcnemar_unclustered=mcnemar_p(found.gained, found.lost) if binary and once and weight is None else None,
        gained=found.gained,
        lost=found.lost,
        design_effect=found.design_effect,
        mde=detectable_difference(n, flip_rate=flip_rate, design_effect=found.design_effect),
        n_needed=max(1, round(pairs_needed * found.clusters / n)),
    )


def _kish(weights: Floats) -> float:
    """How many equally weighted rows these are worth (Kish 1965, Survey sampling, 11.7): (Σw)² / Σw²."""
    return float(weights.sum() ** 2 / (weights @ weights))


def _bounds(pairs: Pairs, results: Floats, where: Mask, *, binary: bool, weights: Floats | None) -> Bounds:
    """The rate over rows; every case weighs the same, or what `weights` say, however often it was run."""
    row_case = pairs.row_case
    rows = where[row_case]
    values, clusters = results[rows], pairs.cluster[row_case[rows]]
    share = 1 / pairs.repeats[row_case[rows]]
    n: float = len(values)
    if weights is not None:
        share = share * weights[row_case[rows]]
        n = _kish(share)
    clustered = rate_interval(values, clusters=clusters, weights=share)
    if binary:
        low, high = wilson(clustered.rate * n, n)
    else:
        naive = rate_interval(values, weights=share)
        low, high = naive.low, naive.high
    return Bounds(low=low, high=high, clustered_low=clustered.low, clustered_high=clustered.high)


def by_bucket(pairs: Pairs, *, binary: bool, max_drop: float, random_seed: int) -> tuple[BucketDelta, ...]:
    """One measure a bucket: real buckets first, the seed before all, then by size."""
    found = []
    for code, name in enumerate(pairs.bucket.values):
        where = pairs.bucket.codes == code
        if where.any():
            one = measure(pairs, where, binary=binary, max_drop=max_drop, random_seed=random_seed)
            found.append(BucketDelta(bucket=name, **dict(one)))
    order = {name: place for place, name in enumerate(REAL_BUCKETS)}
    return tuple(sorted(found, key=lambda one: (order.get(one.bucket, len(REAL_BUCKETS)), -one.n, one.bucket)))


def in_buckets(pairs: Pairs, names: tuple[str, ...]) -> Mask:
    """(n_cases,) whether the case is in one of these buckets."""
    return np.isin(pairs.bucket.codes, [code for code, name in enumerate(pairs.bucket.values) if name in names])


def seed_against_synthetic(pairs: Pairs) -> Interaction | None:
    """Seed delta minus the delta of all cases that are not real; None unless there are both."""
    seed, rows = in_buckets(pairs, (SEED,)), ~in_buckets(pairs, REAL_BUCKETS[1:])
    if not seed.any() or seed.sum() == rows.sum():
        return None
    found = interaction(pairs.baseline[rows], pairs.candidate[rows], seed[rows], clusters=pairs.cluster[rows])
    return Interaction(delta=found.delta, low=found.low, high=found.high, p=found.p)


def by_slice(
    pairs: Pairs, *, binary: bool, max_drop: float, random_seed: int
) -> tuple[tuple[SliceDelta, ...], list[str]]:
    """One measure a value of each slice column, overall and inside each bucket, and notes on what was left out."""
    columns = list(pairs.slices.items())
    notes = []
    if len(columns) > MAX_SLICE_COLUMNS:
        left = ", ".join(repr(name) for name, _ in columns[MAX_SLICE_COLUMNS:][:MAX_SLICE_COLUMNS])
        notes.append(f"sliced by the first {MAX_SLICE_COLUMNS} of {len(columns)} columns; not by {left} …")
    found = []
    small = 0
    for name, column in columns[:MAX_SLICE_COLUMNS]:
        for bucket, value, where in _cells(pairs, column):
            n = int(where.sum())
            if n < MIN_SLICE:
                small += n > 0
                continue
            one = measure(pairs, where, binary=binary, max_drop=max_drop, random_seed=random_seed)
            found.append(SliceDelta(bucket=bucket, column=name, value=value, **dict(one)))
    if small:
        notes.append(f"{small:,} slices with fewer than {MIN_SLICE} cases are not measured")
    return tuple(found), notes


def _cells(pairs: Pairs, column: Column) -> Iterator[tuple[str | None, str, Mask]]:
    """(bucket or None, value, cases) for every value: overall, then inside each bucket when there are several.

    Cases of which the column says nothing are no slice, and neither is what holds all cases, or all of a bucket: that
    would be the same test once more.
    """
    present = np.unique(pairs.bucket.codes)
    for code, value in enumerate(column.values):
        here = column.codes == code
        if not value or here.all():
            continue
        yield None, value, here
        for bucket in present if len(present) > 1 else ():
            inside = pairs.bucket.codes == bucket
            if not here[inside].all():
                yield pairs.bucket.values[bucket], value, here & inside


def flips(pairs: Pairs) -> dict[str, Flips]:
    """Bucket -> ids of the cases whose result rose and fell, in alphabetical order."""
    found = {}
    for code, name in enumerate(pairs.bucket.values):
        where = pairs.bucket.codes == code
        if where.any():
            gained, lost = np.flatnonzero(where & (pairs.delta > 0)), np.flatnonzero(where & (pairs.delta < 0))
            found[name] = Flips(
                gained=tuple(pairs.ids[at] for at in gained.tolist()),
                lost=tuple(pairs.ids[at] for at in lost.tolist()),
            )
    return found
