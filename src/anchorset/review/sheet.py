"""A lane as a spreadsheet, for people who review in one: written out, and read back however the program mangled it.

What this module does not know: the store, and what a verdict leads to.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from anchorset.core.case import Case
from anchorset.infra.formats.cells import safe, unsafe
from anchorset.infra.formats.row import BadRow
from anchorset.infra.formats.rows import open_rows
from anchorset.infra.formats.writing import atomic_text

TO_FILL = ("decision", "reason", "new_expected", "new_criteria", "new_input", "reviewer", "note")
FIXED = ("id", "content", "bucket", "cell", "persona", "text", "expected", "criteria", "findings", "parent")
COLUMNS = (*FIXED, *TO_FILL)
BOM = "\ufeff"
"""Without it, Excel takes UTF-8 for the code page of the machine."""


def write_sheet(cases: Sequence[Case], path: Path, *, parents: Mapping[str, str]) -> int:
    """Writes the cases to a CSV or JSONL file (by suffix) with empty columns to fill. `parents`: id -> text.

    Cells that a spreadsheet would run as a formula are made harmless. Returns the number of rows.
    """
    return write_table([sheet_row(case, parents) for case in cases], COLUMNS, path)


def write_table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], path: Path) -> int:
    """Writes rows to a CSV or JSONL file (by suffix), for spreadsheets: harmless cells. Returns their number."""
    with atomic_text(path) as file:
        if path.suffix.lower() in (".jsonl", ".ndjson"):
            for row in rows:
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
        else:
            file.write(BOM)
            table = csv.writer(file)
            table.writerow(columns)
            table.writerows([safe(str(row[name])) for name in columns] for row in rows)
    return len(rows)


def sheet_row(case: Case, parents: Mapping[str, str]) -> dict[str, Any]:
    """One row: what a reviewer needs to see, and nothing decided."""
    origin = case.provenance
    parent = parents.get(origin.parents[0], "") if origin.source == "synthetic" and origin.parents else ""
    hits = [f"{one.check}: {one.evidence or one.says}" for one in case.findings if one.says in ("flag", "reject")]
    return {
        "id": case.id,
        "content": case.content,
        "bucket": case.bucket,
        "cell": ", ".join(f"{axis}={value}" for axis, value in case.metadata.items()),
        "persona": (origin.persona or "") if origin.source == "synthetic" else "",
        "text": readable(case),
        "expected": case.expected if isinstance(case.expected, str) else _json(case.expected),
        "criteria": "\n".join(case.criteria),
        "findings": "\n".join(hits),
        "parent": parent,
        **dict.fromkeys(TO_FILL, ""),
    }


def readable(case: Case) -> str:
    """What the case asks, as a person reads it: the text, the turns of a chat, indented JSON."""
    if case.kind == "text":
        return str(case.input)
    if case.kind == "chat" and isinstance(case.input, tuple):
        return "\n".join(f"{getattr(turn, 'role', '')}: {getattr(turn, 'content', '')}" for turn in case.input)
    return json.dumps(case.model_dump(mode="json")["input"], ensure_ascii=False, indent=1)


def _json(value: Any) -> str:
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def read_sheet(path: Path) -> Iterator[tuple[int, Mapping[str, Any] | str]]:
    """(line, row as it was written) of a filled file; (line, reason) for a row that cannot be read.

    Encoding, delimiter and line ends are found by looking. Raises InputError for a file that cannot be read.
    """
    opened = open_rows(path, "auto")
    from_table = opened.format in ("csv", "tsv")
    for row in opened.rows:
        if isinstance(row, BadRow):
            yield row.line, row.reason
        else:
            yield row.line, dict(_restored(row.fields.items())) if from_table else row.fields


def _restored(cells: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    for name, value in cells:
        yield name.lstrip(BOM), unsafe(value) if isinstance(value, str) else value
