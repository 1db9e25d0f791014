"""Runs of targets in the store: heads, results, and answers that need not be asked for again.

What this module does not know: how a target is called.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, func, select

from anchorset.core.run import Result, RunHead
from anchorset.infra.db import schema
from anchorset.infra.db.open import put

H, R = schema.heads.c, schema.results.c


def put_heads(connection: Connection, rows: Sequence[RunHead]) -> None:
    for row in rows:
        values = {
            "run": row.run, "dataset": row.dataset, "target": row.target, "version": row.version,
            "started_at": row.started_at, "record": row.line(),
        }  # fmt: skip
        put(connection, schema.heads, [values], on=["run"], keep=values)


def put_results(connection: Connection, rows: Sequence[Result]) -> None:
    """The first row of a (run, case, content, repeat) stays."""
    values: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        values.setdefault((row.run, row.case, row.content, row.repeat), _result(row))
    listed = list(values.values())
    put(connection, schema.results, listed, on=["run", "case", "content", "repeat"], keep=listed[0] if listed else ())


def _result(row: Result) -> dict[str, Any]:
    return {
        "run": row.run, "case": row.case, "content": row.content, "target": row.target, "version": row.version,
        "repeat": row.repeat, "passed": row.passed, "score": row.score, "cause": row.cause, "record": row.line(),
    }  # fmt: skip


def heads(connection: Connection) -> list[RunHead]:
    """All runs, oldest first; those of the same second as they began."""
    found = connection.scalars(select(H.record).order_by(H.started_at, H.seq))
    return [RunHead.read(record, where="store") for record in found]


def results(connection: Connection, run: str) -> list[Result]:
    """The rows of a run, by case and repeat."""
    found = connection.scalars(select(R.record).where(R.run == run).order_by(R.case, R.repeat, R.seq))
    return [Result.read(record, where="store") for record in found]


def done(connection: Connection, run: str) -> set[tuple[str, int]]:
    """(content, repeat) of the rows that a run has."""
    found = connection.execute(select(R.content, R.repeat).where(R.run == run))
    return {(content, repeat) for content, repeat in found}


def answers(connection: Connection, target: str, version: str) -> dict[tuple[str, int], Result]:
    """(content, repeat) -> an answer this version of the target has given in any run."""
    asked = select(R.record).where(
        R.target == target, R.version == version, R.cause.is_(None) | (R.cause == "not_judged")
    )
    found = (Result.read(record, where="store") for record in connection.scalars(asked.order_by(R.seq)))
    return {(row.content, row.repeat): row for row in found}


def rates(connection: Connection) -> dict[str, Counter[str]]:
    """Run -> passed, failed, none -> rows."""
    asked = select(R.run, R.passed, func.count()).group_by(R.run, R.passed)
    found: dict[str, Counter[str]] = {}
    for run, passed, n in connection.execute(asked):
        found.setdefault(run, Counter())["none" if passed is None else "passed" if passed else "failed"] += n
    return found
