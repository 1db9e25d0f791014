"""`anchorset review` itself, which opens the page; `invite`, for reviewers on other machines; and `undo`.

What this module does not know: the page.
"""

from __future__ import annotations

from typing import Annotated

import typer

from anchorset.ui.cli.options import Json, Reviewer, WorkspaceDir, opened, reviewer_name


def review(
    ctx: typer.Context,
    host: Annotated[
        str, typer.Option(help="Address to listen on; beyond this machine only when reviewers were invited.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: a free one.")] = 0,
    database: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="PostgreSQL as the store; default: ANCHORSET_DATABASE, which every verb reads, else SQLite.",
        ),
    ] = None,
    no_open: Annotated[bool, typer.Option("--no-open", help="Do not open a browser.")] = False,
    reviewer: Reviewer = None,
    workspace: WorkspaceDir = None,
) -> None:
    """Decide cases: on a page in the browser, or with the commands below.

    Without a command it serves the page for one reviewer on this machine until Ctrl-C, and prints its address.

    Example: anchorset review
    """
    if ctx.invoked_subcommand is not None:
        return
    from anchorset.ui.cli.terminal import say
    from anchorset.ui.web.serve import serve

    serve(
        opened(workspace, database=database), host=host, port=port, browse=not no_open,
        reviewer=reviewer_name(reviewer), tell=say,
    )  # fmt: skip


def undo(
    id: Annotated[str, typer.Argument(help="Case id that was decided, or that an edit gave it.")],
    alone: Annotated[bool, typer.Option("--alone", help="Not what was decided in one go with it.")] = False,
    reviewer: Reviewer = None,
    workspace: WorkspaceDir = None,
    json: Json = False,
) -> None:
    """Takes your last decision on a case back; what you said of it before, if anything, stands again.

    What was decided in one go with it is taken back too.

    Example: anchorset review undo c_9f2c
    """
    from anchorset.core.numbers import counted
    from anchorset.pipeline.cases import by_id
    from anchorset.pipeline.review.undoing import undo_all
    from anchorset.ui.cli.terminal import answer, say

    room = opened(workspace)
    taken = undo_all(room, reviewer=reviewer_name(reviewer), about=by_id(room, id)[0].id, alone=alone)
    verdict, with_it = taken[0], len(taken) - 1
    why = f" ({verdict.decision.reason})" if verdict.decision.reason else ""
    say(f"{verdict.case}: {verdict.decision.decision}{why} by {verdict.decision.reviewer} is taken back", machine=json)
    if with_it:
        say(f"and {counted(with_it, 'other')} that {'was' if with_it == 1 else 'were'} decided with it", machine=json)
    if json:
        answer({"undone": verdict.model_dump(mode="json", by_alias=True), "with": [one.case for one in taken[1:]]})


def invite(
    name: Annotated[str, typer.Argument(help="How their decisions are signed.")],
    role: Annotated[str, typer.Option(help="owner or reviewer.")] = "reviewer",
    redteam: Annotated[bool, typer.Option("--redteam", help="They are shown attacks; owners always are.")] = False,
    workspace: WorkspaceDir = None,
    json: Json = False,
) -> None:
    """A token for somebody who reviews from another machine. It is shown once; inviting again gives a new one.

    Then start the page with `anchorset review --host 0.0.0.0`.

    Example: anchorset review invite kim
    """
    from anchorset.ui.cli.terminal import answer, say
    from anchorset.ui.web.reviewers import invite as add

    room = opened(workspace)
    token = add(room.folder.hidden, name, role, redteam=redteam)
    what = f"{role}, red team" if redteam and role != "owner" else role
    say(f"{name} ({what}) may come in with this token, which is shown only now: {token}", machine=json)
    if json:
        answer({"name": name, "role": role, "redteam": redteam or role == "owner", "token": token})
