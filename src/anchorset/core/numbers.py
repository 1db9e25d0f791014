"""Numbers as people read them. What this module does not know: what they measure."""

from __future__ import annotations

import math
from collections.abc import Sequence


def share(value: float | None, *, beside: Sequence[float] = ()) -> str:
    """0-1 as percent: `22 %`; one decimal under 10 %; `-` for None.

    beside: limits (0-1) on whose side the text has to be, too: `share(11 / 17, beside=[0.65])` is `64.7 %`.
    """
    if value is None:
        return "-"
    percent = 100 * value
    for limit in beside:
        if value < limit <= round(percent) / 100:
            return f"{math.floor(10 * percent) / 10:.1f} %"
        if value > limit >= round(percent) / 100:
            return f"{math.ceil(10 * percent) / 10:.1f} %"
    return f"{percent:.0f} %" if abs(percent) >= 9.95 or abs(percent - round(percent)) < 0.05 else f"{percent:.1f} %"


def plain(value: float | None) -> str:
    """Three digits that matter, never an exponent: `0.91`, `14.2`, `1,250`; `-` for None."""
    if value is None:
        return "-"
    size = abs(value)
    return f"{value:,.0f}" if size >= 100 else f"{value:.1f}" if size >= 10 else f"{value:.2f}"


def counted(count: int, what: str, verb: str = "") -> str:
    """`1 seed`, `1,250 seeds`. `verb` in its form for one (`is`, `has`, `asks`) is made to agree: `2 seeds are`."""
    said = f"{count:,} {what}" + ("" if count == 1 else "s")
    return f"{said} {verb if count == 1 else _OF_MANY.get(verb, verb.removesuffix('s'))}" if verb else said


_OF_MANY = {"is": "are", "has": "have", "does": "do", "was": "were"}
