"""Made-up crowds with a known truth: pairs of outcomes in clusters, for tests of coverage and of false alarms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np

from anchorset.infra.stats.agreement import Agreement, cohen_kappa, krippendorff_alpha
from anchorset.infra.stats.auc import auc_interval, plain_auc
from anchorset.infra.stats.interaction import interaction
from anchorset.infra.stats.paired import paired_difference
from anchorset.infra.stats.permutation import sign_flip_p
from anchorset.infra.stats.rate import rate_interval

STATES = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=np.float64)
"""neither, gained, lost, both: baseline and candidate."""


def cluster_sizes(kind: int | str, clusters: int, rng: np.random.Generator) -> np.ndarray:
    """`kind`: a whole number (all of that size), `geometric` (mean 5) or `skewed` (log-normal, a few giants)."""
    if kind == "geometric":
        return rng.geometric(0.2, clusters)
    if kind == "skewed":
        return np.ceil(rng.lognormal(1.0, 1.0, clusters)).astype(int)
    return np.full(clusters, kind)


def shares(baseline: float, gained: float, lost: float) -> np.ndarray:
    """(4,) probabilities of the states; baseline is its pass rate, gained and lost are shares of all pairs."""
    both = baseline - lost
    states = np.array([1 - both - gained - lost, gained, lost, both])
    assert (states >= -1e-12).all(), states
    return np.maximum(states, 0) / np.maximum(states, 0).sum()


def draw_states(
    states: np.ndarray, codes: np.ndarray, clusters: int, likeness: float, rng: np.random.Generator
) -> np.ndarray:
    """(rows,) states; two rows of a cluster have intraclass correlation `likeness` and every row has share `states`.

    Each row copies its cluster's draw with probability √likeness, else draws its own.
    """
    edges = np.cumsum(states)[:-1]
    common = np.searchsorted(edges, rng.random(clusters), side="right")
    own = np.searchsorted(edges, rng.random(codes.size), side="right")
    return np.where(rng.random(codes.size) < np.sqrt(likeness), common[codes], own)


def crowds(
    *,
    baseline: float,
    gained: float,
    lost: float,
    clusters: int,
    size: int | str,
    likeness: float,
    times: int,
    seed: int = 0,
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """`times` draws of (baseline outcomes, candidate outcomes, cluster codes)."""
    rng = np.random.default_rng(seed)
    states = shares(baseline, gained, lost)
    for _ in range(times):
        codes = np.repeat(np.arange(clusters), cluster_sizes(size, clusters, rng))
        pair = STATES[draw_states(states, codes, clusters, likeness, rng)]
        yield pair[:, 0], pair[:, 1], codes


@dataclass(frozen=True, slots=True)
class Coverage:
    """Percent of intervals that hold the truth, lie above it, lie below it."""

    percent: float
    above: float
    below: float

    @classmethod
    def of(cls, limits: Iterable[tuple[float, float]], truth: float) -> Coverage:
        found = np.array(list(limits), dtype=np.float64)
        above, below = (found[:, 0] > truth + 1e-12).mean() * 100, (found[:, 1] < truth - 1e-12).mean() * 100
        return cls(100 - above - below, above, below)


def paired_coverage(*, method: str = "auto", **crowd: Any) -> Coverage:
    """Of `paired_difference`; `crowd` as in `crowds`."""
    found = (paired_difference(a, b, clusters=codes, method=method, resamples=500) for a, b, codes in crowds(**crowd))
    return Coverage.of(((each.low, each.high) for each in found), crowd["gained"] - crowd["lost"])


def rate_coverage(**crowd: Any) -> Coverage:
    """Of `rate_interval` on the baseline's outcomes."""
    found = (rate_interval(a, clusters=codes) for a, _, codes in crowds(**crowd))
    return Coverage.of(((each.low, each.high) for each in found), crowd["baseline"])


def sign_flip_alarms(**crowd: Any) -> float:
    """Percent of p < 0.05; `crowd` should gain as much as it loses."""
    return 100 * float(np.mean([sign_flip_p(b - a, clusters=codes) < 0.05 for a, b, codes in crowds(**crowd)]))


