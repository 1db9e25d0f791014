"""A target runs on a dataset version: rows are kept as they land, and the same command again asks only what is missing.

What this module does not know: how a target is asked, and how anything is shown.
"""

from __future__ import annotations

import os
import time
from contextlib import nullcontext
from dataclasses import dataclass, field

from anchorset.core.ask import Spent
from anchorset.core.case import Case
from anchorset.core.errors import PendingError
from anchorset.core.run import Result, RunHead, RunLedger, run_ledger
from anchorset.infra.db import runs as run_rows
from anchorset.pipeline.indexing import HEADS
from anchorset.pipeline.produce.judge import Consent
from anchorset.pipeline.ship.datasets import read_dataset
from anchorset.pipeline.trust.judging_answers import panel_of
from anchorset.pipeline.workspace import Workspace
from anchorset.trust.run.answer import Answer, from_row
from anchorset.trust.run.evaluators.catalogue import needs_embedder, open_evaluators
from anchorset.trust.run.evaluators.rubric import shared_family
from anchorset.trust.run.head import run_head
from anchorset.trust.run.run import run
from anchorset.trust.run.targets.catalogue import open_target

UNJUDGED = "runs/unjudged.jsonl"
"""Answers whose judge will only answer in a later run, under a run of their own: they are asked for once."""
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
    notes: tuple[str, ...] = ()
    """What is to be heeded: a judge of the target's family."""
    spent: Spent = field(default_factory=Spent)
    """What the judges took, all sittings together."""
    stopped: PendingError | None = None
    """Why answers wait for their judge; None: none does."""


def run_target(
    workspace: Workspace, ref: str | None, *, target: str, repeats: int = 1, consent: Consent | None = None
) -> Ran:
    """Runs `target` on the version `ref` and returns all rows of the run.

    `consent`: for evaluators that ask a language model. When a judge's answers have to wait for a later run (the budget
    is used up, its key is wrong), `stopped` says so and the target's answers are kept: the same again goes on.
    Ctrl-C raises KeyboardInterrupt; what landed is kept.
    """
    begun = time.monotonic()
    config, folder = workspace.config, workspace.folder
    dataset = read_dataset(folder, ref)
    asked = open_target(target, config.targets, folder=folder.path, environ=os.environ)
    embedder = workspace.bench.embedder if needs_embedder(config.evaluators) else None
    panel = panel_of(workspace)
    evaluators = open_evaluators(
        config.evaluators,
        folder=folder.path,
        environ=os.environ,
        embedder=embedder,
        model=panel.lent if panel else None,
    )
    head = run_head(
        dataset=dataset.manifest.ref, digest=dataset.manifest.digest, cases=len(dataset.cases), target=asked,
        evaluators=evaluators, repeats=repeats, started_at=workspace.now(),
    )  # fmt: skip
    with workspace.exclusive(f"run-{head.run}"):
        with workspace.store.reading() as connection:
            done = run_rows.done(connection, head.run)
            known = run_rows.answers(connection, head.target, head.version)
        keeper = _Keeper(workspace, f"runs/{head.run}.jsonl")
        unjudged = _Keeper(workspace, UNJUDGED)
        reused = 0

        def cached(case: Case, repeat: int) -> Answer | None:
            nonlocal reused
            row = known.get((case.content, repeat))
            answer = from_row(row) if row is not None else None
            reused += answer is not None
            return answer

        def wait(row: Result) -> None:
            if (row.content, row.repeat) not in known:
                unjudged.take(row.model_copy(update={"run": "u_" + head.run.removeprefix("q_")}))

        missing = [
            (case, from_row(known[(case.content, n)]) if (case.content, n) in known else None)
            for case in dataset.cases
            for n in range(repeats)
            if (case.content, n) not in done
        ]
        stopped = None
        with panel.opened(head.run, missing, evaluators.judges, consent or Consent()) if panel else nullcontext():
            if not any(one.run == head.run for one in _heads(workspace)):
                workspace.append(HEADS, [head])
            workspace.progress.start(f"running {target}", len(missing))
            try:
                run(
                    dataset.cases, asked, evaluators, head=head, done=done, cached=cached, on_result=keeper.take,
                    on_unjudged=wait,
                )  # fmt: skip
            except PendingError as error:
                stopped = error
            finally:
                keeper.flush()
                unjudged.flush()
                workspace.progress.stop()
        with workspace.store.reading() as connection:
            results = run_rows.results(connection, head.run)
    shared = shared_family(evaluators.each, target=target, family=head.family)
    return Ran(
        head=head, results=results, ledger=run_ledger(results, wanted=len(dataset.cases) * repeats),
        fresh=len(results) - len(done), reused=reused, seconds=time.monotonic() - begun, stopped=stopped,
        notes=(*(panel.notes if panel else ()), *([shared] if shared else [])), spent=panel.spent if panel else Spent(),
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
