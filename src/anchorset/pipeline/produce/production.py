"""The plan of a workspace carried out: candidates made, judged, kept as they land; broken off, it goes on.

A run is deterministic, so going on is doing it again with a memory: the same candidates are made, those that were
judged take their judgement from the run's mirror, and the rest is judged. The plan of a run is fixed when it begins.
What this module does not know: techniques and checks.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from typing import Any

from pydantic import TypeAdapter

from anchorset.core.ask import Spent
from anchorset.core.case import Case
from anchorset.core.config import ModelSpec
from anchorset.core.filter import Filter
from anchorset.core.finding import Finding
from anchorset.core.hashing import short_hash
from anchorset.core.plan import Plan
from anchorset.core.provenance import Synthetic, Technique
from anchorset.core.said import ProductionRun
from anchorset.infra.db import said as said_rows
from anchorset.pipeline.indexing import PRODUCTION
from anchorset.pipeline.models import Agree, Chosen, Ledgered, RunAsker, agreed, chosen, opened_models
from anchorset.pipeline.plan.failing import told
from anchorset.pipeline.plan.feedback import lessons_of, spoilt
from anchorset.pipeline.plan.feedback import told as told_lessons
from anchorset.pipeline.plan.mapping import Mapped, map_seeds
from anchorset.pipeline.plan.planning import plan_next
from anchorset.pipeline.produce.calibrating import calibrations_of
from anchorset.pipeline.produce.estimating import estimate
from anchorset.pipeline.produce.refreshing import inputs_now, put_stale_aside
from anchorset.pipeline.produce.writing import Options, judging_for, settings_for, writing_for
from anchorset.pipeline.review.outside_band import outside_band
from anchorset.pipeline.workspace import Workspace
from anchorset.plan.planned import Planned
from anchorset.produce.asking.settings import Failure
from anchorset.produce.engine import Produced
from anchorset.produce.stage import produce
from anchorset.qualify.crowd import crowd_of
from anchorset.qualify.gate import ForgottenError, RunGate
from anchorset.qualify.sets import set_findings
from anchorset.qualify.settings import settings_of
from anchorset.review.advice import Advised

BATCH = 256
"""Candidates judged, and then kept, at a time: a second's work, and what a kill can cost."""
WHOLE_BATCH = 4096
"""The same where rounds are whole waves: so many a judge is asked about in one round of a batch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What came of a run."""

    produced: Produced | None = None
    remembered: int = 0
    set_findings: list[Finding] = field(default_factory=list)
    notes: tuple[str, ...] = ()
    spent: Spent = field(default_factory=Spent)
    trouble: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """What a run works with."""

    workspace: Workspace
    mapped: Mapped
    models: Chosen
    order: Order
    failures: Mapping[str, tuple[Failure, ...]]
    whole: bool
    agree: Agree | None
    asker: Callable[[str, Chosen], AbstractContextManager[Ledgered]] | None
    budget_usd: float | None

    @property
    def options(self) -> Options:
        return self.order.options


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
    notes: tuple[str, ...] = ()
    """What was decided about models on the way."""
    spent: Spent = field(default_factory=Spent)
    advice: tuple[Advised, ...] = ()
    """What to do about techniques, personas and cells whose survival lies outside the band."""
    trouble: str | None = None
    """Why a model could not be asked any more (a wrong key, a server that is down), so that the run waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What one call asks for; None: as configuration and plan have it."""

    count: int | None = None
    more: int | None = None
    size: int | None = None
    technique: Technique | None = None
    language: str | None = None
    personas: Mapping[str, float] | None = None
    """Name -> weight, in place of the configuration's."""
    from_failures: str | None = None
    """The run of a target whose failures are the order; `count` is then of what they give."""
    options: Options = field(default_factory=Options)
    """How a model writes."""

    @property
    def of_plan(self) -> dict[str, Any]:
        """The arguments that `plan_next` takes."""
        return {
            "count": self.count, "more": self.more, "size": self.size, "technique": self.technique,
            "language": self.language, "personas": self.personas,
            **({"from_failures": self.from_failures} if self.from_failures is not None else {}),
        }  # fmt: skip


