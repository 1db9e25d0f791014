"""Undecided candidates judged again with the checks and settings of today.

What this module does not know: any check, and how anything is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from anchorset.core.case import Case, Scalar
from anchorset.core.filter import Filter
from anchorset.core.provenance import Synthetic
from anchorset.infra.db.cases import recorded_metadata
from anchorset.pipeline.indexing import REQUALIFIED
from anchorset.pipeline.mapping import map_seeds
from anchorset.pipeline.workspace import Workspace
from anchorset.qualify.crowd import crowd_of
from anchorset.qualify.gate import RunGate
from anchorset.qualify.settings import settings_of

BATCH = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Requalified:
    """What came of it."""

    judged: int
    changed: int
    """Candidates whose findings or status are others now."""
    status: Counter[str]
    rejected_by: Counter[str]


def requalify(workspace: Workspace, *, everything: bool = False) -> Requalified:
    """Judges what passed and nobody decided; `everything`: what checks rejected too.

    What is decided stays and counts as known. Only what changes is written, a batch at a time, so the same again after
    a kill ends the work and writes nothing twice.
    """
    with workspace.exclusive("produce"):
        mapped = map_seeds(workspace)
        crowd = crowd_of(
            mapped.seeds, embedder=workspace.bench.embedder, groups=mapped.map.groups,
            settings=settings_of(workspace.config),
        )  # fmt: skip
        there = workspace.cases(Filter(real=False, counting=True), order="seq")
        with workspace.store.reading() as connection:
            recorded = recorded_metadata(connection)
        synthetic = [case for case in there if isinstance(case.provenance, Synthetic)]
        decided = [case for case in synthetic if case.reviews or case.status in ("approved", "edited")]
        open_ = [
            case
            for case in synthetic
            if not case.reviews and (case.status == "passed" or (everything and case.status == "rejected"))
        ]
        # What passed before comes first: of two near-duplicates the one that was let in stays.
        open_.sort(key=lambda case: case.status != "passed")
        gate = RunGate(crowd, standing=decided)
        changed, status, rejected_by = 0, Counter[str](), Counter[str]()
        workspace.progress.start("qualifying", len(open_))
        for start in range(0, len(open_), BATCH):
            before = open_[start : start + BATCH]
            judged = gate.judge([case.model_copy(update={"findings": (), "status": "pending"}) for case in before])
            fresh = [
                new
                for old, new in zip(before, judged, strict=True)
                if (old.findings, old.status) != (new.findings, new.status)
            ]
            workspace.append(REQUALIFIED, [_as_recorded(case, recorded) for case in fresh])
            changed += len(fresh)
            status.update(case.status for case in judged)
            rejected_by.update(
                next(found.check for found in case.findings if found.says == "reject")
                for case in judged
                if case.status == "rejected"
            )
            workspace.progress.advance(len(before))
        workspace.progress.stop()
    return Requalified(judged=len(open_), changed=changed, status=status, rejected_by=rejected_by)


def _as_recorded(case: Case, recorded: Mapping[tuple[str, str | None], Mapping[str, Scalar]]) -> Case:
    """The case with the metadata its mirror has: what was tagged by hand stands in the reviews, and stays there."""
    run = case.provenance.run if isinstance(case.provenance, Synthetic) else None
    metadata = recorded.get((case.content, run))
    return case if metadata is None else case.model_copy(update={"metadata": dict(metadata)})
