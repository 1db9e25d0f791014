"""The plan of a workspace carried out: candidates made, judged, kept as they land; broken off, it goes on.

A run is deterministic, so going on is doing it again with a memory: the same candidates are made, those that were
judged take their judgement from the run's mirror, and the rest is judged. The plan of a run is fixed when it begins.
What this module does not know: techniques and checks.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from anchorset.core.case import Case
from anchorset.core.filter import Filter
from anchorset.core.finding import Finding
from anchorset.core.hashing import short_hash
from anchorset.core.plan import Plan
from anchorset.core.provenance import Technique
from anchorset.core.said import ProductionRun, Refresh
from anchorset.infra.db import said as said_rows
from anchorset.pipeline.indexing import PRODUCTION
from anchorset.pipeline.mapping import Mapped, map_seeds
from anchorset.pipeline.planning import plan_next
from anchorset.pipeline.workspace import Workspace
from anchorset.plan.planned import Planned
from anchorset.produce.engine import Produced
from anchorset.produce.stage import produce
from anchorset.qualify.crowd import crowd_of
from anchorset.qualify.gate import ForgottenError, RunGate
from anchorset.qualify.sets import set_findings
from anchorset.qualify.settings import settings_of
from anchorset.qualify.staleness import inputs_of, stale

BATCH = 256
"""Candidates judged, and then kept, at a time: a second's work, and what a kill can cost."""
Done = tuple[Produced | None, int, list[Finding]]
"""What was produced, how many candidates were there already, and what is wrong with the set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What `produce` did."""

    run: str | None
    """None: nothing was to be done."""
    planned: Planned | None
    """What was planned; None when an interrupted run went on."""
    produced: Produced | None
    remembered: int
    """Candidates of the run that were there already, from before it was interrupted."""
    refreshed: dict[str, str]
    """Candidates put aside as stale -> why."""
    set_findings: list[Finding]
    seconds: float


def produce_into(
    workspace: Workspace,
    *,
    count: int | None = None,
    more: int | None = None,
    size: int | None = None,
    technique: Technique | None = None,
    language: str | None = None,
    personas: Mapping[str, float] | None = None,
    random_seed: int | None = None,
    refresh: bool = False,
) -> Made:
    """Carries out what is still to be made, or first ends a run that was interrupted under the same settings.

    `personas`: name -> weight, in place of the configuration's. `refresh`: what has gone stale is put aside first, and
    made anew. On Ctrl-C what was judged is kept, and `produced.interrupted` says so; the same command again goes on.
    """
    begun_at = time.monotonic()
    with workspace.exclusive("produce"):
        refreshed = put_stale_aside(workspace) if refresh else {}
        mapped = map_seeds(workspace)
        seed = workspace.config.random_seed if random_seed is None else random_seed
        settings = _settings(workspace, mapped, seed)
        order: dict[str, Any] = {
            "count": count, "more": more, "size": size, "technique": technique, "language": language,
            "personas": personas,
        }  # fmt: skip
        asked = short_hash([order, settings])
        run, planned = _open(workspace, asked), None
        done = _gone_on(workspace, run, mapped) if run is not None else None
        if run is None or done is None:
            planned = plan_next(workspace, mapped=mapped, **order)
            run = _begin(workspace, planned.plan, asked, seed) if planned.plan.briefs else None
            done = _carry_out(workspace, run, mapped) if run is not None else (None, 0, [])
    return Made(
        run=None if run is None else run.run, planned=planned, produced=done[0], remembered=done[1],
        refreshed=refreshed, set_findings=done[2], seconds=time.monotonic() - begun_at,
    )  # fmt: skip


def _settings(workspace: Workspace, mapped: Mapped, seed: int) -> str:
    """Hash of everything but the plan that decides what is made."""
    config = workspace.config
    return short_hash(
        [
            version("anchorset"), seed, config.model_dump(mode="json", include={"checks", "constraints", "mutation"}),
            [config.embedder, config.models.generator.model],
            sorted((case.id, case.content, sorted(case.metadata.items(), key=str)) for case in mapped.seeds),
            sorted(inputs_now(workspace).items()),
        ]
    )  # fmt: skip


def _runs(workspace: Workspace) -> list[ProductionRun]:
    with workspace.store.reading() as connection:
        return said_rows.production_runs(connection)


def _open(workspace: Workspace, asked: str) -> ProductionRun | None:
    """The interrupted run that this call goes on with. One of another order is over: what it made stays."""
    last = next((one for one in reversed(_runs(workspace)) if one.state == "begun"), None)
    if last is None or last.settings == asked:
        return last
    workspace.append(PRODUCTION, [_ended(last, workspace.now(), "superseded")])
    workspace.notes.append(f"the interrupted run {last.run} was for another order; what it made stays")
    return None


