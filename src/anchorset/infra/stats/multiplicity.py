"""Many tests at once: Holm's adjustment.

What this module does not know: what was tested.
"""

from __future__ import annotations

from collections.abc import Sequence

from anchorset.core.errors import InputError


def holm(p_values: Sequence[float]) -> list[float]:
    """Adjusted p, in the order given: the chance of one false alarm among all is kept under any threshold on them.

    Holm (1979), A simple sequentially rejective multiple test procedure: the k-th smallest of m times m - k + 1, never
    below its predecessor, at most 1. Raises InputError for a p outside 0-1.
    """
    for place, p in enumerate(p_values):
        if not 0 <= p <= 1:
            raise InputError(f"`p_values` holds {p!r} at place {place}; numbers from 0 to 1 are expected.")
    adjusted = [0.0] * len(p_values)
    floor = 0.0
    for rank, place in enumerate(sorted(range(len(p_values)), key=lambda place: p_values[place])):
        floor = max(floor, min(1.0, (len(p_values) - rank) * p_values[place]))
        adjusted[place] = floor
    return adjusted
