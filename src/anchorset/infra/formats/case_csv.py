"""Cases as a table, CSV or Parquet: a column a field, `metadata.AXIS` columns, the record in the column `anchorset`.

What this module does not know: quoting.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from pydantic_core import from_json

from anchorset.core.case import Case, Kind
from anchorset.infra.formats.case_format import LINEAGE, CaseFormat, as_text, input_text, json_or_text
from anchorset.infra.formats.cells import safe, unsafe
from anchorset.infra.formats.foreign import parse_by_names
from anchorset.infra.formats.messages import messages_from
from anchorset.infra.formats.row import as_json

_PREFIX = "metadata."


def _render(case: Case) -> dict[str, str]:
    row = {
        "id": case.id,
        "kind": case.kind,
        "input": input_text(case),
        "expected": as_text(case.expected),
        "criteria": as_text(list(case.criteria) or None),
        "system": case.system or "",
        "bucket": case.bucket,
    }
    row |= {_PREFIX + key: as_text(value) for key, value in case.metadata.items() if _plain(key)}
    return {key: safe(value) for key, value in row.items()}


def _plain(key: str) -> bool:
    """Whether a metadata key can be a column's name and come back the same."""
    return key.isprintable() and key == key.strip()


def _parse(row: Mapping[str, Any]) -> dict[str, Any]:
    if not {"kind", "input", "bucket"} <= set(row):
        return parse_by_names(row)
    row = {key: unsafe(value) for key, value in row.items()}
    kind = row["kind"].strip() or "text"
    if kind not in get_args(Kind):
        raise ValueError(f"`kind` is {as_json(kind)}; known: {', '.join(get_args(Kind))}, and nothing for text")
    return {
        "kind": kind,
        "input": _input(kind, row["input"]),
        "expected": row.get("expected") or None,
        "criteria": _criteria(row.get("criteria", "")),
        "system": row.get("system") or None,
        "metadata": {
            key.removeprefix(_PREFIX): value for key, value in row.items() if key.startswith(_PREFIX) and value
        },
    }


def _input(kind: str, cell: str) -> Any:
    if kind == "text":
        if not cell.strip():
            raise ValueError(f"`input` is {as_json(cell)} (some text expected)")
        return cell
    try:
        asked = from_json(cell, allow_inf_nan=False)
        return messages_from(asked) if kind == "chat" else asked
    except (ValueError, TypeError, AttributeError) as error:
        raise ValueError(f"`input` is {as_json(cell)}, which is no JSON of a {kind} ({error})") from None


def _criteria(cell: str) -> tuple[str, ...]:
    """The list in a cell that we wrote; what somebody typed by hand is one criterion."""
    listed = json_or_text(cell)
    if isinstance(listed, list):
        return tuple(map(as_text, listed))
    return (cell,) if cell.strip() else ()


FORMAT = CaseFormat(
    name="csv",
    layouts=("csv", "parquet"),
    render=_render,
    parse=_parse,
    recognise=lambda row: LINEAGE in row and isinstance(row[LINEAGE], str),
    bag=(LINEAGE,),
    holds=frozenset({"expected", "criteria", "system", "metadata"}),
    kinds=frozenset({"text"}),
)
