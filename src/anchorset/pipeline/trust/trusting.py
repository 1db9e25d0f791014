"""Everything that happened to a dataset version, as the trust report asks for it; and outcomes of releases.

What this module does not know: any question, and how anything is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from anchorset.core.case import Case
from anchorset.core.errors import UsageError
from anchorset.core.filter import Filter
from anchorset.core.said import Grade, Outcome
from anchorset.core.trust import TrustReport
from anchorset.infra.db import runs as run_rows
from anchorset.infra.db import said as said_rows
from anchorset.infra.db.cases import recorded
from anchorset.infra.formats.writing import write_text
from anchorset.pipeline.cases import reviews_file
from anchorset.pipeline.review.graded import graded_evaluators
from anchorset.pipeline.ship.datasets import Dataset, read_dataset
from anchorset.pipeline.ship.shipping import lock_of
from anchorset.pipeline.trust.results import judges
from anchorset.pipeline.workspace import Workspace
from anchorset.ship.leaks import leaks
from anchorset.trust.report.history import History
from anchorset.trust.report.outcome import Concluded, Promotion, conclude
from anchorset.trust.report.page import html
from anchorset.trust.report.report import report


def trust_report(workspace: Workspace, ref: str | None = None, *, page: Path | None = None) -> TrustReport:
    """The five questions and the signals for a version; None: the newest, or none at all."""
    found = report(history_of(workspace, ref))
    if page is not None:
        write_text(page, html(found))
    return found


def history_of(workspace: Workspace, ref: str | None = None) -> History:
    """All that is known around a version."""
    dataset = read_dataset(workspace.folder, ref) if ref is not None or workspace.folder.versions() else None
    with workspace.store.reading() as connection:
        runs = [(head, run_rows.results(connection, head.run)) for head in run_rows.heads(connection)]
        verdicts = said_rows.verdicts(connection)
        grades = said_rows.all_said(connection, Grade, "grade")
        outcomes = said_rows.all_said(connection, Outcome, "outcome")
        production = said_rows.production_runs(connection)
    everything = workspace.cases(Filter())
    contents = {one.content for one in verdicts}
    real = [case for case in everything if case.provenance.source != "synthetic"]
    embedder = workspace.bench.embedder
    return History(
        config=workspace.config, embedder=embedder, now=workspace.now(),
        cases=dataset.cases if dataset else [], manifest=dataset.manifest if dataset else None, runs=runs,
        verdicts=verdicts, judged=[case for case in everything if case.content in contents], grades=grades,
        outcomes=outcomes, calibrations=[*judges(workspace), *graded_evaluators(runs, grades)],
        made_at={one.run: one.at for one in production if one.state == "done"}, inputs=lock_of(workspace, real),
        leaks=None if dataset is None else _leaks(dataset, everything, embedder),
        key_terms=workspace.config.constraints.key_terms, production=production,
    )  # fmt: skip


def _leaks(dataset: Dataset, everything: Sequence[Case], embedder: Any) -> list[tuple[str, str]]:
    texts = {case.id: case.text for case in everything}
    return [(leak.first, leak.second) for leak in leaks(dataset.cases, embedder=embedder, texts=texts)]


def record_outcome(
    workspace: Workspace, ref: str | None, *, evidence: Sequence[str], promote: Promotion | None, **said: Any
) -> Concluded:
    """Keeps what became of a release, and promotes the cases that show it. Raises UsageError.

    `said`: decision, candidate, reviewer, reasons, verdict, production, note.
    """
    dataset = read_dataset(workspace.folder, ref)
    with workspace.store.reading() as connection:
        wanted = Filter(ids=tuple(evidence), counting=True)
        here = {case.id: raw for case, raw in recorded(connection, wanted)} if evidence else {}
    by_id = {**{case.id: case for case in dataset.cases}, **here}
    missing = [id for id in evidence if id not in by_id]
    if missing:
        raise UsageError(f"the evidence names {missing[0]!r}, which no case has; `anchorset cases list` shows the ids")
    done = conclude(
        dataset=dataset.manifest.ref, at=workspace.now(), evidence=[by_id[id] for id in evidence], promote=promote,
        **said,
    )  # fmt: skip
    workspace.append(reviews_file(done.outcome.reviewer), [done.outcome])
    if done.promoted:
        real = [case for case in done.promoted if case.provenance.source != "synthetic"]
        made = [case for case in done.promoted if case.provenance.source == "synthetic"]
        workspace.append("seeds/updates.jsonl", real)  # read after the files that logs came in by
        workspace.append("candidates/requalified.jsonl", made)
    return done