def produce_into(
    workspace: Workspace,
    order: Order | None = None,
    *,
    random_seed: int | None = None,
    refresh: bool = False,
    budget_usd: float | None = None,
    agree: Agree | None = None,
    asker: Callable[[str, Chosen], AbstractContextManager[Ledgered]] | None = None,
    whole: bool = False,
) -> Made:
    """Carries out what is still to be made, or first ends a run that was interrupted under the same settings.

    `refresh`: what has gone stale is put aside first, and made anew. `budget_usd`: of the whole run, in place of the
    configuration's. `agree`: asked before texts leave the machine; None: they do not. `asker`: (run, models) -> who is
    asked, in place of the models themselves. `whole`: a run that begins now asks each round in one wave, at half the
    price, however it goes on. On Ctrl-C and at the end of the budget what was judged is kept, and
    `produced.stopped` says so; the same command again goes on.
    """
    begun_at = time.monotonic()
    order = order or Order()
    with workspace.exclusive("produce"):
        refreshed = put_stale_aside(workspace) if refresh else {}
        mapped = map_seeds(workspace)
        options = order.options
        models = chosen(
            workspace, model=options.model, temperature=options.temperature, max_tokens=options.max_tokens
        )  # fmt: skip
        seed = workspace.config.random_seed if random_seed is None else random_seed
        settings = _settings(workspace, mapped, seed, models)
        failures = told(workspace, mapped, order.from_failures)
        said = [[failure.case.content, failure.why] for cell in failures.values() for failure in cell]
        asked = short_hash(
            [order.of_plan, settings, *([asdict(options)] if options != Options() else []), *([said] if said else [])]
        )
        line = _Line(
            workspace=workspace, mapped=mapped, models=models, order=order, whole=whole, failures=failures, agree=agree,
            asker=asker, budget_usd=workspace.config.budget_usd if budget_usd is None else budget_usd,
        )  # fmt: skip
        run, planned = _open(workspace, asked), None
        done = _gone_on(line, run) if run is not None else None
        if run is None or done is None:
            planned = plan_next(workspace, mapped=mapped, chosen=models, **order.of_plan)
            run = _begin(line, planned.plan, asked, seed) if planned.plan.briefs else None
            done = _carry_out(line, run) if run is not None else Done()
    return Made(
        run=None if run is None else run.run, planned=planned, produced=done.produced, remembered=done.remembered,
        refreshed=refreshed, set_findings=done.set_findings, seconds=time.monotonic() - begun_at,
        notes=(*models.notes, *done.notes), spent=done.spent, trouble=done.trouble, advice=outside_band(workspace),
    )  # fmt: skip


def _settings(workspace: Workspace, mapped: Mapped, seed: int, models: Chosen) -> str:
    """Hash of everything but the plan that decides what is made."""
    config = workspace.config
    what = {"checks", "constraints", "mutation", "redteam"}
    return short_hash(
        [
            version("anchorset"), seed, config.model_dump(mode="json", include=what),
            [config.embedder, *(_of_answers(spec) for spec in (models.generator, models.judge))],
            sorted((case.id, case.content, sorted(case.metadata.items(), key=str)) for case in mapped.seeds),
            sorted(inputs_now(workspace).items()),
        ]
    )  # fmt: skip


def _of_answers(spec: ModelSpec) -> list[Any]:
    """What of a model decides its answers: not its limits, and not where it is reached."""
    return [spec.model, spec.temperature, spec.max_tokens, spec.family]


def _runs(workspace: Workspace) -> list[ProductionRun]:
    with workspace.store.reading() as connection:
        return said_rows.production_runs(connection)


def _open(workspace: Workspace, asked: str) -> ProductionRun | None:
    """The interrupted run that this call goes on with. One of another order is over: what it made stays."""
    last = next((one for one in reversed(_runs(workspace)) if one.state == "begun"), None)
    if last is not None and last.settings == asked and spoilt(workspace, last.lessons):
        workspace.append(PRODUCTION, [_ended(last, workspace.now(), "superseded")])
        workspace.notes.append(
            f"the interrupted run {last.run} shows its model what was since rejected as private data, so it is over; "
            "what it made stays"
        )
        return None
    if last is None or last.settings == asked:
        return last
    workspace.append(PRODUCTION, [_ended(last, workspace.now(), "superseded")])
    workspace.notes.append(f"the interrupted run {last.run} was for another order; what it made stays")
    return None


