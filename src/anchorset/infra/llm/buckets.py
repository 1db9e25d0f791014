"""A bucket that fills steadily: the requests or tokens a minute that an owner has set.

What this module does not know: clocks. Times are passed in, in seconds.
"""

from __future__ import annotations


class Bucket:
    """Holds what may be spent now. It may go into debt: the first that waits for it waits until the debt is paid."""

    def __init__(self, per_minute: float, *, seconds: float = 1.0) -> None:
        """`seconds`: how much of the rate may come in one burst; at least one request or its tokens always may."""
        self.rate = per_minute / 60
        self.most = max(1.0, self.rate * seconds)
        self.holds = self.most
        self._at = 0.0

    def wait(self, now: float, amount: float = 1.0) -> float:
        """Seconds until `amount` may be taken; 0: now. An amount over the whole bucket waits until it is full."""
        self._fill(now)
        short = min(amount, self.most) - self.holds
        return short / self.rate if short > 1e-9 else 0.0

    def take(self, now: float, amount: float = 1.0) -> None:
        """Takes it, into debt where it is not there; negative amounts give back."""
        self._fill(now)
        self.holds = min(self.most, self.holds - amount)

    def _fill(self, now: float) -> None:
        if now > self._at:
            self.holds = min(self.most, self.holds + (now - self._at) * self.rate)
            self._at = now
