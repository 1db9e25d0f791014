"""`anchorset review …`: status, next, edit, export, import; `review_many.py` and `review_page.py` have the rest.

What this module does not know: what a decision leads to.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from anchorset.ui.cli import filters, review_many, review_page, review_people
from anchorset.ui.cli.filters import wanted
from anchorset.ui.cli.options import Json, Reviewer, WorkspaceDir, opened, reviewer_name
from anchorset.ui.cli.review_changes import Criteria, Expected, Input, Metadata, changes_of

app = typer.Typer(rich_markup_mode=None, add_completion=False)
app.callback(invoke_without_command=True)(review_page.review)
app.command()(review_page.undo)
app.command()(review_page.invite)
app.command()(review_people.disagreements)
app.command()(review_people.settle)

LaneName = Annotated[Literal["candidates", "seeds", "answers"], typer.Option(help="What is decided.")]
RunId = Annotated[str, typer.Option("--run", help="Run whose answers are graded (q_…), or production run (r_…).")]


@app.command()
def status(workspace: WorkspaceDir = None, json: Json = False) -> None:
    """Where the review stands: what waits, survival by axis, cell, technique and persona, reject reasons.

    Example: anchorset review status
    """
    from anchorset.pipeline.review.report import report
    from anchorset.pipeline.review.reviewing import review_status
    from anchorset.ui.cli.review_words import status_lines
    from anchorset.ui.cli.terminal import answer, say

    found = review_status(opened(workspace))
    say(*status_lines(found), machine=json)
    if json:
        answer(report(found))


@app.command("next")
def next_(
    lane: Annotated[
        Literal["candidates", "seeds", "redteam", "answers"], typer.Option(help="What is decided; redteam: attacks.")
    ] = "candidates",
    skip: Annotated[list[str] | None, typer.Option(help="Ids not to show now; may be given several times.")] = None,
    reviewer: Reviewer = None,
    workspace: WorkspaceDir = None,
    json: Json = False,
) -> None:
    """The case to decide next, with what helps: findings, the parent.

    Nobody is shown what they decided. A share of the candidates (`review.overlap`) waits for a second reviewer, who is
    shown the case as if nobody had decided.

    Example: anchorset review next --lane seeds
    """
    from anchorset.core.errors import UsageError
    from anchorset.pipeline.review.reviewing import next_up
    from anchorset.ui.cli.review_words import shown_lines
    from anchorset.ui.cli.terminal import answer, say

    if lane == "answers":
        raise UsageError(
            "`review next` shows cases; answers are graded on a sheet, without what evaluators said of them: "
            "`anchorset review export answers.csv --lane answers --run RUN`"
        )
    who = reviewer_name(reviewer)
    found = next_up(opened(workspace), lane, skip=skip or (), reviewer=who)
    if found is None:
        say(f"nothing waits in the lane {lane} for {who}", machine=json)
    else:
        say(*shown_lines(found), machine=json)
    if json:
        case = None if found is None else found.case.model_dump(mode="json", by_alias=True)
        answer({"case": case, "left": 0 if found is None else found.left})


app.command()(review_many.approve)
app.command()(review_many.reject)


@app.command()
def edit(
    id: Annotated[str, typer.Argument(help="Case id, or a beginning that fits one case.")],
    input: Input = None,
    expected: Expected = None,
    criterion: Criteria = None,
    metadata: Metadata = None,
    reviewer: Reviewer = None,
    workspace: WorkspaceDir = None,
    json: Json = False,
) -> None:
    """Changes a case and approves it so; what it was stays in the history.

    A seed without an expected answer gets its vote this way.

    Example: anchorset review edit c_9f2c --expected "refund approved" --criterion "names the refund window"
    """
    changes = changes_of(input, expected, criterion, metadata)
    _say([id], "edit", reviewer, workspace, json, changes=changes)


def _say(
    ids: list[str], decision: Literal["approve", "edit", "reject"], reviewer: str | None, workspace: Path | None,
    json: bool, **given: Any,
) -> None:  # fmt: skip
    from anchorset.pipeline.review.reviewing import say as decide
    from anchorset.ui.cli.terminal import answer, say

    verdicts = decide(opened(workspace), ids, decision, reviewer=reviewer_name(reviewer), **given)
    for one in verdicts:
        now = f" (now {one.revised.id})" if one.revised is not None and one.revised.id != one.case else ""
        why = f": {one.decision.reason}" if one.decision.reason else ""
        say(f"{one.case}: {decision} by {one.decision.reviewer}{why}{now}", machine=json)
    if json:
        answer({"decided": [one.model_dump(mode="json", by_alias=True) for one in verdicts]})


@app.command()
def export(
    out: Annotated[Path, typer.Argument(help="File to write: .csv for spreadsheets, .jsonl for programs.")],
    lane: LaneName = "candidates",
    run: RunId = "",
    n: Annotated[int, typer.Option("-n", min=1, help="Answers to grade at the most.")] = 50,
    bucket: filters.Bucket = None,
    cell: filters.CellName = None,
    check: filters.CheckCode = None,
    persona: filters.PersonaName = None,
    difficulty: filters.DifficultyName = None,
    reviewer: Reviewer = None,
    workspace: WorkspaceDir = None,
    json: Json = False,
) -> None:
    """What waits in a lane, for people who review in a spreadsheet.

    Nothing that --reviewer decided, and what waits for a second reviewer (`review.overlap`) as if nobody had.

    Fill in `decision` (approve, edit, reject), `reason`, `new_expected`, …; answers: `passed` (yes, no). Then import.

    Example: anchorset review export to-review.csv
    """
    from anchorset.core.errors import UsageError
    from anchorset.core.numbers import counted
    from anchorset.pipeline.review.grading import export_answers
    from anchorset.pipeline.review.reviewing import export_lane
    from anchorset.ui.cli.terminal import answer, say

    room = opened(workspace)
    if lane == "answers":
        if not run:
            raise UsageError("`--lane answers` needs `--run`: the run whose answers are graded; `status` lists them")
        written = export_answers(room, run, out, n=n, reviewer=reviewer_name(reviewer))
    else:
        asked = wanted(bucket=bucket, cell=cell, check=check, persona=persona, difficulty=difficulty, run=run or None)
        written = export_lane(room, lane, out, asked, reviewer=reviewer_name(reviewer))
    back = f"anchorset review import {out}" + (f" --lane {lane}" if lane != "candidates" else "")
    say(f"wrote {counted(written, 'row')} to {out}; fill them in, then `{back}`", machine=json)
    if json:
        answer({"written": written, "out": str(out)})


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="The filled file.")],
    lane: LaneName = "candidates",
    reviewer: Reviewer = None,
    workspace: WorkspaceDir = None,
    json: Json = False,
) -> None:
    """Takes the decisions of a filled file; the same file again changes nothing.

    A row whose case was changed since is refused, never applied to what has become of it. Exit code: 0 all rows were
    taken, 1 some were refused.

    Example: anchorset review import reviewed.csv --reviewer kim
    """
    from anchorset.pipeline.review.grading import import_answers
    from anchorset.pipeline.review.reviewing import import_lane
    from anchorset.ui.cli.terminal import answer, say

    room, who = opened(workspace), reviewer_name(reviewer)
    if lane == "answers":
        graded = import_answers(room, file, reviewer=who)
        taken, same, empty, refused = len(graded.grades), graded.same, graded.empty, graded.refused
    else:
        found = import_lane(room, lane, file, reviewer=who)
        taken, same, empty, refused = len(found.verdicts), found.same, found.empty, found.refused
    say(f"took {taken:,}, {same:,} known already, {empty:,} not filled in, {len(refused):,} refused", machine=json)
    say(*(f"refused: line {line}: {why}" for line, why in refused[:5]), machine=json)
    if json:
        listed = [{"line": line, "reason": why} for line, why in refused]
        answer({"taken": taken, "same": same, "empty": empty, "refused": listed})
    raise typer.Exit(1 if refused else 0)