def kappa_coverage(
    *, prevalence: float, accuracy: float, clusters: int, size: int, likeness: float, times: int
) -> Coverage:
    """Of `cohen_kappa` for two raters that are each right with `accuracy`, independently."""
    states, truth = _two_raters(prevalence, accuracy)
    found = []
    for labels, codes in _drawn(states, clusters, size, likeness, times):
        each = cohen_kappa((labels // 2).tolist(), (labels % 2).tolist(), clusters=codes)
        found.append((each.low, each.high))
    return Coverage.of([limits for limits in found if limits[0] is not None], truth)


def alpha_coverage(*, level: str, clusters: int, size: int, noise: float, times: int, truth: float) -> Coverage:
    """Of `krippendorff_alpha` for three raters of five grades with gaps; a cluster shares its level."""
    found = _alphas(level, clusters, size, noise, times, seed=1)
    return Coverage.of(((each.low, each.high) for each in found), truth)


def true_alpha(*, level: str, noise: float, size: int) -> float:
    """What alpha is in a very large crowd of that kind."""
    return float(np.mean([each.value for each in _alphas(level, 4000, size, noise, 6, seed=2)]))


def auc_coverage(*, shift: float, clusters: int, size: int, likeness: float, times: int, grid: float = 0.0) -> Coverage:
    """Of `auc_interval` for two normal crowds `shift` apart, of `clusters` clusters each; scores in steps of `grid`."""
    rng = np.random.default_rng(1)
    codes = np.repeat(np.arange(2 * clusters), size)
    positive = codes < clusters
    found = []
    for _ in range(times):
        noise = np.sqrt(likeness) * rng.normal(size=2 * clusters)[codes] + np.sqrt(1 - likeness) * rng.normal(
            size=codes.size
        )
        scores = shift * positive + noise
        each = auc_interval(np.round(scores / grid) if grid else scores, positive, clusters=codes)
        found.append((each.low, each.high))
    big = shift + rng.normal(size=400_000), rng.normal(size=400_000)
    if grid:
        joined = np.concatenate([np.round(side / grid) for side in big])
        return Coverage.of(found, plain_auc(joined, np.arange(joined.size) < 400_000))
    return Coverage.of(found, NormalDist().cdf(shift / np.sqrt(2)))


def interaction_alarms(
    *,
    shared: bool,
    rows: tuple[int, int],
    gained: tuple[float, float],
    lost: tuple[float, float],
    clusters: tuple[int, int],
    likeness: float,
    times: int,
) -> float:
    """Percent of interaction p < 0.05 (of intervals that leave out 0) for two slices.

    rows: pairs a cluster in either slice; `shared`: both slices hang on the same clusters, whose likeness spans them.
    """
    rng = np.random.default_rng(1)
    slices = [shares(0.5, gained[side], lost[side]) for side in (0, 1)]
    codes = [np.repeat(np.arange(clusters[side]), rows[side]) for side in (0, 1)]
    joined = np.concatenate([codes[0], codes[1] if shared else codes[1] + clusters[0]])
    first = np.arange(joined.size) < codes[0].size
    alarms = 0
    for _ in range(times):
        level = rng.random(int(joined.max()) + 1)
        common = np.where(rng.random(joined.size) < np.sqrt(likeness), level[joined], rng.random(joined.size))
        states = np.where(first, *(np.searchsorted(np.cumsum(side)[:-1], common, side="right") for side in slices))
        pair = STATES[states]
        found = interaction(pair[:, 0], pair[:, 1], first, clusters=joined)
        alarms += found.p < 0.05
    return 100 * alarms / times


def _two_raters(prevalence: float, accuracy: float) -> tuple[np.ndarray, float]:
    yes = np.array([1 - accuracy, accuracy])
    states = (prevalence * np.outer(yes, yes) + (1 - prevalence) * np.outer(yes[::-1], yes[::-1])).ravel()
    table = states.reshape(2, 2)
    chance = float(table.sum(axis=1) @ table.sum(axis=0))
    return states, (float(np.trace(table)) - chance) / (1 - chance)


def _drawn(
    states: np.ndarray, clusters: int, size: int, likeness: float, times: int
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    rng = np.random.default_rng(1)
    codes = np.repeat(np.arange(clusters), size)
    for _ in range(times):
        yield draw_states(states, codes, clusters, likeness, rng), codes


def _alphas(level: str, clusters: int, size: int, noise: float, times: int, seed: int) -> Iterator[Agreement]:
    rng = np.random.default_rng(seed)
    codes = np.repeat(np.arange(clusters), size)
    for _ in range(times):
        grade = rng.normal(size=clusters)[codes] * np.sqrt(0.4) + rng.normal(size=codes.size) * np.sqrt(0.6)
        rated = np.clip(np.round(grade + noise * rng.normal(size=(3, codes.size))), -2, 2)
        rows = np.where(rng.random(rated.shape) > 0.15, rated, None).tolist()
        yield krippendorff_alpha(rows, level=level, clusters=codes)
