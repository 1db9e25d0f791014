"""Any file of results, in one call: its format is named or found by what is in it.

What this module does not know: any format's fields, and where results are kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from anchorset.core.errors import InputError, NothingKeptError, UsageError, nearest
from anchorset.infra.formats.row import Row
from anchorset.infra.formats.rows import Opened, open_rows, sniff
from anchorset.infra.formats.source import open_source
from anchorset.trust.judges.calibrate import calibrate
from anchorset.trust.judges.pairs import read_pairs
from anchorset.trust.results import deepeval_run, garak, inspect_log, lm_eval, own_rows, promptfoo
from anchorset.trust.results.answer import Heard, Refused
from anchorset.trust.results.document import document
from anchorset.trust.results.imported import Imported, Lookup, imported
from anchorset.trust.results.mapping import check, parse

FORMATS = ("promptfoo", "inspect", "deepeval", "lm-eval", "garak", "judge-pairs", "rows")
DECIDES = ("score",)
"""What may be mapped in formats that have their own fields: the evaluator whose word alone counts."""


class _File(NamedTuple):
    name: str
    sha256: str


def read_results(
    path: str | Path,
    *,
    at: str,
    format: str = "auto",
    mapping: Mapping[str, str] | str | None = None,
    lookup: Lookup | None = None,
    system: str | None = None,
    dataset: str | None = None,
) -> Imported:
    """The results in a file: promptfoo, Inspect AI, DeepEval, lm-eval, garak, judge pairs, or rows in CSV or JSON.

    at: ISO 8601, when it is imported (formats' own times are not trusted). mapping: target -> column, or the text of
    `--map`; for rows and judge pairs all their targets, for the other formats `score=NAME`: the evaluator that decides.
    lookup: finds the case of an answer (`lookup_in(cases)`); None: the file's own buckets hold. system: who answered,
    where the file does not say it. dataset: the `name@version` that the rows are about; None: what each row says.
    Every row is accounted for in `Imported`; a bad one is refused by name and stops nothing.
    Raises UsageError (format, mapping), InputError (a file that cannot be read), NothingKeptError (no row was usable).
    """
    path = Path(path)
    named = parse(mapping) if isinstance(mapping, str) else dict(mapping or {})
    if format != "auto" and format not in FORMATS:
        raise UsageError(f"{format!r} is no format of results; {nearest(format, [*FORMATS, 'auto'])}")
    if format == "judge-pairs" or (format == "auto" and "order_ab" in named):
        return _pairs(path, named)
    if format in ("auto", "inspect") and _is_zip(path):
        file, found, heard = _File(path.name, _sha256(path)), "inspect", inspect_log.read_zip(path)
    else:
        file, found, heard = _text(path, format, named, system)
    decides = None
    if found != "rows":
        check(named, DECIDES)
        decides = named.get("score")
    done = imported(
        heard.rows, format=found, name=file.name, digest="sha256:" + file.sha256, at=at, lookup=lookup,
        decides=decides, dataset=dataset, notes=heard.notes,
    )  # fmt: skip
    if not done.rows:
        first = f"; the first: {done.refused[0].place}: {done.refused[0].reason}" if done.refused else ""
        said = f" ({'; '.join(done.notes)})" if done.notes else ""
        raise NothingKeptError(
            f"{path.name}: no result kept of {done.read:,} rows read as {found}{first}{said}. "
            f"Name the format if it is another: {', '.join(FORMATS)}"
        )
    return done


def _pairs(path: Path, mapping: Mapping[str, str]) -> Imported:
    pairs = read_pairs(path, mapping=mapping)
    return Imported(
        format="judge-pairs", rows=(), heads=(), lineage={}, read=pairs.read, kept=pairs.kept,
        without_score=pairs.without_judgement, refused=tuple(Refused(*one) for one in pairs.refused), unknown=(),
        notes=pairs.notes, judgements=pairs.judgements, judges=tuple(calibrate(pairs.judgements)),
    )  # fmt: skip


def _is_zip(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(4) == b"PK\x03\x04"
    except OSError:
        return False  # the reader of texts says it better


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _text(path: Path, format: str, mapping: Mapping[str, str], system: str | None) -> tuple[_File, str, Heard]:
    source = open_source(path)
    file = _File(source.name, source.sha256)
    if format in ("auto", "promptfoo", "inspect", "deepeval") and sniff(source) == "json":
        data = document(source)
        for name, reader in _documents(data, system or path.stem):
            if format in ("auto", name):
                return file, name, reader()
        if format != "auto":
            raise _other(path, format, data)
    opened = open_rows(path)
    rows = list(_rows(opened))
    first = next((row for _, row in rows if not isinstance(row, Refused)), None)
    found = _lines(first) if format == "auto" else format
    if found == "promptfoo":
        return file, found, promptfoo.read([row if not isinstance(row, Refused) else row.reason for _, row in rows])
    if found == "lm-eval":
        task, model = lm_eval.names_in(path)
        return file, found, lm_eval.read(rows, task=task, system=system or model or path.stem)
    if found == "garak":
        log = garak.read_report if garak.is_report(first) else garak.read_hitlog
        return file, found, log(rows, system=system or path.stem.partition(".")[0])
    if found != "rows":
        raise _other(path, found, first)
    heard = own_rows.read(rows, opened.columns, mapping=mapping, system=system, where=path.name)
    return file, found, Heard(heard.rows, [*opened.notes, *heard.notes])


def _documents(data: Any, system: str) -> Iterator[tuple[str, Callable[[], Heard]]]:
    """The formats that this JSON document is in, and their readers."""
    if promptfoo.is_promptfoo(data):
        yield "promptfoo", lambda: promptfoo.read(data)
    if inspect_log.is_log(data):
        yield "inspect", lambda: inspect_log.read_json(data)
    if (run := deepeval_run.run_in(data)) is not None:
        yield "deepeval", lambda: deepeval_run.read(run, system=system)


def _lines(first: Any) -> str:
    """The format whose line this is."""
    if promptfoo.is_result(first):
        return "promptfoo"
    if lm_eval.is_sample(first):
        return "lm-eval"
    return "garak" if garak.is_report(first) or garak.is_hit(first) else "rows"


def _rows(opened: Opened) -> Iterator[tuple[str, dict[str, Any] | Refused]]:
    for row in opened.rows:
        place = f"{opened.unit} {row.line}"
        yield place, row.fields if isinstance(row, Row) else Refused(place, row.reason)


def _other(path: Path, format: str, found: Any) -> InputError:
    shown = ", ".join(map(repr, list(found)[:10])) if isinstance(found, dict) else type(found).__name__
    return InputError(
        f"{path.name}: no {format} results; found {shown}. Name another format ({', '.join(FORMATS)}) or leave it out"
    )
