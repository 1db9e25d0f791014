"""`anchorset review approve` and `reject`: cases by their ids, or all that fit a filter and wait, in one go.

What this module does not know: what a decision leads to.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from anchorset.ui.cli import filters
from anchorset.ui.cli.options import Json, Reviewer, WorkspaceDir, opened, reviewer_name

Ids = Annotated[
    list[str] | None, typer.Argument(metavar="[ID]…", help="Case ids, or beginnings that fit one case each.")
]
Sure = Annotated[bool, typer.Option("--yes", help="With filters: decide all that fit and wait for you, in one go.")]
Reason = Annotated[
    str,
    typer.Option(
        help="duplicate, unrealistic, ambiguous_expected, not_enough_context, off_policy, private_data, "
        "caricature, overfit or other."
    ),
]


def approve(
    ids: Ids = None,
    bucket: filters.Bucket = None,
    cell: filters.CellName = None,
    check: filters.CheckCode = None,
    persona: filters.PersonaName = None,
    difficulty: filters.DifficultyName = None,
    run: filters.RunName = None,
    text: filters.Words = None,
    yes: Sure = False,
    reviewer: Reviewer = None,
    workspace: WorkspaceDir = None,
    json: Json = False,
) -> None:
    """These cases are good as they are: those with these ids, or all that fit the filters and wait for you.

    Example: anchorset review approve c_9f2c c_51ab
    """
    asked = filters.wanted(
        bucket=bucket, cell=cell, check=check, persona=persona, difficulty=difficulty, run=run, text=text
    )
    _decide(ids, asked, yes, "approve", None, reviewer, workspace, json)


def reject(
    reason: Reason,
    ids: Ids = None,
    bucket: filters.Bucket = None,
    cell: filters.CellName = None,
    check: filters.CheckCode = None,
    persona: filters.PersonaName = None,
    difficulty: filters.DifficultyName = None,
    run: filters.RunName = None,
    text: filters.Words = None,
    yes: Sure = False,
    reviewer: Reviewer = None,
    workspace: WorkspaceDir = None,
    json: Json = False,
) -> None:
    """These cases are not to be used, and why: those with these ids, or all that fit the filters and wait for you.

    Example: anchorset review reject c_9f2c --reason unrealistic
    """
    asked = filters.wanted(
        bucket=bucket, cell=cell, check=check, persona=persona, difficulty=difficulty, run=run, text=text
    )
    _decide(ids, asked, yes, "reject", reason, reviewer, workspace, json)


def _decide(
    ids: list[str] | None, asked: Any, yes: bool, decision: Literal["approve", "reject"], reason: str | None,
    reviewer: str | None, workspace: Path | None, json: bool,
) -> None:  # fmt: skip
    from anchorset.core.errors import UsageError
    from anchorset.core.filter import Filter
    from anchorset.core.numbers import counted
    from anchorset.pipeline.review.bulk import say_many, waiting_for
    from anchorset.pipeline.review.reviewing import say as decide
    from anchorset.ui.cli.terminal import answer, say

    filtered = asked != Filter()
    if bool(ids) == filtered:
        given = "both ids and filters" if ids else "neither ids nor filters"
        raise UsageError(f"{given} say which cases are meant; give ids, or filters such as `--bucket` with `--yes`")
    room, who = opened(workspace), reviewer_name(reviewer)
    if ids:
        verdicts = decide(room, ids, decision, reviewer=who, reason=reason)
        for one in verdicts:
            why = f": {one.decision.reason}" if one.decision.reason else ""
            say(f"{one.case}: {decision} by {one.decision.reviewer}{why}", machine=json)
        if json:
            answer({"decided": [one.model_dump(mode="json", by_alias=True) for one in verdicts]})
        return
    waits = waiting_for(room, asked, reviewer=who)
    if not waits:
        raise UsageError(f"nothing that waits for {who} fits these filters; `anchorset cases list` shows what there is")
    if not yes:
        fits = (
            f"{counted(len(waits), 'case')} that {'waits' if len(waits) == 1 else 'wait'} for {who} would get one word"
        )
        raise UsageError(f"{fits}: nothing is decided yet; look at them with `anchorset cases list`, then add `--yes`")
    many = say_many(room, waits, decision, reviewer=who, reason=reason)
    say(
        f"{decision}: {counted(len(many.verdicts), 'case')} by {who} in one go; `anchorset review undo ID` of any of "
        "them takes all back",
        *(f"refused: {case}: {why}" for case, why in many.refused[:5]),
        machine=json,
    )
    if json:
        answer({"decided": [one.model_dump(mode="json", by_alias=True) for one in many.verdicts],
                "refused": [{"case": case, "reason": why} for case, why in many.refused]})  # fmt: skip
