"""Filling cells evenly: the lowest first, as far as there is room.

What this module does not know: techniques, and why a cell has no more room.
"""

from __future__ import annotations

from collections.abc import Mapping


def filled(total: int, base: Mapping[str, int], room: Mapping[str, int | None]) -> dict[str, int]:
    """How much of `total` goes into each cell of `room`, so that base and fill together are as even as they can be.

    `base`: what a cell has already (0 where it is not named). `room`: how much it can take; None: any amount. The sum
    is `total`, or all the room there is. Single leftovers go to the cells that sort first.
    """
    cells = sorted(room)
    most = {cell: total if (limit := room[cell]) is None else max(0, min(total, limit)) for cell in cells}
    total = min(total, sum(most.values()))

    def at(level: int) -> dict[str, int]:
        return {cell: min(most[cell], max(0, level - base.get(cell, 0))) for cell in cells}

    low, high = 0, max((base.get(cell, 0) + most[cell] for cell in cells), default=0)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if sum(at(middle).values()) <= total else (low, middle - 1)
    dealt = at(low)
    left = total - sum(dealt.values())
    for cell in [cell for cell in cells if dealt[cell] < most[cell] and dealt[cell] + base.get(cell, 0) == low][:left]:
        dealt[cell] += 1
    return dealt
