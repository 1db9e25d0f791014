"""promptfoo tests, as JSON or JSONL and as CSV: `vars`, assertions, `metadata`. Test results are read as tests.

Nothing is written that promptfoo would run: values are escaped templates, references are `equals`, criteria are
`llm-rubric`; lists inside variables come with `disableVarExpansion`, or one test would become many.
What this module does not know: promptfoo's YAML, and its providers.
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
    own_metadata,
)  # fmt: skip
from anchorset.infra.formats.cells import safe, unsafe
from anchorset.infra.formats.fields import INPUT_NAMES, known
from anchorset.infra.formats.foreign import parse_input
from anchorset.infra.formats.messages import is_turns
from anchorset.infra.formats.nunjucks import printed, unprinted

_EXPECTED = ("equals", "icontains", "contains", "similar")
"""Assertions whose value is a reference answer, the strictest first."""


def _printed(value: Any) -> Any:
    if isinstance(value, str):
        return printed(value)
    if isinstance(value, dict):
        return {key: _printed(inner) for key, inner in value.items()}
    return [_printed(inner) for inner in value] if isinstance(value, list) else value


def _unprinted(value: Any) -> Any:
    if isinstance(value, str):
        return unprinted(value)
    if isinstance(value, dict):
        return {key: _unprinted(inner) for key, inner in value.items()}
    return [_unprinted(inner) for inner in value] if isinstance(value, list) else value


def _render(case: Case) -> dict[str, Any]:
    asked = case.input if case.kind == "record" and isinstance(case.input, dict) else {"input": input_text(case)}
    asserts = [] if case.expected is None else [{"type": "equals", "value": _printed(as_text(case.expected))}]
    asserts += [{"type": "llm-rubric", "value": printed(criterion)} for criterion in case.criteria]
    row: dict[str, Any] = {"description": case.id, "vars": _printed(asked), "metadata": flat_metadata(case)}
    if asserts:
        row["assert"] = asserts
    if any(isinstance(value, list) for value in asked.values()):
        row["options"] = {"disableVarExpansion": True}
    return row


def _parse(row: Mapping[str, Any]) -> dict[str, Any]:
    test = row.get("testCase") if isinstance(row.get("testCase"), Mapping) else row
    asked = _unprinted(dict(row.get("vars") or {}))
    asserts = [one for one in (test or {}).get("assert") or () if isinstance(one, Mapping)]
    expected = [
        one.get("value") for kind in _EXPECTED for one in asserts if one.get("type") == kind and one.get("value")
    ]
    criteria = [one.get("value") for one in asserts if one.get("type") == "llm-rubric"]
    return _input(asked) | {
        "expected": _unprinted(expected[0]) if expected else None,
        "criteria": tuple(unprinted(text) for text in criteria if isinstance(text, str)),
        "metadata": own_metadata((test or {}).get("metadata") or {}),
    }


def _input(asked: dict[str, Any]) -> dict[str, Any]:
    """A lone variable is the text (or, as JSON, a chat); several are a record."""
    if len(asked) != 1:
        return parse_input(asked)
    value = next(iter(asked.values()))
    read = json_or_text(value) if isinstance(value, str) else value
    if is_turns(read):
        return parse_input(read)
    return parse_input(value if isinstance(value, str) else asked)


def variable(asked: Mapping[str, Any]) -> str | None:
    """The variable that holds what the user said: the only one, or the one that is named like an input."""
    return next(iter(asked)) if len(asked) == 1 else known(asked, INPUT_NAMES)


FORMAT = CaseFormat(
    name="promptfoo",
    layouts=("jsonl", "json"),
    render=_render,
    parse=_parse,
    recognise=lambda row: isinstance(row.get("vars"), Mapping),
    bag=("metadata", LINEAGE),
    holds=frozenset({"expected", "criteria", "metadata"}),
    kinds=frozenset({"text", "record"}),
)

_META = "__metadata:"


def _render_cells(case: Case) -> dict[str, str]:
    asked = {"input": input_text(case)}
    if case.kind == "record" and isinstance(case.input, dict) and all(map(_column, case.input)):
        asked = {key: as_text(value) for key, value in case.input.items()}
    row = {key: printed(value, cell=True).replace("\0", "\ufffd") for key, value in asked.items()}
    row["__description"] = case.id
    if case.expected is not None:
        row["__expected"] = "equals:" + printed(as_text(case.expected))
    row |= {f"__expected{n}": "llm-rubric:" + printed(text) for n, text in enumerate(case.criteria, start=1)}
    row |= {_META + key: as_text(value) for key, value in flat_metadata(case).items() if _column(key)}
    return row | {key: safe(value) for key, value in row.items() if key.startswith("__")}


def _column(key: str) -> bool:
    """Whether a key can be a column's name: nothing that promptfoo or the CSV reader would take for something else."""
    return key.isprintable() and key == key.strip() == safe(key) and bool(key) and key[:2] != "__" and key[-2:] != "[]"


def _parse_cells(row: Mapping[str, Any]) -> dict[str, Any]:
    asked = {key: unprinted(value) for key, value in row.items() if not key.startswith("__") and value != ""}
    row = {key: unsafe(value) if key.startswith("__") else value for key, value in row.items()}
    expectations = [str(value) for key, value in row.items() if key.startswith("__expected") and value]
    rubrics = ("llm-rubric:", "grade:")
    expected = [text.removeprefix("equals:") for text in expectations if not text.startswith(rubrics)]
    return _input(asked) | {
        "expected": unprinted(expected[0]) if expected else None,
        "criteria": tuple(unprinted(text.partition(":")[2]) for text in expectations if text.startswith(rubrics)),
        "metadata": own_metadata({k.removeprefix(_META): v for k, v in row.items() if k.startswith(_META) and v != ""}),
    }


CSV_FORMAT = CaseFormat(
    name="promptfoo-csv",
    layouts=("csv",),
    render=_render_cells,
    parse=_parse_cells,
    recognise=lambda row: any(key.startswith(("__expected", "__description", _META)) for key in row),
    bag=(_META + LINEAGE,),
    holds=frozenset({"expected", "criteria", "metadata"}),
    kinds=frozenset({"text", "record"}),
)
