"""Which store a workspace has: SQLite within it, or a schema of a PostgreSQL database.

The URL is given anew each time, by whoever starts the process or by the environment: it may hold a password, so it is
kept nowhere. Nothing is lost when one process has it and another has not: both stores are indexes over the same files,
and each catches up by itself.
What this module does not know: what a store holds.
"""

from __future__ import annotations

import os

from anchorset.infra.db.open import Store, open_database, open_store
from anchorset.infra.folder.identity import identity
from anchorset.infra.folder.workspace_folder import Folder

DATABASE = "ANCHORSET_DATABASE"
"""Environment variable with the URL of a PostgreSQL database."""


def database_named(given: str | None) -> str | None:
    """The URL given, else that of the environment; None: the store is SQLite."""
    return (given or os.environ.get(DATABASE) or "").strip() or None


def open_store_of(folder: Folder, database: str | None, *, anew: bool = False) -> Store:
    """The store of a workspace. Raises UsageError (the URL), MachineError (the disk, the server).

    anew: of a database, what it holds of this workspace is dropped first.
    """
    if database is None:
        return open_store(folder.store)
    return open_database(database, f"anchorset_{identity(folder.hidden)}", anew=anew)
