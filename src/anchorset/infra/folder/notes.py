"""Small notes that this machine keeps on each person: neither committed nor made anew, and losing one loses no row."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from anchorset.core.errors import MachineError
from anchorset.infra.folder.workspace_folder import file_name


def read_note(folder: Path, name: str) -> Any:
    """What is noted on `name` in this folder; None: nothing, or nothing that can be read."""
    try:
        return json.loads((folder / f"{file_name(name)}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def write_note(folder: Path, name: str, said: Any) -> None:
    """Notes it in place of what was noted; whole or not at all. Raises MachineError."""
    path = folder / f"{file_name(name)}.json"
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        aside.write_text(json.dumps(said), encoding="utf-8")
        aside.replace(path)
    except OSError as error:
        raise MachineError(f"{path} cannot be written: {error.strerror}. Make the workspace writable.") from None
