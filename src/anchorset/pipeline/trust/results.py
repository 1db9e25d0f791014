"""Results from elsewhere into a workspace, the approved baseline out of it, and runs on a version compared.

What this module does not know: formats, statistics, and how anything is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anchorset.core.case import Case
from anchorset.core.errors import UsageError, nearest
from anchorset.core.family import family_of
from anchorset.core.filter import Filter
from anchorset.core.judge import JudgeCalibration
from anchorset.core.result import Comparison, Purpose
from anchorset.core.run import Result, RunHead
from anchorset.core.said import Grade
from anchorset.infra.db import runs as run_rows
from anchorset.infra.db import said as said_rows
from anchorset.pipeline.indexing import HEADS, JUDGES
from anchorset.pipeline.review.graded import judge_of
from anchorset.pipeline.ship.datasets import Dataset, read_dataset
from anchorset.pipeline.workspace import Workspace
from anchorset.trust.baseline.against import against
from anchorset.trust.baseline.file import read_baseline, write_baseline
from anchorset.trust.compare.compare import compare
from anchorset.trust.compare.lineage import lineage_of, rows_for_compare
from anchorset.trust.results.imported import Imported, lookup_in
from anchorset.trust.results.read import read_results

BATCH = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn:
    """What a file of results brought."""

    imported: Imported
    new: int
    """Of its rows (or calibrations of judges), those that the workspace had not."""


def import_results(
    workspace: Workspace, file: Path, *, format: str = "auto", mapping: str = "", system: str | None = None,
    ref: str | None = None,
) -> TakenIn:  # fmt: skip
    """Takes result rows or judge pairs in; the same file again adds nothing.

    `ref`: the dataset version the rows are about (a name alone: its newest), under which they are kept; None: what the
    rows say, and their cases are looked for in the newest version of every dataset, then among all there are.
    """
    dataset = None if ref is None else read_dataset(workspace.folder, ref)
    with workspace.exclusive("results-import"):
        found = read_results(
            file, at=workspace.now(), format=format, mapping=mapping or None, system=system,
            lookup=lookup_in(_everything(workspace) if dataset is None else dataset.cases),
            dataset=None if dataset is None else dataset.manifest.ref,
        )  # fmt: skip
        with workspace.store.reading() as connection:
            known = {head.run for head in run_rows.heads(connection)}
            done = {head.run: run_rows.done(connection, head.run) for head in found.heads}
        workspace.append(HEADS, [head for head in found.heads if head.run not in known])
        new = 0
        for head in found.heads:
            there = done[head.run]
            rows = [row for row in found.rows if row.run == head.run and (row.content, row.repeat) not in there]
            new += len(rows)
            for start in range(0, len(rows), BATCH):
                workspace.append(f"runs/{head.run}.jsonl", rows[start : start + BATCH])
        said = {one.line() for one in judges(workspace)}
        fresh = [one for one in found.judges if one.line() not in said]
        workspace.append(JUDGES, fresh)
    return TakenIn(imported=found, new=new + len(fresh))


def _everything(workspace: Workspace) -> list[Case]:
    names = dict.fromkeys(one.partition("@")[0] for one in workspace.folder.versions())
    shipped = [case for name in names for case in read_dataset(workspace.folder, name).cases]
    ids = {case.id for case in shipped}
    return [*(case for case in workspace.cases(Filter()) if case.id not in ids), *shipped]


def judges(workspace: Workspace) -> list[JudgeCalibration]:
    """What is known about judges, in the order in which it came in."""
    return workspace.rows(JUDGES, JudgeCalibration)


def judge_named(known: Sequence[JudgeCalibration], name: str) -> JudgeCalibration:
    """The newest calibration of a judge, `NAME` or `NAME (STRATEGY)`. Raises UsageError listing those there are."""
    found = [one for one in known if name in (one.name, one.judge)]
    if not found:
        raise UsageError(f"nothing is known about the judge {name!r}; {nearest(name, [one.name for one in known])}")
    return next((one for one in reversed(found) if one.name == name), found[-1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """The runs on one dataset version."""

    dataset: Dataset
    runs: list[tuple[RunHead, list[Result]]]
    """Oldest first."""

    @property
    def results(self) -> list[Result]:
        """Of all runs; of a target and version that ran twice, the last run's."""
        return [row for _, rows in self.last for row in rows]

    @property
    def last(self) -> list[tuple[RunHead, list[Result]]]:
        """Of a target and version that ran twice, the last run."""
        last = {(head.target, head.version): head.run for head, _ in self.runs}
        return [(head, rows) for head, rows in self.runs if head.run in last.values()]


