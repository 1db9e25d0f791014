"""Who said what of which content: light rows of the verdicts, for queues that several people share.

What this module does not know: who is to be asked next, and what a disagreement leads to.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import orjson
from sqlalchemy import Connection, func, select

from anchorset.core.decision import Decision
from anchorset.core.said import Recheck
from anchorset.infra.db import schema
from anchorset.infra.db.cases import parts

V, S, C = schema.verdicts.c, schema.said.c, schema.cases.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One verdict, without its text."""

    at: str
    content: str
    decision: str
    reason: str | None
    bucket: str
    """Of the case; empty when it is not there any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """One content that two people or more decided on."""

    lane: str
    content: str
    case: str
    words: tuple[Decision, ...]
    """All of them in the order in which they were given; of one reviewer the last counts."""


def deciders(connection: Connection, lane: str) -> Iterator[tuple[str, str]]:
    """(content, reviewer) of every content that somebody decided on in a lane."""
    for content, reviewer in connection.execute(select(V.content, V.reviewer).where(V.lane == lane).distinct()):
        yield str(content), str(reviewer)


def people(connection: Connection, lane: str) -> list[str]:
    """Everybody who decided in a lane, by name."""
    return [
        str(one) for one in connection.scalars(select(V.reviewer).where(V.lane == lane).distinct().order_by(V.reviewer))
    ]


def words_by(connection: Connection, reviewer: str, lane: str, *, most: int = 1_000_000) -> list[Word]:
    """What a reviewer said in a lane and did not take back, the earliest first; the latest `most` of it."""
    bucket = select(C.bucket).where(C.content == V.content).order_by(C.seq).limit(1).scalar_subquery()
    last = (
        select(V.at, V.content, V.decision, V.reason, func.coalesce(bucket, ""))
        .where(V.reviewer == reviewer, V.lane == lane)
        .order_by(V.at.desc(), V.seq.desc())
        .limit(most)
    )
    return [
        Word(at=at, content=content, decision=decision, reason=reason, bucket=of)
        for at, content, decision, reason, of in reversed(connection.execute(last).all())
    ]


def rated_twice(connection: Connection, *, contents: Collection[str] | None = None) -> list[Rated]:
    """Every content of a lane that several people decided on, in a fixed order. `contents`: only these."""
    twice = select(V.lane, V.content).group_by(V.lane, V.content).having(func.count(V.reviewer.distinct()) > 1)
    if contents is not None:
        twice = twice.where(V.content.in_(contents))
    keys = sorted((str(lane), str(content)) for lane, content in connection.execute(twice))
    found: dict[tuple[str, str], list[Decision]] = {key: [] for key in keys}
    cases: dict[tuple[str, str], str] = {}
    for some in parts(sorted({content for _, content in keys})):
        asked = select(V.lane, V.content, V.case, V.record).where(V.content.in_(some)).order_by(V.at, V.seq)
        for lane, content, case, record in connection.execute(asked):
            if (lane, content) in found:
                found[lane, content].append(Decision.model_validate(orjson.loads(record)["decision"]))
                cases.setdefault((lane, content), case)
    return [
        Rated(lane=lane, content=content, case=cases[lane, content], words=tuple(words))
        for (lane, content), words in found.items()
    ]


def rechecks_by(connection: Connection, reviewer: str) -> list[Recheck]:
    """What a reviewer said of known cases, the earliest first."""
    asked = select(S.record).where(S.says == "recheck", S.about == reviewer).order_by(S.at, S.seq)
    return [Recheck.read(record, where="store") for record in connection.scalars(asked)]


def count_rechecks(connection: Connection, reviewer: str) -> int:
    asked = select(func.count()).select_from(schema.said).where(S.says == "recheck", S.about == reviewer)
    return connection.execute(asked).scalar_one()


def key_of_content(connection: Connection, content: str) -> tuple[str, str] | None:
    """(key, id) of the candidate that passed the checks with this content, whatever became of it; None: not there."""
    asked = select(C.key, C.id).where(C.content == content, ~C.real, C.judged == "passed", C.aside.is_(None))
    row = connection.execute(asked.order_by(C.seq).limit(1)).first()
    return None if row is None else (str(row.key), str(row.id))


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A case as it was judged, whatever became of it."""

    key: str
    id: str
    bucket: str
    cell: str
    text: str


def judged(connection: Connection, contents: Collection[str]) -> dict[str, Judged]:
    """Content -> the case that was judged under it: not what an edit made, nothing that is put aside."""
    found: dict[str, Judged] = {}
    for some in parts(sorted(set(contents))):
        asked = select(C.content, C.key, C.id, C.bucket, C.cell, C.text).where(
            C.content.in_(some), C.judged.in_(("passed", "pending")), C.aside.is_(None)
        )
        for row in connection.execute(asked.order_by(C.seq)):
            one = Judged(key=row.key, id=row.id, bucket=row.bucket, cell=row.cell, text=row.text)
            found.setdefault(row.content, one)
    return found
