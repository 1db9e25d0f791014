"""Production whose questions are answered in batches: written to files, and the answers taken in from files.

Everything rides on the kept answers. A run is carried out as far as they reach; what is still to be asked is noted, and
the run stays open. Answers may come in any order, in part, twice or with errors: each is kept, and the run goes on from
there, in a batch again or live.
What this module does not know: batch endpoints; they are sending.py's.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import orjson
from pydantic import TypeAdapter

from anchorset.core.ask import Ask, Fault, Reply
from anchorset.core.batch import SentBatch
from anchorset.core.config import ModelSpec
from anchorset.core.errors import InputError, ModelError, NothingKeptError, UsageError
from anchorset.core.inert import short
from anchorset.core.ports import ChatModel
from anchorset.core.said import ProductionRun
from anchorset.infra.db import said as said_rows
from anchorset.infra.db.answers import StoredAnswers
from anchorset.infra.llm.kept import as_kept
from anchorset.infra.llm.names import taken_apart
from anchorset.infra.llm.vendors import IN_THIS_PROCESS, vendor_of
from anchorset.infra.llm.waiting import Waiting
from anchorset.infra.llm.wire.batch import batch_line, read_batch_line
from anchorset.pipeline.indexing import BATCHES
from anchorset.pipeline.models import Chosen, RunAsker, chosen
from anchorset.pipeline.produce.production import Made, Order, produce_into
from anchorset.pipeline.workspace import Workspace

AT_ONCE = 500
"""Lines of a file that are kept in one go: what a kill can make read again."""
SHOWN = 5
"""Lines that cannot be read which are told one by one."""
ASKED = "asked.jsonl"
"""In `.anchorset`: key, model and run of every question that ever waited for a batch. It can be lost: the questions of
the open run are found again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """A run, carried out as far as the kept answers reach."""

    made: Made
    models: Chosen
    open: tuple[Ask, ...]
    """What is to be asked now, each question once, in the order in which it came up."""
    out: int = 0
    """Of these, how many are in batches that were sent and not collected yet."""

    @property
    def over(self) -> bool:
        """Whether the run needs no answer any more."""
        return self.made.produced is None or self.made.produced.stopped is None


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file of requests."""

    path: Path
    model: str
    requests: int
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What `export` did."""

    stand: Stand
    files: tuple[File, ...]


