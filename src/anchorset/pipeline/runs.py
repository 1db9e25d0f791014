"""A target runs on a dataset version: rows are kept as they land, and the same command again asks only what is missing.

What this module does not know: how a target is asked, and how anything is shown.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass

from anchorset.core.case import Case
from anchorset.core.run import Result, RunHead, RunLedger, run_ledger
from anchorset.infra.db import runs as run_rows
from anchorset.pipeline.datasets import read_dataset
from anchorset.pipeline.indexing import HEADS
from anchorset.pipeline.workspace import Workspace
from anchorset.trust.run.answer import Answer, from_row
from anchorset.trust.run.evaluators.catalogue import needs_embedder, open_evaluators
from anchorset.trust.run.head import run_head
from anchorset.trust.run.run import run
from anchorset.trust.run.targets.catalogue import open_target

KEEP_SECONDS = 0.2
"""How long an answer may wait to be written with others. A kill loses no more than that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What a run came to, earlier parts of it included."""

    head: RunHead
    results: list[Result]
    ledger: RunLedger
    fresh: int
    """Rows that this call added."""
    reused: int
    """Of these, answers that the same version had given before, judged again."""
    seconds: float


def run_target(workspace: Workspace, ref: str | None, *, target: str, repeats: int = 1) -> Ran:
    """Runs `target` on the version `ref` and returns all rows of the run.

    Ctrl-C raises KeyboardInterrupt; what landed is kept.
    """
    begun = time.monotonic()
    config, folder = workspace.config, workspace.folder
    dataset = read_dataset(folder, ref)
    asked = open_target(target, config.targets, folder=folder.path, environ=os.environ)
    embedder = workspace.bench.embedder if needs_embedder(config.evaluators) else None
    evaluators = open_evaluators(config.evaluators, folder=folder.path, environ=os.environ, embedder=embedder)
    head = run_head(
        dataset=dataset.manifest.ref, digest=dataset.manifest.digest, cases=len(dataset.cases), target=asked,
        evaluators=evaluators, repeats=repeats, started_at=workspace.now(),
    )  # fmt: skip
    with workspace.exclusive(f"run-{head.run}"):
        with workspace.store.reading() as connection:
            done = run_rows.done(connection, head.run)
            known = run_rows.answers(connection, head.target, head.version)
        if not any(one.run == head.run for one in _heads(workspace)):
            workspace.append(HEADS, [head])
        keeper = _Keeper(workspace, f"runs/{head.run}.jsonl")
        reused = 0

        def cached(case: Case, repeat: int) -> Answer | None:
            nonlocal reused
            row = known.get((case.content, repeat))
            answer = from_row(row) if row is not None else None
            reused += answer is not None
            return answer

        workspace.progress.start(f"running {target}", len(dataset.cases) * repeats - len(done))
        try:
            fresh = run(
                dataset.cases, asked, evaluators, head=head, done=done, cached=cached, on_result=keeper.take
            )  # fmt: skip
        finally:
            keeper.flush()
            workspace.progress.stop()
        with workspace.store.reading() as connection:
            results = run_rows.results(connection, head.run)
    return Ran(
        head=head, results=results, ledger=run_ledger(results, wanted=len(dataset.cases) * repeats),
        fresh=len(fresh), reused=reused, seconds=time.monotonic() - begun,
    )  # fmt: skip


def _heads(workspace: Workspace) -> list[RunHead]:
    with workspace.store.reading() as connection:
        return run_rows.heads(connection)


class _Keeper:
    """Writes rows a few at a time: each append forces the disk, and answers may come by the thousand."""

    def __init__(self, workspace: Workspace, file: str) -> None:
        self._workspace, self._file = workspace, file
        self._waiting: list[Result] = []
        self._last = 0.0

    def take(self, row: Result) -> None:
        self._waiting.append(row)
        self._workspace.progress.advance()
        if time.monotonic() - self._last >= KEEP_SECONDS:
            self.flush()

    def flush(self) -> None:
        self._workspace.append(self._file, self._waiting)
        self._waiting = []
        self._last = time.monotonic()
