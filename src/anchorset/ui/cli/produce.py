"""`anchorset produce`: the plan carried out.

What this module does not know: techniques and checks.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from anchorset.ui.cli.options import FromFailures, Json, WorkspaceDir, Yes, opened, shares

if TYPE_CHECKING:
    from anchorset.pipeline.produce.production import Order


def produce(
    count: Annotated[int | None, typer.Option(min=1, help="Candidates that shall have passed in total.")] = None,
    more: Annotated[int | None, typer.Option(min=1, help="Candidates beyond those that stand.")] = None,
    size: Annotated[int | None, typer.Option(min=1, help="Cases in the finished dataset.")] = None,
    from_failures: FromFailures = None,
    technique: Annotated[
        str | None, typer.Option(help="Nothing but this one: mutation, remix, redteam; prompted, persona with a model.")
    ] = None,
    persona: Annotated[
        str, typer.Option(help="Weights of personas, expert:60,novice:40; default: the configuration's.")
    ] = "",
    language: Annotated[str | None, typer.Option(help="ISO 639-1 that every candidate must be in.")] = None,
    model: Annotated[str | None, typer.Option(help="Who writes, provider:model; `none`; `auto`.")] = None,
    temperature: Annotated[float | None, typer.Option(min=0, max=2, help="Of the model that writes.")] = None,
    max_tokens: Annotated[int | None, typer.Option(min=1, help="Of one answer, which has several candidates.")] = None,
    topic: Annotated[str | None, typer.Option(help="What all messages are about; default: the topics in turn.")] = None,
    context: Annotated[str | None, typer.Option(help="What the product is, in place of the configuration's.")] = None,
    code_switching: Annotated[
        str | None, typer.Option(help="ISO 639-1 of a second language that speakers slip into.")
    ] = None,
    think: Annotated[
        bool, typer.Option("--think", help="One sentence of thought a candidate, kept in its provenance alone.")
    ] = False,
    multi_turn: Annotated[bool, typer.Option("--multi-turn", help="Conversations that end with the user.")] = False,
    max_turns: Annotated[int, typer.Option(min=1, help="User turns of a conversation, at most.")] = 3,
    min_novelty: Annotated[
        float | None, typer.Option(min=0, max=2, help="Least distance of a candidate to everything known.")
    ] = None,
    lessons: Annotated[bool, typer.Option(help="Take to heart what reviewers rejected and edited.")] = True,
    budget: Annotated[float | None, typer.Option(min=0, help="USD for the run; default: `budget_usd`.")] = None,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="First put aside what has gone stale: its seed, persona or text changed.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what it would make and cost; make nothing.")] = False,
    random_seed: Annotated[int | None, typer.Option(help="Default: the configuration's.")] = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Also write what passed to this file.")] = None,
    yes: Yes = False,
    workspace: WorkspaceDir = None,
    json: Json = False,
) -> None:
    """Makes candidates until the plan's quotas have passed the checks.

    What is done is kept as it lands: broken off, the same command again makes only what is missing; when nothing is
    missing it says so. Without --count or --more the size and mix of the configuration decide. A language model is
    asked only when the configuration or --model names one.

    Example: anchorset produce --count 1000
    """
    from anchorset.pipeline.cases import write
    from anchorset.pipeline.produce.production import Order, produce_into
    from anchorset.pipeline.produce.writing import Options
    from anchorset.ui.cli.consent import agreement
    from anchorset.ui.cli.filters import wanted
    from anchorset.ui.cli.made_words import lines, raise_stopped, report
    from anchorset.ui.cli.options import technique_name
    from anchorset.ui.cli.terminal import answer, say

    room = opened(workspace)
    order = Order(
        count=count, more=more, size=size, technique=technique_name(technique), language=language,
        personas=shares("--persona", persona, even=True) or None, from_failures=from_failures,
        options=Options(
            model=model, temperature=temperature, max_tokens=max_tokens, topic=topic, context=context,
            language=language, code_switching=code_switching, chain_of_thought=think, multi_turn=multi_turn,
            max_turns=max_turns, min_novelty=min_novelty, lessons=lessons,
        ),
    )  # fmt: skip
    if dry_run:
        _dry(room, order, json)
        return
    made = produce_into(
        room, order, refresh=refresh, random_seed=random_seed, budget_usd=budget, agree=agreement(yes)
    )  # fmt: skip
    say(*(f"note: {note}" for note in room.notes), *lines(made), machine=json)
    if out is not None and made.run is not None:
        written, _ = write(room, wanted(run=made.run, status="passed"), out, "auto")
        say(f"wrote {written:,} candidates to {out}", machine=json)
    if json:
        answer(report(made))
    raise_stopped(made, room.config.budget_usd if budget is None else budget)


def _dry(room: Any, order: Order, json: bool) -> None:
    from anchorset.pipeline.produce.estimating import dry_run
    from anchorset.plan.words import lines
    from anchorset.ui.cli.made_words import estimate_lines
    from anchorset.ui.cli.terminal import answer, say

    planned, estimate = dry_run(room, options=order.options, **order.of_plan)
    say(*lines(planned), *estimate_lines(estimate), machine=json)
    if json:
        answer(planned.report() | {"estimate": estimate.report() if estimate else None})
