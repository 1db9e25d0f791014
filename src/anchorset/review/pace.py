"""How fast a reviewer decides, and how long what waits would take them so.

What this module does not know: what they decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from statistics import median

PAUSE_SECONDS = 300
"""Between two decisions a longer gap is a break, not work."""
FEW = 5
"""Gaps under which no pace is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Of one reviewer, by their latest decisions."""

    today: int
    """Decisions on the day of the latest one."""
    seconds_each: float | None
    """Median seconds from one decision to the next, breaks left out; None: too few to tell."""

    def left_seconds(self, waiting: int) -> float | None:
        """How long `waiting` cases would take; None: not known."""
        return None if self.seconds_each is None else round(waiting * max(self.seconds_each, 0.5))


def pace(times: Sequence[str]) -> Pace:
    """From the times of decisions, ISO 8601, the latest first."""
    between = gaps(times)
    day = times[0][:10] if times else ""
    return Pace(
        today=sum(at[:10] == day for at in times),
        seconds_each=round(median(between), 1) if len(between) >= FEW else None,
    )


def gaps(times: Iterable[str]) -> list[float]:
    """Seconds from one decision to the next, breaks left out, the earliest first; `times` in any order, ISO 8601.

    Decisions of one second are a batch and count as one.
    """
    distinct = sorted({when for at in times if (when := _time(at)) is not None})
    between = [(after - before).total_seconds() for before, after in pairwise(distinct)]
    return [gap for gap in between if 0 < gap <= PAUSE_SECONDS]


def _time(at: str) -> datetime | None:
    """None for what a hand has written and no clock."""
    try:
        found = datetime.fromisoformat(at)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
