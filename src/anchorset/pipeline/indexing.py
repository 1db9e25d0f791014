"""What a mirror's rows mean to the store. Applied when they are written, and again whenever the store is made anew.

    seeds/*.jsonl          Case           a real case
    candidates/runs.jsonl  ProductionRun  a production run began, or ended
    candidates/batches.jsonl  SentBatch   a batch of questions went to a vendor, or is over; looked up in the mirror
    candidates/*.jsonl     Case           a candidate, judged
    reviews/*.jsonl        Verdict, Grade, Recheck, Undo, Tag, Quarantine, Refresh, Outcome, Calibration
    runs/heads.jsonl       RunHead        a target began to run on a version
    runs/judges.jsonl      JudgeCalibration   what is known about a judge; looked up in the mirror itself
    runs/*.jsonl           Result         one answer of it

What this module does not know: files, and what anybody does with the store.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from anchorset.core.batch import SentBatch
from anchorset.core.case import Case
from anchorset.core.config import Config
from anchorset.core.errors import InputError
from anchorset.core.judge import JudgeCalibration
from anchorset.core.noun import Noun
from anchorset.core.run import Result, RunHead
from anchorset.core.said import ProductionRun, Said
from anchorset.infra.db import cases as case_rows
from anchorset.infra.db import runs as run_rows
from anchorset.infra.db import said as said_rows
from anchorset.infra.db.open import Connection
from anchorset.pipeline.settling import cell_of, hear, settle

PRODUCTION, REQUALIFIED = "candidates/runs.jsonl", "candidates/requalified.jsonl"
BATCHES = "candidates/batches.jsonl"
HEADS, JUDGES = "runs/heads.jsonl", "runs/judges.jsonl"
CALIBRATIONS = "reviews/calibrations.jsonl"

_SAID: TypeAdapter[Said] = TypeAdapter(Annotated[Said, Field(discriminator="says")])


def read_rows(file: str, lines: Sequence[bytes], before: int) -> list[Noun]:
    """The nouns in these lines of a mirror, of which `before` lines came earlier. Raises InputError naming the line."""
    return [_read(file, line, before + nth) for nth, line in enumerate(lines, start=1) if line.strip()]


def _read(file: str, line: bytes, number: int) -> Noun:
    where = f"{file} line {number}"
    noun = noun_of(file)
    if noun is not None:
        return noun.read(line, where=where)
    try:
        return _SAID.validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        path = ".".join(map(str, first["loc"]))
        raise InputError(
            f"{where}: `{path or 'row'}`: {first['msg']}; restore the line from git or take it out"
        ) from None


def noun_of(file: str) -> type[Noun] | None:
    """What the rows of a mirror are; None: several kinds, told apart by `says`."""
    named: dict[str, type[Noun]] = {
        PRODUCTION: ProductionRun,
        HEADS: RunHead,
        JUDGES: JudgeCalibration,
        BATCHES: SentBatch,
    }
    in_folder: dict[str, type[Noun]] = {"seeds": Case, "candidates": Case, "runs": Result}
    return named.get(file) or in_folder.get(file.partition("/")[0])


def index(connection: Connection, file: str, rows: Sequence[Noun], config: Config) -> None:
    """Puts rows of a mirror into the store, with all that follows from them."""
    found = [row for row in rows if isinstance(row, Case)]
    if found:
        first_wins = file.startswith("candidates/") and file != REQUALIFIED
        case_rows.put_cases(connection, found, cell_of=partial(cell_of, config=config), first_wins=first_wins)
        settle(connection, found, config)
    said_rows.put_production_runs(connection, [row for row in rows if isinstance(row, ProductionRun)])
    run_rows.put_heads(connection, [row for row in rows if isinstance(row, RunHead)])
    run_rows.put_results(connection, [row for row in rows if isinstance(row, Result)])
    said = [row for row in rows if isinstance(row, Said)]
    if said:
        hear(connection, said, config)
