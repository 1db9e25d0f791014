"""What an engine has done so far, for whoever shows it.

What this module does not know: where it is shown.
"""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field

from anchorset.core.ask import Usage

WINDOW_SECONDS = 10.0


@dataclass(slots=True)
class Progress:
    """Counts of one engine since it was made."""

    asked: int = 0
    """Questions given to it, the same one counted once."""
    recalled: int = 0
    """Of these, answered from what was kept."""
    answered: int = 0
    """Of these, that have an answer or a fault by now, recalled ones too."""
    requests: int = 0
    """Sent, retries and second rounds among them."""
    in_flight: int = 0
    second_rounds: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    """Cause of a fault -> questions."""
    troubles: Counter[str] = field(default_factory=Counter)
    """Trouble of a request -> how often; most are followed by another try."""
    usage: Usage = field(default_factory=Usage)
    """Tokens of what came in this sitting."""
    usd: float = 0.0
    """Spent in this sitting, on models whose price is known."""
    _came: deque[float] = field(default_factory=deque)

    def came(self, now: float) -> None:
        """Notes that an answer came at `now`, in seconds of any clock."""
        self._came.append(now)
        while self._came and self._came[0] < now - WINDOW_SECONDS:
            self._came.popleft()

    def per_second(self, now: float) -> float | None:
        """Answers a second over the last ten seconds; None: nothing came."""
        came = [at for at in self._came if at >= now - WINDOW_SECONDS]
        if len(came) < 2 or now <= came[0]:
            return None
        return len(came) / (now - came[0])

    def seconds_left(self, now: float) -> float | None:
        """At the pace of the last ten seconds; None: not known."""
        rate = self.per_second(now)
        return None if not rate else (self.asked - self.answered) / rate
