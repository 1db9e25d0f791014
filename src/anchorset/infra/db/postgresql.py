"""PostgreSQL: its addresses, connections, the lock of a writer, and its errors as sentences.

A store is one schema of a database, so that many workspaces fit into one. It is an index over a workspace's files and
holds nothing of its own: one of an older kind is dropped and made anew.
What this module does not know: what is stored.
"""

from __future__ import annotations

from hashlib import sha256
from time import monotonic
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, DisconnectionError

from anchorset.core.errors import MachineError, MissingExtraError, UsageError

WAIT_SECONDS = 30
"""How long a writer waits for another one."""
CONNECT_SECONDS = 10
IDLE_SECONDS = 1
"""A connection that lay longer is asked whether it is still there."""
SCHEMES = ("postgresql+psycopg", "postgresql", "postgres")
SECRETS = ("password", "sslpassword", "passfile")
COLLATIONS = ("und-x-icu", "pg_c_utf8", "C.utf8", "C.UTF-8", "en_US.utf8")
"""Of these the first that the server has knows the small letter of every letter; the database's own may know A to Z."""


def address(url: str) -> URL:
    """The URL of a database, for our driver. Raises UsageError, which never repeats what may hold a password."""
    try:
        found = make_url(url.strip())
        if found.drivername not in SCHEMES:
            raise UsageError(
                f"the database is a {found.drivername[:40]!r}; give a PostgreSQL one, "
                "`postgresql+psycopg://user@host/name`, or none: then the store is SQLite in the workspace"
            )
        if "@" in f"{found.host or ''}{found.database or ''}":  # the end of a password, which must not be shown
            raise ValueError
    except (ArgumentError, ValueError):
        raise UsageError(
            "the database's URL cannot be read; write it `postgresql+psycopg://user:password@host:5432/name`, with "
            "`%40` for an @ in the password"
        ) from None
    return found.set(drivername=SCHEMES[0])


def shown(url: URL) -> str:
    """The URL without what is secret in it."""
    return url.difference_update_query(SECRETS).render_as_string(hide_password=True)


def engine(url: URL, schema: str) -> Engine:
    """Connections that see this schema alone. Raises MissingExtraError, UsageError."""
    options = {"connect_timeout": CONNECT_SECONDS, "client_encoding": "utf8", "application_name": "anchorset"}
    options = {name: value for name, value in options.items() if name not in url.query}
    try:
        made = create_engine(url, pool_size=8, max_overflow=32, connect_args=options)
    except ModuleNotFoundError:
        raise MissingExtraError("a store on PostgreSQL", "postgresql") from None
    settings = {
        "search_path": f'"{schema}"', "lock_timeout": f"{WAIT_SECONDS}s",
        "synchronous_commit": "off",  # the mirrors are forced to disk; the store repeats them
    }  # fmt: skip

    @event.listens_for(made, "connect")
    def _settle(connection: Any, _record: Any) -> None:
        connection.autocommit = True
        for name, value in settings.items():
            connection.execute("SELECT set_config(%s, %s, false)", (name, value))
        connection.autocommit = False

    @event.listens_for(made, "checkout")
    def _still_there(connection: Any, record: Any, _proxy: Any) -> None:
        if monotonic() - record.info.get("back", monotonic()) > IDLE_SECONDS:
            try:
                connection.autocommit = True
                connection.execute("SELECT 1")
                connection.autocommit = False
            except connection.Error:
                raise DisconnectionError from None

    @event.listens_for(made, "checkin")
    def _back(_connection: Any, record: Any) -> None:
        record.info["back"] = monotonic()

    @event.listens_for(made, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get("durable"):
            connection.exec_driver_sql("SET LOCAL synchronous_commit = on")
        if options.get("writes"):
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_lock(schema)})")

    return made


def reader(made: Engine) -> Engine:
    """For questions: all of one block see the same store."""
    return made.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def writer(made: Engine, *, durable: bool = False) -> Engine:
    """One writer a store at a time, and what it reads is what the one before it wrote: each statement looks anew."""
    return made.execution_options(writes=True, durable=durable)


def prepare(connection: Connection, schema: str, *, anew: bool) -> None:
    """The empty schema, and in it `lowered(text)`. Raises MachineError."""
    encoding = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
    if encoding != "UTF8":
        raise MachineError(
            f"the database keeps its texts as {encoding}, which cannot hold every letter; "
            "make one with `CREATE DATABASE name ENCODING 'UTF8' TEMPLATE template0`"
        )
    if anew:
        connection.exec_driver_sql(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE')
    connection.exec_driver_sql(f'CREATE SCHEMA IF NOT EXISTS "{schema}"')
    asked = text(
        "SELECT collname FROM pg_collation WHERE collname = ANY(:names) AND collencoding IN (-1, 6) "
        "ORDER BY array_position(CAST(:names AS text[]), CAST(collname AS text)) LIMIT 1"
    )
    collation = connection.execute(asked, {"names": list(COLLATIONS)}).scalar() or "default"
    connection.exec_driver_sql(
        "CREATE OR REPLACE FUNCTION lowered(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS "
        f'$$ SELECT lower($1 COLLATE "{collation}") $$'
    )


def sentence(error: DBAPIError, name: str) -> str:
    """What went wrong, and the way out."""
    state, said = getattr(error.orig, "sqlstate", None) or "", " ".join(str(error.orig).split())
    said = said.partition(" Is the server running ")[0]
    for states, words, way_out in WAYS_OUT:
        if state in states or any(word in said for word in words):
            return f"{name}: {said.rstrip('.')}. {way_out}"
    return f"{name}: the database refused ({said}). `anchorset doctor --rebuild` makes the store anew."


WAYS_OUT: tuple[tuple[tuple[str, ...], tuple[str, ...], str], ...] = (
    (
        ("28P01", "28000"), ("password authentication failed", "no password supplied", "no pg_hba.conf entry"),
        "Give the right user and password: in ANCHORSET_DATABASE, in PGPASSWORD, or in ~/.pgpass.",
    ),
    (
        (), ("value:", "invalid connection option", "invalid URI", "invalid port"),
        "Set the URL right: `postgresql+psycopg://user:password@host:5432/name`.",
    ),
    (
        ("3D000",), ('database "',),
        "Make the database first: `createdb NAME`.",
    ),
    (
        ("42501",), (),
        "The user may not make a schema there: `GRANT CREATE ON DATABASE name TO user`.",
    ),
    (
        ("55P03",), (),
        f"Another process has been writing for {WAIT_SECONDS} s; wait for it, or stop it, and try again.",
    ),
    (
        ("53100", "53200", "53300", "53400"), ("too many clients",),
        "The server has no room left; nothing is lost: make room there, then run the same command again.",
    ),
    (
        ("54000",), (),
        "A name in the workspace is too long for an index there; the store in the workspace, SQLite, takes it.",
    ),
    (
        ("57P01", "57P02", "57P03", "08000", "08001", "08003", "08006"),
        (
            "connection failed", "connection is bad", "connection timeout", "could not connect", "resolve host", "SSL",
            "server closed the connection", "connection is closed", "connection is lost", "consuming input failed",
            "terminating connection",
        ),
        "See whether the server is up and can be reached; nothing is lost: the workspace's files hold everything.",
    ),
)  # fmt: skip
"""(SQLSTATE, words in what was said, the way out), the first that fits."""


def _lock(schema: str) -> int:
    return int.from_bytes(sha256(schema.encode()).digest()[:8], "big", signed=True)
