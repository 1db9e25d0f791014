"""Numbers inside sentences. What this module does not know: any question or signal."""

from __future__ import annotations

from collections.abc import Iterable

from anchorset.core.inert import short
from anchorset.core.numbers import share


def signed(value: float) -> str:
    """`+4.0`: a difference of rates (-1 to 1) in points, without the word."""
    return f"{round(100 * value, 1) + 0.0:+.1f}"


def amount(n: int, what: str, many: str | None = None) -> str:
    """`1 case`, `1,204 cases`; `many`: an irregular plural."""
    return f"{n:,} {what}" if n == 1 else f"{n:,} {many or what + 's'}"


def among(n: int, total: int, what: str) -> str:
    """`12 of 340 cases (3.5 %)`."""
    return f"{n:,} of {amount(total, what)} ({share(n / total if total else None)})"


def limits(low: float, high: float) -> str:
    """`(62 % to 84 %)`."""
    return f"({share(low)} to {share(high)})"


def span(low: float, high: float) -> str:
    """`(-9.1 to +1.0 points)`: an interval of a difference of rates."""
    return f"({signed(low)} to {signed(high)} points)"


def listed(names: Iterable[str], *, most: int = 5) -> str:
    """`a, b and 3 more`: names as they are, cut to what a sentence holds, made visible."""
    every = [short(name, 40) for name in names]
    rest = len(every) - most
    if rest > 0:
        return f"{', '.join(every[:most])} and {rest:,} more"
    return " and ".join([", ".join(every[:-1]), every[-1]]) if len(every) > 1 else "".join(every)


def joined(*sentences: str) -> str:
    """The sentences that are not empty, a space between."""
    return " ".join(sentence for sentence in sentences if sentence)
