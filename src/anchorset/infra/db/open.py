"""The store's door: an engine by URL, its migrations, and database errors as sentences.

What differs between the databases stands in `sqlite` and `postgresql`.
What this module does not know: what is stored.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import URL, Engine, Table, inspect, select
from sqlalchemy import Connection as Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from anchorset.core.errors import MachineError
from anchorset.infra.db import postgresql, schema, sqlite


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
    if "again" not in columns["cases"]:
        connection.exec_driver_sql("ALTER TABLE cases ADD COLUMN again BOOLEAN NOT NULL DEFAULT 0")
    if "together" not in columns["verdicts"]:
        connection.exec_driver_sql("ALTER TABLE verdicts ADD COLUMN together TEXT")
        connection.exec_driver_sql("CREATE INDEX verdicts_together ON verdicts (reviewer, together)")
    forget(connection)  # the files say it again, the new columns included


MIGRATIONS: tuple[Callable[[Connection], None], ...] = (_first, _answers, _edits, _runs_in_order, _undo, _together)
"""Applied in order, each once, in a transaction with the record of them. On PostgreSQL, where a store holds nothing but
what the files say, an older one is made anew instead."""

DERIVED = (
    schema.cases, schema.records, schema.hits, schema.verdicts, schema.unsaid, schema.said, schema.production_runs,
    schema.heads, schema.results, schema.mirrors,
)  # fmt: skip
"""What the mirrors can make again."""


class Kind(Protocol):
    """A kind of database: the modules `sqlite` and `postgresql`."""

    def reader(self, made: Engine) -> Engine: ...

    def writer(self, made: Engine, *, durable: bool = False) -> Engine: ...

    def prepare(self, connection: Connection, schema: str, *, anew: bool) -> None: ...

    def sentence(self, error: DBAPIError, name: str) -> str: ...


class Store:
    """An open store. Every method translates database errors into MachineError."""

    def __init__(self, url: str | URL, name: str, *, schema: str = "", anew: bool = False) -> None:
        """schema: of PostgreSQL, the one that is this store. anew: there, what it holds is dropped first."""
        self.name = name
        self.local = not isinstance(url, URL)
        """Whether it lies in the workspace; otherwise it is PostgreSQL's."""
        self._schema = schema
        self._kind: Kind = sqlite if self.local else postgresql
        self._engine = postgresql.engine(url, schema) if isinstance(url, URL) else sqlite.engine(url)
        try:
            with self._said():
                self._migrate(anew)
        except BaseException:
            self.close()
            raise

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for questions."""
        with self._said(), self._kind.reader(self._engine).connect() as connection:
            yield connection

    @contextmanager
    def writing(self, *, durable: bool = False) -> Iterator[Connection]:
        """A transaction: all of it or nothing. `durable`: on the disk when it ends, whatever happens to the power."""
        with self._said(), self._kind.writer(self._engine, durable=durable).begin() as connection:
            yield connection

    def close(self) -> None:
        self._engine.dispose()

    @property
    def server(self) -> str:
        """The database's name and version."""
        version = ".".join(str(part) for part in self._engine.dialect.server_version_info or ())
        return f"{'SQLite' if self.local else 'PostgreSQL'} {version}"

    @contextmanager
    def _said(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise MachineError(self._kind.sentence(error, self.name)) from None
        except PoolTimeout:
            raise MachineError(f"{self.name}: all connections have been busy for 30 s; try again.") from None

    def _migrate(self, anew: bool) -> None:
        with self._engine.connect() as connection:
            if not anew and _version(connection, self.name) == len(MIGRATIONS):
                return
        writer = self._kind.writer(self._engine, durable=True)  # rows are read again from the files, tables are not
        with writer.begin() as connection:  # of two that make the store, the second waits
            done = 0 if anew else _version(connection, self.name)
            if done == len(MIGRATIONS):
                return
            if not self.local or done == 0:
                self._kind.prepare(connection, self._schema, anew=anew or done > 0)
                schema.metadata.create_all(connection)
            else:
                for migration in MIGRATIONS[done:]:
                    migration(connection)
            put_meta(connection, "version", str(len(MIGRATIONS)))


def open_store(path: Path) -> Store:
    """The SQLite store at `path`, made when it is not there. Raises MachineError: damaged, read-only, full."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise MachineError(f"{path.parent} cannot be made: {error.strerror}. Make the workspace writable.") from None
    return Store(f"sqlite:///{path}", str(path))


def open_database(url: str, schema: str, *, anew: bool = False) -> Store:
    """The store that is the schema `schema` of a PostgreSQL database, made when it is not there.

    anew: what it holds is dropped first. Raises UsageError for a URL that is none, MachineError: not there, refused.
    """
    address = postgresql.address(url)
    return Store(address, postgresql.shown(address), schema=schema, anew=anew)


@contextmanager
def look_into(path: Path) -> Iterator[Connection]:
    """The SQLite store at `path`, to be read as it is: of any schema, nothing migrated. Raises MachineError."""
    engine = sqlite.engine(f"sqlite:///{path}")
    try:
        with engine.connect() as connection:
            yield connection
    except DBAPIError as error:
        raise MachineError(sqlite.sentence(error, str(path))) from None
    finally:
        engine.dispose()


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
