"""DeepEval goldens, of text and of conversations, as JSON or JSONL, with the record in `additional_metadata`.

Lists are written as lists: DeepEval's own writer joins them with a bar that it does not escape.
What this module does not know: DeepEval's CSV, and its cloud form.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anchorset.core.case import Case
from anchorset.infra.formats.case_format import (
    LINEAGE,
    CaseFormat,
    as_text,
    flat_metadata,
    input_text,
    json_or_text,
    messages_in,
    own_metadata,
    present,
)  # fmt: skip
from anchorset.infra.formats.foreign import parse_input
from anchorset.infra.formats.messages import messages_from

_BAG = "additional_metadata"


def _render(case: Case) -> dict[str, Any]:
    context = [passage.text for passage in case.context]
    documents = [passage.doc for passage in case.context[:1]]
    row: dict[str, Any]
    if case.kind == "chat":
        turns = [turn for turn in messages_in(case) if turn.role in ("user", "assistant")]
        row = {
            # A golden without a scenario is read as one of text.
            "scenario": next((turn.content for turn in turns if turn.role == "user" and turn.content), case.id),
            "turns": [{"role": turn.role, "content": turn.content} for turn in turns],
            "expected_outcome": as_text(case.expected),
        }
    else:
        row = {"input": input_text(case), "expected_output": as_text(case.expected)}
    row = {key: value for key, value in row.items() if key in ("input", "turns") or value != ""}
    row |= present(context=context, source_file=documents[0] if documents else None)
    row |= present(comments="\n".join(case.criteria))
    return row | {"name": case.id, _BAG: flat_metadata(case)}


def _parse(row: Mapping[str, Any]) -> dict[str, Any]:
    shared = {
        "criteria": tuple(filter(None, (row.get("comments") or "").split("\n"))),
        "metadata": own_metadata(row.get(_BAG) or {}),
    }
    if row.get("scenario"):
        turns = row.get("turns") or [{"role": "user", "content": row["scenario"]}]
        return shared | {"kind": "chat", "input": messages_from(turns), "expected": row.get("expected_outcome")}
    read = json_or_text(row["input"]) if isinstance(row["input"], str) else row["input"]
    asked = parse_input(read) if isinstance(read, dict) and read else parse_input(row["input"])
    return shared | asked | {"expected": row.get("expected_output")}


def _recognise(row: Mapping[str, Any]) -> bool:
    conversation = "scenario" in row and ("turns" in row or "expected_outcome" in row)
    single = "input" in row and ("expected_output" in row or "actual_output" in row)
    return _BAG in row or conversation or single


FORMAT = CaseFormat(
    name="deepeval",
    layouts=("json", "jsonl"),
    render=_render,
    parse=_parse,
    recognise=_recognise,
    bag=(_BAG, LINEAGE),
    holds=frozenset({"expected", "criteria", "context", "metadata"}),
    kinds=frozenset({"text", "chat"}),
)
