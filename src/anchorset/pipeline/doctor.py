"""A look at a workspace from outside: what is wrong, what every setting is, and the store made anew.

What this module does not know: how anything is shown.
"""

from __future__ import annotations

import platform
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from anchorset.core.errors import AnchorsetError, ConfigError, InputError
from anchorset.infra.db.answers import carry_answers
from anchorset.infra.db.open import Store, open_store
from anchorset.infra.folder.config_file import explained
from anchorset.infra.folder.workspace_folder import Folder, open_folder
from anchorset.pipeline.models import Agree
from anchorset.pipeline.models_seen import ModelsSeen, Seen, models_seen
from anchorset.pipeline.store import database_named, open_store_of
from anchorset.pipeline.workspace import Workspace, open_workspace

ROOM_BYTES = 200_000_000
"""Free space under which a run may not finish."""
STORE_SUFFIXES = ("", "-wal", "-shm", "-journal")


class Examined(NamedTuple):
    """One thing that was looked at."""

    what: str
    ok: bool
    found: str
    outside: bool = False
    """Whether it is no file of the workspace but what it needs from outside: a key, a server."""


def explain_config(start: Path) -> list[tuple[str, str, str]]:
    """(key, value as JSON, `anchorset.yaml:LINE` or `default`) of every setting."""
    return explained(open_folder(start).file)


def rebuilt(start: Path) -> tuple[int, list[str]]:
    """The store of the workspace made anew from its files: (rows read, notes).

    SQLite's is made beside the old one and takes its place when whole: a fault in a file leaves things as they were.
    In a database the old one is dropped first, whatever it was; what a fault leaves out the next command takes in.
    """
    folder = open_folder(start)
    database = database_named(None)
    if database is not None:
        workspace = Workspace(folder, open_store_of(folder, database, anew=True))
        try:
            return workspace.rebuild(), workspace.notes
        finally:
            workspace.close()
    beside = folder.hidden / "store.new.sqlite"
    _remove(beside)
    workspace = Workspace(folder, open_store(beside))
    try:
        n = workspace.rebuild()
        notes = [*workspace.notes, *_paid_for(folder.store, workspace.store)]
    except BaseException:
        workspace.close()
        _remove(beside)
        raise
    workspace.close()  # the last connection folds the write-ahead log into the file
    _remove(folder.store)
    beside.rename(folder.store)
    return n, notes


def _paid_for(old: Path, new: Store) -> list[str]:
    """What models answered, from the old store into the new one: no file says it again. Notes on what cannot be read.

    A store of any age or damage is read as far as it goes; it is neither mended nor made.
    """
    if not old.exists():
        return []
    try:
        carry_answers(old, new)
    except AnchorsetError as error:
        return [f"answers of language models in the old store could not be read, and would be asked again: {error}"]
    return []


def _remove(store: Path) -> None:
    for suffix in STORE_SUFFIXES:
        store.with_name(store.name + suffix).unlink(missing_ok=True)


def examine(start: Path, *, ping: bool = False, agree: Agree | None = None) -> tuple[list[Examined], ModelsSeen | None]:
    """What was looked at and what was found; the models by themselves, None where the configuration cannot be read.

    `ping`: each configured model is asked for one token, once `agree` says yes. Raises InputError where there is no
    workspace, UsageError when nobody agrees.
    """
    folder = open_folder(start)
    models = _models(folder, ping, agree)
    return [
        Examined("anchorset", True, f"{version('anchorset')} on Python {platform.python_version()} ({sys.platform})"),
        Examined("SQLite", True, sqlite3.sqlite_version),
        *_tried(folder),
        _room(folder),
        *(_of_models(models) if models else ()),
    ], models


def _models(folder: Folder, ping: bool, agree: Agree | None) -> ModelsSeen | None:
    try:
        return models_seen(folder, ping=ping, agree=agree)
    except (ConfigError, InputError):
        return None  # of the configuration: said already


def _of_models(models: ModelsSeen) -> Iterator[Examined]:
    keys = [one.key for one in models.found if one.key]
    servers = [f"{one.why} ({', '.join(one.models[:3]) or 'no model'})" for one in models.found if not one.key]
    yield Examined("models found", True, "; ".join([f"set: {', '.join(keys)}"] * bool(keys) + servers) or "none")
    for seen in models.configured:
        yield Examined(seen.role, seen.problem is None, _of_model(seen), outside=True)
    told = [f"{name} {found or 'not installed'}" for name, found in models.versions.items()]
    yield Examined("libraries", True, ", ".join(told))


def _of_model(seen: Seen) -> str:
    if seen.model == "none":
        return "none"
    price = seen.usd_per_million
    facts = [
        f"{seen.model}, family {seen.family or 'not known'}",
        *([seen.why] if seen.why else []),
        *([f"at {seen.host}"] if seen.host else ["in this process"] if seen.problem is None else []),
        "its price is not known"
        if price is None
        else f"${price[0]:,.2f} in, ${price[1]:,.2f} out a million tokens" if any(price) else "free of charge",
        *([f"answered in {seen.seconds:.2f} s"] if seen.seconds is not None else []),
        *seen.lessons,
        *([seen.problem] if seen.problem else []),
    ]  # fmt: skip
    return "; ".join(facts)


def _tried(folder: Folder) -> Iterator[Examined]:
    try:
        config = folder.config
        yield Examined("configuration", True, f"{len(config.dimensions)} dimensions, {len(config.targets)} targets")
        yield Examined("personas", True, ", ".join(folder.personas) or "none")
        missing = sorted(set(config.personas) - set(folder.personas))
        if missing:
            yield Examined("personas", False, f"`personas` weighs {missing[0]!r}; write personas/{missing[0]}.yaml")
    except AnchorsetError as error:
        yield Examined("configuration", False, str(error))
        return
    try:
        workspace = open_workspace(folder.path)
        where = "" if workspace.store.local else f"{workspace.store.server}, {workspace.store.name}: "
        notes = "".join(f"; {note}" for note in workspace.notes)
        yield Examined("store", True, f"{where}says what the files say{notes}", outside=not workspace.store.local)
        workspace.close()
    except AnchorsetError as error:
        yield Examined("store", False, str(error), outside=database_named(None) is not None)


def _room(folder: Folder) -> Examined:
    free = shutil.disk_usage(folder.path).free
    return Examined("disk", free > ROOM_BYTES, f"{free / 1e9:.1f} GB free")
