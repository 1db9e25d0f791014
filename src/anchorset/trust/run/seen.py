"""The version of a target: given, the commit of the workspace, or a hash of what can be seen of it.

What this module does not know: how any target is called.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

from anchorset.core.config import TargetSpec
from anchorset.core.errors import ConfigError
from anchorset.core.hashing import short_hash

OURS = ("seeds", "candidates", "reviews", "runs", "datasets", ".anchorset")
"""Folders of a workspace that our own commands write: rows landing in them are no change of the application."""


def version_of(name: str, spec: TargetSpec, *, folder: Path, files: Iterable[Path] = ()) -> str:
    """The version: as given; for `git` the commit; for None `seen-` and a hash of settings and `files`.

    Time limits, concurrency and family stay out of the hash: they change no answer.
    Raises ConfigError for `git` outside of a repository.
    """
    if spec.version == "git":
        return commit_of(name, folder)
    if spec.version is not None:
        return spec.version
    settings = spec.model_dump(exclude={"version", "family", "timeout_seconds", "concurrency"})
    return "seen-" + short_hash([settings, hashes_of(files, folder)])


def hashes_of(files: Iterable[Path], folder: Path) -> list[tuple[str, str]]:
    """(name, SHA-256) a file; inside the folder the name is the path from there, outside the last part alone."""
    root = folder.resolve()
    return sorted((_name(file.resolve(), root), _hash(file)) for file in files)


def _name(file: Path, root: Path) -> str:
    return file.relative_to(root).as_posix() if file.is_relative_to(root) else file.name


def _hash(file: Path) -> str:
    with file.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()


def commit_of(name: str, folder: Path) -> str:
    """The commit, 12 hex digits; with changes that are not committed `-dirty-` and a hash of them.

    The hash keeps two uncommitted states apart, so that answers of one are never taken for the other's.
    """
    commit = _git(name, folder, "rev-parse", "--short=12", "HEAD").decode().strip()
    paths = ["--", ":/", *(f":(exclude){ours}" for ours in OURS), ":(exclude,glob)**/__pycache__/**"]
    listed = _git(name, folder, "ls-files", "--others", "--exclude-standard", "--full-name", "-z", *paths)
    changes = _git(name, folder, "diff", "HEAD", "--binary", "--no-ext-diff", "--no-textconv", *paths)
    if not listed and not changes:
        return commit
    top = Path(os.fsdecode(_git(name, folder, "rev-parse", "--show-toplevel").rstrip(b"\n")))
    new = [top / os.fsdecode(path) for path in listed.split(b"\0") if path]
    state = [hashlib.sha256(changes).hexdigest(), hashes_of((file for file in new if file.is_file()), top)]
    return f"{commit}-dirty-{short_hash(state)[:8]}"


def _git(name: str, folder: Path, *arguments: str) -> bytes:
    # Inside a git hook these name another repository; reading must not take the index lock.
    environ = {key: value for key, value in os.environ.items() if key not in ("GIT_DIR", "GIT_WORK_TREE")}
    command = ["git", "-C", str(folder), *arguments]
    try:
        done = subprocess.run(
            command, capture_output=True, env=environ | {"GIT_OPTIONAL_LOCKS": "0"}, check=False, timeout=120
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        reason = str(error)
    else:
        if done.returncode == 0:
            return done.stdout
        reason = (done.stderr.decode(errors="replace").strip().splitlines() or ["git failed"])[0]
    raise ConfigError(
        f"`targets.{name}.version` is 'git', but {str(folder)!r} has no commit to name ({reason}); "
        "commit the workspace, or write a version of your own."
    )
