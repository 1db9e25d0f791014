"""Real cases and candidates in the store: put in, looked up, counted, paged.

What this module does not know: what a status follows from.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import orjson
from sqlalchemy import Connection, RowMapping, Select, and_, case, delete, func, or_, select, true, update

from anchorset.core.case import Case
from anchorset.core.decision import Decision
from anchorset.core.filter import Filter
from anchorset.core.hashing import HEX, draw, short_hash
from anchorset.core.provenance import REAL_BUCKETS, Synthetic
from anchorset.core.uncertainty import uncertainty
from anchorset.infra.db import schema
from anchorset.infra.db.open import put

C = schema.cases.c
T = TypeVar("T")
WHOLE = len("c_") + HEX
"""Characters of a whole case id."""
MANY = 500
"""Values in one `IN (…)`: databases limit their number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Light:
    """A case as a line of a list."""

    id: str
    bucket: str
    cell: str
    status: str
    persona: str | None
    difficulty: str | None
    flags: int
    run: str | None
    aside: str | None
    text: str


def put_cases(
    connection: Connection, cases: Sequence[Case], *, cell_of: Callable[[Case], str], first_wins: bool = False
) -> None:
    """Puts cases in, each under what tells it apart.

    first_wins: a case that passed stays as it is when the same one comes again as rejected (the same text is made twice
    in one run, and the second is a duplicate of the first), and so does one that was judged again. What people decided
    always stays.
    """
    chosen: dict[str, Case] = {}
    for one in cases:
        key = key_of(one)
        if not (first_wins and one.status == "rejected" and key in chosen):
            chosen[key] = one
    rows = {key: _row(key, one, cell_of(one)) | {"again": not first_wins} for key, one in chosen.items()}
    for key in _unmoved(connection, rows) if first_wins else ():
        del rows[key]
    put(
        connection, schema.cases, list(rows.values()), on=["key"], keep=("live", "aside", "tagged"),
        merge=lambda new: {"status": case((C.status == C.judged, new.status), else_=C.status)},
    )  # fmt: skip
    put(connection, schema.records, [{"key": key, "record": chosen[key].line()} for key in rows], on=["key"])
    for keys in parts(sorted(rows)):
        connection.execute(delete(schema.hits).where(schema.hits.c.key.in_(keys)))
    hits = [
        {"key": key, "check": finding.check, "says": finding.says}
        for key in rows
        for finding in chosen[key].findings
        if finding.says in ("flag", "reject")
    ]
    if hits:
        connection.execute(schema.hits.insert(), hits)


def _unmoved(connection: Connection, rows: Mapping[str, dict[str, Any]]) -> set[str]:
    """Keys of rows to come that change nothing: the one that is there was judged again, or is not rejected as they."""
    stays: set[str] = set()
    for keys in parts(sorted(rows)):
        asked = select(C.key, C.again, C.judged).where(C.key.in_(keys))
        for key, again, judged in connection.execute(asked):
            if again or (rows[key]["judged"] == "rejected" and judged != "rejected"):
                stays.add(key)
    return stays


def key_of(one: Case) -> str:
    """What tells two records apart: content and metadata, and for a candidate where it came from."""
    origin = one.provenance.model_dump(mode="json") if isinstance(one.provenance, Synthetic) else None
    return short_hash([one.content, one.metadata, origin])


def _row(key: str, one: Case, cell: str) -> dict[str, Any]:
    origin = one.provenance
    return {
        "key": key,
        "id": one.id,
        "content": one.content,
        "real": one.bucket in REAL_BUCKETS,
        "bucket": one.bucket,
        "cell": cell,
        "persona": origin.persona if isinstance(origin, Synthetic) else None,
        "language": one.language,
        "difficulty": one.difficulty,
        "run": origin.run if isinstance(origin, Synthetic) else None,
        "status": one.status,
        "judged": one.status,
        "flags": sum(finding.says == "flag" for finding in one.findings),
        "turn": draw("turn", one.id) >> 33,
        "uncertain": uncertainty(one.findings),
        "answered": one.expected is not None or bool(one.criteria),
        "live": True,
        "aside": None,
        "tagged": None,
        "text": _plain(one.text),
    }


def _plain(text: str) -> str:
    """The text without NUL: SQLite's LIKE stops at it, and PostgreSQL refuses it."""
    return text.replace("\0", "\ufffd")


