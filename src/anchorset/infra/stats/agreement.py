"""How far raters agree beyond chance: Cohen's kappa for two, Krippendorff's alpha for any number with gaps.

What this module does not know: who the raters are.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from anchorset.core.errors import InputError
from anchorset.infra.stats.intervals import Interval
from anchorset.infra.stats.special import student_quantile
from anchorset.infra.stats.spread import Floats, Keys, codes_of, sums_by

Level = Literal["nominal", "ordinal", "interval"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """1 = full agreement, 0 = what chance gives, below 0 = worse."""

    value: float | None
    """None when no two ratings could disagree: everybody used one label throughout."""
    low: float | None
    high: float | None
    n: int
    """Units rated at least twice."""
    clusters: int


def cohen_kappa(
    first: Sequence[Hashable], second: Sequence[Hashable], *, clusters: Keys | None = None, confidence: float = 0.95
) -> Agreement:
    """Kappa of two raters' labels (n,) on the same units, with an interval.

    Cohen (1960), A coefficient of agreement for nominal scales: (p_o - p_e) / (1 - p_e). Standard error from each
    unit's influence on kappa, summed in its cluster; with one unit a cluster it is the large-sample error of Fleiss,
    Cohen and Everitt (1969) times √(n/(n-1)). The interval is made on the scale artanh(kappa), where it is nearer to
    symmetric, with Student's t. Raises InputError when the rows do not pair up.
    """
    n = len(first)
    if n != len(second) or not n:
        raise InputError(f"`first` has {n!r} labels and `second` {len(second)!r}; one each per unit is expected.")
    labels = {label: code for code, label in enumerate(dict.fromkeys([*first, *second]))}
    a, b = (np.array([labels[label] for label in row]) for row in (first, second))
    left, right = (np.bincount(row, minlength=len(labels)) / n for row in (a, b))
    agree = (a == b).astype(np.float64)
    observed, expected = float(agree.mean()), float(left @ right)
    codes, count = codes_of(clusters, n)
    if len(labels) == 1:
        return Agreement(value=None, low=None, high=None, n=n, clusters=count)
    kappa = (observed - expected) / (1 - expected)
    # d kappa = (d observed - (1 - kappa) d expected) / (1 - expected)
    pull = agree - observed - (1 - kappa) * (right[a] + left[b] - 2 * expected)
    weight = sums_by(codes, np.full(n, 1 / n), count)
    added = sums_by(codes, pull / (n * (1 - expected)), count)
    variance = float((added**2 / np.maximum(1 - weight, 1e-12)).sum())
    low, high = _limits(kappa, variance, 1 / float(weight @ weight), 1 / (1 - expected), confidence)
    return Agreement(value=kappa, low=low, high=high, n=n, clusters=count)


def krippendorff_alpha(
    ratings: Sequence[Sequence[Any]],
    *,
    level: Level = "nominal",
    clusters: Keys | None = None,
    confidence: float = 0.95,
) -> Agreement:
    """Alpha of raters × units, `ratings[rater][unit]`, None where a rater skipped a unit.

    level: `nominal` for labels, `ordinal` for ordered numbers, `interval` for numbers whose distances count.
    clusters (units,): units that are not independent evidence. Units with fewer than two ratings are left out.
    Krippendorff (2004), Content analysis, chapter 11: 1 - observed / expected disagreement, in the closed form of
    squared distances: with each rating a point x (its label's unit vector, its pooled midrank, or its number),
    alpha = 1 - (N - 1) Σ_u d_u / (2 (N Σ|x|² - |Σx|²)), d_u = 2 (m Σ|x|² - |Σx|²) / (m - 1) over the unit's m
    ratings. Interval: jackknife over clusters on the scale artanh(alpha) with Student's t; midranks stay as they are.
    Raises InputError when raters have different numbers of units or no unit is rated twice.
    """
    if len({len(row) for row in ratings}) != 1:
        raise InputError(f"`ratings` has rows of {[len(row) for row in ratings]!r} units; raters need the same units.")
    rated = [[row[unit] for row in ratings if row[unit] is not None] for unit in range(len(ratings[0]))]
    kept = [unit for unit, values in enumerate(rated) if len(values) > 1]
    if not kept:
        raise InputError(f"`ratings` of {len(rated)!r} units has no unit rated twice; agreement needs two ratings.")
    all_codes, _ = codes_of(clusters, len(rated))
    codes, count = codes_of(all_codes[kept], len(kept))
    unit_of = np.repeat(np.arange(len(kept)), [len(rated[unit]) for unit in kept])
    points = _points([value for unit in kept for value in rated[unit]], level)
    sizes = np.bincount(unit_of).astype(np.float64)
    lengths = np.bincount(unit_of, (points**2).sum(axis=1))
    totals = np.stack([np.bincount(unit_of, column) for column in points.T], axis=1)
    apart = 2 * (sizes * lengths - (totals**2).sum(axis=1)) / (sizes - 1)

    # Per cluster: ratings, disagreement, Σ|x|², Σx. All are sums, so leaving a cluster out is a difference.
    parts = np.stack([sums_by(codes, column, count) for column in (sizes, apart, lengths, *totals.T)], axis=1)
    whole = parts.sum(axis=0)
    expected = float(_expected(whole[None])[0])
    if expected <= 1e-12:
        return Agreement(value=None, low=None, high=None, n=len(kept), clusters=count)
    alpha = 1 - float(whole[1] / expected)
    without = whole - parts
    left = np.maximum(_expected(without), 1e-300)
    each = np.where(left > 1e-12, 1 - without[:, 1] / left, alpha)
    variance = float(((each - each.mean()) ** 2).sum() * (count - 1) / count)
    weight = parts[:, 0] / whole[0]
    widest = float(((points.max(axis=0) - points.min(axis=0)) ** 2).sum()) * float(whole[0]) / expected
    low, high = _limits(alpha, variance, 1 / float(weight @ weight), widest, confidence)
    return Agreement(value=alpha, low=low, high=high, n=len(kept), clusters=count)


def _points(values: Sequence[Any], level: Level) -> Floats:
    """(ratings, dim): one point a rating, whose squared distances are the level's disagreement up to a constant."""
    if level == "nominal":
        labels = {label: code for code, label in enumerate(dict.fromkeys(values))}
        return np.asarray(np.eye(len(labels))[[labels[value] for value in values]], dtype=np.float64)
    numbers = np.asarray(values, dtype=np.float64)
    if level == "ordinal":
        _, place, times = np.unique(numbers, return_inverse=True, return_counts=True)
        numbers = (np.cumsum(times) - times / 2)[place]
    spread = float(np.ptp(numbers)) or 1.0
    return np.asarray(((numbers - numbers.mean()) / spread)[:, None], dtype=np.float64)


def _expected(parts: Floats) -> Floats:
    """Expected disagreement times the number of ratings, for rows of (ratings, _, Σ|x|², Σx …)."""
    n, squares, totals = parts[:, 0], parts[:, 2], parts[:, 3:]
    return np.asarray(2 * (n * squares - (totals**2).sum(axis=1)) / np.maximum(n - 1, 1e-12), dtype=np.float64)


def _limits(value: float, variance: float, groups: float, widest: float, confidence: float) -> Interval:
    """value ± t √variance on the artanh scale; (-1, 1) when the units cannot tell.

    Full agreement has no variance: its lower limit is what it would be if the share of disagreeing clusters were at
    the Wilson limit of none among `groups`, each disagreeing as far as can be (`widest`, in units of chance).
    """
    if groups < 1.5 or (variance < 1e-15 and value < 1 - 1e-12):
        return -1.0, 1.0
    t = student_quantile((1 + confidence) / 2, groups - 1)
    if value >= 1 - 1e-12:
        return max(-1.0, 1 - widest * t * t / (groups + t * t)), 1.0
    middle, half = math.atanh(max(value, -1 + 1e-9)), t * math.sqrt(variance) / (1 - min(value * value, 1 - 1e-9))
    return math.tanh(middle - half), math.tanh(middle + half)
