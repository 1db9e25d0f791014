"""Any file as rows: the format is named, or found by content and suffix; the good rows stream, the bad ones say why.

What this module does not know: what the fields mean.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from anchorset.core.errors import UsageError, nearest
from anchorset.infra.formats import delimited, json_list, jsonl, parquet, text_lines
from anchorset.infra.formats.row import BadRow, Row, Table, Unit
from anchorset.infra.formats.source import Source, open_source

READERS: dict[str, Callable[[Source], Table]] = {
    "csv": delimited.read_csv,
    "tsv": delimited.read_tsv,
    "jsonl": jsonl.read,
    "json": json_list.read,
    "text": text_lines.read,
    "parquet": parquet.read,
}
_SUFFIXES = {
    ".csv": "csv", ".tsv": "tsv", ".tab": "tsv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "json",
    ".txt": "text", ".text": "text", ".md": "text", ".parquet": "parquet", ".pq": "parquet",
}  # fmt: skip
_PEEK = 200
"""Good rows from which the columns of a format without a header are taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A file being read. `rows` streams and is read once."""

    path: Path
    origin: str
    """File name and SHA-256, as provenance records it."""
    format: str
    encoding: str
    columns: tuple[str, ...]
    """The header; without one, the keys of the first 200 good rows."""
    unit: Unit
    notes: tuple[str, ...]
    """What was assumed about encoding, delimiter and layout, said aloud."""
    rows: Iterator[Row | BadRow]
    first: Row | None
    """The first good one of them, to see what the file is; None when all are bad."""

    def place(self, line: int) -> str:
        """`logs.csv line 41`."""
        return f"{self.path.name} {self.unit} {line}"


def open_rows(path: str | Path, format: str = "auto") -> Opened:
    """The rows of the file at `path`; good and bad ones come in the order of the file.

    Raises UsageError for an unknown format, InputError for a file that cannot be read, MissingExtraError for Parquet
    without pyarrow.
    """
    if format != "auto" and format not in READERS:
        raise UsageError(f"{format!r} is not a format of rows; {nearest(format, [*READERS, 'auto'])}")
    source = open_source(path)
    chosen = sniff(source) if format == "auto" else format
    if (chosen == "parquet") != (source.encoding == "binary"):
        raise UsageError(
            f"{source.path} is {'' if source.encoding == 'binary' else 'not '}a Parquet file, but it was to be read as "
            f"{chosen!r}. Leave the format out to have it found."
        )
    table = READERS[chosen](source)
    head: list[Row | BadRow] = []
    good: list[Row] = []
    for row in table.rows:
        head.append(row)
        if isinstance(row, Row):
            good.append(row)
        if len(good) == _PEEK:
            break
    columns = table.columns
    if columns is None:
        columns = tuple(dict.fromkeys(key for row in good for key in row.fields))
    return Opened(
        path=source.path, origin=source.origin, format=chosen, encoding=source.encoding, columns=columns,
        unit=table.unit, notes=source.notes + table.notes, rows=chain(head, table.rows), first=next(iter(good), None),
    )  # fmt: skip


def sniff(source: Source) -> str:
    """The name of the reader that fits: what the content says wins over the suffix."""
    if source.encoding == "binary":
        return "parquet"
    named = _SUFFIXES.get(source.path.suffix.lower())
    head = source.head.lstrip("\ufeff \t\r\n")
    if named in ("csv", "tsv") and not re.match(r'\{\s*"', head):
        return named
    if head.startswith("{"):
        first, _, rest = head.partition("\n")
        several = first.rstrip().endswith("}") and rest.lstrip().startswith("{")
        return "jsonl" if several or named == "jsonl" or (named != "json" and first.rstrip().endswith("}")) else "json"
    if re.match(r'\[\s*[\]{"]', head) and named != "jsonl":
        return "json"
    if named and named != "parquet":
        return named
    return "csv" if delimited.dialect_of(source.head) == "\t" else "text"