def _where(wanted: Filter) -> Any:
    """The condition for a filter."""
    exact = ((C.real, wanted.real), (C.bucket, wanted.bucket), (C.cell, wanted.cell), (C.status, wanted.status),
             (C.persona, wanted.persona), (C.difficulty, wanted.difficulty), (C.run, wanted.run),
             (C.answered, wanted.answered))  # fmt: skip
    parts = [column == value for column, value in exact if value is not None]
    if wanted.ids is not None:
        parts.append(or_(*(_begins(one) for one in wanted.ids)))
    if wanted.check is not None:
        parts.append(C.key.in_(select(schema.hits.c.key).where(schema.hits.c.check == wanted.check)))
    if wanted.text is not None:
        parts.append(func.lowered(C.text).contains(_plain(wanted.text).lower(), autoescape=True))
    if wanted.redteam is not None:
        parts.append(C.bucket == "redteam" if wanted.redteam else C.bucket != "redteam")
    if wanted.counting is not None:
        parts.append(and_(C.live, C.aside.is_(None)) if wanted.counting else or_(~C.live, C.aside.is_not(None)))
    return and_(true(), *parts)


def _begins(id: str) -> Any:
    """An id or its beginning: what lies between it and all that begins so, which an index knows in every database."""
    return C.id == id if len(id) == WHOLE else and_(C.id >= id, C.id < f"{id}{chr(0x10FFFF)}")


def page(connection: Connection, wanted: Filter, *, limit: int, offset: int = 0) -> list[Light]:
    """Up to `limit` cases, in the order of the store, from `offset` on."""
    columns = (C.id, C.bucket, C.cell, C.status, C.persona, C.difficulty, C.flags, C.run, C.aside, C.text)
    found = connection.execute(select(*columns).where(_where(wanted)).order_by(C.seq).limit(limit).offset(offset))
    return [Light(**row._mapping) for row in found]


def count(connection: Connection, wanted: Filter) -> int:
    return connection.execute(select(func.count()).select_from(schema.cases).where(_where(wanted))).scalar_one()


def counts(connection: Connection, wanted: Filter, by: Sequence[str]) -> Counter[tuple[Any, ...]]:
    """Values of the columns `by` -> number of cases."""
    columns = [schema.cases.c[name] for name in by]
    found = connection.execute(select(*columns, func.count()).where(_where(wanted)).group_by(*columns))
    return Counter({tuple(row[:-1]): row[-1] for row in found})


def decided(connection: Connection, by: Sequence[str]) -> Counter[tuple[Any, ...]]:
    """Values of the columns `by` -> candidates that passed the checks, those whose edit stands in their place too."""
    columns = [schema.cases.c[name] for name in by]
    mine = and_(~C.real, C.judged == "passed", C.aside.is_(None))
    found = connection.execute(select(*columns, func.count()).where(mine).group_by(*columns))
    return Counter({tuple(row[:-1]): row[-1] for row in found})


def full(
    connection: Connection, wanted: Filter, *, order: str = "id", limit: int | None = None, findings: bool = True
) -> Iterator[Case]:
    """The cases as they stand: status and reviews of today, metadata as tagged.

    `findings` False: without what checks said, which is most of a record and of little use to whoever reads them all.
    What is written to a mirror begins with `recorded` instead: a record that says what is said elsewhere is another.
    """
    joined = schema.cases.join(schema.records, schema.records.c.key == C.key)
    columns = (C.content, C.status, C.tagged, schema.records.c.record)
    asked: Select[Any] = select(*columns).select_from(joined).where(_where(wanted))
    asked = asked.order_by(schema.cases.c[order], C.seq).limit(limit)
    streamed = connection.execute(asked.execution_options(yield_per=1000)).mappings()
    for part in streamed.partitions():
        heard = decisions_on(connection, [row["content"] for row in part if row["status"] not in ("passed", "pending")])
        for row in part:
            yield _standing(row, heard.get(row["content"], ()), findings=findings)


def recorded(connection: Connection, wanted: Filter) -> Iterator[tuple[Case, Case]]:
    """(the case as it stands, the case as its mirror has it), by id."""
    joined = schema.cases.join(schema.records, schema.records.c.key == C.key)
    asked = select(schema.records.c.record).select_from(joined).where(_where(wanted)).order_by(C.id, C.seq)
    came = [Case.model_validate_json(record) for record in connection.scalars(asked)]
    return zip(full(connection, wanted), came, strict=True)


def recorded_metadata(connection: Connection) -> dict[tuple[str, str | None], dict[str, Any]]:
    """(content, run) -> metadata as the mirror has it, of the candidates that were tagged by hand."""
    joined = schema.cases.join(schema.records, schema.records.c.key == C.key)
    asked = select(C.content, C.run, schema.records.c.record).select_from(joined).where(C.tagged.is_not(None), ~C.real)
    found = connection.execute(asked)
    return {(content, run): orjson.loads(record).get("metadata", {}) for content, run, record in found}


