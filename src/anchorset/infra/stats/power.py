"""How many pairs see a drop, and how small a drop so many pairs see.

What this module does not know: the results. The flip rate is a guess before a run and an estimate after it.
"""

from __future__ import annotations

import math

from anchorset.core.errors import UsageError
from anchorset.infra.stats.intervals import crossing
from anchorset.infra.stats.special import normal_quantile


def needed_n(
    difference: float, *, flip_rate: float, design_effect: float = 1.0, power: float = 0.8, confidence: float = 0.95
) -> int:
    """Pairs needed to see a true `difference` (0-1 apart from 0, sign ignored) with the given `power`.

    flip_rate: share of pairs whose outcome changes, 0-1; a difference needs at least as many flips, so a smaller one
    is raised to it. Connor (1987), Sample size for testing differences in proportions for the paired-sample design:
    n = (z_(1+confidence)/2 √ψ + z_power √(ψ - d²))² / d², times the design effect of clusters. Raises UsageError.
    """
    d = abs(difference)
    if not 0 < d <= 1:
        raise UsageError(f"No number of pairs sees a `difference` of {difference!r}; give one between 0 and 1.")
    return math.ceil(_pairs(d, flip_rate, power, confidence) * design_effect - 1e-9)


def detectable_difference(
    n: float, *, flip_rate: float, design_effect: float = 1.0, power: float = 0.8, confidence: float = 0.95
) -> float | None:
    """The smallest true difference (0-1) that `n` pairs see with the given `power`; None when they see none at all.

    The inverse of `needed_n`, with the same arguments.
    """
    effective = n / design_effect
    if effective < _pairs(1.0, flip_rate, power, confidence):
        return None
    return crossing(lambda d: 1 / _pairs(d, flip_rate, power, confidence) - 1 / effective, 1e-9, 1.0)


def _pairs(d: float, flip_rate: float, power: float, confidence: float) -> float:
    if not 0 <= flip_rate <= 1:
        raise UsageError(f"`flip_rate` is {flip_rate!r}; a share of pairs between 0 and 1 is expected.")
    flips = max(flip_rate, d)
    reach = normal_quantile((1 + confidence) / 2) * math.sqrt(flips)
    reach += normal_quantile(power) * math.sqrt(flips - d * d)
    return (reach / d) ** 2
