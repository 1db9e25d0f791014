"""What an evaluator is: a stable code, a version, frozen settings, and a `judge` that keeps nothing.

What this module does not know: any particular evaluator.
"""

from __future__ import annotations

import json
import os
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Self

from pydantic import JsonValue

from anchorset.core.case import Case
from anchorset.core.noun import Noun
from anchorset.core.ports import Embedder
from anchorset.core.run import Score
from anchorset.trust.run.answer import Answer
from anchorset.trust.run.evaluators.judge_model import JudgeModel
from anchorset.trust.run.workers.job import Job
from anchorset.trust.run.workers.pool import Workers

MOST_WORKERS = 4
"""Processes for one guarded function."""


@dataclass(slots=True, kw_only=True)
class Means:
    """What evaluators are lent. Functions that may hang run in workers of it, which end with `close`."""

    folder: Path
    environ: Mapping[str, str]
    embedder: Embedder | None = None
    model: JudgeModel | None = None
    """A language model to ask; None: there is none."""
    _workers: dict[tuple[str, bool], Workers] = field(default_factory=dict)

    async def guarded(self, function: str, arguments: list[Any], seconds: float, *, of_workspace: bool = False) -> Any:
        """What the function returns, a JSON value. Raises CallError when it raises, hangs or ends its process.

        `of_workspace`: it is imported from the workspace first; else it is one of ours.
        """
        key = (function, of_workspace)
        if key not in self._workers:
            job = Job(function=function, folder=self.folder if of_workspace else None, environ=self.environ)
            self._workers[key] = Workers(job, min(MOST_WORKERS, os.cpu_count() or 1))
        return (await self._workers[key].call(arguments, seconds)).value

    async def close(self) -> None:
        """Ends what was started. The next call starts it again."""
        for workers in self._workers.values():
            await workers.close()
        self._workers.clear()


class Evaluator(Noun):
    """Its fields are its settings: `{contains: {ignore_case: true}}`."""

    code: ClassVar[str]
    version: ClassVar[int]
    """Raised when the same settings would judge an answer differently than before."""

    def resolved(self, means: Means) -> Self:
        """This evaluator with what its settings name loaded. Raises ConfigError for settings that cannot be used."""
        return self

    def rests_on(self, means: Means) -> JsonValue:
        """What a verdict depends on beside the settings (a model's name, hashes of code); part of the version."""
        return None

    @abstractmethod
    async def judge(self, case: Case, answer: Answer, means: Means) -> Score:
        """The score. `passed` None when there is nothing to judge by; never raises for an answer, however strange."""

    def said(self, passed: bool | None, why: str | None = None, score: float | None = None) -> Score:
        """A score in this evaluator's name."""
        return Score(evaluator=self.code, passed=passed, score=score, why=why)


NOTHING_EXPECTED = "the case has no expected answer"


def words(value: JsonValue) -> str:
    """A value as text: a string as it is, None as nothing, anything else as JSON."""
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)
