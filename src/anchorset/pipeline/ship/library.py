"""Dataset versions kept in memory while somebody looks at them: they never change, so one reading serves everybody.

What this module does not know: HTTP, and how anything is shown.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from threading import Lock

from anchorset.core.case import Case
from anchorset.core.dataset import Manifest
from anchorset.core.errors import UsageError, nearest
from anchorset.infra.folder.workspace_folder import Folder
from anchorset.pipeline.ship.datasets import Dataset, read_dataset, read_manifest, version_path

KEPT = 3
"""Versions held at a time: 100,000 cases take some 300 MB."""
FILES = ("cases.jsonl", "card.md", "croissant.json", "manifest.json")


class Library:
    """The versions of one workspace. Safe for several threads."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self._lock = Lock()
        self._read: OrderedDict[str, tuple[tuple[float, int], Dataset]] = OrderedDict()

    def manifests(self) -> list[Manifest]:
        """Of all versions, by name, oldest first."""
        return [read_manifest(self.folder, ref) for ref in self.folder.versions()]

    def manifest(self, ref: str | None) -> Manifest:
        return read_manifest(self.folder, ref)

    def dataset(self, ref: str | None) -> Dataset:
        """The version whole; read again when its file has changed, which it never should."""
        path = version_path(self.folder, ref)
        name = f"{path.parent.name}@{path.name}"
        with self._lock:
            mark = _mark(path / "cases.jsonl")
            known = self._read.get(name)
            if known is None or known[0] != mark:
                known = (mark, read_dataset(self.folder, name))
                self._read[name] = known
            self._read.move_to_end(name)
            while len(self._read) > KEPT:
                self._read.popitem(last=False)
            return known[1]

    def card(self, ref: str | None) -> str:
        """The card as it was shipped; empty when it is gone, which `verify` says."""
        try:
            return (version_path(self.folder, ref) / "card.md").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""

    def file(self, ref: str | None, name: str) -> bytes:
        """The bytes of one file of a version. Raises UsageError for any other name, and for what is no plain file."""
        if name not in FILES:
            raise UsageError(f"a version has no file {name!r}; {nearest(name, FILES)}")
        path = version_path(self.folder, ref) / name
        if path.is_symlink() or not path.is_file():
            raise UsageError(f"{path.parent.name}/{name} is no file; restore it from git")
        return path.read_bytes()


def _mark(path: Path) -> tuple[float, int]:
    try:
        found = path.stat()
    except OSError:
        return (0.0, 0)
    return found.st_mtime, found.st_size


def rows_where(
    cases: Sequence[Case], *, bucket: str | None = None, split: str | None = None, status: str | None = None,
    text: str | None = None, without: Sequence[str] = (),
) -> list[Case]:  # fmt: skip
    """The cases of a version that fit, in its order. `without`: buckets that are not to be shown."""
    sought = (text or "").casefold()
    return [
        case for case in cases
        if case.bucket not in without
        and (bucket is None or case.bucket == bucket)
        and (split is None or (case.split or "") == split)
        and (status is None or case.status == status)
        and (not sought or sought in case.text.casefold() or case.id.startswith(sought))
    ]  # fmt: skip
