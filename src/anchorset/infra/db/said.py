"""What people said, in the store: verdicts, grades, tags, quarantines, outcomes, production runs.

What this module does not know: what follows from it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import orjson
from sqlalchemy import Connection, delete, func, select

from anchorset.core.decision import Decision
from anchorset.core.noun import Noun
from anchorset.core.said import (
    Calibration,
    Grade,
    Outcome,
    ProductionRun,
    Quarantine,
    Recheck,
    Refresh,
    Tag,
    Undo,
    Verdict,
)
from anchorset.infra.db import schema
from anchorset.infra.db.cases import key_of, parts
from anchorset.infra.db.open import put

N = TypeVar("N", bound=Noun)
V, U, S, P = schema.verdicts.c, schema.unsaid.c, schema.said.c, schema.production_runs.c


def put_verdicts(connection: Connection, rows: Sequence[Verdict]) -> None:
    if rows:
        connection.execute(schema.verdicts.insert(), [_verdict(row) for row in rows])


def _verdict(row: Verdict) -> dict[str, Any]:
    said = row.decision
    return {
        "lane": row.lane, "case": row.case, "content": row.content, "reviewer": said.reviewer,
        "decision": said.decision, "reason": said.reason, "at": said.at, "record": row.line(),
        "revised": None if row.revised is None else key_of(row.revised), "together": row.together,
    }  # fmt: skip


def take_back(connection: Connection, rows: Sequence[Undo]) -> None:
    """Takes each reviewer's last verdict or grade out again. Where there is none, nothing happens."""
    for row in rows:
        if row.recheck:
            _take_back_recheck(connection, row)
            continue
        if row.tag:
            _take_back_tag(connection, row)
            continue
        if row.lane == "answers":
            _take_back_grade(connection, row)
            continue
        # By content alone: SQLite would rather read all that the reviewer ever said, for it lies in the right order.
        asked = select(V.at, V.seq, V.revised, V.reviewer, V.lane).where(V.content == row.content)
        mine = [one for one in connection.execute(asked) if (one.reviewer, one.lane) == (row.reviewer, row.lane)]
        for _, seq, revised, *_ in sorted(mine, key=lambda one: (one.at, one.seq))[-1:]:
            connection.execute(delete(schema.verdicts).where(V.seq == seq))
            if revised is not None:
                connection.execute(schema.unsaid.insert(), {"content": row.content, "revised": revised})


def _take_back_tag(connection: Connection, row: Undo) -> None:
    asked = select(S.seq, S.record).where(S.says == "tag", S.about == row.case).order_by(S.at.desc(), S.seq.desc())
    for seq, record in connection.execute(asked):
        if Tag.read(record, where="store").reviewer == row.reviewer:
            connection.execute(delete(schema.said).where(S.seq == seq))
            return


def _take_back_grade(connection: Connection, row: Undo) -> None:
    asked = select(S.seq, S.record).where(S.says == "grade", S.about == row.run).order_by(S.at.desc(), S.seq.desc())
    for seq, record in connection.execute(asked):
        grade = Grade.read(record, where="store")
        if (grade.content, grade.repeat, grade.reviewer) == (row.content, row.repeat, row.reviewer):
            connection.execute(delete(schema.said).where(S.seq == seq))
            return


def _take_back_recheck(connection: Connection, row: Undo) -> None:
    mine = select(S.seq, S.record).where(S.says == "recheck", S.about == row.reviewer)
    for seq, record in connection.execute(mine.order_by(S.at.desc(), S.seq.desc())):
        if Recheck.read(record, where="store").content == row.content:
            connection.execute(delete(schema.said).where(S.seq == seq))
            return


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """The last word of one reviewer on one content."""

    decision: Decision
    revised: str | None
    """Key of the case that an edit made."""
    at: str


