"""SQLite: its connections, where its transactions begin, and its errors as sentences.

What this module does not know: what is stored.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

BUSY_SECONDS = 30
"""How long a writer waits for another one."""


def engine(url: str, _schema: str = "") -> Engine:
    """Connections to the file, or to memory."""
    pool: dict[str, Any] = {} if url == "sqlite://" else {"pool_size": 8, "max_overflow": 32}
    made = create_engine(url, **pool)

    @event.listens_for(made, "connect")
    def _pragmas(connection: Any, _record: Any) -> None:
        connection.create_function("lowered", 1, _lowered, deterministic=True)
        connection.isolation_level = None  # transactions begin where we say, not at the first INSERT
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = NORMAL")  # the mirrors are forced to disk; the store repeats them
        cursor.execute("PRAGMA temp_store = MEMORY")
        cursor.close()

    @event.listens_for(made, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if "durable" in options:
            connection.exec_driver_sql(f"PRAGMA synchronous = {'FULL' if options['durable'] else 'NORMAL'}")
        connection.exec_driver_sql(options.get("begin", "BEGIN"))

    return made


def _lowered(text: str | None) -> str | None:
    """SQLite's own `lower` knows A to Z alone."""
    return None if text is None else text.lower()


def reader(made: Engine) -> Engine:
    """For questions: all of one block see the same store, as SQLite has it anyway."""
    return made


def writer(made: Engine, *, durable: bool = False) -> Engine:
    """A writer that begins by reading could not become one while another writes, so it says so at once."""
    return made.execution_options(begin="BEGIN IMMEDIATE", durable=durable)


def prepare(_connection: Connection, _schema: str, *, anew: bool) -> None:
    """There is nothing to be made before the tables; a store made anew is another file."""


def sentence(error: DBAPIError, name: str) -> str:
    """What went wrong, and the way out."""
    said = str(error.orig)
    if "locked" in said or "busy" in said:
        return f"{name}: another process has been writing for {BUSY_SECONDS} s; wait for it, or stop it, and try again."
    if "disk I/O" in said:
        return (
            f"{name}: the disk refused ({said}): it is full, over a quota, or failing. What was there before is "
            "unharmed; make room, then run the same command again. Where there is room, the store is damaged, and "
            "`anchorset doctor --rebuild` makes it anew."
        )
    if "full" in said:
        return f"{name}: the disk is full. What was there before is unharmed; make room and run the same command again."
    if "readonly" in said or "read-only" in said or "unable to open" in said:
        return f"{name} cannot be written ({said}). Make the workspace writable, or copy it to where it is."
    if "malformed" in said or "not a database" in said or "corrupt" in said or "disk image" in said:
        return (
            f"{name} is damaged ({said}). Nothing is lost: it repeats what the workspace's files say. "
            "`anchorset doctor --rebuild` makes it anew."
        )
    return f"{name}: the database refused ({said}). `anchorset doctor --rebuild` makes the store anew."
