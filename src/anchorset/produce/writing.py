"""Candidates that a model writes, in waves: what was over-used in one steers the one after the next.

Which requests make a wave, and in which order their answers are read, is fixed beforehand: however fast a model
answers, and whether it answered now or long ago, the same candidates come of it. A wave is sent before the one before
it has been read, so that the model is never left waiting.
What this module does not know: prompts, and how a model is reached.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from anchorset.core.ask import Answer, Ask, Fault, Reply
from anchorset.core.case import Case
from anchorset.core.ledger import PendingBy, is_pending
from anchorset.core.ports import Asker
from anchorset.core.provenance import Synthetic
from anchorset.produce.job import Job, rewritten
from anchorset.produce.order import Order

FIRST, LARGEST = 16, 256
"""Requests in the first wave, and in any: they double, so that the first lesson comes early and few waits remain."""
HOPELESS = 25
"""Candidates of a brief that failed in a row, after which it stops: a model that refuses goes on refusing."""


class Request(Protocol):
    """One question and what it shall bring."""

    @property
    def ask(self) -> Ask: ...

    @property
    def wanted(self) -> int:
        """Candidates."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """How briefs become questions, and answers candidates."""

    asker: Asker
    steering: Callable[[Sequence[str]], Any]
    """What the texts that have passed say about the next ones: over-used words and openings."""
    requests: Callable[[Order, int, int, Any, Collection[str]], Sequence[Any]]
    """Order, candidates wanted, attempts made before, steering, ids of seeds that may not be rewritten any more ->
    Requests that want as many in all; none when no seed of the cell can be rewritten."""
    read: Callable[[Any, Reply], list[Case]]
    """The candidates in an answer, at most as many as wanted."""
    per_request: int
    """Candidates that one request may bring."""
    whole: bool = False
    """Whether a round is one wave, sent before anything of the round is judged: for answers that take hours."""
    foresee: Callable[[Sequence[Case]], None] | None = None
    """Told of candidates whose turn to be judged comes once a batch has been answered, so that a judge can be asked in
    the same one; None: there is no judge."""


@dataclass(frozen=True, slots=True)
class Written:
    """What came of a wave, in order."""

    pairs: list[tuple[Job, Case]]
    stopped: PendingBy | None
    """Why the rest of it has no answer yet."""
    there: Callable[[], list[Case]] = list
    """Of a whole wave that was sent: the candidates in all answers there are, those after a gap too. Books nothing."""


@dataclass(frozen=True, slots=True)
class _Sent:
    requests: list[tuple[Job, Request]]
    answers: Callable[[], list[Answer]]


def write(
    shares: Sequence[tuple[Job, int]],
    writing: Writing,
    standing: Sequence[Case],
    passed: Sequence[Case],
    uses: Counter[str],
    per_root: int,
) -> Generator[Written, None, None]:
    """One round: as many candidates as the shares say, wave by wave.

    `passed` grows while this runs: it is read anew for each wave. Close the iterator when you stop early: what was sent
    and is not read is then booked as pending. Where a round is one `whole` wave, the first thing that comes is
    empty: it has been sent. `uses`: seed id -> its mutations, of which `per_root` may pass.
    """
    before = [case.text for case in standing if _by_model(case)]
    sent: list[_Sent] = []
    stopped: PendingBy | None = None
    try:
        for wave in waves(shares, writing.per_request, whole=writing.whole):
            steering = writing.steering(before + [case.text for case in passed if _by_model(case)])
            spent = {id for id, n in uses.items() if n >= per_root}
            sent.append(_send([(job, n) for job, n in wave if not job.over], writing, steering, spent))
            if writing.whole:
                yield Written([], None, partial(_there, sent[-1], writing))
            if len(sent) > 1:
                yield (done := _read(sent, writing, stopped, uses))
                stopped = done.stopped
                if stopped:
                    break
        while sent:
            yield (done := _read(sent, writing, stopped, uses))
            stopped = done.stopped
    finally:
        for job, request in (pair for one in sent for pair in one.requests):
            job.pending_by["interrupted"] += request.wanted


def waves(
    shares: Sequence[tuple[Job, int]], per_request: int, *, whole: bool = False
) -> Iterator[list[tuple[Job, int]]]:
    """(job, candidates) for each request, wave by wave; `whole`: all in one. Briefs take turns, so that every wave is
    of many cells."""
    turns = [(turn, at) for at, (_, n) in enumerate(shares) for turn in range(-(-n // per_request))]
    requests = [(shares[at][0], min(per_request, shares[at][1] - turn * per_request)) for turn, at in sorted(turns)]
    done = 0
    while done < len(requests):
        size = len(requests) if whole else min(max(done, FIRST), LARGEST)
        yield requests[done : done + size]
        done += size


def _send(wave: Sequence[tuple[Job, int]], writing: Writing, steering: Any, spent: Collection[str]) -> _Sent:
    requests = []
    for job, n in wave:
        if job.over:
            continue
        theirs = [(job, one) for one in writing.requests(job.order, n, job.begun + job.attempts, steering, spent)]
        job.attempts += sum(request.wanted for _, request in theirs)
        requests += theirs
        if not theirs:
            job.attempts += 1
            job.failed_by["no_parent"] += 1
            job.over = "no_parent: no seed of the cell is left to be rewritten"
    return _Sent(requests, writing.asker.ask_ahead([request.ask for _, request in requests]))


def _read(sent: list[_Sent], writing: Writing, stopped: PendingBy | None, uses: Counter[str]) -> Written:
    """The oldest wave, read up to the first question without an answer: what comes after that waits for its turn."""
    answers = sent[0].answers()  # an interruption in here leaves the wave where it is: pending
    wave = sent.pop(0)
    pairs: list[tuple[Job, Case]] = []
    for (job, request), answer in zip(wave.requests, answers, strict=True):
        if stopped is None and isinstance(answer, Fault) and is_pending(answer.cause):
            stopped = answer.cause
        if stopped:
            job.pending_by[stopped] += request.wanted
        elif isinstance(answer, Fault):
            _failed(job, answer, request.wanted)
        else:
            cases = writing.read(request, answer)
            job.failed_by["malformed"] += request.wanted - len(cases)
            job.faults = 0
            pairs += [(job, case) for case in cases]
            uses.update(rewritten(cases))
    return Written(pairs, stopped)


def _there(wave: _Sent, writing: Writing) -> list[Case]:
    return [
        case
        for (_, request), answer in zip(wave.requests, wave.answers(), strict=True)
        if isinstance(answer, Reply)
        for case in writing.read(request, answer)
    ]


def _failed(job: Job, fault: Fault, wanted: int) -> None:
    assert not is_pending(fault.cause)
    job.failed_by[fault.cause] += wanted
    job.faults += wanted
    job.vain(wanted)
    if fault.cause == "auth" or job.faults >= HOPELESS:
        job.over = job.over or f"{fault.cause}: {fault.message}"


def _by_model(case: Case) -> bool:
    """Whether a model put it into its own words. Attacks have words that no user has, and say nothing of a costume."""
    origin = case.provenance
    return isinstance(origin, Synthetic) and origin.model is not None and origin.technique != "redteam"
