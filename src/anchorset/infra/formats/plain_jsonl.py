"""Plain JSONL: `{"input", "expected", "metadata"}`, with the whole record under `anchorset`.

What this module does not know: any tool; this is the form that scripts read.
"""

from __future__ import annotations

from typing import Any

from anchorset.core.case import Case
from anchorset.infra.formats.case_format import LINEAGE, CaseFormat, input_json
from anchorset.infra.formats.foreign import parse_by_names


def _render(case: Case) -> dict[str, Any]:
    return {"input": input_json(case), "expected": case.expected, "metadata": dict(case.metadata)}


FORMAT = CaseFormat(
    name="jsonl",
    layouts=("jsonl", "json"),
    render=_render,
    parse=parse_by_names,
    recognise=lambda row: LINEAGE in row and "input" in row,
    bag=(LINEAGE,),
    holds=frozenset({"expected", "metadata"}),
    kinds=frozenset({"text", "chat", "record"}),
)
