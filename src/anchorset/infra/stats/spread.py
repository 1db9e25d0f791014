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

FEW_FLIPS = 3
"""With so many flips, the likeness of rows in a cluster is half what was measured and half taken as complete; with no
flips it is taken as complete, with thirty as measured."""


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
    """Degrees of freedom: Kish clusters - 1, so clusters - 1 when all weigh the same; 0 when one outweighs the rest."""
    n_effective: float
    """How many independent rows would know as much."""
    design_effect: float
    """Kish rows over effective rows, 1 or more."""
    contributions: Floats
    """(clusters,) what each cluster adds to the error of the mean; their squares sum to `variance`."""


def spread(values: Floats, weights: Floats, codes: Codes, count: int) -> Spread:
    """Mean of `values` (n,) under `weights` (n,), rows in `count` clusters.

    Variance: CR2, Σ u²/(1 - W), u = Σ share (value - mean) in the cluster, W the cluster's share (Bell and McCaffrey
    2002, Bias reduction in standard errors for linear regression with multi-stage samples).
    Effective n: Kish rows over the design effect 1 + ρ (m - 1) (Kish 1965, Survey sampling, 5.4), m = Kish rows over
    Kish clusters, never below 1. ρ is the moment estimate from products of rows within a cluster, each cluster
    weighted by its size rather than its square: a giant cluster says much about itself and little about the others.
    """
    mean = mean_of(values, weights)
    shares = weights / weights.sum()
    error = shares * (values - mean)
    cluster_share = sums_by(codes, shares, count)
    cluster_error = sums_by(codes, error, count)
    own_share = sums_by(codes, shares * shares, count)
    rows, groups = 1 / float(own_share.sum()), 1 / float(cluster_share @ cluster_share)
    if groups < 1.5:
        nothing = np.zeros(count)
        return Spread(mean=mean, variance=0.0, df=0.0, n_effective=1.0, design_effect=rows, contributions=nothing)
    contributions = cluster_error / np.sqrt(1 - cluster_share)
    row_variance = float(shares @ (values - mean) ** 2)
    most = rows / groups
    # A cluster of weight 0 has no say; dividing its zeros by 1 keeps them zeros.
    size = np.where(cluster_share > 0, cluster_share, 1.0)
    products = (cluster_error**2 - sums_by(codes, error * error, count)) / size
    pairs = float(((cluster_share**2 - own_share) / size).sum())
    measured = float(products.sum()) / (row_variance * pairs) if row_variance > 1e-12 and pairs > 1e-12 else 0.0
    # The mean was estimated from the same rows, which makes every product too small by the variance of the mean.
    measured = (measured + 1 / rows) / (1 - (most - 1) / rows)
    doubt = 1 / (1 + (rows * row_variance / FEW_FLIPS) ** 2)
    likeness = (1 - doubt) * min(max(measured, 0.0), 1.0) + doubt
    effect = 1 + likeness * (most - 1)
    return Spread(
        mean=mean,
        variance=float(contributions @ contributions),
        df=groups - 1,
        n_effective=rows / effect,
        design_effect=effect,
        contributions=contributions,
    )
