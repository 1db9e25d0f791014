"""What failed in a run of a target, as an order for more of the same: in the same cells, with what went wrong told.

What this module does not know: prompts, and how an order is carried out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from anchorset.core.case import Case
from anchorset.core.config import Config
from anchorset.core.errors import UsageError, nearest
from anchorset.core.filter import Filter
from anchorset.core.numbers import counted
from anchorset.core.plan import ALL, Brief, cell_name
from anchorset.core.provenance import Technique
from anchorset.core.run import Cause, Result, RunHead
from anchorset.infra.db import runs as run_rows
from anchorset.infra.db import said as said_rows
from anchorset.pipeline.plan.mapping import Mapped
from anchorset.pipeline.ship.datasets import read_dataset
from anchorset.pipeline.workspace import Workspace
from anchorset.produce.asking.failures import Ordered, briefs_of_failures
from anchorset.produce.asking.settings import Failure

TECHNIQUES: tuple[Technique, ...] = ("prompted", "redteam", "mutation")
"""Which carry such an order out; the first with a model, the last without."""
OURS: frozenset[Cause | None] = frozenset((None, "exception", "garbage", "too_large"))
"""Failures that are the application's own doing: a connection that broke says nothing about the case."""
WHY = 300
"""Characters of a reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """The failed cases of a run that lie in a cell of the grid, each with why."""

    run: str
    rows: int
    """Failed rows of the run."""
    cases: tuple[tuple[Case, str], ...]
    lost: int
    """Failed cases that are in no cell of the grid, or that nobody has any more."""
    beside: int
    """Rows that failed on the way to the application or back: they order nothing."""


def failed_in(workspace: Workspace, mapped: Mapped, run: str) -> Failed:
    """What failed in this run. Raises UsageError for a run that is not there and for one in which nothing failed."""
    with workspace.store.reading() as connection:
        heads = run_rows.heads(connection)
        results = run_rows.results(connection, run)
    head = next((one for one in heads if one.run == run), None)
    if head is None:
        known = [one.run for one in heads]
        how = nearest(run, known) if known else "nothing has run yet: `anchorset run REF --target NAME`"
        raise UsageError(f"`--from-failures` names the run {run!r}, which is not here; {how}")
    failed = [row for row in results if row.passed is False]
    rows = [row for row in failed if row.cause in OURS]
    cases = _cases(workspace, head, rows)
    axes, found, lost = workspace.config.axes, list[tuple[Case, str]](), set[str]()
    for row in rows:
        case = cases.get(row.content)
        if case is None or _cell(case, axes) not in mapped.map.cells:
            lost.add(row.content)
        else:
            found.append((case, _why(row)))
    if not found:
        raise UsageError(
            f"of {counted(len(results), 'row')} of the run {run} {len(rows):,} failed, and none of them is a case in a "
            "cell of the grid, so there is nothing to make more of; name another run."
        )
    return Failed(run=run, rows=len(rows), cases=tuple(found), lost=len(lost), beside=len(failed) - len(rows))


def ordered_by(
    failed: Failed, config: Config, *, n: int | None = None, technique: Technique | None = None,
    language: str | None = None,
) -> Ordered:  # fmt: skip
    """Briefs for `n` candidates in the cells of what failed; None: as many as cases failed."""
    writes = config.models.generator.model != "none"
    known = TECHNIQUES if writes else TECHNIQUES[1:]
    chosen = technique or (TECHNIQUES[0] if writes else TECHNIQUES[-1])
    if chosen not in known:
        raise UsageError(f"`--from-failures` is carried out by {', '.join(known)} here, and not by {chosen!r}")
    return briefs_of_failures(
        failed.cases, axes=config.axes, n=n or len({case.id for case, _ in failed.cases}), technique=chosen,
        language=language,
    )  # fmt: skip


def told(workspace: Workspace, mapped: Mapped, run: str | None) -> dict[str, tuple[Failure, ...]]:
    """Cell -> what its prompts tell of this run's failures; empty where failures are not the order."""
    if run is None:
        return {}
    failed = failed_in(workspace, mapped, run)
    return briefs_of_failures(failed.cases, axes=workspace.config.axes, n=1).failures


def still_to_make(workspace: Workspace, run: str, briefs: Sequence[Brief]) -> tuple[tuple[Brief, ...], int]:
    """(the briefs without what stands already from this run's failures, how much that is)."""
    with workspace.store.reading() as connection:
        made_by = {one.run for one in said_rows.production_runs(connection) if one.from_failures == run}
    axes, standing = workspace.config.axes, Counter[str]()
    for case in workspace.cases(Filter(real=False, counting=True), findings=False) if made_by else ():
        if case.status != "rejected" and case.provenance.source == "synthetic" and case.provenance.run in made_by:
            standing[_cell(case, axes)] += 1
    left = []
    for brief in briefs:
        missing = brief.count - standing[brief.cell]
        if missing > 0:
            left.append(brief.model_copy(update={"count": missing}))
    return tuple(left), sum(min(brief.count, standing[brief.cell]) for brief in briefs)


def notes_of(failed: Failed, ordered: Ordered, standing: int) -> Iterator[str]:
    """What was decided on the way, to be said aloud."""
    total, techniques = sum(brief.count for brief in ordered.briefs), {brief.technique for brief in ordered.briefs}
    distinct = len({case.id for case, _ in failed.cases})
    yield (
        f"{counted(distinct, 'case')} failed in the run {failed.run}: {counted(total, 'candidate')} in "
        f"{counted(len(ordered.briefs), 'cell')}, in proportion to the failures"
        + (f"; {standing:,} stand already" if standing else "")
    )
    if techniques == {"mutation"}:
        yield (
            "the seeds of those cells are mutated: without a model (`models.generator`, or asked for) nothing tells "
            "what went wrong"
        )
    if failed.lost:
        yield f"{counted(failed.lost, 'failed case')} in no cell of the grid order nothing"
    if failed.beside:
        yield f"{counted(failed.beside, 'row')} failed on the way (timeout, connection, status) and order nothing"


def _cell(case: Case, axes: Sequence[str]) -> str:
    return cell_name({axis: str(case.metadata.get(axis)) for axis in axes}) if axes else ALL


def _cases(workspace: Workspace, head: RunHead, rows: Sequence[Result]) -> dict[str, Case]:
    """Content -> case, of the rows: as the version has it, else as it stands."""
    wanted = {row.content for row in rows}
    found: dict[str, Case] = {}
    if head.dataset in workspace.folder.versions():
        found = {case.content: case for case in read_dataset(workspace.folder, head.dataset).cases}
    if wanted - set(found):
        found = {case.content: case for case in workspace.cases(Filter(), findings=False)} | found
    return {content: case for content, case in found.items() if content in wanted}


def _why(row: Result) -> str:
    """What went wrong, in a sentence. The answer itself is not told: a model would write for it."""
    said = row.error or "; ".join(
        f"{score.evaluator}: {score.why or 'not passed'}" for score in row.scores if score.passed is False
    )
    return " ".join((said or "the answer did not pass").split())[:WHY]
