"""How well do scores tell two groups apart? The area under the ROC curve with its interval.

What this module does not know: where the scores come from.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from anchorset.core.errors import InputError
from anchorset.infra.stats.intervals import crossing, two_sided_z
from anchorset.infra.stats.special import student_quantile
from anchorset.infra.stats.spread import Floats, Keys, codes_of, sums_by


@dataclass(frozen=True, slots=True, kw_only=True)
class Auc:
    """Chance that a random positive scores above a random negative, ties half; 0.5 = cannot tell them apart."""

    auc: float
    low: float
    high: float
    method: Literal["delong", "newcombe"]
    positives: int
    negatives: int


def midranks(values: Floats) -> Floats:
    """Ranks from 1, equal values sharing their mean rank; (n,) in and out."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    ends = np.append(starts[1:], values.size)
    ranks = np.empty(values.size)
    ranks[order] = np.repeat((starts + ends + 1) / 2, ends - starts)
    return ranks


def plain_auc(scores: Floats, positive: Any) -> float:
    """The area alone: (R - m(m+1)/2) / (m n), R the rank sum of the m positives (Mann and Whitney 1947)."""
    inside = np.asarray(positive, dtype=bool)
    m, n = int(inside.sum()), int((~inside).sum())
    if not m or not n:
        raise InputError(f"There are {m!r} positives and {n!r} negatives; an area needs at least one of each.")
    return float((midranks(scores)[inside].sum() - m * (m + 1) / 2) / (m * n))


def auc_interval(scores: Any, positive: Any, *, clusters: Keys | None = None, confidence: float = 0.95) -> Auc:
    """Area for `scores` (n,) and `positive` (n,) truth values, with an interval.

    Error: DeLong, DeLong and Clarke-Pearson (1988), from each row's placement among the other group (midranks: Sun and
    Xu 2014), summed within clusters (Obuchowski 1997, Nonparametric analysis of clustered ROC curve data); the limits
    are made on the logit scale with Student's t. Where a group is so well or so badly separated that fewer than five
    of its rows are misplaced at all, that error is not to be trusted: then the score-type limits of Newcombe (2006,
    Confidence intervals for an effect size measure based on the Mann-Whitney statistic, method 5), with clusters
    counted in place of rows, join it.
    Raises InputError when a group is empty.
    """
    values, inside = np.asarray(scores, dtype=np.float64), np.asarray(positive, dtype=bool)
    area = plain_auc(values, inside)
    codes, count = codes_of(clusters, values.size)
    m, n = int(inside.sum()), int((~inside).sum())
    together = midranks(values)
    # Placement: the share of the other group that a row beats (for negatives: that beats it).
    placed = np.empty(values.size)
    placed[inside] = (together[inside] - midranks(values[inside])) / n
    placed[~inside] = 1 - (together[~inside] - midranks(values[~inside])) / m
    pull = np.where(inside, (placed - area) / m, (placed - area) / n)
    parts = [sums_by(codes[side], pull[side], count) for side in (inside, ~inside)]
    sizes = [_groups(codes[side], count) for side in (inside, ~inside)]
    scaled = [part * math.sqrt(size / max(size - 1, 1e-9)) for part, size in zip(parts, sizes, strict=True)]
    variance = float(((scaled[0] + scaled[1]) ** 2).sum())
    few = min(int((placed[side] < 1).sum()) for side in (inside, ~inside)) < 5
    few = few or min(int((placed[side] > 0).sum()) for side in (inside, ~inside)) < 5
    if min(sizes) < 2:
        return Auc(auc=area, low=0.0, high=1.0, method="newcombe", positives=m, negatives=n)
    low, high = 1.0, 0.0
    if 0 < area < 1 and variance > 0:
        t = student_quantile((1 + confidence) / 2, sum(sizes) - 2)
        middle, half = math.log(area / (1 - area)), t * math.sqrt(variance) / (area * (1 - area))
        low, high = _logistic(middle - half), _logistic(middle + half)
    if few or low > high:
        score_low, score_high = newcombe_auc(area, sizes[0], sizes[1], confidence=confidence)
        low, high = min(low, score_low), max(high, score_high)
    return Auc(auc=area, low=low, high=high, method="newcombe" if few else "delong", positives=m, negatives=n)


def newcombe_auc(area: float, positives: float, negatives: float, *, confidence: float = 0.95) -> tuple[float, float]:
    """Limits from the area and the two sample sizes alone; never a width of 0.

    Newcombe (2006), method 5: |A - θ| = z √V(θ), V the variance of Hanley and McNeil (1982) with both sizes in its
    bracket replaced by their mean: V = θ(1-θ) [1 + N(1-θ)/(2-θ) + N θ/(1+θ)] / (m n), N = (m + n)/2 - 1.
    """
    z, spare = two_sided_z(confidence), (positives + negatives) / 2 - 1

    def upper(area: float) -> float:
        def shortfall(theta: float) -> float:
            bracket = 1 + spare * (1 - theta) / (2 - theta) + spare * theta / (1 + theta)
            return theta - area - z * math.sqrt(max(theta * (1 - theta) * bracket / (positives * negatives), 0.0))

        return 1.0 if area >= 1 else crossing(shortfall, area, 1.0)

    return 1 - upper(1 - area), upper(area)


def _groups(codes: Any, count: int) -> float:
    """Kish number of clusters."""
    sizes = np.bincount(codes, minlength=count) / codes.size
    return 1 / float(sizes @ sizes)


def _logistic(x: float) -> float:
    return 1 / (1 + math.exp(-max(min(x, 700.0), -700.0)))
