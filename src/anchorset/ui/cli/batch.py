"""`anchorset batch …`: export, import, submit, collect.

What this module does not know: vendors, and how a run goes on.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from anchorset.ui.cli.options import Json, WorkspaceDir, Yes, opened

if TYPE_CHECKING:
    from anchorset.pipeline.produce.batching import Stand

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, add_completion=False)


@app.command("export")
def export_(
    out: Annotated[Path, typer.Argument(help="File of requests; a judge's go beside it, to NAME.judge.jsonl.")],
    count: Annotated[int | None, typer.Option(min=1, help="Candidates that shall have passed in total.")] = None,
    more: Annotated[int | None, typer.Option(min=1, help="Candidates beyond those that stand.")] = None,
    size: Annotated[int | None, typer.Option(min=1, help="Cases in the finished dataset.")] = None,
    technique: Annotated[str | None, typer.Option(help="Nothing but this one, as in `produce`.")] = None,
    persona: Annotated[str, typer.Option(help="Weights of personas, expert:60,novice:40.")] = "",
    language: Annotated[str | None, typer.Option(help="ISO 639-1 that every candidate must be in.")] = None,
    model: Annotated[str | None, typer.Option(help="Who writes, provider:model.")] = None,
    temperature: Annotated[float | None, typer.Option(min=0, max=2, help="Of the model that writes.")] = None,
    max_tokens: Annotated[int | None, typer.Option(min=1, help="Of one answer, which has several candidates.")] = None,
    topic: Annotated[str | None, typer.Option(help="What all messages are about.")] = None,
    context: Annotated[str | None, typer.Option(help="What the product is.")] = None,
    random_seed: Annotated[int | None, typer.Option(help="Default: the configuration's.")] = None,
    workspace: WorkspaceDir = None,
    json: Json = False,
) -> None:
    """Writes what a language model is to be asked now as batch requests, in the shape of its vendor. Nothing is sent.

    Begins a run as `produce` with the same options does; without options the open run goes on. What needs no model is
    made at once.

    Example: anchorset batch export requests.jsonl --more 100 --model openai:gpt-5-mini
    """
    from anchorset.pipeline.produce.batching import export
    from anchorset.pipeline.produce.production import Order
    from anchorset.pipeline.produce.writing import Options
    from anchorset.ui.cli.batch_words import exported_lines, stand_lines, stand_report
    from anchorset.ui.cli.options import shares, technique_name
    from anchorset.ui.cli.terminal import answer, say

    room = opened(workspace)
    order = Order(
        count=count, more=more, size=size, technique=technique_name(technique), language=language,
        personas=shares("--persona", persona, even=True) or None,
        options=Options(
            model=model, temperature=temperature, max_tokens=max_tokens, topic=topic, context=context,
            language=language,
        ),
    )  # fmt: skip
    said = order != Order() or random_seed is not None
    done = export(room, out, order if said else None, random_seed=random_seed)
    say(*(f"note: {note}" for note in room.notes), *stand_lines(done.stand), *exported_lines(done), machine=json)
    if json:
        files = [
            {"path": str(one.path), "model": one.model, "requests": one.requests, "bytes": one.bytes}
            for one in done.files
        ]
        answer(stand_report(done.stand) | {"files": files})
    _broken_off(done.stand)


@app.command("import")
def import_(
    files: Annotated[list[Path], typer.Argument(help="Results as OpenAI or Anthropic write them, JSONL.")],
    workspace: WorkspaceDir = None,
    json: Json = False,
) -> None:
    """Takes answers in, in any order, in part, with errors, and goes on with the run as far as they reach.

    The same file again changes nothing. What failed and may be answered another time stays open for the next export.

    Example: anchorset batch import responses.jsonl
    """
    from anchorset.pipeline.produce.batching import import_files
    from anchorset.ui.cli.batch_words import came_lines, next_lines, stand_lines, stand_report
    from anchorset.ui.cli.terminal import answer, say

    room = opened(workspace)
    done = import_files(room, files)
    after = ["no run is open"] if done.stand is None else [*stand_lines(done.stand), *next_lines(done.stand)]
    say(*came_lines(done.came), *(f"note: {note}" for note in room.notes), *after, machine=json)
    if json:
        answer(stand_report(done.stand) | {"import": done.came.report()})
    _broken_off(done.stand)


@app.command("submit")
def submit_(
    budget: Annotated[float | None, typer.Option(min=0, help="USD for the run; default: `budget_usd`.")] = None,
    yes: Yes = False,
    workspace: WorkspaceDir = None,
    json: Json = False,
) -> None:
    """Sends what is open to the batch endpoints of its models: half the price, an answer within a day.

    Goes on with the open run, or begins the configuration's. What is in a batch already is not sent again.

    Example: anchorset batch submit
    """
    from anchorset.pipeline.produce.sending import submit
    from anchorset.ui.cli.batch_words import batch_report, stand_lines, stand_report, submitted_lines
    from anchorset.ui.cli.consent import agreement
    from anchorset.ui.cli.terminal import answer, say

    room = opened(workspace)
    done = submit(room, agree=agreement(yes), budget_usd=budget)
    say(*(f"note: {note}" for note in room.notes), *stand_lines(done.stand), *submitted_lines(done), machine=json)
    if json:
        answer(stand_report(done.stand) | {"sent": [batch_report(one) for one in done.sent], "left": done.left})
    _broken_off(done.stand)


@app.command("collect")
def collect_(workspace: WorkspaceDir = None, json: Json = False) -> None:
    """Looks after the batches that are out; takes in the answers of those that have ended, and goes on with the run.

    Example: anchorset batch collect
    """
    from anchorset.core.errors import MachineError
    from anchorset.pipeline.produce.sending import collect
    from anchorset.ui.cli.batch_words import batch_report, collected_lines, next_lines, stand_lines, stand_report
    from anchorset.ui.cli.terminal import answer, say

    room = opened(workspace)
    done = collect(room)
    after = [] if done.stand is None else [*stand_lines(done.stand), *next_lines(done.stand)]
    say(*collected_lines(done), *(f"note: {note}" for note in room.notes), *after, machine=json)
    if json:
        looks = [
            batch_report(look.batch)
            | {"done": look.done, "total": look.total, "missing": look.missing, "trouble": look.trouble}
            | {"import": look.came.report() if look.came else None}
            for look in done.looks
        ]
        answer(stand_report(done.stand) | {"batches": looks})
    _broken_off(done.stand)
    if failed := [look for look in done.looks if look.trouble]:
        raise MachineError(
            f"{len(failed):,} of {len(done.looks):,} batches could not be looked at: {failed[0].trouble} They stay "
            "with the vendor: collect again."
        )


def _broken_off(stand: Stand | None) -> None:
    if stand is not None and stand.made.produced is not None and stand.made.produced.stopped == "interrupted":
        raise KeyboardInterrupt
