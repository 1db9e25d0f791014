"""What rejections and edits say beside the verdicts themselves, in the store.

What this module does not know: who learns from it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, and_, func, select

from anchorset.core.case import Case
from anchorset.core.decision import Decision
from anchorset.infra.db import schema
from anchorset.infra.db.cases import parts

C, V = schema.cases.c, schema.verdicts.c
PRIVATE = "private_data"


def reasons_by(connection: Connection, by: Sequence[str]) -> Counter[tuple[Any, ...]]:
    """(Values of the columns `by`, reject reason) -> rejections of candidates that stand rejected and count."""
    columns = [C[name] for name in by]
    joined = schema.verdicts.join(schema.cases, C.content == V.content)
    said = and_(V.lane == "candidates", V.decision == "reject", V.reason.is_not(None))
    mine = and_(said, ~C.real, C.judged == "passed", C.status == "rejected", C.aside.is_(None))
    asked = select(*columns, V.reason, func.count()).select_from(joined).where(mine).group_by(*columns, V.reason)
    return Counter({tuple(row[:-1]): row[-1] for row in connection.execute(asked)})


def private(connection: Connection) -> set[str]:
    """Contents and case ids that somebody rejected for private data and did not take back, whatever was said since."""
    asked = select(V.content, V.case).where(V.decision == "reject", V.reason == PRIVATE).distinct()
    return {name for row in connection.execute(asked) for name in row}


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """One edit of a candidate."""

    content: str
    """What was edited."""
    revised: str
    """Content of what it became."""
    decision: Decision


def edits_made(connection: Connection) -> list[Edited]:
    """Edits of candidates, in the order in which they were made; those taken back are not among them."""
    asked = select(V.content, V.record).where(V.lane == "candidates", V.decision == "edit").order_by(V.at, V.seq)
    found = []
    for content, record in connection.execute(asked):
        row = orjson.loads(record)
        decision = Decision.model_validate(row["decision"])
        found.append(Edited(content=content, revised=row["revised"]["content"], decision=decision))
    return found


def of_contents(connection: Connection, contents: Collection[str]) -> dict[str, Case]:
    """Content -> the case as it came, whether or not it counts now; the first, where several have it."""
    joined = schema.cases.join(schema.records, schema.records.c.key == C.key)
    found: dict[str, Case] = {}
    for some in parts(sorted(set(contents))):
        asked = select(C.content, schema.records.c.record).select_from(joined).where(C.content.in_(some))
        for content, record in connection.execute(asked.order_by(C.seq)):
            found.setdefault(content, Case.model_validate_json(record))
    return found
