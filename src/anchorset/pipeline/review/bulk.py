"""One word, or one set of metadata, on many cases: kept in one go, and taken back in one go.

What this module does not know: how the cases were chosen, and how anything is shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from anchorset.core.errors import UsageError
from anchorset.core.filter import Filter
from anchorset.core.hashing import short_hash
from anchorset.core.said import Tag
from anchorset.infra.db import cases as case_rows
from anchorset.infra.db import light
from anchorset.infra.db import said as said_rows
from anchorset.pipeline.cases import fits, reviews_file
from anchorset.pipeline.review.reviewing import second_for
from anchorset.pipeline.workspace import Workspace
from anchorset.review.decide import guideline_of
from anchorset.review.many import Found, Many, decide_many

MOST = 20_000
"""Cases that one word may be said of at a time."""
Asked = Sequence[tuple[str, str]]
"""(id, content) of each case, as it was shown."""


def say_many(
    workspace: Workspace, asked: Asked, decision: Literal["approve", "reject"], *, reviewer: str,
    reason: str | None = None, request: str = "", shown: bool = False,
) -> Many:  # fmt: skip
    """One decision on all of these as they were shown; what has become another since is refused by name.

    shown: the first was looked at and the others are like it: nothing is kept when it cannot be decided.
    request: who asks twice with the same one gets the same `together`, what all verdicts of one go share. Raises
    UsageError (nothing is kept): an unknown reason, too many.
    """
    _not_too_many(len(asked))
    at = workspace.now()
    there = _found(workspace, asked, reviewer)
    with workspace.store.reading() as connection:
        known = said_rows.last_said(connection, reviewer, {content for _, content in asked})
    many = decide_many(
        asked, there, decision=decision, reason=reason, reviewer=reviewer, at=at,
        guideline=guideline_of(workspace.folder.rubric), together=short_hash([reviewer, request or at]), known=known,
    )  # fmt: skip
    if shown and asked[0][0] in dict(many.refused):
        raise UsageError(f"{asked[0][0]}: {dict(many.refused)[asked[0][0]]}")
    workspace.append(reviews_file(reviewer), many.verdicts[::-1])  # an undo shows the first one again
    return many


def waiting_for(workspace: Workspace, wanted: Filter, *, reviewer: str) -> list[tuple[str, str]]:
    """(id, content) of the candidates, attacks too, that fit and wait for this reviewer, as a second one too."""
    asked = Filter(real=False, counting=True, status="passed").narrowed(wanted)
    second = set(second_for(workspace, reviewer, wanted))
    with workspace.store.reading() as connection:
        mine = said_rows.decided_by(connection, reviewer)
        keys = list(case_rows.keys(connection, asked))
        rows = light.rows_of(connection, keys) + light.rows_with(connection, second)
    at = {name: nth for nth, name in enumerate(light.COLUMNS)}
    found = [(str(row[at["id"]]), str(row[at["content"]])) for row in rows if row[at["judged"]] == "passed"]
    return [one for one in dict.fromkeys(found) if one[1] not in mine]


def tag_many(
    workspace: Workspace, ids: Sequence[str], metadata: Mapping[str, str | None], *, reviewer: str, request: str = ""
) -> list[Tag]:
    """Sets metadata of all these cases, by their whole ids. Raises UsageError: a value that the axis does not have."""
    _not_too_many(len(ids))
    fits(workspace, metadata)
    at = workspace.now()
    together = short_hash([reviewer, request or at])
    rows = [
        Tag(case=id, metadata=dict(metadata), reviewer=reviewer, at=at, together=together) for id in dict.fromkeys(ids)
    ]
    workspace.append(reviews_file(reviewer), rows)
    return rows


def _not_too_many(n: int) -> None:
    if n > MOST:
        raise UsageError(f"{n:,} cases are too many for one go (at the most {MOST:,}); narrow the filter")


def _found(workspace: Workspace, asked: Asked, reviewer: str) -> dict[tuple[str, str], Found]:
    """What there is under each id and content; of several, one that counts."""
    found: dict[tuple[str, str], Found] = {}
    seconds: set[str] | None = None
    with workspace.store.reading() as connection:
        rows = light.rows_with(connection, {content for _, content in asked})
    for values in rows:
        row = dict(zip(light.COLUMNS, values, strict=True))
        where = (row["id"], row["content"])
        counts = bool(row["live"]) and row["aside"] is None
        if where in found and found[where].counts:
            continue
        second = False
        if not row["real"] and not row["live"] and row["judged"] == "passed":  # its edit stands, or it waits for two
            seconds = set(second_for(workspace, reviewer)) if seconds is None else seconds
            second = row["content"] in seconds
        found[where] = Found(
            case=row["id"], content=row["content"], real=bool(row["real"]), judged=row["judged"], counts=counts,
            aside=row["aside"], second=second,
        )  # fmt: skip
    return found
