"""An open workspace: the mirrors, which are the truth, and the store, which is an index over them.

Every row is first forced to the end of its mirror, then put into the store. A crash between the two is made good at
the next opening, and so is what `git pull` brought. Nothing stands in the store alone but the answers of models, which
never leave the folder.
What this module does not know: any verb.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from anchorset.core.case import Case
from anchorset.core.config import Config
from anchorset.core.errors import MachineError
from anchorset.core.filter import Filter
from anchorset.core.hashing import canonical
from anchorset.core.noun import Noun
from anchorset.core.ports import Progress
from anchorset.core.workbench import Silent, Workbench
from anchorset.infra.db import cases as case_rows
from anchorset.infra.db.mirrors import marks, put_mark
from anchorset.infra.db.open import Connection, Store, forget, meta, open_store, put_meta
from anchorset.infra.db.said import production_runs
from anchorset.infra.folder.lock import hold
from anchorset.infra.folder.mirror import Mark, append, grown, tail, take_back, torn, untouched
from anchorset.infra.folder.workspace_folder import Folder, open_folder
from anchorset.pipeline.store import database_named, open_store_of

N = TypeVar("N", bound=Noun)

RUNS = "candidates/runs.jsonl"
AXES = "axes"
"""Under this name the store keeps the axes by which it put cases into cells."""
APPEND_SECONDS = 60
"""How long a writer waits for others to finish their few rows."""


def utc_now() -> str:
    """This second as ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass
