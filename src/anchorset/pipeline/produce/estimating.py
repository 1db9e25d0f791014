"""What the models of a run will take, before it begins: requests, tokens, and a range of USD.

Prompts are written as they will be sent and counted; what candidates and verdicts take, and how many pass the checks,
is measured on earlier runs of the same model where there are some, and assumed where there are none.
What this module does not know: prompts, and how a plan comes about.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Any

from anchorset.core.ask import Answer, Ask, Usage
from anchorset.core.case import Case
from anchorset.core.config import ModelSpec
from anchorset.core.lessons import Lessons
from anchorset.core.plan import Brief, Plan
from anchorset.core.said import ProductionRun
from anchorset.infra.db import said as said_rows
from anchorset.infra.llm.prices import BATCH_SHARE, usd
from anchorset.infra.llm.tokens import tokens, tokens_of
from anchorset.pipeline.models import Chosen, chosen
from anchorset.pipeline.plan.failing import told as failures_told
from anchorset.pipeline.plan.feedback import lessons_of
from anchorset.pipeline.plan.feedback import told as lessons_told
from anchorset.pipeline.plan.mapping import Mapped, map_seeds
from anchorset.pipeline.plan.planning import plan_next
from anchorset.pipeline.produce.writing import Options, judging_for, settings_for, writing_for
from anchorset.pipeline.workspace import Workspace
from anchorset.plan.planned import Planned
from anchorset.produce.asking.settings import Asking, Failure
from anchorset.produce.asking.steering import Steering
from anchorset.produce.job import jobs_of
from anchorset.produce.writing import Writing

PASS = (0.9, 0.5)
"""Share of candidates that pass the checks, well and badly, where no earlier run says."""
LENGTHS = (1.0, 2.0)
"""Length of a candidate over the seeds' mean, short and long, where no earlier run says."""
AROUND = 12
"""Tokens of JSON around one candidate."""
VERDICT = (60, 220)
"""Tokens of a judge's answer on one candidate."""
SPREAD = 1.25
"""What was measured, times and over this, is the range: the next run is another one."""
SAMPLES = 24
"""Prompts that are written to measure them, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one model takes, at best and at worst."""

    role: str
    model: str
    requests: tuple[int, int]
    input: tuple[int, int]
    """Tokens."""
    output: tuple[int, int]
    usd: tuple[float | None, float | None]
    """None: the model's price is not known."""
    measured: bool
    """Whether earlier runs of this model say it, and not assumptions."""

    def at(self, share: float) -> Part:
        """The same at this share of the price."""
        low, high = (None if usd is None else usd * share for usd in self.usd)
        return replace(self, usd=(low, high))


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What a run takes."""

    parts: tuple[Part, ...]

    @property
    def usd(self) -> tuple[float | None, float | None]:
        """(low, high); None: not known."""
        low, high = [part.usd[0] for part in self.parts], [part.usd[1] for part in self.parts]
        return _sum(low), _sum(high)

    def lines(self) -> Iterator[str]:
        """One sentence a model, and the sum."""
        for part in self.parts:
            basis = "measured on earlier runs" if part.measured else "assumed, for no earlier run has measured it"
            yield (
                f"{part.role} {part.model}: {_range(part.requests)} requests, {_range(part.input)} tokens in, "
                f"{_range(part.output)} out, {_money(part.usd)} ({basis})"
            )
        if len(self.parts) > 1:
            yield f"together {_money(self.usd)}"

    def report(self) -> dict[str, object]:
        """The machine form."""
        return {
            "usd_low": self.usd[0], "usd_high": self.usd[1],
            "models": [
                {
                    "role": part.role, "model": part.model, "measured": part.measured,
                    **{
                        f"{name}_{end}": getattr(part, name)[at]
                        for name in ("requests", "input", "output", "usd")
                        for at, end in enumerate(("low", "high"))
                    },
                }
                for part in self.parts
            ],
        }  # fmt: skip


def dry_run(
    workspace: Workspace, *, options: Options, models: Chosen | None = None, **order: Any
) -> tuple[Planned, Estimate | None]:
    """What would be made, and what its models would take; None when none would be asked. Nothing is sent."""
    models = models or chosen(
        workspace, model=options.model, temperature=options.temperature, max_tokens=options.max_tokens
    )
    mapped = map_seeds(workspace)
    planned = plan_next(workspace, mapped=mapped, chosen=models, **order)
    seed = workspace.config.random_seed
    lessons = lessons_of(workspace, mapped, planned.plan, random_seed=seed) if options.lessons else None
    expected = estimate(
        workspace, mapped, planned.plan, models, options, lessons=lessons,
        failures=failures_told(workspace, mapped, order.get("from_failures")),
    )  # fmt: skip
    low, high = expected.usd if expected else (None, None)
    if low is not None and high is not None:  # better than the plan's own guess, which knows no model
        planned = replace(planned, cost=replace(planned.cost, usd_low=low, usd_high=high))
    return planned, expected


def estimate(
    workspace: Workspace, mapped: Mapped, plan: Plan, models: Chosen, options: Options, *, whole: bool = False,
    failures: Mapping[str, tuple[Failure, ...]] | None = None, lessons: Lessons | None = None,
) -> Estimate | None:  # fmt: skip
    """What the models of this plan take; None when none is asked. `whole`: in batches, at their share of the price.

    `failures`, `lessons`: what prompts tell of them is counted too.
    """
    with workspace.store.reading() as connection:
        runs = [run for run in said_rows.production_runs(connection) if run.state == "done"]
    asked = [brief for brief in plan.briefs if brief.by_model] if models.writes else []
    parts = []
    if asked:
        settings = settings_for(workspace, models, options, failures, lessons_told(workspace, lessons))
        parts.append(_writer(workspace, mapped, asked, models, settings, runs))
    if models.judges and plan.briefs:
        parts.append(_judge(workspace, mapped, plan, models, runs))
    share = BATCH_SHARE if whole else 1.0
    return Estimate(parts=tuple(part.at(share) for part in parts)) if parts else None


class _Nobody:
    """An asker for prompts that are only counted."""

    def ask(self, asks: Sequence[Ask]) -> list[Answer]:
        raise AssertionError("an estimate asks nobody")

    def ask_ahead(self, asks: Sequence[Ask]) -> Callable[[], list[Answer]]:
        raise AssertionError("an estimate asks nobody")


def _writer(
    workspace: Workspace, mapped: Mapped, briefs: Sequence[Brief], models: Chosen, settings: Asking,
    runs: Sequence[ProductionRun],
) -> Part:  # fmt: skip
    writing = writing_for(mapped, settings, _Nobody())
    wanted = sum(brief.count for brief in briefs)
    passes, each, measured = _measured(runs, models.generator.model, mapped.seeds)
    prompt, per_request = _prompts(workspace, mapped, briefs, writing)
    candidates = (wanted / passes[0], min(wanted / passes[1], 3 * wanted))
    requests = (ceil(candidates[0] / per_request), ceil(candidates[1] / per_request))
    return _part(
        "generator", models.generator, requests, (prompt, prompt),
        (each[0] * candidates[0] / requests[0], each[1] * candidates[1] / requests[1]), measured,
    )  # fmt: skip


def _judge(workspace: Workspace, mapped: Mapped, plan: Plan, models: Chosen, runs: Sequence[ProductionRun]) -> Part:
    judging = judging_for(workspace, models, _Nobody(), {})
    asks = [ask for seed in mapped.seeds[:SAMPLES] if (ask := judging.ask_of(seed)) is not None]
    prompt = sum(map(tokens_of, asks)) / len(asks) if asks else 0
    passes, _, measured = _measured(runs, models.generator.model, mapped.seeds)
    requests = (plan.target, ceil(min(plan.target / passes[1], 3 * plan.target)))
    return _part("judge", models.judge, requests, (prompt, prompt), VERDICT, measured)


def _part(
    role: str, spec: ModelSpec, requests: tuple[int, int], prompt: tuple[float, float], answer: tuple[float, float],
    measured: bool,
) -> Part:  # fmt: skip
    read = (round(requests[0] * prompt[0]), round(requests[1] * prompt[1]))
    written = (round(requests[0] * answer[0]), round(requests[1] * answer[1]))
    cost = [usd(spec.model, Usage(input=read[at], output=written[at])) for at in (0, 1)]
    return Part(
        role=role, model=spec.model, requests=requests, input=read, output=written, usd=(cost[0], cost[1]),
        measured=measured,
    )  # fmt: skip


def _prompts(workspace: Workspace, mapped: Mapped, briefs: Sequence[Brief], writing: Writing) -> tuple[float, float]:
    """(mean tokens of a prompt, candidates in a request), of prompts written for some of the briefs."""
    some = briefs[:: max(1, len(briefs) // SAMPLES)]
    jobs = jobs_of(
        Plan(briefs=tuple(some)), mapped.seeds, mapped.map.groups, workspace.config.random_seed, "r_estimate", {},
        workspace.folder.personas, written=True,
    )  # fmt: skip
    made = [
        request
        for job in jobs
        for request in writing.requests(
            job.order, min(job.order.brief.count, writing.per_request), 0, Steering(), frozenset()
        )
    ]
    if not made:
        return 0.0, float(writing.per_request)
    return sum(tokens_of(one.ask) for one in made) / len(made), sum(one.wanted for one in made) / len(made)


def _measured(
    runs: Sequence[ProductionRun], model: str, seeds: Sequence[Case]
) -> tuple[tuple[float, float], tuple[float, float], bool]:
    """(share that passes, tokens a candidate, whether it was measured), each at best and at worst."""
    counts = Counter[str]()
    for run in runs:
        if run.models.get("generator") == model:
            counts.update(run.written)
    if counts["requested"] and counts["output"] and counts["passed"]:
        rate, each = counts["passed"] / counts["requested"], counts["output"] / counts["requested"]
        return (min(1.0, rate * SPREAD), rate / SPREAD), (each / SPREAD, each * SPREAD), True
    length = sum(tokens(seed.text) for seed in seeds) / max(1, len(seeds)) or 30.0
    return PASS, (length * LENGTHS[0] + AROUND, length * LENGTHS[1] + AROUND), False


def _sum(parts: Sequence[float | None]) -> float | None:
    known = [part for part in parts if part is not None]
    return sum(known) if len(known) == len(parts) else None


def _range(ends: tuple[int, int]) -> str:
    return f"{ends[0]:,}" if ends[0] == ends[1] else f"{ends[0]:,}-{ends[1]:,}"


def _money(ends: tuple[float | None, float | None]) -> str:
    low, high = ends
    if low is None or high is None:
        return "at a price that is not known"
    return f"${low:,.2f}-{high:,.2f}" if high else "free of charge"
