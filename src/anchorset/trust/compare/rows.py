"""Result rows from a file or from mappings: who passed which case, as columns.

CSV and JSONL are read in chunks, a million rows in seconds; a JSON file is a list of rows or promptfoo results.
What this module does not know: whether the rows can be paired.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Any, Literal

import orjson

from anchorset.core.errors import InputError, MachineError, NothingKeptError, PairingError, nearest
from anchorset.trust.compare.columns import Builder, Column
from anchorset.trust.results.promptfoo import is_promptfoo, rows_of

KEYS = ("case_id", "system", "passed", "score", "bucket", "root", "repeat", "dataset")
"""The columns with a meaning. Every other one is a slice."""

MAX_VALUES = 20
"""A column with more distinct values is not sliced by."""

CHUNK = 5_000
"""Rows a time. Ten times as many take a third longer: they fall out of the cache and feed the garbage collector."""
SHOWN = 20

Source = str | Path | Iterable[Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Result rows as columns, each of `n` cells: at least `case_id`, `system`, and `passed` or `score`."""

    n: int
    columns: dict[str, Column]
    not_sliced: list[str]
    """Columns left out: more than MAX_VALUES distinct values, or lists and objects in them."""
    notes: list[str]
    where: str
    """The file's name, for errors and pages."""


def read_rows(source: Source) -> Rows:
    """The rows of a CSV, TSV, JSONL or JSON file (promptfoo results too), or of mappings.

    Raises InputError for a file that cannot be read, a missing column, ragged rows or lines that are not JSON (all
    listed: a verdict on part of a file is no verdict), and NothingKeptError when there is no row.
    """
    builder = Builder(keep=frozenset(KEYS), limit=MAX_VALUES)
    notes: list[str] = []
    if isinstance(source, (str, Path)):
        where = Path(source).name
        _read_file(Path(source), builder, notes)
    else:
        where = "rows"
        _add_mappings(builder, source, where)
    if builder.n == 0:
        raise NothingKeptError(
            f"{where}: no result rows (0 found); write one row per case and system: {', '.join(KEYS[:3])}"
        )
    columns = builder.columns()
    for key in ("case_id", "system"):
        _require(columns, builder, key, where)
    if "passed" not in columns and "score" not in columns:
        _require(columns, builder, "passed", where)
    return Rows(n=builder.n, columns=columns, not_sliced=sorted(set(builder.dropped)), notes=notes, where=where)


def _require(columns: dict[str, Column], builder: Builder, key: str, where: str) -> None:
    if key in columns:
        return
    names = sorted({*columns, *builder.dropped})
    wanted = "`passed` or `score`" if key == "passed" else f"`{key}`"
    raise InputError(
        f"{where}: column {wanted} is missing; found {', '.join(map(repr, names[:SHOWN]))}; "
        f"for {key!r} {nearest(key, names)} Rename the column: rows are case_id, system, passed or score"
    )


def _read_file(path: Path, builder: Builder, notes: list[str]) -> None:
    try:
        with path.open("rb") as file:
            head = file.read(65536)
        encoding = _encoding(head)
        suffix = path.suffix.lower()
        shape = _shape(suffix, head.decode(encoding, errors="replace"))
        with path.open(encoding=encoding, newline="") as text:
            if shape == "json":
                _read_json(text, builder, path.name, notes)
            elif shape == "jsonl":
                _read_jsonl(text, builder, path.name)
            else:
                _read_csv(text, builder, path.name)
    except UnicodeDecodeError as error:
        found = error.object[error.start : error.start + 4]
        raise InputError(
            f"{path.name}: not valid {error.encoding} ({found!r}: {error.reason}); save the file as UTF-8"
        ) from None
    except PermissionError:
        raise MachineError(f"{path}: no permission to read it; `chmod u+r` the file or run as its owner") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); give a file of result rows") from None


def _encoding(head: bytes) -> str:
    return "utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"


def _shape(suffix: str, head: str) -> Literal["csv", "json", "jsonl"]:
    """By suffix, then by the first character: some tools write JSON lines into `.json`."""
    if suffix in (".jsonl", ".ndjson"):
        return "jsonl"
    start = head.lstrip()[:1]
    if suffix in (".csv", ".tsv") or start not in ("{", "["):
        return "csv"
    return "jsonl" if start == "{" and _is_line(head) else "json"


