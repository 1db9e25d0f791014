"""A program: one JSON object on stdin, the answer on stdout, JSON or plain text.

It runs inside a worker, in the worker's process group: a call that takes too long ends with all it has started.
What this module does not know: processes and their ends.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from anchorset.core.case import Case
from anchorset.core.errors import ConfigError
from anchorset.trust.run.answer import Answer, CallError, read_answer, timed
from anchorset.trust.run.asked import told
from anchorset.trust.run.targets.target import Ask
from anchorset.trust.run.workers.job import Job
from anchorset.trust.run.workers.pool import Workers


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A target that is a program; started anew for every call."""

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
                return timed(printed, await workers.call(told(case), self.seconds))

            yield ask


def printed(text: str) -> Answer:
    """The answer a program printed: a JSON object with `output` is read as one, anything else is the text itself."""
    if text.lstrip().startswith("{"):
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            value = None
        if isinstance(value, dict) and "output" in value:
            return read_answer(value)
    if not text.strip():
        raise CallError("garbage", "it printed nothing on stdout; print the answer there")
    return read_answer(text.removesuffix("\n").removesuffix("\r"))


def program_files(name: str, command: Sequence[str], folder: Path, environ: Mapping[str, str]) -> tuple[Path, ...]:
    """The files that make a command up: those of the workspace among its words, else the program itself.

    Raises ConfigError when the program is not there or may not be run.
    """
    program = command[0]
    path = environ.get("PATH", os.defpath)
    place = shutil.which(folder / program) if "/" in program else shutil.which(program, path=path)
    if place is None:
        raise ConfigError(
            f"`targets.{name}.command` begins with {program!r}, which is no program that can be run from "
            f"{str(folder)!r}; give its path, or make the file executable."
        )
    own = [folder / word for word in command if (folder / word).is_file()]
    # An interpreter differs from machine to machine; with a script of the workspace the script is what answers.
    return tuple(own) if own else (Path(place),)