def _ended(
    run: ProductionRun, at: str, state: str, produced: Produced | None = None, seconds: float = 0,
    spent: Spent | None = None,
) -> ProductionRun:  # fmt: skip
    update: dict[str, Any] = {"state": state, "at": at, "plan": None, "order": {}}
    if produced is not None:
        update |= {
            "ledger": {
                **produced.ledger.report(),
                "by_technique": {name: part.report() for name, part in produced.by_technique.items()},
                "by_cell": {name: part.report() for name, part in produced.by_cell.items()},
            },
            "attempts": {**run.attempts, **produced.attempts},
            "seconds": round(seconds, 3),
            "usd": spent.usd if spent else 0.0,
            "written": _written(run, produced, spent or Spent()),
        }
    return run.model_copy(update=update)


def _written(run: ProductionRun, produced: Produced, spent: Spent) -> dict[str, int]:
    """What of the run was a model's: empty when none wrote, or when a judge's tokens are among them."""
    if set(run.models) != {"generator"} or run.plan is None:
        return {}
    by_model = [case for case in (*produced.passed, *produced.rejected) if _model_of(case)]
    failed = sum(n for cause, n in produced.ledger.failed_by.items() if cause != "no_parent")
    passed = sum(case.status == "passed" for case in by_model)
    return {"requested": len(by_model) + failed, "passed": passed, "output": spent.usage.output}


def _model_of(case: Case) -> str | None:
    return case.provenance.model if isinstance(case.provenance, Synthetic) else None


def _begin(line: _Line, plan: Plan, asked: str, seed: int) -> ProductionRun:
    workspace, models = line.workspace, line.models
    earlier = _runs(workspace)
    attempts: dict[str, int] = {}
    for one in earlier:
        attempts |= one.attempts
    lessons = lessons_of(workspace, line.mapped, plan, random_seed=seed) if line.options.lessons else None
    heeded = [lessons.told] if lessons else []
    run = "r_" + short_hash([asked, plan.model_dump(mode="json"), seed, attempts, len(earlier), *heeded])
    writes = any(brief.by_model for brief in plan.briefs)
    roles = {"generator": models.generator.model if writes else "none", "judge": models.judge.model}
    named = {role: name for role, name in roles.items() if name != "none"}
    expected = (
        estimate(
            workspace, line.mapped, plan, models, line.options, whole=line.whole, failures=line.failures,
            lessons=lessons,
        )
        if named else None
    )  # fmt: skip
    begun = ProductionRun(
        run=run, state="begun", at=workspace.now(), target=plan.target, plan=plan, random_seed=seed, settings=asked,
        attempts=attempts, inputs=inputs_now(workspace), models=named,
        families={role: models.families[role] for role in named},
        estimate={} if expected is None else {"usd_low": expected.usd[0], "usd_high": expected.usd[1]},
        whole=line.whole, from_failures=line.order.from_failures, lessons=lessons,
        order=TypeAdapter(Order).dump_python(line.order, mode="json", exclude_defaults=True),
    )  # fmt: skip
    workspace.append(PRODUCTION, [begun])
    return begun


def _gone_on(line: _Line, run: ProductionRun) -> Done | None:
    """The interrupted run, ended; None when what it had made cannot be made again, so that a new one has to begin."""
    try:
        return _carry_out(line, run)
    except ForgottenError:
        line.workspace.append(PRODUCTION, [_ended(run, line.workspace.now(), "superseded")])
        line.workspace.notes.append(
            f"the interrupted run {run.run} cannot be gone on with, for what it was made from has changed; "
            "what it made stays, and a new run makes the rest"
        )
        return None