@dataclass(slots=True, kw_only=True)
class Came:
    """What became of the answers that came."""

    lines: int = 0
    taken: int = 0
    """Replies that are kept now."""
    refused: int = 0
    """Questions that got no answer, and would get none if they were asked again: kept as such."""
    again: Counter[str] = field(default_factory=Counter)
    """Trouble -> questions that stay open, for another try may bring an answer."""
    known: int = 0
    """Answers to questions that had one."""
    unknown: int = 0
    """Answers to questions that nobody here has asked."""
    unread: int = 0
    """Lines that are no results."""
    examples: list[str] = field(default_factory=list)
    """Sentences about the first of them."""

    @property
    def new(self) -> bool:
        """Whether anything is kept that was not there."""
        return self.taken + self.refused > 0

    def cannot_read(self, why: str) -> None:
        """Counts a line that is no result."""
        self.unread += 1
        if len(self.examples) < SHOWN:
            self.examples.append(why)

    def report(self) -> dict[str, object]:
        """The machine form."""
        return {
            "lines": self.lines, "taken": self.taken, "refused": self.refused,
            "again": dict(sorted(self.again.items())), "known": self.known, "unknown": self.unknown,
            "unread": self.unread,
        }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What `import_files` did. `stand` None: no run is open that could go on."""

    came: Came
    stand: Stand | None


def stand(workspace: Workspace, order: Order | None = None, *, random_seed: int | None = None) -> Stand:
    """Carries out the open run as far as kept answers reach, or begins one.

    `order` None: what the open run was asked for, else what the configuration says. Nothing is sent anywhere.
    Raises UsageError when no model is asked, or one that has no batches.
    """
    if order is None:
        order, random_seed = _ordered(open_run(workspace), random_seed)
    models = chosen(
        workspace, model=order.options.model, temperature=order.options.temperature, max_tokens=order.options.max_tokens
    )
    _check(models)
    noted: dict[str, Ask] = {}

    def asker(run: str, asked: Chosen) -> RunAsker:
        noted.clear()  # where an earlier run could not be gone on with, its questions are not this one's
        names = [spec.model for spec in (asked.generator, asked.judge) if spec.model != "none"]
        waiting: dict[str, tuple[ChatModel, ModelSpec]] = {
            name: (Waiting(name, noted), ModelSpec(model=name)) for name in names
        }
        return RunAsker(workspace, waiting, run=run, budget_usd=None)

    made = produce_into(workspace, order, random_seed=random_seed, asker=asker, whole=True)
    asks = tuple(noted.values()) if made.run else ()
    if made.run:
        _remember(workspace, made.run, asks)
    out = keys_out(workspace)
    return Stand(made=made, models=models, open=asks, out=sum(ask.key in out for ask in asks))


def export(workspace: Workspace, path: Path, order: Order | None = None, *, random_seed: int | None = None) -> Exported:
    """Writes what is to be asked now as requests of a batch: one file a model, the second beside `path`.

    What is in batches that were sent is left out. Raises UsageError as `stand` does, OSError.
    """
    now = stand(workspace, order, random_seed=random_seed)
    files = []
    for nth, (spec, asks) in enumerate(to_send(workspace, now)):
        target = path if nth == 0 else path.with_name(f"{path.stem}.judge{path.suffix}")
        vendor = vendor_of(spec)
        size = _written(target, (orjson.dumps(batch_line(ask, vendor)) + b"\n" for ask in asks))
        files.append(File(path=target, model=spec.model, requests=len(asks), bytes=size))
    return Exported(stand=now, files=tuple(files))


def import_files(workspace: Workspace, paths: Sequence[Path]) -> Imported:
    """Keeps the answers in files of batch results, of either vendor, and goes on with the open run.

    The same file again changes nothing; a file that was taken in half is taken in again. Raises InputError for a file
    that cannot be read, NothingKeptError when no line of them is a result.
    """
    came = Came()
    known = asked_before(workspace)
    strange: dict[str, Reply | ModelError] = {}
    for path in paths:
        for some in _some(_lines(path)):
            answers = _read(some, path, came)
            for key, answer in answers.items():
                if key not in known and not isinstance(strange.get(key), Reply):
                    strange[key] = answer
            keep(workspace, {key: answer for key, answer in answers.items() if key in known}, known, came)
    if came.lines == came.unread:
        first = came.examples[0] if came.examples else "there is no line"
        raise NothingKeptError(
            f"{', '.join(path.name for path in paths)}: none of {came.lines:,} lines is a result of a batch ({first}); "
            "give the file of results that the vendor wrote, not that of the requests."
        )
    now = stand(workspace) if open_run(workspace) else None
    while now and strange:
        found = {ask.key: (ask.model, now.made.run or "") for ask in now.open}
        mine = {key: strange.pop(key) for key in list(strange) if key in found}
        if not mine:
            break
        keep(workspace, mine, found, came)
        now = stand(workspace) if open_run(workspace) else None
    came.unknown += len(strange)
    return Imported(came=came, stand=now)


def keep(
    workspace: Workspace, answers: Mapping[str, Reply | ModelError], asked: Mapping[str, tuple[str, str]], came: Came
) -> None:
    """Keeps answers by the key of their question, and counts what became of them. `asked`: key -> model and run."""
    stored = StoredAnswers(workspace.paid)
    by_run: dict[str, list[str]] = {}
    for key in answers:
        by_run.setdefault(asked[key][1], []).append(key)
    for run, keys in by_run.items():
        had = stored.recall(keys, run=run)
        fresh = {}
        for key in keys:
            answer = answers[key]
            before = had.get(key)
            if isinstance(before, Reply) or (before is not None and isinstance(answer, ModelError)):
                came.known += 1
                continue
            kept = as_kept(asked[key][0], answer)
            if kept is None:
                came.again[answer.trouble if isinstance(answer, ModelError) else "malformed"] += 1
            elif before is not None and isinstance(kept, Fault):
                came.known += 1
            else:
                came.taken += isinstance(kept, Reply)
                came.refused += isinstance(kept, Fault)
                fresh[key] = kept
        if fresh:
            stored.keep(fresh, run=run)


def to_send(workspace: Workspace, now: Stand) -> list[tuple[ModelSpec, list[Ask]]]:
    """What is open and in no batch that was sent, by the model that is asked: who writes comes first."""
    out = keys_out(workspace)
    specs = {spec.model: spec for spec in (now.models.judge, now.models.generator)}
    found: dict[str, list[Ask]] = {now.models.generator.model: [], now.models.judge.model: []}
    for ask in now.open:
        if ask.key not in out:
            found[ask.model].append(ask)
    return [(specs[model], asks) for model, asks in found.items() if asks]


def open_run(workspace: Workspace) -> ProductionRun | None:
    """The production run that has begun and is not over; None when none is."""
    with workspace.store.reading() as connection:
        runs = said_rows.production_runs(connection)
    return next((run for run in reversed(runs) if run.state == "begun"), None)


def batches(workspace: Workspace) -> list[SentBatch]:
    """Every batch there was, as it stands, in the order in which they were sent."""
    found: dict[str, SentBatch] = {}
    for row in workspace.rows(BATCHES, SentBatch):
        found[row.id] = row
    return list(found.values())


def keys_out(workspace: Workspace) -> set[str]:
    """Keys of the questions in batches that were sent and not collected yet."""
    return {key for one in batches(workspace) if one.state == "sent" for key in one.keys}


def asked_before(workspace: Workspace) -> dict[str, tuple[str, str]]:
    """Key -> model and run of every question that waited for a batch, as far as this copy of the workspace knows."""
    found = {key: (one.model, one.run) for one in batches(workspace) for key in one.keys}
    path = workspace.folder.hidden / ASKED
    if not path.exists():
        return found
    for line in path.read_bytes().splitlines():
        try:
            key, model, run = orjson.loads(line)
        except (ValueError, TypeError):
            continue  # a crash left half a line: the question is found again
        found[str(key)] = (str(model), str(run))
    return found


def _ordered(run: ProductionRun | None, random_seed: int | None) -> tuple[Order, int | None]:
    if run is None:
        return Order(), random_seed
    return TypeAdapter(Order).validate_python(run.order), run.random_seed


def _check(models: Chosen) -> None:
    names = [spec.model for spec in (models.generator, models.judge) if spec.model != "none"]
    if not names:
        raise UsageError(
            "no language model is asked here, so there is nothing to ask in a batch; name one under `models` in "
            "anchorset.yaml, or with `--model`"
        )
    for name in names:
        if taken_apart(name)[0] in IN_THIS_PROCESS:
            raise UsageError(
                f"{short(name, 80)!r} is asked from this process and has no batches; name a model of a vendor that "
                "has, as in `openai:gpt-5-mini`, or use `anchorset produce`"
            )
    for spec in (models.generator, models.judge):
        if spec.model != "none":
            vendor_of(spec)


def _remember(workspace: Workspace, run: str, asks: Iterable[Ask]) -> None:
    known = asked_before(workspace)
    rows = [orjson.dumps([ask.key, ask.model, run]) for ask in asks if known.get(ask.key) != (ask.model, run)]
    if not rows:
        return
    path = workspace.folder.hidden / ASKED
    with path.open("ab") as file:
        file.write(b"\n" + b"\n".join(rows) + b"\n")  # begins with an end: what a crash left unended stays by itself


def _written(path: Path, lines: Iterable[bytes]) -> int:
    """Writes the file whole or not at all. Returns its size."""
    beside = path.with_name(f".{path.name}.part")
    try:
        with beside.open("wb") as file:
            file.writelines(lines)
            size = file.tell()
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return size


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    try:
        with path.open("rb") as file:
            yield from ((n, line) for n, line in enumerate(file, start=1) if line.strip())
    except OSError as error:
        raise InputError(
            f"{os.fspath(path)!r} cannot be read: {error.strerror or error}; name a file of batch results."
        ) from None


def _some(lines: Iterator[tuple[int, bytes]]) -> Iterator[list[tuple[int, bytes]]]:
    while some := list(islice(lines, AT_ONCE)):
        yield some


def _read(lines: Iterable[tuple[int, bytes]], path: Path, came: Came) -> dict[str, Reply | ModelError]:
    """Key -> answer. A question that is there twice counts twice: an answer is never replaced, least by an error."""
    found: dict[str, Reply | ModelError] = {}
    for number, line in lines:
        came.lines += 1
        try:
            key, answer = read_batch_line(line, who=path.name)
        except InputError as error:
            came.cannot_read(f"{path.name} line {number}: {error}")
            continue
        if key in found:
            came.known += 1
        if not isinstance(found.get(key), Reply):
            found[key] = answer
    return found
