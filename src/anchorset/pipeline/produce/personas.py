"""Personas of a workspace: read, made, changed. One file a persona, for people to edit and git to keep.

What this module does not know: how a voice is put on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from anchorset.core.errors import RecordError, UsageError, nearest
from anchorset.core.persona import Persona
from anchorset.infra.formats.writing import atomic_text
from anchorset.pipeline.workspace import Workspace


def persona_named(workspace: Workspace, name: str) -> Persona:
    """Raises UsageError that lists those there are."""
    known = workspace.folder.personas
    if name not in known:
        raise UsageError(f"there is no persona {name!r}; {nearest(name, known)}")
    return known[name]


def write_persona(workspace: Workspace, name: str, changes: Mapping[str, Any], *, new: bool) -> Persona:
    """A new persona, or one with changes. `changes`: dotted path -> value; None takes it away.

    Raises UsageError for a name that is taken (or not there), a path or value that a persona cannot have.
    """
    if new and name in workspace.folder.personas:
        raise UsageError(f"there is a persona {name!r} already; change it with `anchorset personas update {name}`")
    record: dict[str, Any] = {"name": name} if new else persona_named(workspace, name).model_dump(exclude_none=True)
    for path, value in changes.items():
        inner: Any = record
        *parents, last = path.split(".")
        for part in parents:
            inner = inner.setdefault(part, {})
            if not isinstance(inner, dict):
                raise UsageError(f"persona {name!r}: {part!r} has no parts, so `{path}` cannot be set")
        inner[last] = value
    try:
        persona = Persona.read(record, where=f"persona {name!r}")
    except RecordError as error:
        raise UsageError(str(error)) from None
    said = {
        key: value
        for key, value in persona.model_dump(mode="json", exclude_none=True, exclude={"name"}).items()
        if value not in ({}, [], "")
    }
    target = workspace.path / "personas" / f"{persona.name}.yaml"
    target.parent.mkdir(exist_ok=True)
    with atomic_text(target) as file:
        file.write(yaml.safe_dump(said, sort_keys=False, allow_unicode=True))
    return persona