def _carry_out(line: _Line, run: ProductionRun) -> Done:
    workspace, mapped, plan = line.workspace, line.mapped, run.plan
    assert plan is not None  # a run that has begun has its plan
    begun_at = time.monotonic()
    file = f"candidates/{run.run}.jsonl"
    remembered = workspace.rows(file, Case)
    embedder = workspace.bench.embedder
    crowd = crowd_of(
        mapped.seeds,
        embedder=embedder,
        groups=mapped.map.groups,
        settings=settings_of(workspace.config, min_novelty=line.options.min_novelty),
    )
    standing = _standing(workspace, run.run)
    left = len(remembered)

    def keep(judged: Sequence[Case]) -> None:
        nonlocal left
        fresh = judged[left:]
        left = max(0, left - len(judged))
        workspace.append(file, fresh)

    with _asker(line, run) as asker:
        settings = settings_for(
            workspace, line.models, line.options, line.failures, told_lessons(workspace, run.lessons)
        )  # fmt: skip
        known = calibrations_of(workspace, line.models)
        judging = judging_for(workspace, line.models, asker, known) if asker and line.models.judges else None
        gate = RunGate(crowd, standing=standing, remembered=remembered, judging=judging)
        writing = (
            writing_for(mapped, settings, asker, whole=run.whole, foresee=gate.foresee if judging else None)
            if asker and line.models.writes else None
        )  # fmt: skip
        produced = produce(
            plan, mapped.seeds, gate=gate, groups=mapped.map.groups,
            random_seed=run.random_seed, run=run.run, per_root=workspace.config.mutation.per_root,
            progress=workspace.progress, batch=WHOLE_BATCH if run.whole else BATCH,
            begun=run.attempts, standing=standing, on_batch=keep,
            personas=workspace.folder.personas, weights=run.lessons.weights if run.lessons else None,
            writing=writing,
        )  # fmt: skip
    spent = asker.spent if asker else Spent()  # now that what was on its way is there too
    if produced.stopped is None:
        workspace.append(
            PRODUCTION, [_ended(run, workspace.now(), "done", produced, time.monotonic() - begun_at, spent)]
        )  # fmt: skip
    ordered = {str(name): float(part.target) for name, part in produced.by_technique.items()}
    return Done(
        produced=produced, remembered=len(remembered), spent=spent, notes=judging.notes if judging else (),
        trouble=asker.trouble if asker and produced.stopped else None,
        set_findings=set_findings(produced.passed, crowd=crowd, ordered=ordered),
    )  # fmt: skip


def _asker(line: _Line, run: ProductionRun) -> AbstractContextManager[Ledgered | None]:
    """Who answers this run's questions; None where it has none."""
    plan = run.plan
    writes = plan is not None and line.models.writes and any(brief.by_model for brief in plan.briefs)
    specs = [spec for spec, needed in ((line.models.generator, writes), (line.models.judge, True)) if needed]
    if all(spec.model == "none" for spec in specs):
        return nullcontext()
    if line.asker is not None:
        return line.asker(run.run, line.models)
    models = opened_models(line.workspace, specs)
    high = run.estimate.get("usd_high")
    about = "at a price that is not known" if high is None else f"about ${run.estimate['usd_low']:,.2f}-{high:,.2f}"
    limit = "no limit is set (`budget_usd`)" if line.budget_usd is None else f"at most ${line.budget_usd:,.2f}"
    agreed([model for model, _ in models.values()], line.agree, what=_leaving(writes, line), cost=f"{about}, {limit}")
    return RunAsker(line.workspace, models, run=run.run, budget_usd=line.budget_usd)


def _leaving(writes: bool, line: _Line) -> str:
    """What of the workspace a request shows."""
    shown = ["a few seed texts, as they are kept, and the product's context with every question"] if writes else []
    return " and ".join([*shown, *(["every candidate to the judge"] if line.models.judges else [])])


def _standing(workspace: Workspace, run: str) -> list[Case]:
    """What earlier runs left and is not put aside. What reviewers rejected is among it: it is not made again."""
    everything = workspace.cases(Filter(real=False, counting=True), order="seq", findings=False)
    return [
        case
        for case in everything
        if case.provenance.source == "synthetic" and case.provenance.run != run
        and (case.status != "rejected" or case.reviews)
    ]  # fmt: skip
