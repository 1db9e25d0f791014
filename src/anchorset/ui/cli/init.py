"""`anchorset init`: a new workspace.

What this module does not know: what the files say.
"""

from __future__ import annotations

from dataclasses import replace
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
    model: Annotated[
        str | None, typer.Option(help="Who writes: provider:model, `auto`, or `none`; default: none.")
    ] = None,
    judge: Annotated[
        str | None, typer.Option(help="Who judges: provider:model of another family, or `none`; default: none.")
    ] = None,
    json: Json = False,
) -> None:
    """A new workspace: configuration, rubric, personas.

    Asks for name, owner, what the product is, two axes of variation, and, where a key or a server is found here, who
    shall write and judge; `--yes` asks nothing, takes no model, and says what was found. Keys are never shown.

    Example: anchorset init refund-bot --yes
    """
    from anchorset.infra.folder.scaffold import Answers, add_models, refuse_second, scaffold
    from anchorset.infra.folder.workspace_folder import file_name, open_folder
    from anchorset.pipeline.example import unpack
    from anchorset.ui.cli.model_offer import checked, chosen_of, found_lines, offer
    from anchorset.ui.cli.terminal import answer, say

    name = file_name(dir.resolve().name or "evals")
    checked("--model", model)
    checked("--judge", judge)
    found = offer()
    if example is not None:
        written = unpack(example, dir)
        if model or judge:
            add_models(dir, model or "none", judge or "none")
    elif yes:
        written = scaffold(dir, Answers(name=name, model=model or "none", judge=judge or "none"))
    else:
        refuse_second(dir)  # before anything is asked
        answers = _asked(name)
        writer, second = chosen_of(found, model, judge)
        written = scaffold(dir, replace(answers, model=writer, judge=second))
    config = open_folder(dir).config  # what was written can be read
    say(f"made {dir}: " + ", ".join(written), machine=json)
    say(*found_lines(found, config.models.generator.model), machine=json)
    where = "" if dir == Path(".") else f" -w {dir}"
    say(f"next: anchorset ingest{where} LOGS --map input=COLUMN", machine=json)
    if json:
        models = {"generator": config.models.generator.model, "judge": config.models.judge.model}
        ways = [{"models": list(one.models), "why": one.why} for one in found]
        answer({"name": config.name, "dir": str(dir), "written": written, "models": models, "found": ways})


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
