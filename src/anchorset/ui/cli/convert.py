"""`anchorset convert`: cases from one format into another, lineage included.

What this module does not know: any format.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anchorset.ui.cli.options import Json

SHOWN = 5


def convert(
    source: Annotated[Path, typer.Argument(metavar="IN", help="The file to read.")],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="The file to write.")],
    from_: Annotated[str, typer.Option("--from", help="Format of IN; `auto` looks at content and suffix.")] = "auto",
    to: Annotated[str, typer.Option("--to", help="Format of OUT; `auto` goes by its suffix.")] = "auto",
    json: Json = False,
) -> None:
    """Cases from one format into another, lineage included.

    Case records, CSV, JSONL, promptfoo, DeepEval, Ragas, OpenAI chats, ShareGPT.

    Example: anchorset convert cases.jsonl tests.json --to promptfoo
    """
    from anchorset.pipeline import files
    from anchorset.ui.cli.terminal import answer, say

    done = files.convert(source, target, from_=from_, to=to)
    read = done.read
    say(f"wrote {len(read.cases):,} cases, read as {read.format}, to {target}", machine=json)
    say(*(f"note: {note}" for note in done.notes), machine=json)
    say(*(f"refused: line {bad.line}: {bad.reason}" for bad in read.bad[:SHOWN]), machine=json)
    if len(read.bad) > SHOWN:
        say(f"… and {len(read.bad) - SHOWN:,} more refused rows", machine=json)
    if json:
        answer(
            {
                "written": len(read.cases), "from": read.format, "out": str(target), "notes": list(done.notes),
                "refused": [{"line": bad.line, "reason": bad.reason} for bad in read.bad],
            }
        )  # fmt: skip
