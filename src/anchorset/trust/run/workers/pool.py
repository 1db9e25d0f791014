"""Workers of one job: started when a call needs one, used again, replaced when a call has killed one.

What this module does not know: what the job is for.
"""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Any, Self

from anchorset.trust.run.answer import CallError, Served
from anchorset.trust.run.workers.job import Job, LoadError
from anchorset.trust.run.workers.worker import Worker


class Workers:
    """At most `most` processes for one job. An async context: none of them outlives it."""

    def __init__(self, job: Job, most: int) -> None:
        self._job = job
        self._room = asyncio.Semaphore(most)
        self._idle: list[Worker] = []
        self._busy: set[Worker] = set()

    async def call(self, request: Any, seconds: float) -> Served:
        """The value of one call; loading is not counted in `seconds`. Raises CallError, and MachineError."""
        async with self._room:
            try:
                worker = self._idle.pop() if self._idle else await Worker.start(self._job)
            except LoadError as error:
                raise CallError("exception", f"the worker could not be started again: {error}") from None
            self._busy.add(worker)
            try:
                return await worker.call(request, seconds)
            finally:
                self._busy.discard(worker)
                if worker.usable:
                    self._idle.append(worker)
                else:
                    worker.kill()

    async def close(self) -> None:
        """Kills all of them."""
        for worker in (*self._idle, *self._busy):
            worker.kill()
        self._idle.clear()
        await asyncio.sleep(0)  # the loop closes the pipes on its next turn

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
