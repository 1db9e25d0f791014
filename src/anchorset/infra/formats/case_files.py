"""Cases from a file in any format, and into one, with their lineage both ways.

What this module does not know: what each format looks like (see its file).
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TextIO

from anchorset.core.case import Case
from anchorset.core.errors import NothingKeptError, RecordError, UsageError, nearest
from anchorset.core.provenance import Golden, Observed, Provenance
from anchorset.infra.formats import case_csv, deepeval, openai_chat, parquet, plain_jsonl, promptfoo, ragas, sharegpt
from anchorset.infra.formats.case_format import LINEAGE, CaseFormat, Layout
from anchorset.infra.formats.fields import is_record
from anchorset.infra.formats.lineage import Sidecar, disclose, enclose, restored, sidecar_path
from anchorset.infra.formats.row import BadRow, Row, bad_row
from anchorset.infra.formats.rows import READERS, Opened, open_rows
from anchorset.infra.formats.writing import atomic_bytes, atomic_text, refuse_overwrite

RECORDS = "cases"
"""The name of our own format: case records as JSONL."""

FORMATS: dict[str, CaseFormat] = {
    format.name: format
    for format in (
        promptfoo.CSV_FORMAT, case_csv.FORMAT, plain_jsonl.FORMAT, promptfoo.FORMAT, deepeval.FORMAT, ragas.FORMAT,
        ragas.TURNS_FORMAT, openai_chat.FORMAT, sharegpt.FORMAT,
    )
}  # fmt: skip
"""Name -> format, in the order in which a row is tried against them."""

Unmarked = Literal["production", "regression", "golden"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """What a file gave."""

    cases: list[Case]
    lines: list[int]
    """Where each of them begins."""
    bad: list[BadRow]
    """Rows that are no case, in the order of the file."""
    notes: tuple[str, ...]
    format: str


def read_cases(path: str | Path, format: str = "auto", *, unmarked: Unmarked = "golden") -> CaseFile:
    """The cases in the file at `path`, with the lineage that travelled in it or in its sidecar.

    A row that brings no lineage is taken as `unmarked`: by default golden by an unknown author, which never anchors
    anything. A case record without provenance is a bad row. A row that was edited outside loses findings and reviews.

    Raises UsageError (unknown format), InputError (a file that cannot be read), NothingKeptError (no row is a case).
    """
    if format not in (RECORDS, "auto", *FORMATS, *READERS):
        known = {RECORDS, "auto", *FORMATS, *READERS}
        raise UsageError(f"{format!r} is not a format of cases; {nearest(format, known)}")
    laid_out = format in READERS and format not in FORMATS
    opened = open_rows(path, format if laid_out else "auto")
    format = "auto" if laid_out else format
    name = _recognised(opened.first.fields, opened) if format == "auto" and opened.first else format
    name = RECORDS if name == "auto" else name
    if name == ragas.FORMAT.name and opened.first and ragas.TURNS_FORMAT.recognise(opened.first.fields):
        name = ragas.TURNS_FORMAT.name
    reading = _Reading(opened, name, unmarked)
    for row in opened.rows:
        reading.take(row)
    if not reading.cases:
        reasons = "; ".join(f"{opened.unit} {row.line}: {row.reason}" for row in reading.bad[:3])
        raise NothingKeptError(
            f"{path}: no row is a case ({reasons or 'there are no rows'}; read as {name}). Name another format with "
            f"`--from`: {', '.join([RECORDS, *FORMATS])}."
        )
    return CaseFile(
        cases=reading.cases, lines=reading.lines, bad=reading.bad, notes=(*opened.notes, *reading.notes()), format=name
    )


def recognised(fields: Mapping[str, Any]) -> str | None:
    """The name of the format whose row this looks like, or None."""
    if is_record(fields):
        return RECORDS
    return next((name for name, format in FORMATS.items() if format.recognise(fields)), None)


def brings_lineage(fields: Mapping[str, Any], name: str, path: Path) -> bool:
    """Whether a row of the format called `name`, in the file at `path`, comes with its record."""
    format = FORMATS.get(name)
    if format is None:
        return True  # a record is its own lineage
    if format.bag is None:
        return sidecar_path(path).is_file()
    # A row added by hand to a table of ours may come first: then the column is there, and empty.
    return disclose(fields, format.bag)[0] is not None or (name == case_csv.FORMAT.name and fields[LINEAGE] == "")


def _recognised(fields: Mapping[str, Any], opened: Opened) -> str:
    return recognised(fields) or ("csv" if opened.format in ("csv", "tsv") else "jsonl")


class _Reading:
    """Cases and bad rows while a file goes by."""

    def __init__(self, opened: Opened, name: str, unmarked: Unmarked) -> None:
        self.cases: list[Case] = []
        self.lines: list[int] = []
        self.bad: list[BadRow] = []
        self._opened, self._name, self._unmarked = opened, name, unmarked
        self._edited = self._strange = 0
        self._format = FORMATS.get(name)
        self._sidecar: Sidecar | None = None
        beside = sidecar_path(opened.path)
        if self._format and self._format.bag is None and beside.is_file():
            self._sidecar = Sidecar(read_cases(beside, RECORDS).cases, self._format)

    def take(self, row: Row | BadRow) -> None:
        if isinstance(row, BadRow):
            self.bad.append(row)
            return
        try:
            self.cases.append(self._case(row))
            self.lines.append(row.line)
        except (ValueError, KeyError, TypeError, AttributeError, RecordError) as error:
            where = self._opened.place(row.line)
            reason = f"{error.args[0]!r} is missing" if isinstance(error, KeyError) else str(error)
            shown = json.dumps(row.fields, ensure_ascii=False, default=str)
            self.bad.append(bad_row(row.line, reason.removeprefix(f"{where}: "), shown))

    def _case(self, row: Row) -> Case:
        where = self._opened.place(row.line)
        if self._format is None:
            return Case.read(row.fields, where=where)
        record, fields = disclose(row.fields, self._format.bag) if self._format.bag else (None, row.fields)
        if record is not None:
            case, edited = restored(Case.read(record, where=where), fields, self._format)
            self._edited += edited
            return case
        if self._sidecar and (known := self._sidecar.take(fields)):
            return known
        case = Case(**self._format.parse(fields), provenance=self._provenance(row))
        self._strange += 1
        return case

    def _provenance(self, row: Row) -> Provenance:
        original = f"{self._opened.path.name}:{row.line}"
        if self._unmarked == "golden":
            return Golden(source="golden", author="unknown", origin=self._opened.origin, original_id=original)
        return Observed(source=self._unmarked, origin=self._opened.origin, original_id=original)

    def notes(self) -> Iterator[str]:
        yield f"read as {self._name}"
        if self._edited:
            were = "case was" if self._edited == 1 else "cases were"
            yield f"{self._edited} {were} edited outside; the edit counts, and findings and reviews are gone"
        if self._strange:
            rows, they = (
                ("row brings", "it never anchors") if self._strange == 1 else ("rows bring", "they never anchor")
            )
            taken = "is taken" if self._strange == 1 else "are taken"
            yield (
                f"{self._strange} {rows} no lineage and {taken} as {self._unmarked}"
                + (f" by an unknown author; {they} anything" if self._unmarked == "golden" else "")
            )


def write_cases(
    cases: Sequence[Case], path: str | Path, format: str = "auto", *, source: str | Path | None = None
) -> tuple[str, ...]:
    """Writes the cases to `path`, whole or not at all, and says what the format has no field for.

    format: a name, or `auto`: by the file's name (`x.promptfoo.json`, `x.csv`, `x.jsonl`). source: the file the cases
    came from, which is never overwritten. Lineage goes along: inside the rows, else in `PATH.lineage.jsonl`.

    Raises UsageError (unknown format, a suffix that does not fit, `path` is `source`), MachineError (disk, permission,
    Parquet without pyarrow).
    """
    path = Path(path)
    name = format if format != "auto" else _by_name(path)
    if name not in (RECORDS, *FORMATS):
        raise UsageError(f"{name!r} is not a format of cases; {nearest(name, [RECORDS, *FORMATS])}")
    if name == ragas.FORMAT.name and any(case.kind == "chat" for case in cases):
        name = ragas.TURNS_FORMAT.name
    if source is not None:
        refuse_overwrite(source, path)
        refuse_overwrite(source, sidecar_path(path))
    if name == RECORDS:
        with atomic_text(path) as file:
            file.writelines(case.line() + "\n" for case in cases)
        return ()
    chosen = FORMATS[name]
    layout = _layout(path, chosen)
    rows = [enclose(chosen.render(case), case, chosen.bag) if chosen.bag else chosen.render(case) for case in cases]
    if layout == "parquet":
        with atomic_bytes(path) as table:
            parquet.write(rows, table)
    else:
        with atomic_text(path) as file:
            _WRITERS[layout](rows, file)
    notes = _no_room(cases, chosen)
    if chosen.bag is None:
        beside = sidecar_path(path)
        write_cases(cases, beside, RECORDS)
        notes = (*notes, f"{chosen.name} has no room for lineage; it is in {beside.name}, keep both together")
    return notes


def _by_name(path: Path) -> str:
    inner = [part for part in path.name.lower().split(".")[1:] if part in FORMATS and part not in ("csv", "jsonl")]
    by_suffix = {".jsonl": RECORDS, ".ndjson": RECORDS, ".csv": "csv", ".parquet": "csv", ".pq": "csv"}
    name = inner[-1] if inner else by_suffix.get(path.suffix.lower())
    if name is None:
        raise UsageError(
            f"{path.name!r} does not say which format to write; name one with `--to`: {', '.join([RECORDS, *FORMATS])}."
        )
    return name


def _layout(path: Path, format: CaseFormat) -> Layout:
    suffix = path.suffix.lower().removeprefix(".").replace("pq", "parquet")
    if suffix in format.layouts:
        return next(layout for layout in format.layouts if layout == suffix)
    if suffix in ("csv", "json", "jsonl", "tsv", "parquet"):
        fitting = " or ".join(f".{layout}" for layout in format.layouts)
        raise UsageError(f"{path.name!r} cannot hold {format.name}, which is written as {fitting}. Name it so.")
    return format.layouts[0]


def _no_room(cases: Sequence[Case], format: CaseFormat) -> tuple[str, ...]:
    notes = []
    for field in sorted({"expected", "criteria", "context", "system", "tools", "metadata"} - format.holds):
        count = sum(getattr(case, field) not in (None, (), {}, "") for case in cases)
        if count:
            have = "1 case has" if count == 1 else f"{count} cases have"
            notes.append(f"{have} `{field}`, for which {format.name} has no field; the lineage has it")
    for kind in ("chat", "record", "trajectory"):
        count = sum(case.kind == kind for case in cases) if kind not in format.kinds else 0
        if count:
            are = "1 case is" if count == 1 else f"{count} cases are"
            notes.append(f"{are} of kind {kind}, for which {format.name} has no form; written as JSON text")
    return tuple(notes)


def _write_csv(rows: Sequence[Mapping[str, Any]], file: TextIO) -> None:
    columns = list(dict.fromkeys(key for row in rows for key in row))
    table = csv.DictWriter(file, columns, restval="", lineterminator="\r\n", quoting=csv.QUOTE_MINIMAL)
    table.writeheader()
    table.writerows(rows)


def _write_jsonl(rows: Sequence[Mapping[str, Any]], file: TextIO) -> None:
    file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _write_json(rows: Sequence[Mapping[str, Any]], file: TextIO) -> None:
    # A row a line: it diffs well, and the encoder's indentation is ten times slower.
    file.write("[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n]\n")


_WRITERS: dict[Layout, Callable[[Sequence[Mapping[str, Any]], TextIO], None]] = {
    "csv": _write_csv, "jsonl": _write_jsonl, "json": _write_json,
}  # fmt: skip
