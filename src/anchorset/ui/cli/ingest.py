"""`anchorset ingest`: logs become seeds of a workspace.

What this module does not know: how a row is read.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from anchorset.ui.cli.options import Format, Json, Map, WorkspaceDir, opened


def ingest(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Real messages, or hand-written cases.")],
    map: Map = "",
    format: Format = "auto",
    source: Annotated[
        Literal["production", "regression", "golden"],
        typer.Option(help="What the rows are. Only `production` anchors."),
    ] = "production",
    author: Annotated[str | None, typer.Option(help="Who wrote golden cases.")] = None,
    no_scrub: Annotated[bool, typer.Option("--no-scrub", help="Keep private details as they are.")] = False,
    workspace: WorkspaceDir = None,
    json: Json = False,
) -> None:
    """Logs become seeds: scrubbed, folded, every row accounted for.

    The same file again adds nothing.

    Example: anchorset ingest logs.csv --map input=text,expected=answer,metadata.policy=topic
    """
    from anchorset.pipeline.seeds import ingest_into
    from anchorset.ui.cli.ledger import intake_lines, intake_report
    from anchorset.ui.cli.terminal import answer, say

    room = opened(workspace)
    taken = ingest_into(
        room, files, mapping=map, format=format, source=source, author=author, scrub=not no_scrub
    )  # fmt: skip
    for one in taken:
        if len(taken) > 1:
            say(f"{one.file}:", machine=json)
        say(*intake_lines(one), machine=json)
    if json:
        answer(intake_report(taken))
