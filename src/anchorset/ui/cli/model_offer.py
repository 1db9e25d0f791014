"""The offer of the models that are found here, and what somebody takes of it.

What this module does not know: keys. It sees the names of their variables.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from anchorset.infra.llm.find import Found

SHOWN = 4
"""Models of one server."""


def offer() -> list[Found]:
    """What is found here; empty when nothing is."""
    from anchorset.pipeline.models_seen import offered

    return offered()


def found_lines(found: Sequence[Found], model: str) -> list[str]:
    """What was found and is not used, and how it would be; nothing when a model is set or none was found."""
    names = [one for one in found if one.models]
    if model != "none" or not names:
        return []
    said = "; ".join(f"{one.models[0]} ({one.why})" for one in names)
    return [f"no model is set, and none is needed; found here: {said}; to use one, write it under `models`"]


def chosen_of(found: Sequence[Found], model: str | None, judge: str | None) -> tuple[str, str]:
    """(generator, judge), asked for on the terminal where they are not given and something is found."""
    from anchorset.pipeline.models_seen import other_family

    listed = [(name, one.why) for one in found for name in one.models[:SHOWN]]
    names = [name for name, _ in listed]
    if model is None:
        model = _picked("Who writes", listed, names, "none") if names else "none"
    if judge is None:
        judge = (
            _picked("Who judges", listed, names, other_family(model, found) or "none") if model != "none" else "none"
        )
    return model, judge


def checked(option: str, name: str | None) -> None:
    """Raises UsageError for a name that is no model's, so that nothing is written with it."""
    from anchorset.core.config import ModelSpec
    from anchorset.core.errors import ConfigError, UsageError
    from anchorset.infra.llm.names import WITHOUT_A_MODEL, taken_apart
    from anchorset.infra.llm.vendors import COMPATIBLE, IN_THIS_PROCESS, vendor_of

    if name is None or name in WITHOUT_A_MODEL:
        return
    try:
        if taken_apart(name)[0] not in (*IN_THIS_PROCESS, COMPATIBLE):
            vendor_of(ModelSpec(model=name))
    except ConfigError as error:
        raise UsageError(f"`{option}`: {error}") from None


def _picked(question: str, listed: Sequence[tuple[str, str]], names: Sequence[str], default: str) -> str:
    """A number of the list, or a name. Asked again until it is one."""
    import typer

    from anchorset.core.errors import UsageError
    from anchorset.core.inert import visible

    typer.echo(f"{question}? Found here:", err=True)
    for at, (name, why) in enumerate(listed, start=1):
        typer.echo(visible(f"  {at}  {name} ({why})"), err=True)
    while True:
        said = str(typer.prompt("  number, provider:model, or none", default=default, err=True)).strip()
        if said.isdecimal() and 1 <= int(said) <= len(names):
            return names[int(said) - 1]
        try:
            checked(question, said)
        except UsageError as error:
            typer.echo(visible(str(error)), err=True)
            continue
        return said