def _is_line(text: str) -> bool:
    """Whether the first line is a whole JSON object, as in JSONL. Results on one line are JSON."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    try:
        return not is_promptfoo(orjson.loads(first))
    except orjson.JSONDecodeError:
        return False


@contextmanager
def _long_cells() -> Iterator[None]:
    """A recorded answer may be longer than the csv module's limit of 131,072 characters, which is global."""
    before = csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _read_csv(text: IO[str], builder: Builder, where: str) -> None:
    first = text.readline()
    # The delimiter that makes `case_id` a column; a comma when none does, and then the column is missed by name.
    delimiter = next((mark for mark in ",\t;|" if "case_id" in _cells(first, mark)), ",")
    text.seek(0)
    reader = csv.reader(text, delimiter=delimiter)
    faults: list[str] = []
    with _long_cells():
        try:
            header = [name.strip() for name in next(reader, [])]
            doubled = sorted({name for name in header if name and header.count(name) > 1})
            if doubled:
                raise InputError(f"{where}: columns {doubled!r} stand twice in the header; rename one of each")
            number = 0
            while chunk := list(islice(reader, CHUNK)):
                chunk = [row for row in chunk if row]
                if set(map(len, chunk)) - {len(header)}:
                    for index, row in enumerate(chunk, start=number + 1):
                        if len(row) != len(header):
                            faults.append(f"row {index} has {len(row)} cells")
                elif chunk:
                    cells = dict(zip(header, zip(*chunk, strict=True), strict=True))
                    cells.pop("", None)  # an index column without a name
                    builder.add(len(chunk), {name: cells[name] for name in builder.wanted(cells)})
                number += len(chunk)
        except csv.Error as error:
            raise InputError(f"{where}: line {reader.line_num} is not CSV ({error}); quote the cell") from None
    if faults:
        raise PairingError(listed(f"{where}: rows with other than the header's {len(header)} cells", faults))


def _cells(line: str, delimiter: str) -> list[str]:
    with _long_cells():
        return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter), [])]


def _read_jsonl(text: IO[str], builder: Builder, where: str) -> None:
    number = 0
    faults: list[str] = []
    while lines := list(islice(text, CHUNK)):
        rows: list[dict[str, Any]] = []
        for index, line in enumerate(lines, start=number + 1):
            try:
                row = orjson.loads(line)
            except orjson.JSONDecodeError as error:
                if not line.strip():
                    continue
                row = _lenient(line)
                if row is None:
                    faults.append(f"line {index} is not JSON ({error})")
                    continue
            if isinstance(row, dict):
                rows.append(row)
            else:
                faults.append(f"line {index} is a {type(row).__name__}, not an object")
        _add_chunk(builder, rows)
        number += len(lines)
    if faults:
        raise PairingError(listed(f"{where}: lines that are no result row", faults))


def _lenient(line: str) -> Any:
    """Python writes NaN into JSON. Such a row is read, so that its score can be named among the refused."""
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _read_json(text: IO[str], builder: Builder, where: str, notes: list[str]) -> None:
    whole = text.read()
    if not whole.strip():
        return
    try:
        data = orjson.loads(whole)
    except orjson.JSONDecodeError as error:
        data = _lenient(whole)
        if data is None:
            raise InputError(f"{where}: not valid JSON ({error}); give a list of rows, or promptfoo results") from None
    if is_promptfoo(data):
        data, said = rows_of(data, where)
        notes += said
    if isinstance(data, dict) and "case_id" in data:
        data = [data]
    if not isinstance(data, list) or not all(isinstance(row, dict) for row in data):
        raise InputError(
            f"{where}: neither a list of result rows nor promptfoo results (found {type(data).__name__}); "
            "write rows with case_id, system, passed"
        )
    _add_mappings(builder, data, where)


def _add_mappings(builder: Builder, rows: Iterable[Mapping[str, Any]], where: str) -> None:
    stream = iter(rows)
    while chunk := list(islice(stream, CHUNK)):
        wrong = next((row for row in chunk if not isinstance(row, Mapping)), None)
        if wrong is not None:
            raise InputError(f"{where}: a row is a {type(wrong).__name__} ({wrong!r:.60}); a mapping is expected")
        _add_chunk(builder, chunk)


def _add_chunk(builder: Builder, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        names = {str(name).strip(): name for name in sorted(set().union(*rows), key=str)}
        wanted = builder.wanted(names)
        builder.add(len(rows), {name: [row.get(names[name]) for row in rows] for name in wanted})


def listed(
    what: str, faults: Sequence[str], *, count: int | None = None, way_out: str = "mend the file and compare again"
) -> str:
    """One sentence with the first faults and their count (`count` when `faults` has only the first)."""
    count = len(faults) if count is None else count
    shown = list(faults[:SHOWN])
    more = f"; and {count - len(shown):,} more" if count > len(shown) else ""
    return f"{what} ({count:,}): {'; '.join(shown)}{more}. Nothing was compared: {way_out}."