def runs_on(workspace: Workspace, ref: str | None) -> Runs:
    """Runs on the version `ref`, imported results that name it included."""
    dataset = read_dataset(workspace.folder, ref)
    with workspace.store.reading() as connection:
        heads = [
            head
            for head in run_rows.heads(connection)
            if head.digest == dataset.manifest.digest or head.dataset == dataset.manifest.ref
        ]
        return Runs(dataset=dataset, runs=[(head, run_rows.results(connection, head.run)) for head in heads])


def compare_runs(
    workspace: Workspace, ref: str | None, *, baseline: str | None, candidates: Sequence[str],
    purpose: Purpose = "gate", max_drop: float | None = None, random_seed: int = 7, judge: str | None = None,
    family: str | None = None, against_file: Path | None = None,
) -> list[Comparison]:  # fmt: skip
    """Verdicts on the runs of a version: `baseline` against each candidate, or an approved baseline file against one.

    Systems are targets by name, `target@version` where one ran in several versions. The configuration gives the mix and
    what drop is accepted; `judge` names a calibrated judge (None: the language model that judged the runs, where one
    did), `family` overrides the candidates' model family.
    """
    found = runs_on(workspace, ref)
    ref = found.dataset.manifest.ref
    if not found.runs:
        raise UsageError(f"nothing ran on {ref} yet; `anchorset run {ref} --target NAME` does")
    lineage = {case.id: lineage_of(case, dataset=ref) for case in found.dataset.cases}
    families = _families(found.runs, family)
    given: dict[str, Any] = {
        "purpose": purpose, "max_drop": max_drop or workspace.config.trust.max_drop, "random_seed": random_seed,
        "mix": workspace.config.mix,
        "judge": judge_named(judges(workspace), judge) if judge else _judge(workspace, found, families, candidates),
    }  # fmt: skip
    if against_file is not None:
        head, rows = _run_of(found.runs, candidates)
        pair = against(read_baseline(against_file), head, rows, lineage)
        return compare(
            pair.rows, pair.baseline, [pair.candidate], notes=pair.notes,
            candidate_family=family or families.get(head.target), **given,
        )  # fmt: skip
    if baseline is None:
        raise UsageError("no baseline is named; give `--baseline NAME`, or `--against FILE` for an approved one")
    asked = [baseline, *candidates]
    prepared = rows_for_compare(found.results, lineage, systems=asked)
    known = rows_for_compare(found.results, lineage).systems
    for name in asked:
        if name not in prepared.systems:
            raise UsageError(f"{name!r} did not run on {ref}; {nearest(name, known)}")
    return compare(prepared.rows, baseline, candidates, notes=prepared.notes, candidate_family=families, **given)


def _judge(
    workspace: Workspace, found: Runs, families: dict[str, str | None], candidates: Sequence[str]
) -> JudgeCalibration | None:
    """The language model that judged the last runs, with what people's grades and imported pairs say of it."""
    with workspace.store.reading() as connection:
        grades = said_rows.all_said(connection, Grade, "grade")
    return judge_of(found.last, grades, judges(workspace), families=[families.get(name) for name in candidates])


def _families(runs: Iterable[tuple[RunHead, object]], override: str | None) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for head, _ in runs:
        said = override or head.family or head.target
        mine = family_of(said) or override or head.family  # `gpt` and `openai-gpt` are one
        found |= {head.target: mine, f"{head.target}@{head.version}": mine}
    return found


def _run_of(runs: Sequence[tuple[RunHead, list[Result]]], names: Sequence[str]) -> tuple[RunHead, list[Result]]:
    """The newest run of the one system that is named. Raises UsageError."""
    if len(names) != 1:
        raise UsageError(f"{len(names)} candidates are named; an approved baseline is held against exactly one")
    found = [one for one in runs if names[0] in (one[0].run, one[0].target, f"{one[0].target}@{one[0].version}")]
    if not found:
        raise UsageError(f"{names[0]!r} did not run on this version; {nearest(names[0], {h.target for h, _ in runs})}")
    return found[-1]


def approve_baseline(workspace: Workspace, ref: str | None, target: str, out: Path) -> RunHead:
    """Writes the newest run of `target` on the version as the approved baseline, a file for git. Returns its head."""
    found = runs_on(workspace, ref)
    if not found.runs:
        ref = found.dataset.manifest.ref
        raise UsageError(f"nothing ran on {ref} yet; `anchorset run {ref} --target {target}` does")
    head, rows = _run_of(found.runs, [target])
    lineage = {case.id: lineage_of(case, dataset=found.dataset.manifest.ref) for case in found.dataset.cases}
    write_baseline(out, head, rows, lineage)
    return head
