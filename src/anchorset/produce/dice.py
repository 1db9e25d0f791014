"""Dice: small random numbers from one 64-bit key, cheap to throw and to make anew for every candidate.

`random.Random` costs 4 µs to seed, half of a whole mutation. What this module does not know: what is chosen.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

_MASK = (1 << 48) - 1


class Dice:
    """The 48-bit linear congruential generator of POSIX `drand48`, of which only the high 31 bits are used.

    For choosing, not for statistics: wider states take longer in Python, whose large numbers have 30-bit digits.
    """

    __slots__ = ("_state",)

    def __init__(self, key: int) -> None:
        self._state = (key * 0x9E3779B97F4A7C15 >> 16) & _MASK  # neighbouring keys start far apart

    def below(self, n: int) -> int:
        """A number from 0 to n - 1; n from 1 to 2³¹."""
        self._state = state = (self._state * 0x5DEECE66D + 11) & _MASK
        return (state >> 17) * n >> 31

    def pick(self, options: Sequence[T]) -> T:
        """One of the options."""
        return options[self.below(len(options))]

    def rotated(self, options: Sequence[T]) -> list[T]:
        """All options, from a random one on, then around."""
        start = self.below(len(options)) if options else 0
        return [*options[start:], *options[:start]]
