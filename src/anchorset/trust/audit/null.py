"""What two samples of one crowd would show: labels shuffled, all signals together, one joint threshold.

Under the null hypothesis the side of a case is an accident, so every shuffle of the labels is as likely as the labels
we see (permutation test; Fisher 1935, Pitman 1937). Each signal is put on a common scale by its own shuffles, and the
largest of all signals in each shuffle is the joint null (max-statistic; Westfall and Young 1993, section 2.3): a set
fails when one signal exceeds what the largest of all signals exceeds in 1.5 % of the shuffles.
What this module does not know: any signal.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from anchorset.trust.audit.crowd import Crowd

Floats = NDArray[np.float32]

SHUFFLES = 999
JOINT = 0.985
"""Share of pairs of samples of one crowd that have no failing signal."""
ALONE = 0.99
"""The same for one signal looked at alone: outside is worth a warning."""

_TAILS = ((0.975, 1.960), (0.99, 2.326), (0.997, 2.748))
"""Probabilities and their normal deviates."""

Tail = Literal["up", "down", "both"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """The labels we see (column 0) and their shuffles, with the counts of the cases."""

    synthetic: NDArray[np.bool_]
    """(n, columns)"""
    weight: Floats
    """(n, columns) the count where the row is synthetic in that column, else 0."""
    count: Floats
    """(n,)"""

    def sums(self, features: Floats) -> tuple[Floats, Floats]:
        """Cases holding each feature, (k, columns) real and synthetic; features (n, k)."""
        synthetic = features.T @ self.weight
        real = (features.T @ self.count)[:, None] - synthetic
        return np.maximum(real, 0.0), synthetic

    def sizes(self) -> tuple[Floats, Floats]:
        """(columns,) cases on the real and on the synthetic side."""
        synthetic = self.weight.sum(axis=0)
        return self.count.sum() - synthetic, synthetic

    def shares(self, features: Floats) -> tuple[Floats, Floats]:
        """As `sums`, divided by the sizes: means over cases."""
        (real, synthetic), (n_real, n_synthetic) = self.sums(features), self.sizes()
        return real / n_real, synthetic / n_synthetic

    def means(self, values: Floats, *, synthetic: bool) -> Floats:
        """(columns,) mean over the cases of one side; values (n, columns)."""
        weight = self.weight if synthetic else self.count[:, None] - self.weight
        mean: Floats = np.einsum("nc,nc->c", values, weight) / weight.sum(axis=0)
        return mean


def shuffled(crowd: Crowd, rng: np.random.Generator, shuffles: int = SHUFFLES) -> Labels:
    """The labels and `shuffles` shuffles of them. Units move whole: where they differ in size, so do the sides."""
    of_unit = np.zeros(int(crowd.unit.max()) + 1, dtype=np.bool_)
    of_unit[crowd.unit] = crowd.synthetic
    columns = np.tile(of_unit[:, None], (1, shuffles + 1))
    columns[:, 1:] = rng.permuted(columns[:, 1:], axis=0)
    synthetic = columns[crowd.unit]
    return Labels(synthetic=synthetic, weight=synthetic * crowd.count[:, None], count=crowd.count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One signal, measured under every column of the labels."""

    name: str
    statistic: Floats
    """(columns,) what is tested; column 0 is what we see."""
    tail: Tail
    """Which way is drift."""
    floor: float
    """The smallest departure from the null's middle that matters, in the unit of the statistic; above 0."""
    value: float
    reference: float
    as_value: Callable[[float], float]
    """From the statistic to the unit of `value`, for the ends of the band."""
    why: str
    examples: tuple[str, ...] = ()
    interval: tuple[float, float] | None = None
    certain: bool = False
    """True: drift whatever the shuffles say, because there are too few voices to shuffle."""
    ratio_limit: float | None = None
    """A second condition for a failure: value / reference must leave 1 ± this. None: there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Where one signal stands among its shuffles."""

    excess: float
    """Departure in units of the signal's own scale (about standard deviations), 0 when below the floor."""
    low: float | None
    """Joint band, in the unit of `value`; None: no limit on that side."""
    high: float | None
    outside: bool
    """Outside the joint band."""
    alone: bool
    """Outside the band of this signal alone."""


def read(signals: Sequence[Measured], *, widen: float = 1.0) -> list[Reading]:
    """A reading for each signal. widen: how many times the joint threshold a signal has to exceed."""
    scaled = [_scaled(signal) for signal in signals]
    largest = np.max(np.stack([one.excess for one in scaled]), axis=0)
    threshold = widen * float(np.quantile(largest, JOINT, method="higher"))
    return [_reading(signal, one, threshold) for signal, one in zip(signals, scaled, strict=True)]


@dataclass(frozen=True, slots=True)
class _Scaled:
    excess: Floats
    middle: float
    up: float
    down: float


def _scaled(signal: Measured) -> _Scaled:
    """Each column's departure from the median in units of its own side: skewness is no drift.

    The unit is the widest of three upper quantiles, each over its normal deviate: one alone is 0 for a signal that is
    rarely seen at all, and such a signal would set the joint threshold for all others.
    """
    values = np.nan_to_num(signal.statistic.astype(np.float64))
    middle = float(np.median(values))
    least = max(signal.floor / 3, 1e-9)
    tops = np.quantile(values, [chance for chance, _ in _TAILS])
    bottoms = np.quantile(values, [1 - chance for chance, _ in _TAILS])
    deviates = np.array([deviate for _, deviate in _TAILS])
    up = max(float(((tops - middle) / deviates).max()), least)
    down = max(float(((middle - bottoms) / deviates).max()), least)
    away = values - middle
    excess = np.where(away > 0, away / up, -away / down)
    if signal.tail == "up":
        excess = np.where(away > 0, excess, 0.0)
    elif signal.tail == "down":
        excess = np.where(away < 0, excess, 0.0)
    return _Scaled(np.where(np.abs(away) < signal.floor, 0.0, excess).astype(np.float32), middle, up, down)


def _reading(signal: Measured, scaled: _Scaled, threshold: float) -> Reading:
    def end(sign: int, scale: float) -> float:
        return signal.as_value(scaled.middle + sign * max(threshold * scale, signal.floor))

    excess = float(scaled.excess[0])
    return Reading(
        excess=excess,
        low=end(-1, scaled.down) if signal.tail != "up" else None,
        high=end(+1, scaled.up) if signal.tail != "down" else None,
        outside=excess > threshold,
        alone=excess > float(np.quantile(scaled.excess, ALONE, method="higher")),
    )
