"""`anchorset doctor`: what is wrong here, and the store made anew.

What this module does not know: how anything is mended.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anchorset.ui.cli.options import Json, WorkspaceDir, Yes


def doctor(
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Make the store anew from the workspace's files.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Every setting, its value, its origin.")] = False,
    ping: Annotated[bool, typer.Option("--ping", help="Ask each configured model for one token.")] = False,
    yes: Yes = False,
    workspace: WorkspaceDir = None,
    json: Json = False,
) -> None:
    """What is wrong in this workspace, and what would mend it.

    `--rebuild` makes the store from the committed files alone; nothing else is needed, and nothing is lost. Of keys it
    says which are set, never what they are. Exit code: 0 all is well, 1 a file is wrong, 4 a configured model cannot
    be asked.

    Example: anchorset doctor --explain
    """
    from anchorset.infra.text.table import aligned
    from anchorset.pipeline.doctor import examine, explain_config, rebuilt
    from anchorset.ui.cli.consent import agreement
    from anchorset.ui.cli.terminal import answer, say

    start = workspace or Path(".")
    if explain:
        rows = explain_config(start)
        table = aligned([("key", "value", "from"), *((key, value[:80], origin) for key, value, origin in rows)])
        say(*table, machine=json)
        if json:
            answer({"settings": [{"key": key, "value": value, "from": origin} for key, value, origin in rows]})
        return
    if rebuild:
        n, notes = rebuilt(start)
        say(*(f"note: {note}" for note in notes), machine=json)
        say(f"made the store anew from {n:,} rows", machine=json)
        if json:
            answer({"rows": n, "notes": notes})
        return
    findings, models = examine(start, ping=ping, agree=agreement(yes))
    say(*(f"{'ok ' if one.ok else 'NO '} {one.what}: {one.found}" for one in findings), machine=json)
    if json:
        report = {"ok": all(one.ok for one in findings), "findings": [one._asdict() for one in findings]}
        answer(report | {"models": models.report() if models else None})
    wrong = [one for one in findings if not one.ok]
    raise typer.Exit(0 if not wrong else 4 if all(one.outside for one in wrong) else 1)