def _ended(
    run: ProductionRun, at: str, state: str, produced: Produced | None = None, seconds: float = 0
) -> ProductionRun:
    update: dict[str, Any] = {"state": state, "at": at, "plan": None}
    if produced is not None:
        update |= {
            "ledger": {
                **produced.ledger.report(),
                "by_technique": {name: part.report() for name, part in produced.by_technique.items()},
                "by_cell": {name: part.report() for name, part in produced.by_cell.items()},
            },
            "attempts": {**run.attempts, **produced.attempts},
            "seconds": round(seconds, 3),
        }
    return run.model_copy(update=update)


def _begin(workspace: Workspace, plan: Plan, asked: str, seed: int) -> ProductionRun:
    earlier = _runs(workspace)
    attempts: dict[str, int] = {}
    for one in earlier:
        attempts |= one.attempts
    run = "r_" + short_hash([asked, plan.model_dump(mode="json"), seed, attempts, len(earlier)])
    begun = ProductionRun(
        run=run, state="begun", at=workspace.now(), target=plan.target, plan=plan, random_seed=seed, settings=asked,
        attempts=attempts, inputs=inputs_now(workspace),
    )  # fmt: skip
    workspace.append(PRODUCTION, [begun])
    return begun


def _gone_on(workspace: Workspace, run: ProductionRun, mapped: Mapped) -> Done | None:
    """The interrupted run, ended; None when what it had made cannot be made again, so that a new one has to begin."""
    try:
        return _carry_out(workspace, run, mapped)
    except ForgottenError:
        workspace.append(PRODUCTION, [_ended(run, workspace.now(), "superseded")])
        workspace.notes.append(
            f"the interrupted run {run.run} cannot be gone on with, for what it was made from has changed; "
            "what it made stays, and a new run makes the rest"
        )
        return None


def _carry_out(workspace: Workspace, run: ProductionRun, mapped: Mapped) -> Done:
    plan = run.plan
    assert plan is not None  # a run that has begun has its plan
    begun_at = time.monotonic()
    file = f"candidates/{run.run}.jsonl"
    remembered = workspace.rows(file, Case)
    embedder = workspace.bench.embedder
    crowd = crowd_of(mapped.seeds, embedder=embedder, groups=mapped.map.groups, settings=settings_of(workspace.config))
    standing = _standing(workspace, run.run)
    left = len(remembered)

    def keep(judged: Sequence[Case]) -> None:
        nonlocal left
        fresh = judged[left:]
        left = max(0, left - len(judged))
        workspace.append(file, fresh)

    produced = produce(
        plan, mapped.seeds, gate=RunGate(crowd, standing=standing, remembered=remembered), groups=mapped.map.groups,
        random_seed=run.random_seed, run=run.run, per_root=workspace.config.mutation.per_root,
        progress=workspace.progress, batch=BATCH, begun=run.attempts, standing=standing, on_batch=keep,
        personas=workspace.folder.personas,
    )  # fmt: skip
    if not produced.interrupted:
        workspace.append(
            PRODUCTION, [_ended(run, workspace.now(), "done", produced, time.monotonic() - begun_at)]
        )  # fmt: skip
    ordered = {str(name): float(part.target) for name, part in produced.by_technique.items()}
    return produced, len(remembered), set_findings(produced.passed, crowd=crowd, ordered=ordered)


def _standing(workspace: Workspace, run: str) -> list[Case]:
    """What earlier runs left and is not put aside. What reviewers rejected is among it: it is not made again."""
    everything = workspace.cases(Filter(real=False, counting=True), order="seq", findings=False)
    return [
        case
        for case in everything
        if case.provenance.source == "synthetic" and case.provenance.run != run
        and (case.status != "rejected" or case.reviews)
    ]  # fmt: skip


def inputs_now(workspace: Workspace) -> dict[str, str]:
    """What candidates can depend on -> its hash: context, axes, personas, prompts, red-team policies, documents."""
    folder = workspace.folder
    return inputs_of(
        workspace.config, folder.personas,
        prompts={Path(name).stem: digest for name, digest in folder.texts("prompts/*.md").items()},
        policies={Path(name).name: digest for name, digest in folder.texts("redteam/*.y*ml").items()},
        documents={name.removeprefix("docs/"): digest for name, digest in folder.texts("docs/**/*").items()},
    )  # fmt: skip


def put_stale_aside(workspace: Workspace) -> dict[str, str]:
    """Candidates that something they were made from has left behind -> why. They do not count any more."""
    runs = _runs(workspace)
    real = [case for case in workspace.cases(Filter(real=True, counting=True)) if case.status != "rejected"]
    found = stale(
        workspace.cases(Filter(real=False, counting=True), findings=False), seeds=real,
        inputs_then={one.run: one.inputs for one in runs},
        inputs_now=inputs_now(workspace),
    )  # fmt: skip
    if found:
        row = Refresh(stale=found, runs=tuple(one.run for one in runs), at=workspace.now())
        workspace.append("reviews/refresh.jsonl", [row])
    return found
