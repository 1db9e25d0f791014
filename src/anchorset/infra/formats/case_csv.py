"""Cases as a CSV table: a column a field, `metadata.AXIS` columns, and the whole record in the column `anchorset`.

What this module does not know: quoting.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic_core import from_json

from anchorset.core.case import Case
from anchorset.infra.formats.case_format import LINEAGE, CaseFormat, as_text, input_text
from anchorset.infra.formats.cells import safe, unsafe
from anchorset.infra.formats.foreign import parse_by_names
from anchorset.infra.formats.messages import messages_from

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
    kind, asked = row["kind"], row["input"]
    if kind != "text":
        asked = from_json(asked, allow_inf_nan=False)
    return {
        "kind": kind,
        "input": messages_from(asked) if kind == "chat" else asked,
        "expected": row.get("expected") or None,
        "criteria": tuple(from_json(row["criteria"])) if row.get("criteria") else (),
        "system": row.get("system") or None,
        "metadata": {
            key.removeprefix(_PREFIX): value for key, value in row.items() if key.startswith(_PREFIX) and value
        },
    }


FORMAT = CaseFormat(
    name="csv",
    layouts=("csv",),
    render=_render,
    parse=_parse,
    recognise=lambda row: LINEAGE in row and isinstance(row[LINEAGE], str),
    bag=(LINEAGE,),
    holds=frozenset({"expected", "criteria", "system", "metadata"}),
    kinds=frozenset({"text"}),
)
