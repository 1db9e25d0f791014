"""One model's queue: what goes next, when, and what becomes of a request that failed.

Questions go in the order they came; those to be asked again go before them, as soon as their wait is over, and hold no
place while they wait.
What this module does not know: what answers are used for, where they are kept, and what they cost.
"""

from __future__ import annotations

import asyncio
import heapq
import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Protocol

from anchorset.core.ask import Ask, Fault, Reply, Usage
from anchorset.core.errors import ModelError, ModelTrouble
from anchorset.core.hashing import draw
from anchorset.core.ledger import FailedBy
from anchorset.core.ports import ChatModel
from anchorset.infra.llm.buckets import Bucket
from anchorset.infra.llm.gate import Gate, Outcome, Ticket

GRACE_SECONDS = 2.0
"""Over the timeout, for a model that does not keep to it."""
FIRST_WAIT = {"rate": 0.5, "overloaded": 0.25, "timeout": 0.25, "transport": 0.1, "malformed": 0.0}
"""Seconds before the second try where the vendor names none; doubled with each of the same trouble. Half of it, growing
by half, while troubles come alone: they say nothing about load, and at the end of a run everybody waits for them."""
LONGEST_WAIT = 30.0
TIMEOUT_TRIES = 2
"""Tries that a timeout counts for: it cost the most. A 429 counts half while others are answered: there was no room."""
OUTCOMES: dict[ModelTrouble, Outcome] = {"rate": "limited", "overloaded": "overloaded", "timeout": "overloaded"}
CAUSES: dict[ModelTrouble, FailedBy] = {  # `batch` is no failure
    "rate": "rate", "overloaded": "transport", "timeout": "timeout", "transport": "transport", "auth": "auth",
    "refused": "refused", "malformed": "malformed", "request": "refused",
}  # fmt: skip
OF_THE_MODEL = ("rate", "overloaded", "timeout", "transport")
"""Troubles that say something about the model, not about the question."""


@dataclass(slots=True)
class Job:
    """One question to one model: a round of what the engine was asked."""

    ask: Ask
    key: str
    landed: Callable[[Reply | Fault], None]
    """Called once, with what came; not kept yet."""
    may_begin: Callable[[], bool | None]
    """Whether it may be sent: True, not yet (None), or never (False: it has been answered otherwise)."""
    begun: bool = False
    tries: int = 0
    met: list[ModelTrouble] = field(default_factory=list)
    answered_before: int = 0
    """Answers that the model had given when this was first sent."""
    tokens: int = 0
    """Put down against the tokens a minute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How hard one model may be asked. None: no limit that we know of."""

    in_flight: int = 64
    requests_per_minute: float | None = None
    tokens_per_minute: float | None = None
    timeout_seconds: float = 120.0
    tries: int = 8
    """Requests for one question, at most."""


class Watch(Protocol):
    """What a lane tells."""

    def sent(self) -> None: ...

    def back(self, trouble: ModelTrouble | None) -> None: ...

    def broke(self, error: BaseException) -> None: ...


