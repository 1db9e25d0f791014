"""`anchorset cases …`: list, show, tag, export, quarantine.

What this module does not know: how cases are looked up.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from anchorset.ui.cli import filters
from anchorset.ui.cli.filters import wanted
from anchorset.ui.cli.options import Json, Reviewer, WorkspaceDir, opened, reviewer_name

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, add_completion=False)


@app.command("list")
def list_(
    bucket: filters.Bucket = None,
    cell: filters.CellName = None,
    status: filters.StatusName = None,
    check: filters.CheckCode = None,
    persona: filters.PersonaName = None,
    difficulty: filters.DifficultyName = None,
    run: filters.RunName = None,
    text: filters.Words = None,
    limit: Annotated[int, typer.Option(min=0, help="Rows at the most.")] = 20,
    offset: Annotated[int, typer.Option(min=0, help="Rows to leave out first.")] = 0,
    workspace: WorkspaceDir = None,
    json: Json = False,
) -> None:
    """Cases that fit all filters.

    Example: anchorset cases list --bucket mutation --status passed --limit 50
    """
    from anchorset.infra.text.table import aligned
    from anchorset.pipeline.cases import listed
    from anchorset.ui.cli.terminal import answer, say

    asked = wanted(
        bucket=bucket, cell=cell, status=status, check=check, persona=persona, difficulty=difficulty, run=run, text=text
    )
    page = listed(opened(workspace), asked, limit=limit, offset=offset)
    rows = [
        (one.id, one.bucket, one.cell, one.aside or one.status, " ".join(one.text.split())[:70]) for one in page.rows
    ]
    say(*aligned([("id", "bucket", "cell", "status", "text"), *rows]), machine=json)
    say(f"{len(rows):,} of {page.total:,}", machine=json)
    if json:
        answer({"total": page.total, "cases": [asdict(one) for one in page.rows]})


@app.command()
def show(
    id: Annotated[str, typer.Argument(help="Case id, or a beginning that fits one case.")],
    workspace: WorkspaceDir = None,
    json: Json = False,
) -> None:
    """One case whole: text, answer, lineage, findings, decisions.

    Example: anchorset cases show c_9f2c
    """
    from anchorset.pipeline.cases import by_id
    from anchorset.ui.cli.case_words import whole
    from anchorset.ui.cli.terminal import answer, say

    found = by_id(opened(workspace), id)
    for one in found:
        say(*whole(one), machine=json)
    if json:
        answer({"cases": [one.model_dump(mode="json", by_alias=True) for one in found]})


@app.command()
def tag(
    id: Annotated[str, typer.Argument(help="Case id, or a beginning that fits one case.")],
    values: Annotated[
        list[str] | None, typer.Argument(metavar="[AXIS=VALUE]…", help="Empty value: take the axis away.")
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Take what you set last back, with all of that go.")] = False,
    reviewer: Reviewer = None,
    workspace: WorkspaceDir = None,
    json: Json = False,
) -> None:
    """Sets the cell of a case right by hand.

    Example: anchorset cases tag c_9f2c policy=delay
    """
    from anchorset.core.errors import UsageError
    from anchorset.pipeline.cases import by_id
    from anchorset.pipeline.cases import tag as set_tag
    from anchorset.pipeline.review.undoing import undo_tag
    from anchorset.ui.cli.terminal import answer, say

    if undo == bool(values):
        raise UsageError("give what is to be set, as in `policy=delay`, or `--undo`; one of the two")
    metadata: dict[str, str | None] = {}
    for part in values or ():
        axis, equals, value = part.partition("=")
        if not equals or not axis:
            raise UsageError(f"{part!r} is no `axis=value`; write it as `policy=delay`")
        metadata[axis] = value or None
    room, who = opened(workspace), reviewer_name(reviewer)
    if undo:
        undo_tag(room, reviewer=who, case=by_id(room, id)[0].id)
    case = by_id(room, id)[-1] if undo else set_tag(room, id, metadata, reviewer=who)
    values_now = ", ".join(f"{axis}={value}" for axis, value in case.metadata.items())
    say(f"{case.id}: {values_now or 'no axis has a value'}", machine=json)
    if json:
        answer({"id": case.id, "metadata": case.metadata})


@app.command()
def export(
    out: Annotated[Path, typer.Argument(help="File to write.")],
    to: Annotated[str, typer.Option("--to", help="Format of cases; `auto` goes by the suffix.")] = "auto",
    bucket: filters.Bucket = None,
    cell: filters.CellName = None,
    status: filters.StatusName = None,
    check: filters.CheckCode = None,
    persona: filters.PersonaName = None,
    difficulty: filters.DifficultyName = None,
    run: filters.RunName = None,
    text: filters.Words = None,
    workspace: WorkspaceDir = None,
    json: Json = False,
) -> None:
    """Cases that fit all filters, as they stand, into a file.

    Example: anchorset cases export approved.jsonl --status approved
    """
    from anchorset.pipeline.cases import write
    from anchorset.ui.cli.terminal import answer, say

    asked = wanted(
        bucket=bucket, cell=cell, status=status, check=check, persona=persona, difficulty=difficulty, run=run, text=text
    )
    n, notes = write(opened(workspace), asked, out, to)
    say(*(f"note: {note}" for note in notes), f"wrote {n:,} cases to {out}", machine=json)
    if json:
        answer({"written": n, "out": str(out), "notes": list(notes)})


@app.command()
def quarantine(
    run: Annotated[str, typer.Argument(help="Production run: r_…")],
    lift: Annotated[bool, typer.Option("--lift", help="Take the candidates back.")] = False,
    why: Annotated[str, typer.Option(help="What is wrong with the run.")] = "",
    reviewer: Reviewer = None,
    workspace: WorkspaceDir = None,
    json: Json = False,
) -> None:
    """Puts a whole production run aside: its candidates do not count, are not reviewed and do not ship.

    Example: anchorset cases quarantine r_51ab… --why "the prompt was wrong"
    """
    from anchorset.pipeline.cases import quarantine as put_aside
    from anchorset.ui.cli.terminal import answer, say

    n = put_aside(opened(workspace), run, lifted=lift, why=why, reviewer=reviewer_name(reviewer))
    say(f"{run}: {n:,} candidates {'count again' if lift else 'put aside'}", machine=json)
    if json:
        answer({"run": run, "candidates": n, "quarantined": not lift})