def last_words(connection: Connection, contents: Collection[str]) -> dict[str, list[Heard]]:
    """Content -> the last word of each reviewer on it, in the order in which they were given."""
    found: dict[str, dict[str, Heard]] = {}
    for some in parts(sorted(set(contents))):
        asked = select(V.content, V.reviewer, V.revised, V.at, V.record).where(V.content.in_(some))
        for content, reviewer, revised, at, record in connection.execute(asked.order_by(V.at, V.seq)):
            said = Decision.model_validate(orjson.loads(record)["decision"])
            words = found.setdefault(content, {})
            words.pop(reviewer, None)
            words[reviewer] = Heard(decision=said, revised=revised, at=at)
    return {content: list(words.values()) for content, words in found.items()}


def edits(connection: Connection, *, of: Collection[str] = (), into: Collection[str] = ()) -> list[tuple[str, str]]:
    """(content that was edited, key of the case it became), for these contents and keys; those taken back too."""
    found: set[tuple[str, str]] = set()
    for t in (V, U):
        for column, values in ((t.content, of), (t.revised, into)):
            for some in parts(sorted(set(values))):
                asked = select(t.content, t.revised).where(column.in_(some), t.revised.is_not(None))
                found |= {(content, revised) for content, revised in connection.execute(asked)}
    return sorted(found)


def verdicts(
    connection: Connection, *, lane: str | None = None, contents: Sequence[str] | None = None
) -> list[Verdict]:
    """Verdicts in the order in which they were given."""
    asked = select(V.record).order_by(V.at, V.seq)
    if lane is not None:
        asked = asked.where(V.lane == lane)
    if contents is not None:
        asked = asked.where(V.content.in_(contents))
    return [Verdict.read(record, where="store") for record in connection.scalars(asked)]


def last_verdict(
    connection: Connection, reviewer: str, *, lane: str | None, about: str | None = None, content: str | None = None
) -> Verdict | None:  # fmt: skip
    """The last verdict of this reviewer (in a lane) that was not taken back; None when there is none (any more).

    `about`: on this case, under its id or that of what it was edited into. `content`: on this content.
    """
    if content is not None:  # by content alone, as above
        rows = connection.execute(select(V.at, V.seq, V.record, V.reviewer, V.lane).where(V.content == content))
        mine = [one for one in rows if one.reviewer == reviewer and lane in (None, one.lane)]
        last = max(mine, key=lambda one: (one.at, one.seq), default=None)
        return None if last is None else Verdict.read(last.record, where="store")
    asked = select(V.record).where(V.reviewer == reviewer)
    if lane is not None:
        asked = asked.where(V.lane == lane)
    asked = asked.limit(1) if about is None else asked.where(V.record.contains(about, autoescape=True))
    for record in connection.scalars(asked.order_by(V.at.desc(), V.seq.desc())):
        if about is None or about in record:
            one = Verdict.read(record, where="store")
            if about is None or about in (one.case, one.revised.id if one.revised else None):
                return one
    return None


def given_together(connection: Connection, reviewer: str, together: str) -> list[Verdict]:
    """The verdicts that were given in one go and that still are this reviewer's last word, the latest first."""
    asked = select(V.content).where(V.reviewer == reviewer, V.together == together)
    last: dict[tuple[str, str], tuple[str | None, str, int]] = {}
    for some in parts(sorted(set(connection.scalars(asked)))):
        mine = select(V.lane, V.content, V.together, V.at, V.seq).where(V.reviewer == reviewer, V.content.in_(some))
        for lane, content, shared, at, seq in connection.execute(mine.order_by(V.at, V.seq)):
            last[lane, content] = (shared, at, seq)
    rows = sorted((at, seq) for shared, at, seq in last.values() if shared == together)
    records: dict[int, str] = {}
    for seqs in parts([seq for _, seq in rows]):
        for seq, record in connection.execute(select(V.seq, V.record).where(V.seq.in_(seqs))):
            records[seq] = record
    return [Verdict.read(records[seq], where="store") for _, seq in reversed(rows)]


