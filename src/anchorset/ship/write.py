"""A version on disk: whole or not at all, and not to be changed.

What this module does not know: how a version came about.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from anchorset.core.case import Case
from anchorset.core.dataset import Manifest
from anchorset.core.errors import MachineError, UsageError
from anchorset.core.hashing import HEX
from anchorset.ship.card import card
from anchorset.ship.croissant import croissant
from anchorset.ship.stage import Shipped

READ_ONLY = 0o444


def write_version(
    datasets: Path, shipped: Shipped, *, made_at: str, about: str = "", survival: Sequence[tuple[str, str]] = (),
    gaps: Sequence[str] = (),
) -> tuple[Path, Manifest]:  # fmt: skip
    """Writes `datasets/NAME/VERSION/` and returns it with its manifest.

    Built in a folder beside it and renamed when all of it is on disk: a crash leaves no half version. The files are
    read-only afterwards. Raises UsageError when the version is there already, MachineError when the disk refuses.
    """
    manifest = shipped.manifest.model_copy(update={"made_at": made_at})
    target = datasets / manifest.name / manifest.version
    if target.exists():
        raise UsageError(f"{target} is there already, and versions are never written over; ship again for the next one")
    partial = target.with_name(f".{manifest.version}.{os.getpid()}")
    try:
        _sweep(target.parent)
        partial.mkdir(parents=True)
        rows = "".join(f"{case.line()}\n" for case in shipped.cases).encode()
        about = about.strip()
        described = croissant(manifest, shipped.cases, sha256=hashlib.sha256(rows).hexdigest(), about=about)
        files = {
            "cases.jsonl": rows,
            "card.md": card(manifest, shipped.cases, about=about, survival=survival, gaps=gaps).encode(),
            "croissant.json": (json.dumps(described, ensure_ascii=False, indent=1) + "\n").encode(),
        }
        manifest = sealed(
            manifest.model_copy(
                update={
                    "files": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
                    "lines": line_digests(rows),
                }
            )
        )
        files["manifest.json"] = manifest_bytes(manifest)
        for name, data in files.items():
            _write(partial / name, data)
        _sync(partial)
        partial.rename(target)
        _sync(target.parent)
    except OSError as error:
        shutil.rmtree(partial, ignore_errors=True)
        raise MachineError(
            f"{target} cannot be written: {error.strerror or error}. No version was made; check the folder, its "
            "permissions and the disk, then ship again."
        ) from None
    return target, manifest


def line_digests(rows: bytes) -> tuple[str, ...]:
    """16 hex digits of SHA-256 of each line's bytes."""
    return tuple(hashlib.sha256(line).hexdigest()[:HEX] for line in rows.split(b"\n")[:-1])


def manifest_bytes(manifest: Manifest) -> bytes:
    """As it is written."""
    return (json.dumps(manifest.model_dump(by_alias=True), ensure_ascii=False, indent=1) + "\n").encode()


def sealed(manifest: Manifest) -> Manifest:
    """The manifest with the seal that proves the rest of it."""
    empty = manifest.model_copy(update={"seal": ""})
    return empty.model_copy(update={"seal": hashlib.sha256(manifest_bytes(empty)).hexdigest()})


def is_sealed(data: bytes, manifest: Manifest) -> bool:
    """Whether these bytes of `manifest.json` are those that were sealed.

    Asked of the bytes, not of what they say: a space counts, and a field that a later release adds does not.
    """
    seal = manifest.seal.encode()
    return bool(seal) and hashlib.sha256(data.replace(b'"seal": "' + seal, b'"seal": "')).hexdigest().encode() == seal


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    path.chmod(READ_ONLY)


def _sweep(folder: Path) -> None:
    """Takes away what a crash left: half versions have a dot in front, and nobody reads them."""
    for left in folder.glob(".*.*.*.*"):
        shutil.rmtree(left, ignore_errors=True)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read_rows(path: Path) -> list[Case]:
    """The rows of a version. Raises RecordError naming the line."""
    lines = (path / "cases.jsonl").read_bytes().splitlines()
    return [Case.read(line, where=f"{path / 'cases.jsonl'} line {n}") for n, line in enumerate(lines, start=1)]
