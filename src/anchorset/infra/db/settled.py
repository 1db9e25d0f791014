"""What follows for cases from what was said about them: written beside each, by its key.

What this module does not know: what follows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, select, update

from anchorset.infra.db import schema
from anchorset.infra.db.cases import parts

C = schema.cases.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A case as far as what is said about it matters."""

    key: str
    id: str
    content: str
    judged: str
    run: str | None


def held(
    connection: Connection, *, contents: Collection[str] = (), keys: Collection[str] = (), ids: Collection[str] = ()
) -> list[Held]:
    """Everything with one of these contents, keys or ids."""
    found: dict[str, Held] = {}
    columns = (C.key, C.id, C.content, C.judged, C.run)
    for column, values in ((C.content, contents), (C.key, keys), (C.id, ids)):
        for some in parts(sorted(set(values))):
            for row in connection.execute(select(*columns).where(column.in_(some))):
                found[row.key] = Held(**row._mapping)
    return list(found.values())


def write(connection: Connection, values: Mapping[str, Mapping[str, Any]]) -> None:
    """Key -> columns to set."""
    alike: dict[tuple[tuple[str, Any], ...], list[str]] = {}
    for key, columns in values.items():
        alike.setdefault(tuple(sorted(columns.items())), []).append(key)
    for set_, keys in alike.items():
        for some in parts(keys):
            connection.execute(update(schema.cases).where(C.key.in_(some)).values(**dict(set_)))


def records(connection: Connection, keys: Collection[str]) -> dict[str, str]:
    """Key -> the case as it came, JSON."""
    r = schema.records.c
    return {
        key: record
        for some in parts(sorted(keys))
        for key, record in connection.execute(select(r.key, r.record).where(r.key.in_(some)))
    }


def put_run_aside(connection: Connection, run: str, why: str | None) -> None:
    """All candidates of a production run do not count, or count again (None)."""
    connection.execute(update(schema.cases).where(C.run == run, ~C.real).values(aside=why))


def put_aside(connection: Connection, reasons: Mapping[str, str], *, runs: Collection[str]) -> None:
    """Case id -> why the candidates of these runs with that id do not count any more."""
    by_reason: dict[str, list[str]] = {}
    for id, why in reasons.items():
        by_reason.setdefault(why, []).append(id)
    for why, ids in by_reason.items():
        for some in parts(ids):
            of_them = and_(C.id.in_(some), C.run.in_(runs), ~C.real)
            connection.execute(update(schema.cases).where(of_them).values(aside=why))
