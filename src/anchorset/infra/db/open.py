"""The store's door: an engine by URL, its migrations, and database errors as sentences.

All that differs between SQLite and PostgreSQL stands here.
What this module does not know: what is stored.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection as Connection
from sqlalchemy import Engine, Table, create_engine, event, inspect, select
from sqlalchemy.exc import DatabaseError, DBAPIError

from anchorset.core.errors import MachineError
from anchorset.infra.db import schema

BUSY_SECONDS = 30
"""How long a writer waits for another one."""


def _first(connection: Connection) -> None:
    schema.metadata.create_all(connection)


def _answers(connection: Connection) -> None:
    schema.answers.create(connection, checkfirst=True)


def _edits(connection: Connection) -> None:
    if "revised" not in {column["name"] for column in inspect(connection).get_columns("verdicts")}:
        connection.exec_driver_sql("ALTER TABLE verdicts ADD COLUMN revised TEXT")
        connection.exec_driver_sql("CREATE INDEX verdicts_revised ON verdicts (revised)")
    forget(connection)  # the files say it again, the new column included


def _runs_in_order(connection: Connection) -> None:
    if "seq" not in {column["name"] for column in inspect(connection).get_columns("heads")}:
        schema.heads.drop(connection)
        schema.heads.create(connection)
        forget(connection)


def _undo(connection: Connection) -> None:
    schema.unsaid.create(connection, checkfirst=True)
    connection.exec_driver_sql("CREATE INDEX IF NOT EXISTS verdicts_mine ON verdicts (reviewer, lane, at, seq)")


def _together(connection: Connection) -> None:
    columns = {name: {one["name"] for one in inspect(connection).get_columns(name)} for name in ("cases", "verdicts")}
    if "uncertain" not in columns["cases"]:
        connection.exec_driver_sql("ALTER TABLE cases ADD COLUMN uncertain FLOAT NOT NULL DEFAULT 0")
    if "together" not in columns["verdicts"]:
        connection.exec_driver_sql("ALTER TABLE verdicts ADD COLUMN together TEXT")
        connection.exec_driver_sql("CREATE INDEX verdicts_together ON verdicts (reviewer, together)")
    forget(connection)  # the files say it again, the new columns included


MIGRATIONS: tuple[Callable[[Connection], None], ...] = (_first, _answers, _edits, _runs_in_order, _undo, _together)
"""Applied in order, each once, each in a transaction with the record of it."""

DERIVED = (
    schema.cases, schema.records, schema.hits, schema.verdicts, schema.unsaid, schema.said, schema.production_runs,
    schema.heads, schema.results, schema.mirrors,
)  # fmt: skip
"""What the mirrors can make again."""


class Store:
    """An open store. Every method translates database errors into MachineError."""

    def __init__(self, url: str, name: str) -> None:
        self.name = name
        self._engine = _engine(url)
        with self._said():
            _migrate(self._engine, name)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for questions."""
        with self._said(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self, *, durable: bool = False) -> Iterator[Connection]:
        """A transaction: all of it or nothing. `durable`: on the disk when it ends, whatever happens to the power."""
        with self._said(), _immediate(self._engine, durable).begin() as connection:
            yield connection

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def _said(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise MachineError(_sentence(error, self.name)) from None


def open_store(path: Path) -> Store:
    """The SQLite store at `path`, made when it is not there. Raises MachineError: damaged, read-only, full."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise MachineError(f"{path.parent} cannot be made: {error.strerror}. Make the workspace writable.") from None
    return Store(f"sqlite:///{path}", str(path))


@contextmanager
def look_into(path: Path) -> Iterator[Connection]:
    """The SQLite store at `path`, to be read as it is: of any schema, nothing migrated. Raises MachineError."""
    engine = _engine(f"sqlite:///{path}")
    try:
        with engine.connect() as connection:
            yield connection
    except DBAPIError as error:
        raise MachineError(_sentence(error, str(path))) from None
    finally:
        engine.dispose()


def _engine(url: str) -> Engine:
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def _pragmas(connection: Any, _record: Any) -> None:
            connection.create_function("lower", 1, _lower, deterministic=True)
            connection.isolation_level = None  # transactions begin where we say, not at the first INSERT
            cursor = connection.cursor()
            cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
            cursor.execute("PRAGMA journal_mode = WAL")
            cursor.execute("PRAGMA synchronous = NORMAL")  # the mirrors are forced to disk; the store repeats them
            cursor.execute("PRAGMA temp_store = MEMORY")
            cursor.close()

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            options = connection.get_execution_options()
            if "durable" in options:
                connection.exec_driver_sql(f"PRAGMA synchronous = {'FULL' if options['durable'] else 'NORMAL'}")
            connection.exec_driver_sql(options.get("begin", "BEGIN"))

    return engine


def _lower(text: str | None) -> str | None:
    """As PostgreSQL does it: SQLite's own knows A to Z alone."""
    return None if text is None else text.lower()


def _immediate(engine: Engine, durable: bool = False) -> Engine:
    """SQLite: a writer that begins by reading could not become one while another writes, so it says so at once."""
    return engine.execution_options(begin="BEGIN IMMEDIATE", durable=durable)


def _migrate(engine: Engine, name: str) -> None:
    with engine.connect() as connection:
        if _version(connection, name) == len(MIGRATIONS):
            return
    with _immediate(engine).begin() as connection:  # of two processes that make the store, the second waits
        done = _version(connection, name)
        for number, migration in enumerate(MIGRATIONS[done:], start=done + 1):
            migration(connection)
            put_meta(connection, "version", str(number))


def _version(connection: Connection, name: str) -> int:
    """How many migrations the store has seen; 0 for a new one. Raises MachineError for a version we do not know."""
    said = meta(connection, "version") if inspect(connection).has_table("meta") else None
    if said is None:
        return 0
    if not said.isdecimal() or int(said) > len(MIGRATIONS):
        raise MachineError(
            f"{name} was made by a newer anchorset: its schema is {said[:20]!r}, and this one knows {len(MIGRATIONS)}. "
            "Upgrade anchorset, or make the store anew for this one with `anchorset doctor --rebuild`; the workspace's "
            "files hold everything."
        )
    return int(said)


def meta(connection: Connection, key: str) -> str | None:
    """A note the store keeps about itself; None when it was never written."""
    return connection.execute(select(schema.meta.c.value).where(schema.meta.c.key == key)).scalar()


def put_meta(connection: Connection, key: str, value: str) -> None:
    put(connection, schema.meta, [{"key": key, "value": value}], on=["key"])


def forget(connection: Connection) -> None:
    """Empties everything that the mirrors can make again."""
    for table in DERIVED:
        connection.execute(table.delete())


def put(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *, on: Sequence[str],
    keep: Collection[str] = (), merge: Callable[[Any], Mapping[str, Any]] | None = None,
) -> None:  # fmt: skip
    """Inserts rows; one that is there already (by the columns `on`) takes the new values.

    keep: columns that stay as they are; all of them: the row that is there stays whole. merge: the new row's values
    -> columns that are made of both.
    """
    if not rows:
        return
    statement: Any = _insert(connection)(table)
    new = statement.excluded
    taken = {name: new[name] for name in rows[0] if name not in on and name not in keep}
    if not taken:
        statement = statement.on_conflict_do_nothing(index_elements=on)
    else:
        statement = statement.on_conflict_do_update(index_elements=on, set_=taken | dict(merge(new) if merge else {}))
    connection.execute(statement, rows)


def _insert(connection: Connection) -> Any:
    """The INSERT that knows ON CONFLICT, of whatever database this is."""
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert
    from sqlalchemy.dialects import sqlite

    return sqlite.insert


def _sentence(error: DatabaseError | DBAPIError, name: str) -> str:
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
