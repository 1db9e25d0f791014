"""What the users say in any file, as plain texts: for looking at a set without making cases of it.

What this module does not know: what the texts are compared with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anchorset.core.case import user_text
from anchorset.core.errors import AnchorsetError, NothingKeptError
from anchorset.infra.formats.case_files import FORMATS, CaseFile, brings_lineage, read_cases, recognised
from anchorset.infra.formats.case_format import json_or_text, own_metadata
from anchorset.infra.formats.fields import INPUT_NAMES, at, is_record, known, listed, no_column, turn_column
from anchorset.infra.formats.messages import is_turns, messages_from
from anchorset.infra.formats.nunjucks import unprinted
from anchorset.infra.formats.promptfoo import variable
from anchorset.infra.formats.row import BadRow, as_json, bad_row
from anchorset.infra.formats.rows import open_rows

_WAY = "with `--field NAME`, on the real side of an audit with `--real-field NAME`"


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """The texts of one file, in its order; the lists run parallel."""

    texts: list[str]
    metadata: list[dict[str, Any]]
    """The other fields of each row, for slicing: its metadata where it has some, else its plain columns."""
    lines: list[int]
    """Where each row begins."""
    field: str
    """The field the texts were taken from."""
    bad: list[BadRow]
    notes: tuple[str, ...]


def texts(path: str | Path, field: str | None = None, format: str = "auto") -> Texts:
    """The user's words of every row, whatever wrote the file: logs, chats, promptfoo, DeepEval, Ragas, our records.

    field: the column (or dotted path) to take; None: found by the names that inputs have, and said in the notes.
    Raises InputError for a column that is not there, NothingKeptError when no row has a text, and what `open_rows`
    raises.
    """
    opened = open_rows(path, format)
    first = opened.first
    name = recognised(first.fields) if first and field is None else None
    if first and name in FORMATS and brings_lineage(first.fields, name, opened.path):
        return _of_cases(read_cases(opened.path, name))
    if first and field is not None and at(first.fields, field) is None and _root(field) not in opened.columns:
        raise no_column(field, opened.columns, where=opened.path.name, way=_WAY)
    found: list[tuple[int, str, dict[str, Any]]] = []
    bad: list[BadRow] = []
    used = field
    for row in opened.rows:
        if isinstance(row, BadRow):
            bad.append(row)
            continue
        if used is None or (field is None and at(row.fields, used) is None):
            used = input_field(row.fields) or used
        if used is None:
            raise no_column("input", opened.columns, where=opened.path.name, way=_WAY)
        try:
            found.append((row.line, _said(row.fields, used), _slices(row.fields, used)))
        except (ValueError, AnchorsetError) as error:
            bad.append(bad_row(row.line, str(error), as_json(row.fields, 200)))
    if not found:
        reasons = "; ".join(f"{opened.unit} {row.line}: {row.reason}" for row in bad[:3]) or "it has no rows"
        raise NothingKeptError(
            f"{path}: no row has a text in {used!r} ({reasons}). Name the field that has it {_WAY}; "
            f"there are: {listed(opened.columns)}."
        )
    notes = opened.notes if field else (*opened.notes, f"{opened.path.name}: texts taken from `{used}`")
    return Texts(
        texts=[text for _, text, _ in found], metadata=[slices for _, _, slices in found],
        lines=[line for line, _, _ in found], field=str(used), bad=bad, notes=notes,
    )  # fmt: skip


def _of_cases(file: CaseFile) -> Texts:
    return Texts(
        texts=[case.text for case in file.cases],
        metadata=[
            {"case_id": case.id, "bucket": case.bucket, "cluster": case.cluster} | case.metadata for case in file.cases
        ],
        lines=file.lines, field="input", bad=file.bad, notes=file.notes,
    )  # fmt: skip


def _root(field: str) -> str:
    return field.partition(".")[0]


def input_field(fields: Mapping[str, Any]) -> str | None:
    """The field of a row that holds what the user said, as a dotted path; None when no name is known."""
    if isinstance(fields.get("vars"), Mapping):
        name = variable(fields["vars"])
        return f"vars.{name}" if name else "vars"
    if "scenario" in fields and is_turns(fields.get("turns")):
        return "turns"
    return turn_column(fields) or known(fields, INPUT_NAMES)


def _said(fields: Mapping[str, Any], field: str) -> str:
    """Raises ValueError when the field has no text."""
    value = at(fields, field)
    if is_turns(value):
        value = messages_from(value)
    elif isinstance(value, str) and field.startswith("vars."):
        value = json_or_text(unprinted(value))
        value = messages_from(value) if is_turns(value) else value
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        value = str(value)
    text = user_text(value) if isinstance(value, (str, dict, tuple, list)) else ""
    if not text.strip():
        raise ValueError(f"`{field}` is {as_json(value)} (some text expected)")
    return text


def _slices(fields: Mapping[str, Any], field: str) -> dict[str, Any]:
    """Bucket and id come along, so that a set of ours can be cut by where its rows came from."""
    if is_record(fields):
        provenance = fields.get("provenance") or {}
        source = provenance.get("technique") or provenance.get("source")
        bucket = "seed" if source == "production" else source
        return {"case_id": fields.get("id"), "bucket": bucket, "cluster": fields.get("cluster")} | (
            fields.get("metadata") or {}
        )
    bag = next(
        (fields[key] for key in ("metadata", "additional_metadata") if isinstance(fields.get(key), Mapping)), None
    )
    if bag is not None:
        return own_metadata(bag)
    return {key: value for key, value in fields.items() if key != field and isinstance(value, (str, int, float, bool))}
