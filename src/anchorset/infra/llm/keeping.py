"""Answers on their way to the disk: kept together, so that waiting for the disk never limits how fast is asked.

A reply counts only when it is kept. Those that come while the disk is busy, or within a hundredth of a second, are kept
in one go, in a thread of their own: the only one that touches the store.
What this module does not know: what is in an answer, and where it is kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial

from anchorset.core.ask import Answer
from anchorset.core.ports import Answers

GATHER_SECONDS = 0.01
AT_ONCE = 256
"""From so many on nothing is gathered any longer."""


class Keeper:
    """Keeps for one run. Used in one event loop."""

    def __init__(self, answers: Answers, run: str) -> None:
        self._answers = answers
        self._run = run
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="anchorset keeps")
        self._waiting: list[tuple[str, Answer, Callable[[], None]]] = []
        self._task: asyncio.Task[None] | None = None
        self.broken: Exception | None = None
        """What the store raised: nothing is kept any more."""

    async def recall(self, keys: Sequence[str]) -> dict[str, Answer]:
        """What is kept of these."""
        if not keys:
            return {}
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, lambda: self._answers.recall(keys, run=self._run))

    def keep(self, key: str, answer: Answer, then: Callable[[], None], failed: Callable[[Exception], None]) -> None:
        """`then` is called once it is on the disk; `failed`, with the error, when it cannot be put there."""
        self._waiting.append((key, answer, then))
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._work(failed))

    async def settle(self) -> None:
        """Returns when everything that was given is kept, or cannot be."""
        while self._task is not None:
            # a cancelled wait leaves the work alone
            await asyncio.shield(self._task)

    async def close(self) -> None:
        await self.settle()
        self._thread.shutdown()

    async def _work(self, failed: Callable[[Exception], None]) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self._waiting and self.broken is None:
                if len(self._waiting) < AT_ONCE:
                    with suppress(asyncio.CancelledError):
                        await asyncio.sleep(GATHER_SECONDS)
                batch, self._waiting = self._waiting, []
                answers = {key: answer for key, answer, _ in batch}
                try:
                    await loop.run_in_executor(self._thread, partial(self._keep, answers))
                except Exception as error:
                    self.broken = error
                    failed(error)
                    return
                for _, _, then in batch:
                    then()
        finally:
            self._task = None

    def _keep(self, answers: dict[str, Answer]) -> None:
        self._answers.keep(answers, run=self._run)
