"""A Python callable of the workspace, sync or async: `module:function`, run in workers.

What this module does not know: processes and their ends.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from anchorset.core.case import Case
from anchorset.trust.run.answer import Answer, read_answer, timed
from anchorset.trust.run.asked import asked
from anchorset.trust.run.targets.target import Ask
from anchorset.trust.run.workers.job import Job
from anchorset.trust.run.workers.pool import Workers


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A target that is a function; it gets the input alone and returns the answer."""

    name: str
    version: str
    family: str | None
    concurrency: int
    seconds: float
    job: Job

    def check(self, cases: Iterable[Case]) -> None:
        """Nothing to check: it has no template."""

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Ask]:
        async with Workers(self.job, self.concurrency) as workers:

            async def ask(case: Case) -> Answer:
                served = await workers.call([asked(case)], self.seconds)
                return timed(read_answer, served)

            yield ask
