"""What a reviewer put off: skipped until the server ends, marked for later until they bring it back.

Neither is a decision, so neither is said to anybody: marks for later lie in a small file of this machine.
What this module does not know: cases.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection
from pathlib import Path
from typing import Literal

from anchorset.core.errors import MachineError
from anchorset.infra.folder.workspace_folder import file_name

What = Literal["skipped", "later"]


class Marks:
    """Of all reviewers; ids in the order in which they were put off."""

    def __init__(self, hidden: Path) -> None:
        self._folder = hidden / "later"
        self._skipped: dict[tuple[str, str], dict[str, None]] = {}
        self._later: dict[str, dict[str, dict[str, None]]] = {}

    def of(self, name: str, lane: str, what: What) -> list[str]:
        """Ids of one lane."""
        return list(self._ids(name, lane, what))

    def put(self, name: str, lane: str, what: What, id: str, *, on: bool = True) -> None:
        """Puts a case off, or takes it back."""
        ids = self._ids(name, lane, what)
        if on:
            ids[id] = None
        else:
            ids.pop(id, None)
        if what == "later":
            self._write(name)

    def put_all(self, name: str, lane: str, what: What, ids: Collection[str], *, on: bool = True) -> None:
        """Puts several off, or takes them back."""
        here = self._ids(name, lane, what)
        for id in ids:
            if on:
                here[id] = None
            else:
                here.pop(id, None)
        if what == "later":
            self._write(name)

    def clear(self, name: str, lane: str, what: What) -> int:
        """Brings everything back. Returns how many that are."""
        ids = self._ids(name, lane, what)
        n = len(ids)
        ids.clear()
        if n and what == "later":
            self._write(name)
        return n

    def _ids(self, name: str, lane: str, what: What) -> dict[str, None]:
        if what == "skipped":
            return self._skipped.setdefault((name, lane), {})
        if name not in self._later:
            self._later[name] = self._read(name)
        return self._later[name].setdefault(lane, {})

    def _read(self, name: str) -> dict[str, dict[str, None]]:
        try:
            said = json.loads((self._folder / f"{file_name(name)}.json").read_text(encoding="utf-8"))
            return {str(lane): dict.fromkeys(map(str, ids)) for lane, ids in said.items()}
        except (OSError, ValueError, AttributeError, TypeError):
            return {}

    def _write(self, name: str) -> None:
        path = self._folder / f"{file_name(name)}.json"
        aside = path.with_name(f"{path.name}.{os.getpid()}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            aside.write_text(json.dumps({lane: list(ids) for lane, ids in self._later[name].items()}), encoding="utf-8")
            aside.replace(path)
        except OSError as error:
            raise MachineError(f"{path} cannot be written: {error.strerror}. Make the workspace writable.") from None
