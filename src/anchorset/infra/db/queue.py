"""What waits to be decided, in the store: how much, and which comes first.

What this module does not know: when enough is decided in a cell; that is the caller's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, and_, case, func, select

from anchorset.infra.db import schema

C = schema.cases.c
KEPT = ("approved", "edited")


def count_pending(connection: Connection, *, lane: str, reviewer: str | None = None) -> int:
    """How many wait in the lane, for this reviewer."""
    return connection.execute(
        select(func.count()).select_from(schema.cases).where(_waiting(lane, reviewer))
    ).scalar_one()  # fmt: skip


def next_pending(
    connection: Connection, *, lane: str, enough: Callable[[int, int], bool], exclude: Sequence[str] = (),
    reviewer: str | None = None,
) -> str | None:  # fmt: skip
    """Id of the candidate (or seed without an answer, or attack) to decide next; None when nothing waits.

    The cell with the fewest decisions comes first while `enough(kept, rejected)` is not true of it, and in it a drawn
    order. Where enough is decided, the most uncertain case of all comes first. `exclude`: ids that are skipped.
    `reviewer`: never shown what that one decided.
    """
    waits = and_(_waiting(lane, reviewer), C.id.not_in(exclude))
    if lane == "seeds":  # one with an answer lives on as its edit
        decided = and_(C.real, C.live, C.aside.is_(None))
    else:
        decided = and_(~C.real, C.judged == "passed", C.aside.is_(None), _attack(lane))
    kept = func.sum(case((and_(decided, C.status.in_(KEPT)), 1), else_=0))
    rejected = func.sum(case((and_(decided, C.status == "rejected"), 1), else_=0))
    pending = func.sum(case((waits, 1), else_=0))
    cells = select(C.cell, kept, rejected).where(C.real == (lane == "seeds"), C.aside.is_(None))
    cells = cells.group_by(C.cell).having(pending > 0)
    open_cells = [
        (int(yes) + int(no), cell)
        for cell, yes, no in connection.execute(cells)
        if lane == "seeds" or not enough(int(yes), int(no))
    ]
    first: Any = select(C.id).where(waits)
    if open_cells:
        first = first.where(C.cell == min(open_cells)[1]).order_by(C.turn, C.id)
    else:
        first = first.order_by(C.uncertain.desc(), C.turn, C.id)
    found = connection.execute(first.limit(1)).scalar()
    return None if found is None else str(found)


def _attack(lane: str) -> Any:
    """Attacks are a lane of their own."""
    return C.bucket == "redteam" if lane == "redteam" else C.bucket != "redteam"


def _waiting(lane: str, reviewer: str | None) -> Any:
    counting = and_(C.live, C.aside.is_(None))
    if reviewer is not None:
        v = schema.verdicts.c
        counting = and_(counting, C.content.not_in(select(v.content).where(v.reviewer == reviewer)))
    if lane == "seeds":
        return and_(C.real, counting, ~C.answered, C.status == "pending")
    return and_(~C.real, counting, C.status == "passed", _attack(lane))
