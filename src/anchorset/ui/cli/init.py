"""`anchorset init`: a new workspace.

What this module does not know: what the files say.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from anchorset.ui.cli.options import Json

if TYPE_CHECKING:
    from anchorset.infra.folder.scaffold import Answers


def init(
    dir: Annotated[Path, typer.Argument(help="Folder; made when it is not there.")] = Path("."),
    yes: Annotated[bool, typer.Option("--yes", help="Runnable defaults, no questions.")] = False,
    example: Annotated[str | None, typer.Option(help="Begin with a bundled example: refund-bot.")] = None,
    json: Json = False,
) -> None:
    """A new workspace: configuration, rubric, personas.

    Asks for name, owner, what the product is, and two axes of variation; `--yes` asks nothing.

    Example: anchorset init refund-bot --yes
    """
    from anchorset.infra.folder.scaffold import Answers, scaffold
    from anchorset.infra.folder.workspace_folder import file_name, open_folder
    from anchorset.pipeline.example import unpack
    from anchorset.ui.cli.terminal import answer, say

    name = file_name(dir.resolve().name or "evals")
    if example is not None:
        written = unpack(example, dir)
    else:
        written = scaffold(dir, Answers(name=name) if yes else _asked(name))
    config = open_folder(dir).config  # what was written can be read
    say(f"made {dir}: " + ", ".join(written), machine=json)
    where = "" if dir == Path(".") else f" -w {dir}"
    say(f"next: anchorset ingest{where} LOGS --map input=COLUMN", machine=json)
    if json:
        answer({"name": config.name, "dir": str(dir), "written": written})


def _asked(name: str) -> Answers:
    from anchorset.infra.folder.scaffold import Answers
    from anchorset.infra.folder.workspace_folder import file_name

    given = typer.prompt("Name", default=name)
    owner = typer.prompt("Owner (who answers for the set)", default="", show_default=False)
    context = typer.prompt("What is the product, and what is it not", default="", show_default=False)
    axes: dict[str, list[str]] = {}
    for nth in ("First", "Second"):
        axis = typer.prompt(f"{nth} axis of variation (empty: none)", default="", show_default=False).strip()
        if not axis:
            break
        values = typer.prompt(f"  values of {axis}, by comma")
        axes[axis] = [value.strip() for value in values.split(",") if value.strip()]
    return Answers(name=file_name(given), owner=owner, context=context, dimensions=axes)
