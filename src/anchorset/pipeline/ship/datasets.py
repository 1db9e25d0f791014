"""Dataset versions of a workspace: which there are, and what is in one.

What this module does not know: how a version is made or proved.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from anchorset.core.case import Case
from anchorset.core.dataset import Manifest, parse_ref
from anchorset.core.errors import InputError, UsageError, nearest
from anchorset.infra.folder.workspace_folder import Folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """One version, read."""

    path: Path
    manifest: Manifest
    cases: list[Case]


def version_path(folder: Folder, ref: str | None) -> Path:
    """Where `name@version` lies; `name`: its newest version; None: the newest of the only dataset there is.

    Raises UsageError naming the versions there are.
    """
    there = folder.versions()
    if not there:
        raise UsageError(f"there is no dataset version yet; make one with `anchorset ship {folder.config.name}`")
    if ref is None:
        names = {one.partition("@")[0] for one in there}
        if len(names) > 1:
            raise UsageError(f"there are {len(names)} datasets; name one of {', '.join(sorted(names))}")
        return _path(folder, there[-1])
    name, version = parse_ref(ref)
    mine = [one for one in there if one.partition("@")[0] == name]
    if not mine:
        raise UsageError(f"there is no dataset {name!r}; {nearest(name, {one.partition('@')[0] for one in there})}")
    if version is not None and ref not in mine:
        raise UsageError(f"there is no version {ref!r}; known: {', '.join(mine)}")
    return _path(folder, ref if version is not None else mine[-1])


def _path(folder: Folder, ref: str) -> Path:
    name, _, version = ref.partition("@")
    return folder.datasets / name / version


def read_manifest(folder: Folder, ref: str | None) -> Manifest:
    """The manifest of a version alone. Raises UsageError (no such version), InputError (it cannot be read)."""
    path = version_path(folder, ref) / "manifest.json"
    try:
        return Manifest.read(path.read_bytes(), where=str(path))
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}); restore it from git") from None


def read_dataset(folder: Folder, ref: str | None) -> Dataset:
    """The version whole. Raises UsageError (no such version), InputError (a file that cannot be read)."""
    path, manifest = version_path(folder, ref), read_manifest(folder, ref)
    try:
        lines = (path / "cases.jsonl").read_bytes().splitlines()
    except OSError as error:
        raise InputError(f"{path}: {error.filename} cannot be read ({error.strerror}); restore it from git") from None
    cases = [Case.read(line, where=f"{path / 'cases.jsonl'} line {n}") for n, line in enumerate(lines, start=1)]
    return Dataset(path=path, manifest=manifest, cases=cases)
