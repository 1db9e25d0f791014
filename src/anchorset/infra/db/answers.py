"""What language models answered, kept: asked once, paid once, on the disk before anyone goes on.

What this module does not know: who asked, and how an answer is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, inspect, select

from anchorset.core.ask import Answer, Fault, Reply, Spent, Usage
from anchorset.infra.db import schema
from anchorset.infra.db.open import Store, look_into, put

AT_ONCE = 500
"""Keys in one question to the database."""


class StoredAnswers:
    """Fills the Answers port on the workspace's store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def recall(self, keys: Sequence[str], *, run: str) -> dict[str, Answer]:
        """What is there of these: replies of any run, faults of this one."""
        with self._store.reading() as connection:
            return dict(_found(connection, keys, run))

    def spent(self, run: str) -> Spent:
        """What the questions of this run have taken, all its sittings together."""
        table = schema.answers.c
        replies, usage, usd = 0, Usage(), 0.0
        priced = True
        with self._store.reading() as connection:
            for kind, record in connection.execute(select(table.kind, table.record).where(table.by == run)):
                answer = _answer(kind, orjson.loads(record))
                replies += isinstance(answer, Reply)
                usage += answer.usage
                priced = priced and answer.usd is not None
                usd += answer.usd or 0.0
        return Spent(answers=replies, usage=usage, usd=usd if priced else None)

    def keep(self, answers: Mapping[str, Answer], *, run: str) -> None:
        """All of them in one transaction, on the disk when it returns. A reply that is there already stays."""
        rows = [_row(key, answer, run) for key, answer in answers.items()]
        with self._store.writing(durable=True) as connection:
            put(connection, schema.answers, rows, on=["key", "run"], keep=["kind", "by", "record"])


def carry_answers(old: Path, new: Store) -> int:
    """Takes every answer of an old store, of whatever schema, into the new one. Returns their number.

    Raises MachineError when the old store cannot be read; then nothing was taken.
    """
    with look_into(old) as there, new.writing(durable=True) as connection:
        if not inspect(there).has_table("answers"):
            return 0
        has = {column["name"] for column in inspect(there).get_columns("answers")}
        ours = [column.name for column in schema.answers.c]
        asked = select(*(schema.answers.c[name] for name in ours if name in has))
        rows = [dict.fromkeys(ours, "") | dict(row) for row in there.execute(asked).mappings()]
        for start in range(0, len(rows), AT_ONCE):
            put(connection, schema.answers, rows[start : start + AT_ONCE], on=["key", "run"], keep=ours)
        return len(rows)


def _found(connection: Connection, keys: Sequence[str], run: str) -> Iterator[tuple[str, Answer]]:
    table = schema.answers.c
    for start in range(0, len(keys), AT_ONCE):
        # Faults come first, so that a reply to the same question wins.
        asked = select(table.key, table.kind, table.record).where(
            table.key.in_(keys[start : start + AT_ONCE]), table.run.in_(["", run])
        )
        for key, kind, record in connection.execute(asked.order_by(table.kind)):
            yield key, _answer(kind, orjson.loads(record))


def _row(key: str, answer: Answer, run: str) -> dict[str, str]:
    reply = isinstance(answer, Reply)
    told = asdict(answer)
    for name in ("items", "recalled", "problems"):  # read from the text each time: a better reader serves old answers
        told.pop(name, None)
    return {
        "key": key, "run": "" if reply else run, "kind": "reply" if reply else "fault",
        "by": run, "record": orjson.dumps(told).decode(),
    }  # fmt: skip


def _answer(kind: str, told: dict[str, Any]) -> Answer:
    told["usage"] = Usage(**told["usage"])
    return Reply(**told, recalled=True) if kind == "reply" else Fault(**told)
