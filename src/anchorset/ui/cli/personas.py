"""`anchorset personas …`: list, show, add, update.

What this module does not know: how a voice is put on.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anchorset.ui.cli.options import Json, WorkspaceDir, opened

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, add_completion=False)

Name = Annotated[str, typer.Argument(help="Of the persona; also its file in personas/.")]
Values = Annotated[
    list[str] | None,
    typer.Argument(metavar="KEY=VALUE…", help="description=…, attributes.expertise=novice, communication.case=lower"),
]


@app.command("list")
def list_(workspace: WorkspaceDir = None, json: Json = False) -> None:
    """The personas there are, and their weights.

    Example: anchorset personas list
    """
    from anchorset.infra.text.table import aligned
    from anchorset.ui.cli.terminal import answer, say

    room = opened(workspace)
    weights = room.config.personas
    rows = [(name, f"{weights.get(name, 0):g}", one.description) for name, one in room.folder.personas.items()]
    say(*aligned([("persona", "weight", "who"), *rows]), machine=json)
    if json:
        listed = [one.model_dump() | {"weight": weights.get(name, 0)} for name, one in room.folder.personas.items()]
        answer({"personas": listed})


@app.command()
def show(name: Name, workspace: WorkspaceDir = None, json: Json = False) -> None:
    """One persona whole.

    Example: anchorset personas show novice
    """
    from anchorset.pipeline.produce.personas import persona_named
    from anchorset.ui.cli.terminal import answer, say

    persona = persona_named(opened(workspace), name)
    for key, value in persona.model_dump(exclude_none=True).items():
        if isinstance(value, dict):
            say(*(f"{key}.{inner}: {said}" for inner, said in value.items()), machine=json)
        elif value:
            say(f"{key}: {value}", machine=json)
    if json:
        answer(persona.model_dump())


@app.command()
def add(name: Name, values: Values = None, workspace: WorkspaceDir = None, json: Json = False) -> None:
    """A new persona, as a file to be edited further.

    Example: anchorset personas add retiree "description=67, writes long sentences" communication.verbosity=high
    """
    _write(name, values or [], workspace, json, new=True)


@app.command()
def update(name: Name, values: Values = None, workspace: WorkspaceDir = None, json: Json = False) -> None:
    """Changes a persona; what was made with it is stale then, and `produce --refresh` makes it anew.

    Example: anchorset personas update novice communication.emoji=occasional
    """
    _write(name, values or [], workspace, json, new=False)


def _write(name: str, values: list[str], workspace: Path | None, json: bool, *, new: bool) -> None:
    from anchorset.core.errors import UsageError
    from anchorset.core.numbers import counted
    from anchorset.pipeline.produce.left_behind import stale_by_persona
    from anchorset.pipeline.produce.personas import write_persona
    from anchorset.ui.cli.terminal import answer, say

    changes: dict[str, object] = {}
    for part in values:
        key, equals, value = part.partition("=")
        if not equals:
            raise UsageError(f"{part!r} is no `key=value`; write it as `communication.case=lower`")
        changes[key] = [value] if key == "examples" else value or None
    room = opened(workspace)
    persona = write_persona(room, name, changes, new=new)
    say(f"wrote personas/{persona.name}.yaml", machine=json)
    stale = 0 if new else stale_by_persona(room, name)
    if stale:
        say(
            f"{counted(stale, 'candidate', 'is')} stale, made with what it was: `anchorset produce --refresh` "
            "puts them aside and makes them anew",
            machine=json,
        )
    if name not in room.config.personas:
        say(f"give it a weight in anchorset.yaml: personas: {{{name}: 10, …}}", machine=json)
    if json:
        answer(persona.model_dump())
