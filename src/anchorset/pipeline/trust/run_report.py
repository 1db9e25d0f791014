"""What a run of a target came to, for people: rates by provenance bucket, rows with their cause, what to compare with.

What this module does not know: how a target is asked, and how anything is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from anchorset.core.case import Case
from anchorset.core.errors import UsageError, nearest
from anchorset.core.filter import Filter
from anchorset.core.run import Result, RunHead, run_ledger
from anchorset.infra.db import runs as run_rows
from anchorset.pipeline.ship.datasets import Dataset
from anchorset.pipeline.ship.library import Library
from anchorset.pipeline.workspace import Workspace
from anchorset.trust.report.points import points, rates
from anchorset.trust.report.population import population

What = Literal["failed", "passed", "error", "not_judged"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One run, with the cases that it asked."""

    head: RunHead
    rows: list[Result]
    """By case and repeat."""
    cases: Mapping[str, Case]
    """Content -> case; a row whose case nobody has any more is in none."""
    dataset: Dataset | None
    """None: it ran on something that is no version of this workspace."""


def heads_of(workspace: Workspace) -> list[RunHead]:
    """All runs, oldest first."""
    with workspace.store.reading() as connection:
        return run_rows.heads(connection)


def runs_report(workspace: Workspace, *, dataset: str | None = None) -> list[dict[str, Any]]:
    """The runs (on one version), the latest first, as `anchorset results list --json` has them, and their counts."""
    with workspace.store.reading() as connection:
        heads = run_rows.heads(connection)
        counts = run_rows.rates(connection)
    return [
        {
            **one.model_dump(),
            "rates": {name: counts.get(one.run, Counter())[name] for name in ("passed", "failed", "none")},
        }
        for one in reversed(heads)
        if dataset is None or one.dataset == dataset
    ]  # fmt: skip


def seen(workspace: Workspace, library: Library, run: str) -> Seen:
    """The run with its rows. Raises UsageError for one that is not there."""
    with workspace.store.reading() as connection:
        heads = run_rows.heads(connection)
        rows = run_rows.results(connection, run)
    head = next((one for one in heads if one.run == run), None)
    if head is None:
        known = [one.run for one in heads]
        raise UsageError(f"there is no run {run!r}; {nearest(run, known) if known else 'nothing has run yet'}")
    dataset = library.dataset(head.dataset) if head.dataset in workspace.folder.versions() else None
    cases = {case.content: case for case in dataset.cases} if dataset else {}
    missing = {row.content for row in rows} - set(cases)
    if missing:
        ids = tuple(sorted({row.case for row in rows if row.content in missing}))
        there = workspace.cases(Filter(ids=ids)) if len(ids) <= MOST_LOOKED_UP else workspace.cases(Filter())
        cases |= {case.content: case for case in there if case.content in missing}
    return Seen(head=head, rows=rows, cases=cases, dataset=dataset)


MOST_LOOKED_UP = 400
"""Ids looked up one by one; for more, everything is read."""


def run_report(workspace: Workspace, found: Seen) -> dict[str, Any]:
    """Head, ledger, pass rates by bucket with clustered 95 % intervals, causes, cost; and what it can be held against.

    `name` is what `anchorset compare` calls the run's target, None when a later run of the same version replaced it.
    """
    head = found.head
    of = population(list(found.cases.values()) if found.dataset is None else found.dataset.cases)
    (point,) = points([(head, found.rows)], of)
    measured = rates(point, of)
    ledger = run_ledger(found.rows, wanted=max(head.cases * head.repeats, len(found.rows)))
    causes = Counter(row.cause for row in found.rows if row.cause)
    known = [row.usd for row in found.rows if row.usd is not None]
    names = names_on(heads_of(workspace), head.dataset)
    return {
        "head": head.model_dump(), "name": names.get(head.run), "ledger": ledger.model_dump(),
        "rates": measured.model_dump(mode="json"), "causes": dict(sorted(causes.items())),
        "by_bucket": _by_bucket(found), "usd": sum(known) if known else None,
        "seconds": sum(row.seconds or 0.0 for row in found.rows),
        "others": [
            {"run": one.run, "name": names[one.run], "target": one.target, "version": one.version}
            for one in heads_of(workspace)
            if one.dataset == head.dataset and one.run in names and one.run != head.run
        ],
    }  # fmt: skip


def names_on(heads: Sequence[RunHead], dataset: str) -> dict[str, str]:
    """Run -> what a comparison calls it: the target, and its version where several ran. Only the last run of each."""
    here = [one for one in heads if one.dataset == dataset]
    last = {(one.target, one.version): one.run for one in here}
    versions = Counter(target for target, _ in last)
    return {run: f"{target}@{version}" if versions[target] > 1 else target for (target, version), run in last.items()}


def _by_bucket(found: Seen) -> dict[str, dict[str, int]]:
    counts: dict[str, Counter[str]] = {}
    for row in found.rows:
        case = found.cases.get(row.content)
        counts.setdefault(str(case.bucket) if case else "unknown", Counter())[what_of(row)] += 1
    return {bucket: dict(sorted(said.items())) for bucket, said in counts.items()}


def what_of(row: Result) -> What:
    """What became of one row: an error is a failure of its own kind."""
    if row.cause not in (None, "not_judged"):
        return "error"
    if row.passed is None:
        return "not_judged" if row.score is None else "passed" if row.score >= 0.5 else "failed"
    return "passed" if row.passed else "failed"


ORDER: tuple[What, ...] = ("failed", "error", "not_judged", "passed")
"""Failures first; in it real cases before synthetic ones."""


def results_page(
    found: Seen, *, what: What | None = None, bucket: str | None = None, text: str | None = None,
    without: Sequence[str] = (), limit: int, offset: int = 0,
) -> tuple[list[tuple[Result, Case | None]], int]:  # fmt: skip
    """(one page of the rows that fit, each with its case; how many fit). `without`: buckets not to be shown."""
    sought = (text or "").casefold()
    rows = []
    for row in found.rows:
        case = found.cases.get(row.content)
        where = str(case.bucket) if case else "unknown"
        if where in without or (bucket is not None and where != bucket) or (what is not None and what_of(row) != what):
            continue
        if sought and sought not in (case.text.casefold() if case else "") and sought not in str(row.output).casefold():
            continue
        rows.append((row, case, where))
    rows.sort(key=lambda one: (ORDER.index(what_of(one[0])), one[2] != "seed", one[2], one[0].case, one[0].repeat))
    return [(row, case) for row, case, _ in rows[offset : offset + limit]], len(rows)
