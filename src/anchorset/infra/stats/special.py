"""The few special functions the tests need, in plain Python: normal and Student quantiles, binomial tails.

SciPy stays out of the base install. What this module does not know: what is being tested.
"""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist

_TINY = 1e-300
_NORMAL = NormalDist()


def normal_quantile(probability: float) -> float:
    """The z with P(Z <= z) = `probability` (0-1, exclusive)."""
    return _NORMAL.inv_cdf(probability)


def normal_tail(z: float) -> float:
    """P(Z >= z)."""
    return math.erfc(z / math.sqrt(2)) / 2


def regularised_beta(x: float, a: float, b: float) -> float:
    """I_x(a, b) for x in 0-1: Lentz's continued fraction (Press et al., Numerical Recipes, 3rd ed., 6.4)."""
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - regularised_beta(1 - x, b, a)
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)) / a
    c, d = 1.0, 1 / _away(1 - (a + b) * x / (a + 1))
    fraction = d
    for m in range(1, 10_000):
        for step in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / _away(1 + step * d)
            c = _away(1 + step / c)
            fraction *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return front * fraction


def student_tail(t: float, df: float) -> float:
    """P(T >= t) of Student's t with `df` degrees of freedom (any positive number, infinity is the normal)."""
    if math.isinf(df):
        return normal_tail(t)
    half = regularised_beta(df / (df + t * t), df / 2, 0.5) / 2
    return half if t >= 0 else 1 - half


@lru_cache(maxsize=4096)
def student_quantile(probability: float, df: float) -> float:
    """The t with P(T <= t) = `probability` (0-1, exclusive), by bisection on the tail; exact to about 1e-12."""
    if math.isinf(df) or df > 1e7:
        return normal_quantile(probability)
    if probability < 0.5:
        return -student_quantile(1 - probability, df)
    low, high = 0.0, 2.0
    while student_tail(high, df) > 1 - probability:
        low, high = high, high * 2
    # Newton inside the bracket: the tail is convex there, so three or four steps do.
    t = (low + high) / 2
    constant = math.lgamma((df + 1) / 2) - math.lgamma(df / 2) - math.log(df * math.pi) / 2
    for _ in range(100):
        excess = student_tail(t, df) - (1 - probability)
        low, high = (t, high) if excess > 0 else (low, t)
        step = t + excess / math.exp(constant - (df + 1) / 2 * math.log1p(t * t / df))
        step = step if low < step < high else (low + high) / 2
        if abs(step - t) < 1e-13 * max(1.0, t):
            return step
        t = step
    return t


def fair_coin_p(heads: int, tails: int) -> float:
    """Two-sided exact p of a fair coin: min(1, 2 P(X <= min(heads, tails))), X ~ Binomial(heads + tails, 1/2)."""
    n, few = heads + tails, min(heads, tails)
    if 2 * few >= n - 1:
        return 1.0
    return min(1.0, 2 * regularised_beta(0.5, n - few, few + 1))


def _away(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
