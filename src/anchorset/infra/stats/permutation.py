"""Sign-flip permutation test of per-cluster differences.

What this module does not know: how the differences came about.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from anchorset.infra.stats.special import fair_coin_p
from anchorset.infra.stats.spread import Floats, Keys, codes_of, sums_by

LATTICES = (1, 2, 3, 4, 5, 6, 8, 10, 12, 20, 100, 1000)
"""Differences that are whole multiples of one over these are counted exactly: means of repeats, rounded scores."""

_EXACT_SUM = 4_000_000
"""Above this sum of whole differences the exact distribution is sampled instead."""

_BLOCK = 4_000_000


def sign_flip_p(
    differences: Any,
    *,
    clusters: Keys | None = None,
    weights: Any | None = None,
    resamples: int = 9_999,
    seed: int = 0,
) -> float:
    """Two-sided p that candidate and baseline are exchangeable within each cluster.

    differences (n,): candidate minus baseline, one a pair; `clusters` (n,): None means one pair a cluster;
    `weights` (n,) multiply the differences. Under the null the sign of each cluster's sum is a fair coin (Fisher 1935,
    The design of experiments, section 21); p is the share of sign patterns whose total is as far from 0 or farther.
    Exact when the sums are whole multiples of a common step (by the characteristic function Π cos(a t)); one pair a
    cluster of 0/1 outcomes is the exact McNemar test. Otherwise sampled, (b + 1) / (B + 1) (Phipson and Smyth 2010),
    with `seed`; beyond 20,000 clusters B shrinks to keep the work bounded, never under 1,999.
    """
    row = np.asarray(differences, dtype=np.float64)
    if weights is not None:
        row = row * np.asarray(weights, dtype=np.float64)
    codes, count = codes_of(clusters, row.size)
    sums = sums_by(codes, row, count)
    # Sums that cancel leave rounding dust, which is no difference.
    sums = sums[np.abs(sums) > 1e-12 * max(1.0, float(np.abs(row).max(initial=0.0)))]
    if not sums.size:
        return 1.0
    whole = _whole(sums)
    if whole is None or np.abs(whole).sum() > _EXACT_SUM:
        return _sampled(sums, resamples, seed)
    sizes, times = np.unique(np.abs(whole), return_counts=True)
    if len(sizes) == 1:
        up = int(np.count_nonzero(whole > 0))
        return fair_coin_p(up, whole.size - up)
    return _exact(sizes, times, abs(int(whole.sum())), whole.size)


def _whole(sums: Floats) -> np.ndarray[Any, np.dtype[np.int64]] | None:
    """The sums in the coarsest step that makes them whole numbers; None when no step does."""
    for lattice in LATTICES:
        scaled = sums * lattice
        near = np.rint(scaled)
        if np.abs(scaled - near).max() < 1e-7:
            units = near.astype(np.int64)
            return np.asarray(units // np.gcd.reduce(units))
    return None


def _exact(sizes: Any, times: Any, total: int, count: int) -> float:
    """P(|Σ ± size| >= total), by Fourier inversion of Π cos(size · t)^times on a ring longer than the range."""
    most = int(sizes @ times)
    if total == 0:
        return 1.0
    ring = 1 << (2 * most + 1).bit_length()
    turn = np.arange(ring // 2 + 1)
    # The argument is reduced in whole numbers first, so that large sizes lose no digits.
    transform = np.ones(ring // 2 + 1)
    for size, time in zip(sizes.tolist(), times.tolist(), strict=True):
        transform *= np.cos(2 * np.pi / ring * (turn * size % ring)) ** time
    mass = np.fft.irfft(transform, ring)
    tail = 2 * float(mass[total : most + 1].sum())
    return min(1.0, max(tail, 2.0 ** (1 - min(count, 1000)), 1e-15))


def _sampled(sums: Floats, resamples: int, seed: int) -> float:
    rng = np.random.default_rng(seed)
    resamples = max(min(resamples, 200_000_000 // sums.size), min(resamples, 1_999))
    scale = np.abs(sums).max()
    steps = (sums / scale).astype(np.float32)
    observed = abs(float(steps.sum(dtype=np.float64))) - 1e-5
    total, rows, width = 0, max(1, _BLOCK // sums.size), -(-sums.size // 8)
    for start in range(0, resamples, rows):
        size = min(rows, resamples - start)
        bits = np.frombuffer(rng.bytes(size * width), dtype=np.uint8).reshape(size, width)
        heads = np.unpackbits(bits, axis=1, count=sums.size).astype(np.float32)
        total += int(np.count_nonzero(np.abs(2 * (heads @ steps) - steps.sum(dtype=np.float64)) >= observed))
    return (total + 1) / (resamples + 1)
