"""Runs as points in time: each row beside its case, and pass rates by bucket.

What this module does not know: what a rise or a fall means.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anchorset.core.run import Result, RunHead
from anchorset.core.trust import Estimate, RunRates
from anchorset.infra.stats.rate import rate_interval
from anchorset.trust.report.population import Mask, Population

SHOWN = 50
"""Runs in the history, the last ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One run. Arrays are (n_rows,): one row a case of this version and repeat."""

    head: RunHead
    rows: tuple[Result, ...]
    place: NDArray[np.intp]
    """Row of the case in the population."""
    repeat: NDArray[np.intp]
    value: NDArray[np.float64]
    """0-1; NaN: not judged."""
    left_out: int

    @property
    def name(self) -> str:
        """`target@version`, the version cut to what can be read."""
        version = self.head.version
        return f"{self.head.target}@{version if len(version) <= 16 else version[:12]}"

    @property
    def key(self) -> tuple[object, ...]:
        """What is the same measurement done again."""
        return self.head.target, self.head.version, self.head.evaluators

    @property
    def judged(self) -> Mask:
        return ~np.isnan(self.value)


def points(runs: Sequence[tuple[RunHead, Sequence[Result]]], of: Population) -> list[Point]:
    """A point a run, in order. Rows of other cases or other contents are counted, and left out.

    Of two rows of one case and repeat the later one counts.
    """
    return [_point(head, rows, of) for head, rows in runs]


def _point(head: RunHead, rows: Sequence[Result], of: Population) -> Point:
    kept: dict[tuple[int, int], Result] = {}
    left_out = 0
    for row in rows:
        at = of.place.get(row.case)
        if at is None or of.cases[at].content != row.content:
            left_out += 1
        else:
            kept[at, row.repeat] = row
    return Point(
        head=head,
        rows=tuple(kept.values()),
        place=np.array([at for at, _ in kept], dtype=np.intp),
        repeat=np.array([repeat for _, repeat in kept], dtype=np.intp),
        value=np.array([_value(row) for row in kept.values()], dtype=np.float64),
        left_out=left_out,
    )


def _value(row: Result) -> float:
    if row.passed is not None:
        return float(row.passed)
    return float("nan") if row.score is None else min(1.0, max(0.0, row.score))


def distinct(found: Sequence[Point]) -> list[Point]:
    """The newest run of each target version (under the same evaluators) that judged a case, by first appearance."""
    newest: dict[tuple[object, ...], Point] = {}
    for point in found:
        if point.judged.any():
            newest[point.key] = point
    return list(newest.values())


def newest_of_targets(found: Sequence[Point]) -> list[Point]:
    """The last run of each target that answered a case of this version; the targets in order of appearance."""
    last = {point.head.target: point for point in found if len(point.rows)}
    return list(last.values())


def rates(point: Point, of: Population) -> RunRates:
    """The run's pass rates, with clustered intervals."""
    head, value = point.head, point.value
    return RunRates(
        run=head.run,
        at=head.started_at,
        dataset=head.dataset,
        target=head.target,
        version=head.version,
        family=head.family,
        evaluators=head.evaluators,
        repeats=head.repeats,
        cases=len(np.unique(point.place[point.judged])),
        left_out=point.left_out,
        not_judged=int(np.isnan(value).sum()),
        failed=sum(row.cause not in (None, "not_judged") for row in point.rows),
        buckets={name: found for name in of.buckets if (found := estimate(point, of, of.bucket == name)) is not None},
        synthetic=estimate(point, of, of.synthetic),
        overall=estimate(point, of, np.ones(len(of.cases), dtype=bool)),
    )


def estimate(point: Point, of: Population, where: Mask) -> Estimate | None:
    """Pass rate over the cases where `where` is true, each case weighing the same; None when none was judged."""
    if not len(point.place):
        return None
    rows = where[point.place] & point.judged
    if not rows.any():
        return None
    place = point.place[rows]
    times = np.bincount(place, minlength=len(of.cases))[place]
    found = rate_interval(point.value[rows], clusters=of.cluster[place], weights=1 / times)
    return Estimate(value=found.rate, low=found.low, high=found.high, n=len(np.unique(place)), clusters=found.clusters)


def case_means(point: Point, of: Population) -> NDArray[np.float64]:
    """(n_cases,) mean over the judged repeats of each case; NaN: none."""
    rows = point.judged
    times = np.bincount(point.place[rows], minlength=len(of.cases))
    total = np.bincount(point.place[rows], weights=point.value[rows], minlength=len(of.cases))
    return np.asarray(np.where(times > 0, total / np.maximum(times, 1), np.nan), dtype=np.float64)
