"""The whole record inside a foreign row, or beside it in a sidecar file; and what to make of a row edited outside.

What this module does not know: any particular format.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic_core import from_json

from anchorset.core.case import Case
from anchorset.core.hashing import short_hash
from anchorset.infra.formats.case_format import CaseFormat


def sidecar_path(path: str | Path) -> Path:
    """Where the lineage of a format without room for it lies: `OUT.lineage.jsonl`, case records in the rows' order."""
    path = Path(path)
    return path.with_name(path.name + ".lineage.jsonl")


def enclose(row: dict[str, Any], case: Case, bag: tuple[str, ...]) -> dict[str, Any]:
    """The row with the record at `bag`: an object, or JSON text when the row is flat (CSV)."""
    record = case.model_dump(by_alias=True, exclude_defaults=True)
    if len(bag) == 1 and all(isinstance(value, str) for value in row.values()):
        return row | {bag[0]: _dumps(case)}
    if len(bag) == 1:
        return row | {bag[0]: record}
    return row | {bag[0]: row[bag[0]] | {bag[1]: record}}


def _dumps(case: Case) -> str:
    return case.model_dump_json(by_alias=True, exclude_defaults=True)


def disclose(row: Mapping[str, Any], bag: tuple[str, ...]) -> tuple[dict[str, Any] | None, dict[str, Any]]:
    """The record at `bag` (None: there is none), and the row without it."""
    outer = dict(row)
    if len(bag) == 1:
        record = outer.pop(bag[0], None)
    else:
        inner = dict(outer[bag[0]]) if isinstance(outer.get(bag[0]), Mapping) else {}
        record = inner.pop(bag[1], None)
        if record is not None:
            outer[bag[0]] = inner
    if isinstance(record, str):
        record = from_json(record, allow_inf_nan=False) if record else None
    return (record if isinstance(record, dict) else None), outer


def restored(case: Case, row: Mapping[str, Any], format: CaseFormat) -> tuple[Case, bool]:
    """The case as it is recorded, or revised where its row was edited outside; and whether it was.

    Raises ValueError when the edited row is no case.
    """
    mine = format.render(case)
    if _said(mine) == _said(row):
        return case, False
    before, after = format.parse(mine), format.parse(row)
    changed = {key: after[key] for key in after if key != "metadata" and after[key] != before.get(key)}
    old, new = before.get("metadata", {}), after.get("metadata", {})
    metadata = {key: value for key, value in case.metadata.items() if key in new or key not in old}
    metadata |= {key: value for key, value in new.items() if key not in old or old[key] != value}
    if changed:
        return case.revised(**changed, metadata=metadata), True
    if metadata != case.metadata:
        return Case.model_validate(case.model_copy(update={"metadata": metadata}).model_dump(by_alias=True)), True
    return case, False


def _said(row: Mapping[str, Any]) -> dict[str, Any]:
    """A table has empty cells where another row has a value; they say nothing."""
    return {key: value for key, value in row.items() if value != ""}


class Sidecar:
    """The records that belong to the rows of one file, found by what a row says; equal rows come in their order."""

    def __init__(self, cases: Iterable[Case], format: CaseFormat) -> None:
        self._by_row: dict[str, deque[Case]] = {}
        for case in cases:
            self._by_row.setdefault(short_hash(format.render(case)), deque()).append(case)

    def take(self, row: Mapping[str, Any]) -> Case | None:
        """The record of this row, or None when the row was edited or is not ours."""
        waiting = self._by_row.get(short_hash(dict(row)))
        return waiting.popleft() if waiting else None
