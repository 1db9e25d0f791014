"""Dealing out whole cases by shares: the largest-remainder method (Hamilton), exact in every sum.

What this module does not know: techniques and cells.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TypeVar

K = TypeVar("K", bound=str)


def largest_remainder(total: int, weights: Mapping[K, float]) -> dict[K, int]:
    """Whole numbers that add up to `total`, each within one of its exact share.

    Weights are any numbers of 0 or more, not all 0; ties go to the name that sorts first. Fractions keep it exact.
    """
    exact = {name: Fraction(weight) for name, weight in weights.items()}
    whole = sum(exact.values())
    if whole <= 0 or min(exact.values()) < 0:
        raise ValueError(f"weights must be 0 or more and not all 0, found {dict(weights)!r}")
    shares = {name: total * weight / whole for name, weight in exact.items()}
    dealt = {name: int(share) for name, share in shares.items()}
    by_remainder = sorted(shares, key=lambda name: (dealt[name] - shares[name], name))
    for name in by_remainder[: total - sum(dealt.values())]:
        dealt[name] += 1
    return dealt


def level(total: int, room: Mapping[K, int]) -> dict[K, int]:
    """`total` spread as evenly as `room` allows; what does not fit anywhere is spread evenly on top.

    The rare cell gets as much as the common one, until its seeds are used up: the grid forces rare cells to fill.
    """
    dealt = dict.fromkeys(room, 0)
    left = total
    while left and (unfilled := sorted(name for name in room if dealt[name] < room[name])):
        each = left // len(unfilled)
        for name in unfilled if each else unfilled[:left]:
            dealt[name] += min(each or 1, room[name] - dealt[name])
        left = total - sum(dealt.values())
    if left:
        for name, more in largest_remainder(left, dict.fromkeys(sorted(room), 1)).items():
            dealt[name] += more
    return dealt


def table(rows: Mapping[K, int], columns: Mapping[str, int]) -> dict[tuple[K, str], int]:
    """Whole numbers with the given row and column sums (which must have the same total), each cell near rows × columns.

    Every row is dealt by largest remainder over what the columns still have room for, so no column overflows:
    a share of at most the whole room of a column, rounded up, is still at most that room.
    """
    left = dict(columns)
    dealt: dict[tuple[K, str], int] = {}
    for row, total in rows.items():
        if total:
            for column, count in largest_remainder(total, left).items():
                left[column] -= count
                dealt[row, column] = count
    return dealt
