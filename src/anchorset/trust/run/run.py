"""Every case asked, every answer judged: one row a (case, repeat), each handed over as it lands.

What this module does not know: how a target is asked, how an answer is judged, and where rows are kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from time import perf_counter

from anchorset.core.case import Case
from anchorset.core.errors import AnchorsetError, InputError, PendingError, UsageError
from anchorset.core.run import Result, RunHead, Score
from anchorset.trust.run.answer import Answer, CallError
from anchorset.trust.run.evaluators.catalogue import Evaluators
from anchorset.trust.run.targets.target import Ask, Target

LAST_SECONDS = 10.0
"""How long a run that is being stopped waits for answers already given to be judged."""

Cached = Callable[[Case, int], Answer | None]
OnResult = Callable[[Result], None]


def run(
    cases: Sequence[Case],
    target: Target,
    evaluators: Evaluators,
    *,
    head: RunHead,
    done: Collection[tuple[str, int]] = frozenset(),
    cached: Cached | None = None,
    on_result: OnResult | None = None,
    on_unjudged: OnResult | None = None,
) -> tuple[Result, ...]:
    """`run_cases` for callers without an event loop: the command line, a script. Ctrl-C raises KeyboardInterrupt.

    Raises UsageError inside a running loop (a notebook): await `run_cases` there.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(
            run_cases(
                cases, target, evaluators, head=head, done=done, cached=cached, on_result=on_result,
                on_unjudged=on_unjudged,
            )
        )  # fmt: skip
    raise UsageError("`run` was called inside a running event loop; await `run_cases` with the same arguments there.")


async def run_cases(
    cases: Sequence[Case],
    target: Target,
    evaluators: Evaluators,
    *,
    head: RunHead,
    done: Collection[tuple[str, int]] = frozenset(),
    cached: Cached | None = None,
    on_result: OnResult | None = None,
    on_unjudged: OnResult | None = None,
) -> tuple[Result, ...]:
    """The rows that were missing, in the order they were asked for: all cases once, then again for each repeat.

    `head.repeats` says how often each case is asked. `done` has the (content, repeat) that are not asked again.
    `cached(case, repeat)` may give an answer of the same target version from earlier; it is then only judged.
    `on_result` gets each row as it lands, in the caller's thread: keep it there, and it is never lost.
    `on_unjudged` gets, as a row without scores, an answer whose judge will only answer in a later run (its budget is
    used up, or the run is cancelled): it is no row of this run, and given back by `cached` it is not asked for again.
    A call that fails is a row with its cause. When the run is cancelled no new call begins, open calls are ended, and
    answers already given are still judged and handed over.
    Raises ConfigError before the first call when a template names what a case lacks; InputError when two cases have one
    content; MachineError when the machine gives no process; PendingError when a judge's answer has to wait for a later
    run; and whatever `on_result` raises.
    """
    _distinct(cases)
    missing = [(n, case) for n in range(head.repeats) for case in cases if (case.content, n) not in done]
    target.check(case for repeat, case in missing if repeat == 0 or (case.content, 0) in done)
    if not missing:
        return ()
    rows: dict[tuple[str, int], Result] = {}
    judging: set[asyncio.Task[None]] = set()

    async def land(case: Case, repeat: int, answer: Answer) -> None:
        try:
            scores = await evaluators.judge(case, answer) if answer.cause is None else ()
        except (PendingError, asyncio.CancelledError):
            if on_unjudged is not None:
                on_unjudged(row_of(head, case, repeat, answer, ()))
            raise
        row = row_of(head, case, repeat, answer, scores)
        rows[(case.content, repeat)] = row
        if on_result is not None:
            on_result(row)

    async def work(ask: Ask, todo: Iterator[tuple[int, Case]]) -> None:
        for repeat, case in todo:
            answer = cached(case, repeat) if cached is not None else None
            if answer is None:
                answer = await _answered(ask, case)
            landing = asyncio.create_task(land(case, repeat, answer))
            judging.add(landing)
            if evaluators.ahead:
                await landed(evaluators.ahead)
            else:
                await asyncio.shield(landing)  # an answer was paid for: stopping the run does not take it away
                judging.discard(landing)

    async def landed(most: int) -> None:
        """Waits until at most `most` answers are still being judged. Raises what went wrong with one of them."""
        while len(judging) > most:
            done, _ = await asyncio.wait(judging, return_when=asyncio.FIRST_COMPLETED)
            for landing in done:
                judging.discard(landing)
                landing.result()

    try:
        async with target.opened() as ask:
            todo = iter(missing)
            workers = [asyncio.create_task(work(ask, todo)) for _ in range(min(target.concurrency, len(missing)))]
            try:
                await asyncio.gather(*workers)
                await landed(0)
            finally:
                for worker in workers:
                    worker.cancel()
                await asyncio.gather(*workers, return_exceptions=True)
        return tuple(rows[(case.content, repeat)] for repeat, case in missing)
    finally:
        await _last(judging)
        await evaluators.means.close()


async def _answered(ask: Ask, case: Case) -> Answer:
    begun = perf_counter()
    try:
        answer = await ask(case)
    except CallError as error:
        return error.as_answer(perf_counter() - begun)
    except AnchorsetError:  # the machine, not the application
        raise
    except Exception as error:  # a fault of ours or of a library: it costs this row, and it is named
        return CallError("exception", f"the call failed: {type(error).__name__}: {error}").as_answer(
            perf_counter() - begun
        )
    seconds = perf_counter() - begun if answer.seconds is None else answer.seconds
    return replace(answer, seconds=seconds)


async def _last(judging: set[asyncio.Task[None]]) -> None:
    """Lets answers already given be judged, for a while; what takes longer is given up."""
    open_ = {task for task in judging if not task.done()}
    if open_:
        await asyncio.wait(open_, timeout=LAST_SECONDS)
    for task in judging:
        task.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await task  # its error, if any, was raised where the run was awaited


def _distinct(cases: Sequence[Case]) -> None:
    seen: dict[str, Case] = {}
    for case in cases:
        if case.content in seen:
            raise InputError(
                f"two of the cases are one: {case.id} is there twice with content {case.content!r}; "
                "a row could not say which it means. Take one out."
            )
        seen[case.content] = case


def row_of(head: RunHead, case: Case, repeat: int, answer: Answer, scores: Sequence[Score]) -> Result:
    """The row. Passed when every evaluator that could judge was satisfied; the score is their mean (yes 1, no 0)."""
    judged = [score for score in scores if score.passed is not None]
    marks = [float(bool(score.passed)) if score.score is None else score.score for score in judged]
    failed = answer.cause is not None
    return Result(
        run=head.run,
        case=case.id,
        content=case.content,
        target=head.target,
        version=head.version,
        repeat=repeat,
        passed=False if failed else all(score.passed for score in judged) if judged else None,
        score=0.0 if failed else sum(marks) / len(marks) if marks else None,
        cause=answer.cause if failed else None if judged else "not_judged",
        error=answer.error,
        output=answer.output,
        tools=answer.tools,
        scores=tuple(scores),
        usd=answer.usd,
        seconds=None if answer.seconds is None else round(answer.seconds, 6),
    )