class Lane:
    """Asks one model. Used in one event loop at a time."""

    def __init__(self, model: ChatModel, limits: Limits, watch: Watch, tokens: Callable[[Ask], int]) -> None:
        self.model = model
        self.limits = limits
        self.gate = Gate(most=limits.in_flight)
        self.stopped: Fault | None = None
        """Why nothing more is asked of this model: every further question gets this."""
        self.draining = False
        self.unkept = 0
        """Answers that came and are not on the disk yet: they hold back new questions when they become many."""
        self._watch = watch
        self._count = tokens
        self._fresh: deque[Job] = deque()
        self._again: list[tuple[float, int, Job]] = []
        self._serial = 0
        self._answered = 0
        self._timer: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._requests = Bucket(limits.requests_per_minute) if limits.requests_per_minute else None
        self._tokens = Bucket(limits.tokens_per_minute, seconds=10) if limits.tokens_per_minute else None

    def add(self, job: Job) -> None:
        """At the end of the queue. `pump` sends it when it is its turn."""
        self._fresh.append(job)

    def add_first(self, job: Job, seconds: float = 0.0) -> None:
        """Before all that wait, `seconds` from now."""
        self._serial += 1
        heapq.heappush(self._again, (monotonic() + seconds, self._serial, job))

    def pump(self) -> None:
        """Sends what may go now, and wakes up when more may."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        while True:
            if self.stopped is not None or self.draining:
                self._empty()
                return
            now = monotonic()
            again = bool(self._again) and self._again[0][0] <= now
            if not again and not self._fresh:
                break
            if self.unkept >= 2 * self.limits.in_flight:
                return
            job = self._again[0][2] if again else self._fresh[0]
            wait = self._wait(now, job)
            if wait > 0:
                self._wake(wait)
                break
            allowed = job.begun or job.may_begin()
            if allowed is None:
                break
            if again:
                heapq.heappop(self._again)
            else:
                self._fresh.popleft()
            if allowed:
                self._send(now, job)
        if self._again and self._timer is None:
            self._wake(self._again[0][0] - monotonic())

    def cancel(self) -> None:
        """Leaves at once: what is on its way is given up."""
        self._fresh.clear()
        self._again.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        for task in self._tasks:
            task.cancel()

    def _wake(self, seconds: float) -> None:
        if math.isfinite(seconds):
            self._timer = asyncio.get_running_loop().call_later(max(0.0, seconds), self.pump)

    def _wait(self, now: float, job: Job) -> float:
        wait = self.gate.wait(now)
        if self._requests is not None:
            wait = max(wait, self._requests.wait(now))
        if self._tokens is not None:
            wait = max(wait, self._tokens.wait(now, self._count(job.ask)))
        return wait

    def _send(self, now: float, job: Job) -> None:
        if not job.begun:
            job.begun, job.answered_before = True, self._answered
        job.tries += 1
        if self._requests is not None:
            self._requests.take(now)
        if self._tokens is not None:
            job.tokens = self._count(job.ask)
            self._tokens.take(now, job.tokens)
        # counted before the task runs: the next one is looked at in this same turn
        ticket = self.gate.sent(now)
        self._watch.sent()
        task = asyncio.get_running_loop().create_task(self._try(ticket, job))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _try(self, ticket: Ticket, job: Job) -> None:
        timeout = self.limits.timeout_seconds
        outcome: Outcome = "other"
        error: ModelError | None = None
        reply: Reply | None = None
        try:
            async with asyncio.timeout(timeout + GRACE_SECONDS):
                reply = await self.model.reply(job.ask, timeout=timeout)
            outcome = "ok"
        except ModelError as met:
            error, outcome = met, OUTCOMES.get(met.trouble, "other")
        except TimeoutError:
            said = f"{self.model.name} gave no answer in {timeout:g} seconds; raise the timeout, or ask for less."
            error, outcome = ModelError(said, trouble="timeout"), "overloaded"
        except Exception as broken:
            # not a trouble of the model's but a bug of ours or a plugin's: it is not counted away
            self._watch.broke(broken)
        finally:
            self._heed()
            self.gate.came(monotonic(), ticket, outcome, retry_after=error.retry_after if error else None)
            self._watch.back(error.trouble if error else None)
        if reply is not None:
            self._answered += 1
            if self._tokens is not None:
                used = reply.usage.input + reply.usage.output
                self._tokens.take(monotonic(), used - job.tokens if used else 0)
            if not reply.text.strip() and reply.finish in ("stop", "other"):
                said = f"{self.model.name} gave an answer without text; it was asked {job.tries} times."
                error, reply = ModelError(said, trouble="malformed"), None
        if reply is not None:
            job.landed(reply)
        elif error is not None:
            self._failed(job, error)
        self.pump()

    def _heed(self) -> None:
        """What rate-limit headers said, where the model keeps them."""
        seen = getattr(self.model, "limits_seen", None)
        limit, left = getattr(seen, "requests_limit", None), getattr(seen, "requests_remaining", None)
        reset = getattr(seen, "requests_reset", None)
        if limit is not None and left is not None and reset is not None:
            self.gate.told(limit=limit, remaining=left, reset_seconds=reset)

    def _failed(self, job: Job, error: ModelError) -> None:
        trouble = error.trouble
        job.met.append(trouble)
        if trouble == "batch":
            job.landed(Fault(cause="batch", message=str(error), final=False))
            return
        if trouble == "auth":
            job.landed(self._stop(_fault(error)))
            return
        spent = job.tries + (TIMEOUT_TRIES - 1) * job.met.count("timeout")
        if self._answered > job.answered_before:
            spent -= job.met.count("rate") // 2
        if trouble in ("refused", "request") or spent >= self.limits.tries:
            fault = _fault(error, job.tries)
            if trouble in OF_THE_MODEL and self._answered == job.answered_before:
                # all its tries, and in that time not one answer to anybody: nobody else will fare better
                fault = Fault(cause=fault.cause, message=f"{fault.message} Nothing else was answered meanwhile.")
                fault = self._stop(fault)
            job.landed(fault)
            return
        jitter = draw(job.key, job.tries) / 2**64
        if error.retry_after is not None:
            wait = error.retry_after * (1 + 0.05 * jitter)
        else:
            first, growth = (FIRST_WAIT[trouble] / 2, 1.5) if self.gate.open else (FIRST_WAIT[trouble], 2)
            wait = min(LONGEST_WAIT, first * growth ** (job.met.count(trouble) - 1)) * (0.5 + 0.5 * jitter)
        self.add_first(job, wait)

    def _stop(self, fault: Fault) -> Fault:
        """The first reason stands."""
        self.stopped = self.stopped or fault
        return self.stopped

    def _empty(self) -> None:
        """Answers all that wait: with why the model is not asked any more, or as interrupted."""
        fault = self.stopped or Fault(
            cause="interrupted", message="it was not asked: the run was interrupted; the same command goes on.",
            final=False,
        )  # fmt: skip
        waiting = [job for _, _, job in sorted(self._again, key=lambda one: one[:2])] + list(self._fresh)
        self._again.clear()
        self._fresh.clear()
        for job in waiting:
            job.landed(fault)


def _fault(error: ModelError, tries: int = 1) -> Fault:
    said = str(error) + (f" Asked {tries} times." if tries > 1 else "")
    return Fault(cause=CAUSES[error.trouble], message=said, usage=Usage())
