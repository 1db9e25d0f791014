"""Seeds of a workspace into their cells, and the map of them. Where a seed lies is written into the store.

What this module does not know: how likeness is measured, and how a map is shown.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from anchorset.core.behaviour import SeedMap
from anchorset.core.case import Case
from anchorset.core.errors import MachineError
from anchorset.core.filter import Filter
from anchorset.core.provenance import SEED
from anchorset.core.run import RunHead
from anchorset.core.said import Verdict
from anchorset.infra.db import cases as case_rows
from anchorset.infra.db import said as said_rows
from anchorset.infra.db.open import meta, put_meta
from anchorset.map.placing import with_cells
from anchorset.map.readiness import Facts
from anchorset.map.workspace import map_workspace
from anchorset.pipeline.plan.past import heads_of, judge_facts, passed_in
from anchorset.pipeline.workspace import Workspace

SEEN = "seeds of the last map"
"""Under this name the store keeps them. It is no truth: a store made anew has seen no map."""


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


def map_seeds(workspace: Workspace, *, remember: bool = False) -> Mapped:
    """The map of all seeds that nobody rejected.

    `remember`: people see this one, so what is new in the next is what came after it.
    """
    real = [case for case in workspace.cases(Filter(real=True, counting=True)) if case.status != "rejected"]
    seeds = [case for case in real if case.bucket == SEED]
    others = [case for case in real if case.bucket != SEED]
    candidates = workspace.cases(Filter(real=False, counting=True), findings=False)
    heads = heads_of(workspace)
    results = passed_in(workspace, heads[-1].run) if heads else {}
    found = map_workspace(
        seeds, workspace.config, embedder=workspace.bench.embedder, others=others, candidates=candidates,
        facts=_facts(workspace, heads, results), results=results, known=_known(workspace),
    )  # fmt: skip
    _keep_cells(workspace, found)
    if remember:
        _remember(workspace, sorted(case.id for case in seeds))
    return Mapped(map=found, seeds=with_cells(seeds, found.home), others=others, candidates=candidates)


def _known(workspace: Workspace) -> set[str] | None:
    """Ids of the seeds in the last map that people saw; None: none was."""
    with workspace.store.reading() as connection:
        said = meta(connection, SEEN)
    return None if said is None else set(json.loads(said))


def _remember(workspace: Workspace, ids: Sequence[str]) -> None:
    said = json.dumps(ids)
    with workspace.store.reading() as connection:
        if meta(connection, SEEN) == said:
            return
    with contextlib.suppress(MachineError), workspace.store.writing() as connection:  # a map can be read in any folder
        put_meta(connection, SEEN, said)


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


def _facts(workspace: Workspace, heads: Sequence[RunHead], results: Mapping[str, bool]) -> Facts:
    failed = {case for case, passed in results.items() if not passed}
    with workspace.store.reading() as connection:
        looked_at = {one.case for one in said_rows.verdicts(connection)} if failed else set()
    return Facts(
        bad_cases=len(failed) if heads else None,
        bad_cases_reviewed=len(failed & looked_at),
        versions=len(workspace.folder.versions()),
        in_git=any((folder / ".git").exists() for folder in (workspace.path, *workspace.path.parents)),
        **judge_facts(workspace, heads),
    )


def verdicts(workspace: Workspace) -> list[Verdict]:
    """All verdicts in the order in which they were given."""
    with workspace.store.reading() as connection:
        return said_rows.verdicts(connection)
