"""The cases as light rows, many at a time: what a page that counts and filters keeps in memory.

What this module does not know: what is done with them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, func, select

from anchorset.infra.db import schema
from anchorset.infra.db.cases import Light, parts

C = schema.cases.c
COLUMNS = (
    "key", "id", "content", "real", "bucket", "cell", "persona", "difficulty", "run", "status", "judged", "flags",
    "turn", "uncertain", "answered", "live", "aside", "text",
)  # fmt: skip


def all_rows(connection: Connection) -> Iterator[tuple[Any, ...]]:
    """Every case: values of COLUMNS, in the order of the store."""
    asked = select(*(C[name] for name in COLUMNS)).order_by(C.seq)
    for part in connection.execute(asked.execution_options(yield_per=5000)).partitions():
        yield from (tuple(row) for row in part)


def rows_with(connection: Connection, contents: Collection[str]) -> list[tuple[Any, ...]]:
    """The cases with these contents: values of COLUMNS, in the order of the store."""
    found: list[tuple[Any, ...]] = []
    for some in parts(sorted(set(contents))):
        asked = select(*(C[name] for name in COLUMNS)).where(C.content.in_(some)).order_by(C.seq)
        found += [tuple(row) for row in connection.execute(asked)]
    return found


def rows_of(connection: Connection, keys: Sequence[str]) -> list[tuple[Any, ...]]:
    """The cases under these keys: values of COLUMNS, in the order of the store."""
    found: list[tuple[Any, ...]] = []
    for some in parts(sorted(keys)):
        asked = select(*(C[name] for name in COLUMNS)).where(C.key.in_(some)).order_by(C.seq)
        found += [tuple(row) for row in connection.execute(asked)]
    return found


def lines(connection: Connection, keys: Sequence[str]) -> list[Light]:
    """The cases under these keys as lines of a list, in the order of `keys`."""
    columns = (C.key, C.id, C.bucket, C.cell, C.status, C.persona, C.difficulty, C.flags, C.run, C.aside, C.text)
    found: dict[str, Light] = {}
    for some in parts(keys):
        for row in connection.execute(select(*columns).where(C.key.in_(some))).mappings():
            found[row["key"]] = Light(**{name: row[name] for name in row if name != "key"})
    return [found[key] for key in keys if key in found]


def keys_hit(connection: Connection, check: str) -> list[str]:
    """Keys of the cases that a check flagged or rejected."""
    return list(connection.scalars(select(schema.hits.c.key).where(schema.hits.c.check == check).distinct()))


def contents_decided(
    connection: Connection, *, reviewer: str | None = None, reason: str | None = None
) -> set[str]:  # fmt: skip
    """Contents on which there is a verdict: of this reviewer, for this reason."""
    v = schema.verdicts.c
    asked = select(v.content)
    if reviewer is not None:
        asked = asked.where(v.reviewer == reviewer)
    if reason is not None:
        asked = asked.where(v.reason == reason)
    return set(connection.scalars(asked.distinct()))


def last_times(connection: Connection, reviewer: str, most: int = 200) -> list[str]:
    """When this reviewer decided, ISO 8601, the latest first."""
    v = schema.verdicts.c
    asked = select(v.at).where(v.reviewer == reviewer).order_by(v.at.desc(), v.seq.desc()).limit(most)
    return list(connection.scalars(asked))


def verdicts_by(connection: Connection, reviewer: str, lane: str) -> int:
    """How many verdicts of this reviewer there are in a lane."""
    v = schema.verdicts.c
    asked = select(func.count()).select_from(schema.verdicts).where(v.reviewer == reviewer, v.lane == lane)
    return connection.execute(asked).scalar_one()


def checks_there(connection: Connection) -> set[str]:
    """Codes of the checks that hit anything."""
    return set(connection.scalars(select(schema.hits.c.check).distinct()))
