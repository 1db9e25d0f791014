"""Cases of a workspace: listed, shown, tagged, exported; a whole production run put aside.

What this module does not know: how anything is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from anchorset.core.case import Case
from anchorset.core.errors import UsageError, nearest
from anchorset.core.filter import Filter
from anchorset.infra.db import cases as case_rows
from anchorset.infra.folder.workspace_folder import file_name
from anchorset.pipeline.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some of the cases that fit, and how many there are."""

    rows: list[case_rows.Light]
    total: int


def listed(workspace: Workspace, wanted: Filter, *, limit: int, offset: int = 0) -> Page:
    """One page of the cases that fit."""
    with workspace.store.reading() as connection:
        return Page(
            rows=case_rows.page(connection, wanted, limit=limit, offset=offset),
            total=case_rows.count(connection, wanted),
        )


def by_id(workspace: Workspace, id: str) -> list[Case]:
    """The records of one case id (or its beginning, when that fits one alone), as they stand. Raises UsageError."""
    with workspace.store.reading() as connection:
        ids = case_rows.ids_like(connection, id)
    if len(ids) != 1 and id not in ids:
        found = f"it begins {len(ids)} ids or more: {', '.join(ids)}" if ids else "no case has it"
        raise UsageError(f"case {id!r}: {found}; `anchorset cases list` shows the ids there are")
    whole = id if id in ids else ids[0]
    return [case for case in workspace.cases(Filter(ids=(whole,))) if case.id == whole]


def tag(workspace: Workspace, id: str, metadata: Mapping[str, str | None], *, reviewer: str) -> Case:
    """Sets metadata of a case by hand; an axis takes the values of the configuration only. Returns it as it stands."""
    from anchorset.core.said import Tag

    (first, *_) = by_id(workspace, id)
    fits(workspace, metadata)
    row = Tag(case=first.id, metadata=dict(metadata), reviewer=reviewer, at=workspace.now())
    workspace.append(reviews_file(reviewer), [row])
    return by_id(workspace, first.id)[0]


def fits(workspace: Workspace, metadata: Mapping[str, str | None]) -> None:
    """Raises UsageError for a value that its axis does not have, and for a name that is none."""
    if not metadata:
        raise UsageError("no metadata is given; name what is to be set, as in `policy=delay`")
    for axis, value in metadata.items():
        if not axis.strip() or len(axis) > 100 or (value is not None and len(value) > 1000):
            raise UsageError(f"{axis[:40]!r} cannot be a name of metadata; a name has 1 to 100 characters")
        known = workspace.config.dimensions.get(axis)
        if known and value is not None and value not in known:
            raise UsageError(f"{value!r} is no value of the axis {axis!r}; {nearest(value, known)}")


def quarantine(workspace: Workspace, run: str, *, lifted: bool, why: str, reviewer: str) -> int:
    """Puts all candidates of a production run aside, or takes them back. Returns how many they are.

    They keep their findings and decisions; they are neither shown for review, nor shipped, nor counted as passed.
    """
    from anchorset.core.said import Quarantine
    from anchorset.infra.db import said as said_rows

    with workspace.store.reading() as connection:
        runs = [one.run for one in said_rows.production_runs(connection)]
    if run not in runs:
        raise UsageError(f"there is no production run {run!r}; {nearest(run, runs)}")
    workspace.append(
        reviews_file(reviewer),
        [Quarantine(run=run, lifted=lifted, why=why, reviewer=reviewer, at=workspace.now())],
    )
    with workspace.store.reading() as connection:
        return case_rows.count(connection, Filter(real=False, run=run))


def reviews_file(reviewer: str) -> str:
    """The mirror that a person's words go into: one a person, so that two never edit the same file."""
    return f"reviews/{file_name(reviewer)}.jsonl"


def write(workspace: Workspace, wanted: Filter, out: Path, format: str) -> tuple[int, tuple[str, ...]]:
    """The cases that fit, as they stand, in any format of cases: (how many, notes). Raises UsageError for none."""
    from anchorset.infra.formats.case_files import write_cases

    cases = workspace.cases(wanted)
    if not cases:
        raise UsageError("no case fits these filters, so there is nothing to export; `anchorset cases list` shows all")
    return len(cases), tuple(write_cases(cases, out, format))
