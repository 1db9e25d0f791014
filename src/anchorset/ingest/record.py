"""Rows that arrive as case records: read as they are, refused without provenance.

What this module does not know: logs and mappings.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anchorset.core.case import Case
from anchorset.core.errors import RecordError
from anchorset.core.provenance import Observed
from anchorset.infra.formats.row import Row
from anchorset.ingest.draft import UnusableRowError


def is_record(fields: Mapping[str, Any]) -> bool:
    """Whether a row claims to be a case record."""
    return "input" in fields and ("schema" in fields or ("kind" in fields and "provenance" in fields))


def record(row: Row, *, where: str) -> Case:
    """The case. Raises UnusableRowError: without provenance nobody can say what the case is evidence of."""
    if not row.fields.get("provenance"):
        raise UnusableRowError(
            "a case record without `provenance`; add it, or map the columns (`--map input=input`) to read it as a log"
        )
    try:
        return Case.read(row.fields, where=where)
    except RecordError as error:
        raise UnusableRowError(str(error).removeprefix(f"{where}: ")) from None


def with_count(case: Case, again: Case) -> Case:
    """The case, its count raised by that of an exact duplicate; a case that was not observed has none."""
    if isinstance(case.provenance, Observed) and isinstance(again.provenance, Observed):
        return counted(case, case.provenance.count + again.provenance.count)
    return case


def counted(case: Case, count: int) -> Case:
    """The case, said `count` times by the source."""
    if isinstance(case.provenance, Observed) and case.provenance.count != count:
        return case.model_copy(update={"provenance": case.provenance.model_copy(update={"count": count})})
    return case
