"""How many requests a model gets at a time, and how fast: learned from what comes back.

Two things are steered. The *width* (requests in flight) halves when 5xx and timeouts come in bulk, and grows again with
every answer: additive up, multiplicative down. The *pace* (requests a second) is unlimited until 429s come in bulk;
then it is set to what was let through, and from there follows the limit: down to the share that passes, up a little
while nothing is refused.

A lone 429 says nothing about load and changes neither. Bulk means: 40 % and at least 10 of the last 32 requests up to
the one that was just refused (looking at what was sent before it leaves out requests that could not be refused yet, so
long answers do not count as missing ones). 429s that come whatever the pace are noise: every eighth epoch goes slower
on purpose, and the share that is refused even then is what has to be lived with. Without this, a pace that goes down
with every refusal ends near nothing where a tenth is refused at random, as TCP does on a lossy line (BBR, Cardwell et
al. 2016, measures instead, and so do we).

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
ANSWERS_AN_EPOCH = 4
"""An epoch is also as long as this many refusals take to come back, so that they count in the epoch they belong to."""
EXCESS = 0.03
"""Share of refused requests over the noise from which the pace goes down: what probing for the limit may waste."""
CYCLE = 8
"""Epochs, of which the first goes slower to measure the noise."""
SLOWER = 0.7
UNDER = 0.95
"""Of what was let through: a little was saved up in the bucket."""
UP = 1.02
FASTEST_UP = 1.3
"""What the pace is multiplied by in an epoch: a little at first, twice as much after each cycle in which nothing was
refused."""
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
        self._epoch = 0
        self._began = 0.0
        self._sent = self._limited = 0
        self._paced_at = 0.0
        self._up = UP
        self._calm = True
        self._unused = 0
        self._passed: deque[tuple[int, float]] = deque(maxlen=5)
        """(requests let through, seconds) of the last epochs."""
        self._slow_sent = self._slow_limited = 0.0
        self._refusal_seconds = 0.0
        self._told_rate: float | None = None

    @property
    def open(self) -> bool:
        """Whether nothing came in bulk of late: no pace, and the whole width."""
        return self.pace is None and self.width >= self.most

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
            self._sent += now >= self._paced_at
            step = 1 / (self.pace * (SLOWER if self._epoch == 0 else 1.0))
            # what a late timer lost is caught up, never more than a few requests
            self._next = max(self._next, now - 4 * step) + step
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
            self._refusal_seconds += 0.2 * (now - ticket.sent_at - self._refusal_seconds)
            if self.pace is None:
                self._flooded(now, ticket, retry_after)
            elif ticket.sent_at >= self._paced_at:
                self._limited += 1
                if self._limited >= LOOK_BACK / 2 and self._limited >= 0.95 * self._sent:
                    self._shut(now, retry_after)
        if self.pace is not None:
            self._turn(now)

    def told(self, *, limit: float, remaining: float, reset_seconds: float) -> None:
        """What rate-limit headers said: `reset_seconds` until the bucket of `limit` requests is full again.

        Near empty, a bucket and a window (whose end is said) tell the same: what comes back in that time.
        """
        if reset_seconds > 0 and remaining <= limit / 10:
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
        recent = [other for other in self._tickets if other.sent_at > now - 1.0 and other.outcome != "limited"]
        span = now - recent[0].sent_at if recent else 0.0
        if self._told_rate is not None:
            self._go(now, self._told_rate, UP)
        elif passed and seconds >= 0.1:
            self._go(now, passed / seconds, UP)
        elif span >= 0.1:
            # what was saved up for a burst is in it, so the limit is lower
            self._go(now, SLOWER * len(recent) / span, UP)
        else:
            # a first wave, most of it refused: as long as was asked for, then feel the way up
            wait = 1.0 if retry_after is None else retry_after
            self._go(now + wait, max(1.0, len(recent) / max(1.0, wait)), FASTEST_UP)

    def _shut(self, now: float, retry_after: float | None) -> None:
        """Everything is refused: wait as long as was asked for, then go on far slower."""
        assert self.pace is not None
        self._go(now + (1.0 if retry_after is None else retry_after), self.pace / 4, FASTEST_UP)

    def _go(self, at: float, pace: float, up: float) -> None:
        """From `at` on at this pace. Two epochs to come down to the limit, then the one that measures the noise."""
        self.pace, self._up = max(SLOWEST, pace), up
        self._paced_at = self._next = at
        self._unused, self._epoch = 0, CYCLE - 2
        self._passed.clear()
        self._began, self._sent, self._limited = at, 0, 0

    def _best(self) -> float:
        """Requests a second let through in the best three epochs in a row of late: chance has its part in one."""
        passed = list(self._passed)
        rows = [passed[at : at + 3] for at in range(max(1, len(passed) - 2))]
        return max(sum(one[0] for one in row) / sum(one[1] for one in row) for row in rows)

    def _turn(self, now: float) -> None:
        """At the end of an epoch: up, down, or free again."""
        assert self.pace is not None
        requests = EPOCH_REQUESTS * (1 if self._epoch else 2)
        seconds = max(EPOCH_SECONDS, requests / self.pace, ANSWERS_AN_EPOCH * self._refusal_seconds)
        flooded = self._epoch and self._limited >= BULK_COUNT and self._limited >= (self.noise + 0.25) * self._sent
        if self._sent == 0 or (now - self._began < seconds and not flooded):
            return
        share, sent, used = self._limited / self._sent, self._sent, self._sent / (now - self._began)
        slack = EXCESS + 2 * math.sqrt(self.noise * (1 - self.noise) / sent)
        if self._epoch == 0:
            # half of what was seen before counts on
            self._slow_sent = self._slow_sent / 2 + sent
            self._slow_limited = self._slow_limited / 2 + self._limited
            self.noise = min(0.9, self._slow_limited / (self._slow_sent + 2))
        else:
            self._passed.append((sent - self._limited, now - self._began))
            if self._limited >= 2 and share > self.noise + slack:
                self.pace = max(SLOWEST, min(self.pace, min(1.0, UNDER + self.noise) * self._best() / (1 - self.noise)))
                self._up, self._calm = UP, False
                self._next, self._paced_at = max(self._next, now), now
            elif used >= 0.6 * self.pace:
                self.pace *= self._up
            self._unused = self._unused + 1 if used < 0.6 * self.pace else 0
        if self._unused >= CYCLE:
            # a pace that nobody uses is no limit
            self.pace, self._unused = None, 0
            self._tickets.clear()
        self._epoch = (self._epoch + 1) % CYCLE
        if self._epoch == 0:
            self._up = min(FASTEST_UP, 1 + 2 * (self._up - 1)) if self._calm else UP
            self._calm = True
            # only what is sent slowly shall count in the slow epoch, and a bucket needs a moment to fill a little
            self._paced_at = now + 0.2 * max(EPOCH_SECONDS, EPOCH_REQUESTS / (self.pace or 1.0))
        self._began, self._sent, self._limited = now, 0, 0
