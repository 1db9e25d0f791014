"""Seeds of a workspace into their cells, and the map of them. Where a seed lies is written into the store.

What this module does not know: how likeness is measured, and how a map is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from anchorset.core.behaviour import SeedMap
from anchorset.core.case import Case
from anchorset.core.filter import Filter
from anchorset.core.provenance import SEED
from anchorset.core.said import Verdict
from anchorset.infra.db import cases as case_rows
from anchorset.infra.db import runs as run_rows
from anchorset.infra.db import said as said_rows
from anchorset.map.readiness import Facts
from anchorset.map.workspace import map_workspace
from anchorset.pipeline.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """The map, and the cases it was made of."""

    map: SeedMap
    seeds: list[Case]
    """Bucket `seed`, each with the axis values of its cell in the metadata."""
    others: list[Case]
    """Regression and golden cases."""
    candidates: list[Case]
    """Synthetic cases that count, whatever their status."""


def map_seeds(workspace: Workspace) -> Mapped:
    """The map of all seeds that nobody rejected."""
    real = [case for case in workspace.cases(Filter(real=True, counting=True)) if case.status != "rejected"]
    seeds = [case for case in real if case.bucket == SEED]
    others = [case for case in real if case.bucket != SEED]
    candidates = workspace.cases(Filter(real=False, counting=True), findings=False)
    found = map_workspace(
        seeds, workspace.config, embedder=workspace.bench.embedder, others=others, candidates=candidates,
        facts=_facts(workspace), results=_passed(workspace),
    )  # fmt: skip
    _keep_cells(workspace, found)
    return Mapped(map=found, seeds=placed(seeds, found), others=others, candidates=candidates)


def placed(seeds: Sequence[Case], found: SeedMap) -> list[Case]:
    """The seeds, each with the values of its cell in its metadata: production asks nothing else."""
    return [
        case.model_copy(update={"metadata": {**case.metadata, **found.home[case.id].values}})
        if case.id in found.home
        else case
        for case in seeds
    ]


def _keep_cells(workspace: Workspace, found: SeedMap) -> None:
    """What the map found out beyond metadata goes into the store, for lists and counts."""
    with workspace.store.reading() as connection:
        there = case_rows.keys(connection, Filter(real=True, bucket=SEED))
    moved = {
        key: found.home[id].cell
        for key, (id, cell) in there.items()
        if id in found.home and found.home[id].cell != cell
    }
    if moved:
        with workspace.store.writing() as connection:
            case_rows.put_cells(connection, moved)


def _passed(workspace: Workspace) -> dict[str, bool]:
    """Case id -> whether it passed in the last run there is."""
    with workspace.store.reading() as connection:
        heads = run_rows.heads(connection)
        rows = run_rows.results(connection, heads[-1].run) if heads else []
    found: dict[str, bool] = {}
    for row in rows:
        if row.passed is not None:
            found[row.case] = found.get(row.case, True) and row.passed
    return found


def _facts(workspace: Workspace) -> Facts:
    with workspace.store.reading() as connection:
        heads = run_rows.heads(connection)
        failed = (
            {row.case for row in run_rows.results(connection, heads[-1].run) if row.passed is False} if heads else set()
        )
        looked_at = {one.case for one in said_rows.verdicts(connection)} if failed else set()
    return Facts(
        bad_cases=len(failed) if heads else None,
        bad_cases_reviewed=len(failed & looked_at),
        versions=len(workspace.folder.versions()),
        in_git=any((folder / ".git").exists() for folder in (workspace.path, *workspace.path.parents)),
    )


def verdicts(workspace: Workspace) -> list[Verdict]:
    """All verdicts in the order in which they were given."""
    with workspace.store.reading() as connection:
        return said_rows.verdicts(connection)
