"""How many requests a model gets at a time, and how fast: learned from what comes back.

Two things are steered. The *width* (requests in flight) halves when 5xx and timeouts come in bulk, and grows again with
every answer: additive up, multiplicative down. The *pace* (requests a second) is unlimited until 429s come in bulk;
then it is set to what was let through, and from there follows the limit: down to the share that passed, up a little
while nothing is refused.

A lone 429 says nothing about load and changes neither. Bulk means: 40 % and at least 10 of the last 32 requests up to
the one that was just refused (looking at what was sent before it leaves out requests that could not be refused yet, so
long answers do not count as missing ones). 429s that come whatever the pace are noise: where going slower does not make
them fewer, the pace goes back up and their share is learned as normal.

What this module does not know: clocks, tasks and vendors. Times are passed in, in seconds.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from typing import Literal

Outcome = Literal["ok", "limited", "overloaded", "other"]
"""overloaded: 5xx or no answer in time. other: what says nothing about load, such as a cut connection."""

LOOK_BACK = 32
BULK_COUNT = 10
BULK_SHARE = 0.4
EPOCH_SECONDS = 0.25
EPOCH_REQUESTS = 8
"""An epoch is as long as it takes to send this many, and never shorter than the seconds above."""
EXCESS = 0.04
"""Share of refused requests over the noise from which the pace goes down: what probing for the limit may waste."""
SLOWEST = 0.05
"""Requests a second that a paced gate never goes below: one in 20 seconds."""


@dataclass(slots=True)
class Ticket:
    """One request on its way."""

    sent_at: float
    outcome: Outcome | None = None


class Gate:
    """One model's. `wait`, then `sent`, then `came` for every request."""

    def __init__(self, *, most: int = 64) -> None:
        """`most`: requests in flight, at most."""
        self.most = most
        self.width = float(most)
        self.in_flight = 0
        self.pace: float | None = None
        """Requests a second; None: as fast as slots get free."""
        self.noise = 0.0
        """Share of 429s that come whatever the pace, 0-1."""
        self._tickets: deque[Ticket] = deque(maxlen=1024)
        self._next = 0.0
        self._epoch_began = 0.0
        self._epoch_sent = self._epoch_limited = 0
        self._paced_at = 0.0
        self._rising = 1.0
        self._idle_epochs = 0
        self._tried: tuple[float, float] | None = None
        """(pace, share refused) before the last step down."""
        self._told_rate: float | None = None

    def wait(self, now: float) -> float:
        """Seconds until a request may go; 0: now; infinite: when one has come back."""
        if self.in_flight >= int(self.width):
            return math.inf
        if now < self._next:
            return self._next - now
        return 0.0

    def sent(self, now: float) -> Ticket:
        """Counts a request that goes now."""
        ticket = Ticket(now)
        self._tickets.append(ticket)
        self.in_flight += 1
        if self.pace is not None:
            self._epoch_sent += 1
            # what a late timer lost is caught up, never more than a few requests
            self._next = max(self._next, now - 4 / self.pace) + 1 / self.pace
            self._turn(now)
        return ticket

    def came(self, now: float, ticket: Ticket, outcome: Outcome, *, retry_after: float | None = None) -> None:
        """Counts what came back for it. `retry_after`: seconds that a 429 asked for."""
        self.in_flight -= 1
        ticket.outcome = outcome
        if outcome == "ok":
            self.width = min(self.most, self.width + 4 / max(1.0, self.width))
        elif outcome == "overloaded":
            self._strained()
        elif outcome == "limited":
            if self.pace is None:
                self._flooded(now, ticket, retry_after)
            elif ticket.sent_at >= self._paced_at:
                self._epoch_limited += 1
                if self._epoch_limited >= BULK_COUNT and self._epoch_limited >= 0.9 * self._epoch_sent:
                    self._stop(now, retry_after)
        if self.pace is not None:
            self._turn(now)

    def told(self, *, limit: float, remaining: float, reset_seconds: float) -> None:
        """What rate-limit headers said: `reset_seconds` until the bucket of `limit` requests is full again."""
        if reset_seconds > 0 and limit > remaining:
            self._told_rate = (limit - remaining) / reset_seconds

    def _before(self, ticket: Ticket) -> list[Ticket]:
        """The last requests that were sent no later than this one."""
        found: list[Ticket] = []
        for other in reversed(self._tickets):
            if other.sent_at <= ticket.sent_at:
                found.append(other)
                if len(found) == LOOK_BACK:
                    break
        return found

    def _strained(self) -> None:
        recent = list(self._tickets)[-2 * self.most :]
        answered = [ticket for ticket in recent if ticket.outcome][-LOOK_BACK:]
        strained = sum(ticket.outcome == "overloaded" for ticket in answered)
        if strained >= BULK_COUNT and strained >= BULK_SHARE * len(answered):
            self.width = max(1.0, self.width / 2)
            # what was on its way at the old width says nothing about the new one
            self._tickets.clear()

    def _flooded(self, now: float, ticket: Ticket, retry_after: float | None) -> None:
        before = self._before(ticket)
        refused = [other for other in before if other.outcome == "limited"]
        share = len(refused) / len(before) if before else 0.0
        if len(refused) < BULK_COUNT or share < max(BULK_SHARE, self.noise + 0.25):
            return
        first = min(other.sent_at for other in refused)
        seconds = max(other.sent_at for other in before) - first
        passed = sum(other.outcome != "limited" and other.sent_at >= first for other in before)
        self._paced_at = self._epoch_began = now
        self._epoch_sent = self._epoch_limited = self._idle_epochs = 0
        if self._told_rate is not None:
            self.pace, self._rising = self._told_rate, 1.02
            self._next = now
        elif passed and seconds > 0.02:
            self.pace, self._rising = passed / seconds, 1.15
            self._next = now
        else:
            # nothing passed: as long as was asked for, then feel the way up
            self.pace, self._rising = max(1.0, passed / max(retry_after or 1.0, 1.0)), 1.5
            self._next = now + (retry_after if retry_after is not None else 1.0)
        self._tried = (len(before) / seconds, share) if seconds > 0.02 else None

    def _stop(self, now: float, retry_after: float | None) -> None:
        """Everything is refused: wait as long as was asked for, then go on far slower."""
        assert self.pace is not None
        self.pace = max(SLOWEST, self.pace / 4)
        self._rising = 1.15
        self._next = now + (retry_after if retry_after is not None else 1.0)
        self._begin(self._next)
        self._paced_at = now
        self._tried = None

    def _begin(self, now: float) -> None:
        self._epoch_began, self._epoch_sent, self._epoch_limited = now, 0, 0

    def _turn(self, now: float) -> None:
        """At the end of an epoch: up, down, or free again."""
        assert self.pace is not None
        seconds = max(EPOCH_SECONDS, EPOCH_REQUESTS / self.pace)
        if now - self._epoch_began < seconds:
            return
        if self._epoch_sent == 0:
            self._begin(now)
            return
        share = self._epoch_limited / self._epoch_sent
        slack = EXCESS + 2 * math.sqrt(self.noise * (1 - self.noise) / self._epoch_sent)
        used = self._epoch_sent / (now - self._epoch_began)
        if self._epoch_limited >= 2 and share > self.noise + slack:
            if self._tried is not None and self._tried[0] > self.pace * 1.03 and share >= self._tried[1] / 2:
                # slower did not make them fewer: they do not come from the pace
                self.noise = max(self.noise, min(0.9, (share + self._tried[1]) / 2))
                self.pace, self._tried = self._tried[0], None
            else:
                self._tried = (self.pace, share)
                passing = (1 - share) / (1 - self.noise)
                self.pace = max(SLOWEST, self.pace * passing)
                self._rising, self._paced_at = 1.02, now
                self._next = max(self._next, now)
        else:
            self._tried = None
            self.noise = min(self.noise, 0.95 * self.noise + 0.05 * share)
            # a pace that nobody uses is no limit
            self._idle_epochs = self._idle_epochs + 1 if used < 0.6 * self.pace else 0
            if used >= 0.6 * self.pace:
                self.pace *= self._rising
        if self._idle_epochs >= 8:
            self.pace, self._idle_epochs = None, 0
            self._tickets.clear()
        self._begin(now)