def _standing(row: RowMapping, reviews: Iterable[Decision], *, findings: bool) -> Case:
    record = orjson.loads(row["record"])
    if not findings:
        record["findings"] = ()
    if row["tagged"]:
        record["metadata"] = {
            name: value
            for name, value in {**record.get("metadata", {}), **orjson.loads(row["tagged"])}.items()
            if value is not None
        }
    record["status"] = row["status"]
    if reviews:
        record["reviews"] = [one.model_dump() for one in reviews]
    return Case.model_validate(record)


def decisions_on(connection: Connection, contents: Sequence[str]) -> dict[str, tuple[Decision, ...]]:
    """Content -> the last decision of each reviewer on it, by reviewer."""
    found: dict[str, dict[str, Decision]] = {}
    v = schema.verdicts.c
    for some in parts(sorted(set(contents))):
        asked = select(v.content, v.record).where(v.content.in_(some)).order_by(v.at, v.seq)
        for content, record in connection.execute(asked):
            decision = Decision.model_validate(orjson.loads(record)["decision"])
            found.setdefault(content, {})[decision.reviewer] = decision
    return {content: tuple(last[name] for name in sorted(last)) for content, last in found.items()}


def put_cells(connection: Connection, cells: Mapping[str, str]) -> None:
    """Key -> cell, for cases whose cell is found by more than their metadata."""
    by_cell: dict[str, list[str]] = {}
    for key, cell in cells.items():
        by_cell.setdefault(cell, []).append(key)
    for cell, keys in by_cell.items():
        for some in parts(keys):
            connection.execute(update(schema.cases).where(C.key.in_(some)).values(cell=cell))


def keys(connection: Connection, wanted: Filter) -> dict[str, tuple[str, str]]:
    """Key -> (id, cell)."""
    return {key: (id, cell) for key, id, cell in connection.execute(select(C.key, C.id, C.cell).where(_where(wanted)))}


def ids_like(connection: Connection, beginning: str, most: int = 5) -> list[str]:
    """Ids that begin so, distinct, sorted, `most` at the most."""
    asked = select(C.id).where(_begins(beginning)).distinct().order_by(C.id).limit(most)
    return list(connection.scalars(asked))


def checks_that_hit(connection: Connection) -> dict[str, Counter[str]]:
    """Check -> says -> number of candidates."""
    h = schema.hits.c
    found: dict[str, Counter[str]] = {}
    for check, says, n in connection.execute(select(h.check, h.says, func.count()).group_by(h.check, h.says)):
        found.setdefault(check, Counter())[says] = n
    return found


def decided_once(
    connection: Connection, wanted: Filter, *, by_other_than: str | None = None,
    asked: Callable[[str], bool] = lambda content: True, contents: Collection[str] | None = None,
) -> dict[str, tuple[str, str]]:  # fmt: skip
    """Content -> (key, id) of the candidates that passed the checks and one reviewer alone decided on.

    Those whose edit stands in their place too. `by_other_than`: this one is not that reviewer. `asked`: only contents
    of which it is true. `contents`: only these.
    """
    v = schema.verdicts.c
    one = select(v.content).where(v.lane == "candidates").group_by(v.content)
    one = one.having(func.count(v.reviewer.distinct()) == 1)
    if by_other_than is not None:
        one = one.having(func.max(v.reviewer) != by_other_than)
    if contents is not None:
        one = one.where(v.content.in_(contents))
    mine = and_(_where(wanted), ~C.real, C.judged == "passed", C.aside.is_(None))
    found: dict[str, tuple[int, str, str]] = {}
    for some in parts([content for content in connection.scalars(one) if asked(content)]):  # few: each by the index
        rows = select(C.key, C.id, C.content, C.seq).where(mine, C.content.in_(some)).order_by(C.seq)
        for key, id, content, seq in connection.execute(rows):
            found.setdefault(content, (seq, key, id))
    order = sorted(found, key=lambda content: found[content][0])
    return {content: found[content][1:] for content in order}


def undecided(connection: Connection, keys: Sequence[str]) -> list[Case]:
    """The cases under these keys as nobody had said anything of them, by id."""
    joined = schema.cases.join(schema.records, schema.records.c.key == C.key)
    found = []
    for some in parts(sorted(keys)):
        asked = select(C.judged.label("status"), C.tagged, schema.records.c.record).select_from(joined)
        rows = connection.execute(asked.where(C.key.in_(some))).mappings()
        found += [_standing(row, (), findings=True) for row in rows]
    return sorted(found, key=lambda one: one.id)


def parts(values: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), MANY):
        yield values[start : start + MANY]
