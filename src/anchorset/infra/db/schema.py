"""The tables. Each holds rows of one noun: the record as JSON, and beside it what is filtered and counted by.

What this module does not know: where rows come from, and what a number means.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Float,
    Index,
    Integer,
    MetaData,
    Table,
    UniqueConstraint,
)
from sqlalchemy import Text as AnyText
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeDecorator, TypeEngine

metadata = MetaData()


class _Plain(TypeDecorator[str]):
    """PostgreSQL's text: compared byte by byte, as SQLite does it, and without NUL, which PostgreSQL refuses."""

    impl = AnyText
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(postgresql.TEXT(collation="C"))

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return value.replace("\0", "\ufffd") if value is not None and "\0" in value else value


Text = AnyText().with_variant(_Plain(), "postgresql")
_Seq = BigInteger().with_variant(Integer, "sqlite")
"""Counts up by itself in every dialect."""

meta = Table("meta", metadata, Column("key", Text, primary_key=True), Column("value", Text, nullable=False))

mirrors = Table(
    "mirrors", metadata,
    Column("file", Text, primary_key=True),
    Column("offset", BigInteger, nullable=False),
    Column("lines", BigInteger, nullable=False),
    Column("crc", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
)  # fmt: skip
"""How far each mirror has been read."""

cases = Table(
    "cases", metadata,
    Column("seq", _Seq, primary_key=True, autoincrement=True),
    Column("key", Text, nullable=False, unique=True),
    Column("id", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("real", Boolean, nullable=False),
    Column("bucket", Text, nullable=False),
    Column("cell", Text, nullable=False),
    Column("persona", Text),
    Column("language", Text),
    Column("difficulty", Text),
    Column("run", Text),
    Column("status", Text, nullable=False),
    Column("judged", Text, nullable=False),
    Column("again", Boolean, nullable=False),
    Column("flags", Integer, nullable=False),
    Column("turn", Integer, nullable=False),
    Column("uncertain", Float, nullable=False),
    Column("answered", Boolean, nullable=False),
    Column("live", Boolean, nullable=False),
    Column("aside", Text),
    Column("tagged", Text),
    Column("text", Text, nullable=False),
    Index("cases_id", "id"),
    Index("cases_content", "content"),
    Index("cases_run", "run"),
    Index(
        "cases_count",
        "real", "live", "aside", "judged", "status", "bucket", "cell", "persona", "answered", "difficulty", "run",
    ).ddl_if(dialect="sqlite"),
    Index(
        "cases_queue", "real", "live", "status", "bucket", "cell", "flags", "turn", "id", "aside", "answered"
    ).ddl_if(dialect="sqlite"),
    Index("cases_waiting", "real", "status", "bucket", "judged").ddl_if(dialect="postgresql"),
)  # fmt: skip
"""Real cases and candidates, but for their records: what is counted must not lie scattered among what is read.
PostgreSQL puts no long text into an index, so there the names that people give stay out of them.

judged    status by the checks alone; `status` is what stands after decisions too
again     whether it was judged again after it was made: that stands, however often it is made
flags     findings that flag
turn      a number drawn from the id: an order that depends on nothing else
uncertain how unsure the checks are of it, 0-1
answered  whether it has an expected answer or criteria
live      False: an edited case stands in its place
aside     why it does not count now: quarantined, stale; empty while it counts
tagged    metadata set by hand, JSON; it wins over the record's
"""

records = Table(
    "records", metadata, Column("key", Text, primary_key=True), Column("record", Text, nullable=False)
)  # fmt: skip
"""The case under each key, as it came, JSON."""

hits = Table(
    "hits", metadata,
    Column("key", Text, nullable=False),
    Column("check", Text, nullable=False),
    Column("says", Text, nullable=False),
    Index("hits_check", "check", "says", "key"),
    Index("hits_key", "key"),
)  # fmt: skip
"""Findings that flag or reject; all findings stand in the record."""

verdicts = Table(
    "verdicts", metadata,
    Column("seq", _Seq, primary_key=True, autoincrement=True),
    Column("lane", Text, nullable=False),
    Column("case", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("reviewer", Text, nullable=False),
    Column("decision", Text, nullable=False),
    Column("reason", Text),
    Column("at", Text, nullable=False),
    Column("record", Text, nullable=False),
    Column("revised", Text),
    Column("together", Text),
    Index("verdicts_together", "reviewer", "together").ddl_if(dialect="sqlite"),
    Index("verdicts_go", "together").ddl_if(dialect="postgresql"),
    Index("verdicts_content", "content"),
    Index("verdicts_revised", "revised"),
    Index("verdicts_count", "lane", "decision", "reason"),
    Index("verdicts_mine", "reviewer", "lane", "at", "seq").ddl_if(dialect="sqlite"),
    Index("verdicts_reviewer", "reviewer", postgresql_using="hash").ddl_if(dialect="postgresql"),
)  # fmt: skip
"""`revised`: key of the case that an edit made. `together`: what several verdicts given in one go share."""

unsaid = Table(
    "unsaid", metadata,
    Column("seq", _Seq, primary_key=True, autoincrement=True),
    Column("content", Text, nullable=False),
    Column("revised", Text, nullable=False),
    Index("unsaid_content", "content"),
    Index("unsaid_revised", "revised"),
)  # fmt: skip
"""Edits that were taken back: the verdict is gone, the case it made is still there and must not count."""

said = Table(
    "said", metadata,
    Column("seq", _Seq, primary_key=True, autoincrement=True),
    Column("says", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("record", Text, nullable=False),
    Index("said_about", "says", "about"),
)  # fmt: skip
"""Grades, tags, quarantines, outcomes. `about`: the run, case or dataset they speak of."""

production_runs = Table(
    "production_runs", metadata,
    Column("run", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("begun_at", Text, nullable=False),
    Column("record", Text, nullable=False),
)  # fmt: skip

heads = Table(
    "heads", metadata,
    Column("seq", _Seq, primary_key=True, autoincrement=True),
    Column("run", Text, nullable=False, unique=True),
    Column("dataset", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("started_at", Text, nullable=False),
    Column("record", Text, nullable=False),
)  # fmt: skip
"""`seq` tells apart runs that began in the same second."""

results = Table(
    "results", metadata,
    Column("seq", _Seq, primary_key=True, autoincrement=True),
    Column("run", Text, nullable=False),
    Column("case", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("repeat", BigInteger, nullable=False),
    Column("passed", Boolean),
    Column("score", Float),
    Column("cause", Text),
    Column("record", Text, nullable=False),
    UniqueConstraint("run", "case", "content", "repeat", name="results_once"),
    Index("results_answer", "target", "version", "content", "repeat"),
)  # fmt: skip

answers = Table(
    "answers", metadata,
    Column("key", Text, primary_key=True),
    Column("run", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("record", Text, nullable=False),
    Index("answers_by", "by"),
)  # fmt: skip
"""What language models answered, by the key of the question. `run`: of a fault, the run that met it; empty for a reply,
which is good for every run. `by`: the run that asked, and paid. The mirrors cannot make it again."""