def last_together(connection: Connection, reviewer: str) -> str | None:
    """What the verdicts of this reviewer's last go share; None when there is none."""
    asked = select(V.together).where(V.reviewer == reviewer, V.together.is_not(None))
    found = connection.execute(asked.order_by(V.at.desc(), V.seq.desc()).limit(1)).scalar()
    return None if found is None else str(found)


def last_said(connection: Connection, reviewer: str, contents: Collection[str]) -> dict[str, tuple[str, str | None]]:
    """Content -> (decision, reason) of this reviewer's last verdict on it, for those they decided."""
    found: dict[str, tuple[str, str | None]] = {}
    for some in parts(sorted(set(contents))):
        mine = select(V.content, V.decision, V.reason).where(V.reviewer == reviewer, V.content.in_(some))
        for content, decision, reason in connection.execute(mine.order_by(V.at, V.seq)):
            found[content] = (decision, reason)
    return found


def decided_by(connection: Connection, reviewer: str) -> set[str]:
    """Contents that this reviewer decided on."""
    return set(connection.scalars(select(V.content).where(V.reviewer == reviewer).distinct()))


def reasons(connection: Connection) -> Counter[str]:
    """Reject reason -> how often it was given."""
    asked = select(V.reason, func.count()).where(V.reason.is_not(None)).group_by(V.reason)
    return Counter({str(reason): n for reason, n in connection.execute(asked)})


def put_said(
    connection: Connection, rows: Sequence[Grade | Recheck | Tag | Quarantine | Refresh | Outcome | Calibration]
) -> None:
    about = {
        "grade": "run",
        "recheck": "reviewer",
        "tag": "case",
        "quarantine": "run",
        "refresh": "at",
        "outcome": "dataset",
        "calibration": "check",
    }
    if rows:
        connection.execute(
            schema.said.insert(),
            [
                {"says": row.says, "about": getattr(row, about[row.says]), "at": row.at, "record": row.line()}
                for row in rows
            ],
        )


def all_said(connection: Connection, noun: type[N], says: str, about: str | None = None) -> list[N]:
    """Rows of one kind in the order in which they were said."""
    asked = select(S.record).where(S.says == says).order_by(S.at, S.seq)
    if about is not None:
        asked = asked.where(S.about == about)
    return [noun.read(record, where="store") for record in connection.scalars(asked)]


def tagged_ids(connection: Connection) -> set[str]:
    """Cases that were tagged by hand."""
    return set(connection.scalars(select(S.about).where(S.says == "tag").distinct()))


def refreshes(connection: Connection, run: str) -> list[Refresh]:
    """Refreshes that put candidates of this production run aside, in their order."""
    asked = select(S.record).where(S.says == "refresh", S.record.contains(f'"{run}"', autoescape=True))
    found = [Refresh.read(record, where="store") for record in connection.scalars(asked.order_by(S.at, S.seq))]
    return [one for one in found if run in one.runs]


def put_production_runs(connection: Connection, rows: Sequence[ProductionRun]) -> None:
    """A later row of a run replaces the earlier one, but for the time it began."""
    for row in rows:
        begun = connection.execute(select(P.begun_at).where(P.run == row.run)).scalar()
        values = {"run": row.run, "state": row.state, "at": row.at, "begun_at": begun or row.at, "record": row.line()}
        put(connection, schema.production_runs, [values], on=["run"])


def production_runs(connection: Connection) -> list[ProductionRun]:
    """Production runs in the order in which they began, each as last written."""
    asked = select(P.record).order_by(P.begun_at, P.run)
    return [ProductionRun.read(record, where="store") for record in connection.scalars(asked)]


def reviewers(connection: Connection) -> Iterator[tuple[str, int]]:
    """(reviewer, verdicts), by name."""
    asked = select(V.reviewer, func.count()).group_by(V.reviewer).order_by(V.reviewer)
    for name, n in connection.execute(asked):
        yield str(name), int(n)
