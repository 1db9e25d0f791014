"""Undecided candidates judged again with the checks and settings of today.

What this module does not know: any check, and how anything is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace

from anchorset.core.ask import Spent
from anchorset.core.case import Case, Scalar
from anchorset.core.errors import PendingError
from anchorset.core.filter import Filter
from anchorset.core.finding import Finding
from anchorset.core.hashing import short_hash
from anchorset.core.provenance import Synthetic
from anchorset.infra.db.cases import recorded_metadata
from anchorset.pipeline.indexing import REQUALIFIED
from anchorset.pipeline.models import Ledgered
from anchorset.pipeline.plan.mapping import map_seeds
from anchorset.pipeline.produce.calibrating import calibrations_of
from anchorset.pipeline.produce.judge import Consent, Nobody, asker_for, judging_alone, settled_judge
from anchorset.pipeline.produce.left_behind import stale_now
from anchorset.pipeline.produce.writing import judging_for
from anchorset.pipeline.workspace import Workspace
from anchorset.plan.hearing import families_of
from anchorset.qualify.crowd import crowd_of
from anchorset.qualify.gate import RunGate
from anchorset.qualify.judging.judging import Judging
from anchorset.qualify.sets import standing_findings
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
    spent: Spent = field(default_factory=Spent)
    notes: tuple[str, ...] = ()
    set_findings: list[Finding] = field(default_factory=list)
    """What is wrong with all candidates there are, taken together."""
    stopped: PendingError | None = None
    """Why the rest waits for the judge; None: all were judged."""


def requalify(workspace: Workspace, *, everything: bool = False, consent: Consent | None = None) -> Requalified:
    """Judges what passed and nobody decided; `everything`: what checks rejected too.

    What is decided stays and counts as known. Only what changes is written, a batch at a time, so the same again after
    a kill ends the work and writes nothing twice. Where the configuration names a judge it is asked too, about what it
    has not answered yet; at the end of the budget and on Ctrl-C what was judged is kept and `stopped` says so.
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
        changed, status, rejected_by = 0, Counter[str](), Counter[str]()
        stopped = None
        judging, notes = _judging(workspace)
        with _asker(workspace, judging, open_, synthetic, consent or Consent()) as asker:
            gate = RunGate(
                crowd, standing=decided, judging=replace(judging, asker=asker) if judging and asker else None
            )  # fmt: skip
            workspace.progress.start("qualifying", len(open_))
            for start in range(0, len(open_), BATCH):
                before = open_[start : start + BATCH]
                try:
                    judged = gate.judge(
                        [case.model_copy(update={"findings": (), "status": "pending"}) for case in before]
                    )
                except PendingError as error:
                    stopped = error
                    break
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
        together = standing_findings(
            workspace.cases(Filter(real=False, counting=True), findings=False), axes=workspace.config.axes,
            stale=stale_now(workspace), families=families_of(workspace.config),
        )  # fmt: skip
    return Requalified(
        judged=status.total(), changed=changed, status=status, rejected_by=rejected_by, notes=notes, stopped=stopped,
        spent=asker.spent if asker else Spent(), set_findings=together,
    )  # fmt: skip


def _judging(workspace: Workspace) -> tuple[Judging | None, tuple[str, ...]]:
    """The configuration's judge with what is known about it, and what is to be said; None where there is no judge."""
    spec, notes = settled_judge(workspace)
    models = judging_alone(spec)
    if not models.judges:
        return None, notes
    judging = judging_for(workspace, models, Nobody(), calibrations_of(workspace, models))
    return judging, (*notes, *judging.notes)


def _asker(
    workspace: Workspace, judging: Judging | None, open_: Sequence[Case], synthetic: Sequence[Case], consent: Consent
) -> AbstractContextManager[Ledgered | None]:
    """Who answers. The run is one for the same candidates and settings, whatever of them is judged already."""
    if judging is None or not open_:
        return nullcontext()
    checks = workspace.config.model_dump(mode="json", include={"checks", "constraints"})
    waiting = sorted(case.content for case in synthetic if not case.reviews)
    run = "k_" + short_hash(["qualify", judging.spec.model, judging.prompt, checks, waiting])
    return asker_for(
        workspace, [judging.spec], run=run, consent=consent, what="every candidate to the judge",
        asks=lambda: [ask for case in open_ if (ask := judging.ask_of(case)) is not None],
    )  # fmt: skip


def _as_recorded(case: Case, recorded: Mapping[tuple[str, str | None], Mapping[str, Scalar]]) -> Case:
    """The case with the metadata its mirror has: what was tagged by hand stands in the reviews, and stays there."""
    run = case.provenance.run if isinstance(case.provenance, Synthetic) else None
    metadata = recorded.get((case.content, run))
    return case if metadata is None else case.model_copy(update={"metadata": dict(metadata)})
