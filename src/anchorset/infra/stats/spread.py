"""How surely a weighted mean is known when rows come in clusters: variance, degrees of freedom, effective n.

What this module does not know: what the values mean.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anchorset.core.errors import InputError

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]
Keys = Sequence[Hashable] | NDArray[Any]
"""One cluster key a row: strings or whole numbers."""

PRIOR_FLIPS = 0.5
"""How many imaginary flips, wholly alike within their clusters, join the observed ones when the design effect is
estimated: none is felt with thirty flips, and with no flips nothing but them speaks."""


def outcomes(values: Any, name: str) -> Floats:
    """The values as float64. Raises InputError unless they are a row of numbers from 0 to 1."""
    row = np.asarray(values, dtype=np.float64)
    if row.ndim != 1 or not row.size:
        raise InputError(f"`{name}` has shape {row.shape!r}; one dimension with 1 or more values is expected.")
    bad = np.flatnonzero(~((row >= 0) & (row <= 1)))
    if bad.size:
        raise InputError(
            f"`{name}` holds {float(row[bad[0]])!r} at row {int(bad[0])}; numbers from 0 to 1 are expected. "
            f"Rescale or remove the {bad.size} such rows."
        )
    return row


def codes_of(clusters: Keys | None, n: int) -> tuple[Codes, int]:
    """Cluster numbers 0 … count-1, one a row, and the count. None: every row is its own cluster."""
    if clusters is None:
        return np.arange(n), n
    if len(clusters) != n:
        raise InputError(f"`clusters` has {len(clusters)!r} rows and the values have {n!r}; give one key a row.")
    if isinstance(clusters, np.ndarray) and clusters.dtype.kind in "iub":
        names, codes = np.unique(clusters, return_inverse=True)
        return codes.reshape(-1).astype(np.intp, copy=False), len(names)
    seen: dict[Hashable, int] = {}
    keys = clusters.tolist() if isinstance(clusters, np.ndarray) else clusters
    codes = np.fromiter((seen.setdefault(key, len(seen)) for key in keys), dtype=np.intp, count=n)
    return codes, len(seen)


def weights_of(weights: Any | None, n: int) -> Floats:
    """One weight a row, ones for None. Raises InputError for a negative, missing or all-zero weight."""
    if weights is None:
        return np.ones(n)
    row = np.asarray(weights, dtype=np.float64)
    total = float(row.sum()) if row.shape == (n,) else 0.0
    if not (np.isfinite(total) and total > 0 and row.min() >= 0):
        raise InputError(f"`weights` {row!r} cannot weigh {n!r} rows; give one number from 0 a row, not all of them 0.")
    return row


def mean_of(values: Floats, weights: Floats) -> float:
    """Weighted mean. Whole numbers under weights of 1 sum without rounding: as many gains as losses make exactly 0."""
    return float(weights @ values) / float(weights.sum())


def sums_by(codes: Codes, values: Floats, count: int) -> Floats:
    """(count,) sum of `values` (n,) in each cluster."""
    return np.asarray(np.bincount(codes, values, count), dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """A weighted mean and what is known about its error."""

    mean: float
    variance: float
    """Cluster-robust variance of the mean (CR2)."""
    df: float
    """Degrees of freedom of that variance (Bell and McCaffrey); clusters - 1 when all are of one size."""
    n_effective: float
    """How many independent rows would know as much."""
    design_effect: float
    """Kish rows over effective rows, 1 or more."""
    contributions: Floats
    """(clusters,) what each cluster adds to the error of the mean, scaled so that their squares sum to `variance`."""


def spread(values: Floats, weights: Floats, codes: Codes, count: int, row_variance: float) -> Spread:
    """Mean of `values` (n,) under `weights` (n,), rows in `count` clusters.

    Variance: CR2, Σ u²/(1 - W), u = Σ share (value - mean) in the cluster, W its share (Bell and McCaffrey 2002,
    Bias reduction in standard errors for linear regression with multi-stage samples). Degrees of freedom: their
    Satterthwaite rule under the exchangeable working model of Imbens and Kolesár (2016).
    Effective n: Kish rows over the design effect = variance / `row_variance` as independent rows would have it
    (Kish 1965), never below 1, drawn towards whole correlation by `PRIOR_FLIPS` when few rows speak.
    `row_variance`: of one row under the binomial model, p(1-p) for a rate, p + q - (p-q)² for a paired difference.
    """
    mean = mean_of(values, weights)
    shares = weights / weights.sum()
    weight = sums_by(codes, shares, count)
    error = sums_by(codes, shares * (values - mean), count)
    squares = sums_by(codes, shares * shares, count)
    rows, groups = 1 / float(squares.sum()), 1 / float(weight @ weight)
    if groups < 1 + 1e-9:
        return Spread(
            mean=mean, variance=0.0, df=0.0, n_effective=1.0, design_effect=rows, contributions=np.zeros(count)
        )
    contributions = error / np.sqrt(1 - weight)
    variance = float(contributions @ contributions)
    most = rows / groups
    information = rows * row_variance
    raw = variance * (rows - 1) / row_variance if row_variance > 1e-12 else most
    effect = max(1.0, (information * raw + PRIOR_FLIPS * most) / (information + PRIOR_FLIPS))
    likeness = min((effect - 1) / (most - 1), 1.0) if most > 1 + 1e-9 else 0.0
    return Spread(
        mean=mean,
        variance=variance,
        df=_degrees(weight, (1 - likeness) * squares + likeness * weight * weight),
        n_effective=rows / effect,
        design_effect=effect,
        contributions=contributions,
    )


def _degrees(weight: Floats, model: Floats) -> float:
    """(tr B)² / tr B² with B = A C A, C_gk = v_g [g = k] - W_g v_k - v_g W_k + W_g W_k Σv, A² = 1 / (1 - W).

    `model` is v, each cluster's variance under the working model, up to a constant; O(clusters).
    """
    spare, total = 1 / (1 - weight), float(model.sum())
    diagonal = model - 2 * weight * model + weight * weight * total
    off = 2 * weight * model - weight * weight * total
    x, y, z = spare @ weight**2, spare @ model**2, spare @ (weight * model)
    square = 2 * x * y + 2 * z * z + (total * x) ** 2 - 4 * total * x * z
    square += spare**2 @ (diagonal**2 - off**2)
    return float((spare @ diagonal) ** 2 / square)
