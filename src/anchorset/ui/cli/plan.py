"""`anchorset plan`: what to make next, what it costs, and what is wrong with it; and how answers could be judged.

What this module does not know: how quotas come about, and what is proposed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from anchorset.ui.cli.options import Budget, FromFailures, Json, WorkspaceDir, Yes, opened


def plan(
    size: Annotated[
        int | None, typer.Option(min=1, help="Cases in the finished dataset; default: the configuration's.")
    ] = None,
    count: Annotated[int | None, typer.Option(min=1, help="Candidates that shall have passed in total.")] = None,
    from_failures: FromFailures = None,
    propose: Annotated[
        bool, typer.Option("--propose", help="Let the model that writes propose evaluators and criteria for each cell.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="With --propose: also write them to this file.")
    ] = None,
    budget: Budget = None,
    yes: Yes = False,
    workspace: WorkspaceDir = None,
    json: Json = False,
) -> None:
    """What to make next: briefs, quotas, cost, hours, what the seed can decide, warnings.

    Nothing is written: `produce` plans the same again and carries it out. With --propose nothing is planned: a model
    proposes how answers are judged, as YAML to paste from; nothing changes by itself.

    Example: anchorset plan --size 1000
    """
    from anchorset.core.errors import UsageError
    from anchorset.pipeline.plan.planning import plan_next
    from anchorset.pipeline.produce.estimating import dry_run
    from anchorset.pipeline.produce.writing import Options
    from anchorset.plan.words import lines
    from anchorset.ui.cli.made_words import estimate_lines
    from anchorset.ui.cli.terminal import answer, say

    if propose:
        if size is not None or count is not None:
            raise UsageError("`--propose` plans nothing, so `--size` and `--count` say nothing to it; leave them out")
        _propose(opened(workspace), from_failures, out, budget, yes, json)
        return
    if out is not None:
        raise UsageError("`-o` is where `--propose` writes its proposals, and a plan is not written; leave it out")
    room = opened(workspace)
    models = room.config.models
    if {models.generator.model, models.judge.model} & {
        "auto"
    } or models.generator.model == models.judge.model == "none":
        planned, estimate = plan_next(room, size=size, count=count, from_failures=from_failures), None
    else:
        planned, estimate = dry_run(room, options=Options(), size=size, count=count, from_failures=from_failures)
    say(*lines(planned), *(estimate_lines(estimate) if estimate else ()), machine=json)
    if json:
        answer(planned.report() | ({"estimate": estimate.report()} if estimate else {}))


def _propose(room: Any, run: str | None, out: Path | None, budget: float | None, yes: bool, json: bool) -> None:
    from anchorset.infra.formats.writing import write_text
    from anchorset.pipeline.produce.judge import Consent
    from anchorset.pipeline.produce.proposing import propose_for
    from anchorset.ui.cli.consent import agreement
    from anchorset.ui.cli.made_words import spent_lines
    from anchorset.ui.cli.terminal import answer, say

    done = propose_for(room, run=run, consent=Consent(agree=agreement(yes), budget_usd=budget))
    text = done.yaml()
    if out is not None:
        write_text(out, text)
    say(*(f"note: {note}" for note in done.notes), *text.splitlines(), *spent_lines(done.spent), machine=json)
    if out is not None:
        say(f"wrote {out}: paste from it what you approve", machine=json)
    if json:
        answer(done.report() | {"model": done.model, "failures": done.failures, "usd": done.spent.usd})
    if (waiting := done.pending) is not None:
        raise waiting
