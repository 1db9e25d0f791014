"""Score intervals for one rate, two independent rates and one paired difference.

Counts may be fractional: an effective sample size is not a whole number.
What this module does not know: clusters. They enter as an effective n and a Student quantile.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from anchorset.infra.stats.special import normal_quantile

Interval = tuple[float, float]
"""Lower and upper limit."""


def two_sided_z(confidence: float) -> float:
    """1.96 for 0.95."""
    return normal_quantile((1 + confidence) / 2)


def wilson(successes: float, n: float, *, confidence: float = 0.95, quantile: float | None = None) -> Interval:
    """Interval of a rate, 0-1; (0, 1) when n is 0.

    Wilson (1927), Probable inference: (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n).
    `quantile` replaces z, for example by Student's t when n is an effective one.
    """
    if n <= 0:
        return 0.0, 1.0
    z = two_sided_z(confidence) if quantile is None else quantile
    p = successes / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(max(p * (1 - p), 0.0) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return (0.0 if successes <= 0 else max(0.0, middle - half)), (1.0 if successes >= n else min(1.0, middle + half))


def newcombe_independent(
    successes: float, n: float, other_successes: float, other_n: float, *, confidence: float = 0.95
) -> Interval:
    """Interval of rate minus other rate, two independent samples, each limit -1 to 1.

    Newcombe (1998), Interval estimation for the difference between independent proportions, method 10:
    square and add the distances to the Wilson limits.
    """
    low, high = wilson(successes, n, confidence=confidence)
    other_low, other_high = wilson(other_successes, other_n, confidence=confidence)
    p = successes / n if n else 0.5
    q = other_successes / other_n if other_n else 0.5
    return p - q - math.hypot(p - low, other_high - q), p - q + math.hypot(high - p, q - other_low)


def newcombe_paired(both: float, gained: float, lost: float, neither: float, *, confidence: float = 0.95) -> Interval:
    """Interval of the candidate's rate minus the baseline's on the same cases, each limit -1 to 1.

    both, gained, lost, neither: pairs right twice, only with the candidate, only with the baseline, never.
    Newcombe (1998), Improved confidence intervals for the difference between binomial proportions based on paired
    data, method 10: Wilson limits of both margins, joined with their (continuity corrected) phi correlation.
    """
    n = both + gained + lost + neither
    if n <= 0:
        return -1.0, 1.0
    p, q = (both + gained) / n, (both + lost) / n
    p_low, p_high = wilson(both + gained, n, confidence=confidence)
    q_low, q_high = wilson(both + lost, n, confidence=confidence)
    margins = (both + gained) * (lost + neither) * (both + lost) * (gained + neither)
    excess = both * neither - gained * lost
    if excess > 0:
        excess = max(excess - n / 2, 0.0)
    phi = excess / math.sqrt(margins) if margins > 0 else 0.0

    def reach(first: float, second: float) -> float:
        return math.sqrt(max(first * first - 2 * phi * first * second + second * second, 0.0))

    return p - q - reach(p - p_low, q_high - q), p - q + reach(p_high - p, q - q_low)


def tango(gained: float, lost: float, n: float, *, confidence: float = 0.95, quantile: float | None = None) -> Interval:
    """Score interval of (gained - lost) / n, paired; each limit -1 to 1; (-1, 1) when n is 0.

    Tango (1998), Equivalence test and confidence interval for the difference in proportions for the paired-sample
    design: the d with |gained - lost - n d| = z √(n (2 q(d) + d (1 - d))), q(d) the likelihood estimate of the
    share of lost pairs under d. No flips in n pairs give ± z²/(n + z²), not certainty.
    `quantile` replaces z, for example by Student's t when n is an effective one.
    """
    if n <= 0:
        return -1.0, 1.0
    z = two_sided_z(confidence) if quantile is None else quantile
    return -_tango_upper(lost, gained, n, z), _tango_upper(gained, lost, n, z)


def _tango_upper(gained: float, lost: float, n: float, z: float) -> float:
    estimate = (gained - lost) / n

    def shortfall(d: float) -> float:
        """Negative while d is nearer than the limit."""
        b = (2 * n - gained + lost) * d - gained - lost
        q = (math.sqrt(max(b * b + 8 * n * lost * d * (1 - d), 0.0)) - b) / (4 * n)
        return n * d - gained + lost - z * math.sqrt(max(n * (2 * q + d * (1 - d)), 0.0))

    return crossing(shortfall, estimate, 1.0)


def crossing(rises: Callable[[float], float], low: float, high: float) -> float:
    """The root, to about 1e-12, of a function not above 0 at `low` that rises through 0; `high` if it never does.

    Regula falsi with the Illinois rule (Dowell and Jarratt 1971): ten evaluations where bisection takes forty; every
    fifth step is a bisection all the same, against kinks and flat stretches.
    """
    at_low, at_high = rises(low), rises(high)
    if at_high <= 0:
        return high
    last, side, stuck = low, 0, False
    for step in range(300):
        # The function may start at 0, fall and then rise (no flips at all): halve until it is below.
        halve = stuck or step % 5 == 4 or at_low >= 0
        guess = (low + high) / 2 if halve else (low * at_high - high * at_low) / (at_high - at_low)
        at_guess = rises(guess)
        if at_guess == 0 or high - low < 1e-12:
            return guess
        stuck = abs(guess - last) < 1e-13
        # A step of nothing is the root, or a chord that hardly moves: the sign a hair further on tells which.
        if stuck and (rises(guess - math.copysign(1e-12, at_guess)) > 0) != (at_guess > 0):
            return guess
        last = guess
        if at_guess > 0:
            high, at_high = guess, at_guess
            at_low = at_low / 2 if side > 0 else at_low
            side = 1
        else:
            low, at_low = guess, at_guess
            at_high = at_high / 2 if side < 0 else at_high
            side = -1
    return (low + high) / 2