class Workspace:
    """One folder, open."""

    folder: Folder
    store: Store
    now: Callable[[], str] = utc_now
    notes: list[str] = field(default_factory=list)
    """What opening it had to mend, said aloud."""
    progress: Progress = field(default_factory=Silent)

    @property
    def config(self) -> Config:
        return self.folder.config

    @property
    def path(self) -> Path:
        return self.folder.path

    @cached_property
    def bench(self) -> Workbench:
        from anchorset.infra.embed.choose import open_embedder

        return Workbench(embedder=open_embedder(self.config.embedder), progress=self.progress)

    @cached_property
    def paid(self) -> Store:
        """Where answers of models are kept. They cost money and no file says them again: it lies in the folder."""
        return self.store if self.store.local else open_store(self.folder.store)

    def append(self, file: str, rows: Sequence[Noun]) -> None:
        """Adds rows to the mirror `file` and to the store: safe when it returns, however the process ends.

        What a person says is kept or refused: when the store fails, it leaves their mirror again, so that whoever is
        told of the failure can say it again. What was made stays in its mirror, and comes in at the next opening.
        """
        if not rows:
            return
        from anchorset.pipeline.indexing import index

        with self._appending():
            before, after = Mark(), None
            try:
                with self.store.writing() as connection:
                    self._catch_up(connection)  # another process may have written since
                    before = Mark(**marks(connection).get(file, {}))
                    aside = self.folder.hidden / "torn" / file
                    after = append(self.path / file, (row.line() for row in rows), before, aside=aside)
                    index(connection, file, rows, self.config)
                    put_mark(connection, file, asdict(after))
            except BaseException:
                if after is not None and file.startswith("reviews/"):
                    take_back(self.path / file, before)
                raise

    def sync(self) -> None:
        """Takes into the store what the mirrors have and it lacks. Cheap when nothing has changed."""
        if self._unchanged():
            return
        with self._appending(), self.store.writing() as connection:
            self._catch_up(connection)

    def rebuild(self) -> int:
        """Makes the store anew from the mirrors alone. Returns the number of rows read."""
        with self._appending(), self.store.writing() as connection:
            forget(connection)
            self._catch_up(connection)
            return sum(mark["lines"] for mark in marks(connection).values())

    @contextmanager
    def exclusive(self, verb: str) -> Iterator[None]:
        """One process a verb and workspace: the second is told who works. Raises MachineError."""
        with hold(self.folder.hidden / f"{verb}.lock", f"anchorset {verb}"):
            yield

    def cases(
        self, wanted: Filter, *, order: str = "id", limit: int | None = None, findings: bool = True
    ) -> list[Case]:
        """The cases that fit, as they stand, by id. `findings` False: without what checks said, in half the memory."""
        with self.store.reading() as connection:
            return list(case_rows.full(connection, wanted, order=order, limit=limit, findings=findings))

    def rows(self, file: str, noun: type[N]) -> list[N]:
        """The rows of one mirror, as they were written; none when it is not there."""
        if not (self.path / file).exists():
            return []
        lines = [line for some, _ in tail(self.path / file, Mark()) for line in some]
        return [noun.read(line, where=f"{file} line {n}") for n, line in enumerate(lines, start=1) if line.strip()]

    def close(self) -> None:
        self.store.close()
        if "paid" in self.__dict__:
            self.paid.close()

    @property
    def _axes(self) -> str:
        return canonical(list(self.config.axes))

    @contextmanager
    def _appending(self) -> Iterator[None]:
        with hold(self.folder.hidden / "append.lock", "a few rows", wait_seconds=APPEND_SECONDS):
            yield

    def _unchanged(self) -> bool:
        with self.store.reading() as connection:
            known = marks(connection)
            if known and meta(connection, AXES) != self._axes:
                return False
        there = list(self.folder.mirrors())
        return set(there) == set(known) and all(untouched(self.path / file, Mark(**known[file])) for file in there)

    def _catch_up(self, connection: Connection) -> None:
        known = {file: Mark(**mark) for file, mark in marks(connection).items()}
        if meta(connection, AXES) != self._axes:
            if known:  # cases lie in the cells of other axes
                forget(connection)
                known = {}
            put_meta(connection, AXES, self._axes)
        there = list(self.folder.mirrors())
        changed = [file for file in there if not untouched(self.path / file, known.get(file, Mark()))]
        rewritten = [file for file in changed if not grown(self.path / file, known.get(file, Mark()))]
        rewritten += sorted(set(known) - set(there))
        if rewritten:
            self.notes.append(
                f"{rewritten[0]} was changed outside (not only added to): the store was made anew from the files"
            )
            forget(connection)
            known, changed = {}, there
        if RUNS in changed:
            self._take(connection, RUNS, known.get(RUNS, Mark()))
        began = [f"candidates/{one.run}.jsonl" for one in production_runs(connection)]
        in_time = [file for file in began if file in changed]  # the order in which they came, not that of their names
        before = [file for file in changed if file.startswith("seeds/")]
        after = [file for file in changed if file not in {RUNS, *in_time, *before}]
        for file in (*before, *in_time, *after):
            self._take(connection, file, known.get(file, Mark()))

    def _take(self, connection: Connection, file: str, mark: Mark) -> None:
        from anchorset.pipeline.indexing import index, read_rows  # loads every noun; mostly nothing is to be taken

        try:
            for lines, after in tail(self.path / file, mark):
                index(connection, file, read_rows(file, lines, mark.lines), self.config)
                put_mark(connection, file, asdict(after))
                mark = after
            if torn(self.path / file, mark):
                self.notes.append(
                    f"{file}: its last line has no end, so a crash or an editor left it, and it does not count; end it "
                    f"with a new line to take it in, else the next writer moves it to .anchorset/torn/{file}"
                )
        except OSError as error:
            raise MachineError(f"{file} cannot be read: {error.strerror}. Check its permissions.") from None


def open_workspace(start: Path, *, progress: Progress | None = None, database: str | None = None) -> Workspace:
    """The workspace at or above `start`, its store caught up with its files.

    database: URL of PostgreSQL; None: that of the environment, else the store is SQLite in the workspace.
    Raises InputError (no workspace, a mirror line that cannot be read), ConfigError, UsageError (URL), MachineError.
    """
    folder = open_folder(start)
    folder.read()  # a fault in the configuration comes before anything is touched
    store = open_store_of(folder, database_named(database))
    workspace = Workspace(folder, store, progress=progress or Silent())
    try:
        workspace.sync()
    except BaseException:
        workspace.close()
        raise
    return workspace
