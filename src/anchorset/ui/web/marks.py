"""What a reviewer put off: skipped until the server ends, marked for later until they bring it back.

Neither is a decision, so neither is said to anybody: marks for later lie in a small file of this machine.
What this module does not know: cases.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Literal

from anchorset.infra.folder.notes import read_note, write_note

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
            noted = read_note(self._folder, name)
            lanes = noted.items() if isinstance(noted, dict) else ()
            self._later[name] = {lane: dict.fromkeys(map(str, ids)) for lane, ids in lanes if isinstance(ids, list)}
        return self._later[name].setdefault(lane, {})

    def _write(self, name: str) -> None:
        write_note(self._folder, name, {lane: list(ids) for lane, ids in self._later[name].items()})
