"""The audit packet of a version: collected from everything the workspace has, in the order of the stages.

What this module does not know: how a packet is drawn.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from anchorset.core.case import Case
from anchorset.core.filter import Filter
from anchorset.core.inert import short
from anchorset.core.numbers import counted, share
from anchorset.core.provenance import REAL_BUCKETS, Observed, Synthetic
from anchorset.core.said import Grade, ProductionRun, Verdict
from anchorset.core.trust import Estimate
from anchorset.infra.db import runs as run_rows
from anchorset.infra.db import said as said_rows
from anchorset.infra.formats.writing import write_text
from anchorset.pipeline.review.reviewing import review_status
from anchorset.pipeline.ship.datasets import Dataset, read_dataset
from anchorset.pipeline.ship.shipping import verify_version
from anchorset.pipeline.trust.outcomes import outcomes_of
from anchorset.pipeline.trust.timeline import timeline
from anchorset.pipeline.workspace import Workspace
from anchorset.ship.packet.packet import Packet, Refused, Reviewed, Stage, cut
from anchorset.ship.packet.page import html
from anchorset.ship.packet.pairs import sampled
from anchorset.trust.report.people import agreement
from anchorset.trust.report.points import points, rates
from anchorset.trust.report.population import population

REFUSED = 12
"""Rejected candidates that are shown: two a reason, as long as there is room."""
FILES = 8
"""Log files that are named."""


def packet_of(
    workspace: Workspace, ref: str | None, *, without: Sequence[str] = (), page: Path | None = None
) -> Packet:  # fmt: skip
    """The packet of a version, and its page when it was asked for. `without`: buckets whose texts are not shown."""
    dataset = read_dataset(workspace.folder, ref)
    found = collect(workspace, dataset, without=without)
    if page is not None:
        write_text(page, html(found))
    return found


def collect(workspace: Workspace, dataset: Dataset, *, without: Sequence[str] = ()) -> Packet:
    """The same for a version that was read already."""
    manifest = dataset.manifest
    verified = verify_version(workspace, manifest.ref)
    status = review_status(workspace)
    with workspace.store.reading() as connection:
        verdicts = said_rows.verdicts(connection)
        grades = said_rows.all_said(connection, Grade, "grade")
        production = said_rows.production_runs(connection)
    behind = _behind(dataset.cases, production)
    agreed = agreement(verdicts, grades)
    events, earlier = timeline(workspace)
    slices = [("all candidates", status.survival), *status.by_technique.items()]
    slices += [(f"persona {name}", one) for name, one in status.by_persona.items()]
    runs = list(_runs(workspace, dataset))
    return Packet(
        manifest=manifest, at=workspace.now(), about=workspace.config.context.strip(),
        problems=tuple(f"{one.file}{f' {one.row}' if one.row else ''}: {one.what}" for one in verified.problems),
        stale=tuple(verified.stale), stages=tuple(_stages(workspace, dataset, behind, verdicts, len(runs))),
        sampled=sampled(
            dataset.cases, axes=workspace.config.axes, embedder=workspace.bench.embedder, digest=manifest.digest,
            without=without,
        ),
        reviewed=tuple(_reviewed(verdicts)), reasons=dict(status.reasons.most_common()),
        refused=tuple(_refused(workspace, verdicts, without)),
        survival=tuple((name, one.report()) for name, one in slices), agreement=agreed.evidence,
        agreement_todo=agreed.todo, timeline=tuple(events), earlier=earlier, runs=tuple(runs),
        outcomes=tuple(_outcomes(workspace, manifest.ref)), hidden=tuple(without),
    )  # fmt: skip


def _behind(cases: Sequence[Case], production: Sequence[ProductionRun]) -> list[tuple[ProductionRun, int]]:
    """(production run, rows of the version that it made), in the order in which they began."""
    made = Counter(case.provenance.run for case in cases if isinstance(case.provenance, Synthetic))
    return [(one, made[one.run]) for one in production if made[one.run]]


def _stages(
    workspace: Workspace, dataset: Dataset, behind: Sequence[tuple[ProductionRun, int]], verdicts: Sequence[Verdict],
    runs: int,
) -> Iterator[Stage]:  # fmt: skip
    cases, manifest, config = dataset.cases, dataset.manifest, workspace.config
    real = [case for case in cases if case.bucket in REAL_BUCKETS]
    made = [case for case in cases if case.bucket not in REAL_BUCKETS]
    files = Counter(case.provenance.origin for case in real if isinstance(case.provenance, Observed))
    rows = sum(case.provenance.count for case in real if isinstance(case.provenance, Observed))
    yield Stage(
        name="ingest",
        facts=(
            f"{counted(len(real), 'real case')} of {counted(rows, 'source row')}: "
            + (", ".join(f"{n:,} {name}" for name, n in Counter(case.bucket for case in real).items()) or "none"),
            "personal data was replaced where it was found",
        ),
        proof=(*(f"{name}: {n:,}" for name, n in files.most_common(FILES)), f"seeds {manifest.lock.get('seeds', '-')}"),
    )  # fmt: skip
    yield Stage(
        name="map",
        facts=(f"{counted(manifest.seed_groups, 'group')} of near-duplicate seeds; cells by {_listed(config.axes)}",),
        proof=(f"config {manifest.lock.get('config', '-')}",),
    )
    for run, n in behind:
        briefs = f", {counted(len(run.plan.briefs), 'brief')}" if run.plan else ""
        yield Stage(
            name="plan", facts=(f"{run.run} ordered {run.target:,} candidates{briefs}",), proof=(f"run {run.run}",)
        )
        yield Stage(name="produce", facts=tuple(_produced(run, n)), proof=tuple(_pinned(run, made)))
    yield Stage(name="qualify", facts=tuple(_qualified(made)), proof=tuple(_checks(made)))
    said = Counter(one.decision.decision for one in verdicts)
    yield Stage(
        name="review",
        facts=(
            f"in the workspace: {said['approve']:,} approvals, {said['edit']:,} edits, {said['reject']:,} rejections",
            f"of the version's {len(made):,} synthetic rows {sum(bool(case.reviews) for case in made):,} were decided "
            "by name",
        ),
        proof=(f"rubric {manifest.lock.get('rubric', '-')}",),
    )
    yield Stage(
        name="ship",
        facts=(
            f"{counted(len(cases), 'row')} in {counted(manifest.clusters, 'cluster')}, {manifest.bump}: {manifest.why}",
            f"made {manifest.made_at}",
        ),
        proof=(manifest.digest, *(f"{name} sha256:{digest}" for name, digest in manifest.files.items())),
    )
    yield Stage(name="trust", facts=(f"{counted(runs, 'run')} of targets on this version",))


def _produced(run: ProductionRun, n: int) -> Iterator[str]:
    ledger: dict[str, Any] = dict(run.ledger)
    yield f"{n:,} rows of this version"
    if ledger:
        yield (
            f"requested {ledger.get('requested', 0):,} = passed {ledger.get('passed', 0):,} + rejected "
            f"{ledger.get('rejected', 0):,} + failed {ledger.get('failed', 0):,} + pending {ledger.get('pending', 0):,}"
        )
    if run.models:
        yield ", ".join(f"{role} {name} ({run.families.get(role) or 'family not known'})"
                        for role, name in sorted(run.models.items()))  # fmt: skip
        yield f"cost {'not known' if run.usd is None else f'{run.usd:.2f} USD'}"
    else:
        yield "no model was asked, so it cost nothing"
    if run.seconds is not None:
        yield f"{run.seconds:,.0f} seconds"


def _pinned(run: ProductionRun, made: Sequence[Case]) -> Iterator[str]:
    yield f"settings {run.settings or '-'}, random seed {run.random_seed}"
    mine = [case.provenance for case in made if isinstance(case.provenance, Synthetic)]
    for name, n in Counter(one.prompt for one in mine if one.run == run.run and one.prompt).most_common(FILES):
        yield f"prompt {name}: {n:,}"
    for name in ("context", *sorted(name for name in run.inputs if name.startswith("persona:"))):
        if name in run.inputs:
            yield f"{name} {run.inputs[name]}"


def _qualified(made: Sequence[Case]) -> Iterator[str]:
    says = Counter(one.says for case in made for one in case.findings)
    yield (
        f"{says['pass']:,} findings passed, {says['flag']:,} flagged, {says['not_run']:,} did not apply, on "
        f"{counted(len(made), 'synthetic row')}"
    )
    flagged = Counter(one.check for case in made for one in case.findings if one.says == "flag")
    for check, n in flagged.most_common(FILES):
        yield f"{check} flagged {n:,}"


def _checks(made: Sequence[Case]) -> Iterator[str]:
    """Each check with its version and the thresholds it used."""
    used: dict[str, set[float]] = {}
    for case in made:
        for one in case.findings:
            limits = used.setdefault(f"{one.check}@{one.version}", set())
            if one.threshold is not None:
                limits.add(one.threshold)
    for name, limits in sorted(used.items()):
        at = f"{min(limits):g}" + (f" to {max(limits):g}" if len(limits) > 1 else "") if limits else ""
        yield f"{name}{f' at {at}' if at else ''}"


def _reviewed(verdicts: Sequence[Verdict]) -> Iterator[Reviewed]:
    """By person: the last word on each content counts."""
    last = {(one.decision.reviewer, one.lane, one.content): one.decision for one in verdicts}
    by_person: dict[str, list[Any]] = {}
    for decision in last.values():
        by_person.setdefault(decision.reviewer, []).append(decision)
    for name, said in sorted(by_person.items()):
        words = Counter(one.decision for one in said)
        yield Reviewed(
            reviewer=name, approved=words["approve"], edited=words["edit"], rejected=words["reject"],
            guidelines=tuple(sorted({one.guideline for one in said if one.guideline})),
        )  # fmt: skip


def _refused(workspace: Workspace, verdicts: Sequence[Verdict], without: Sequence[str]) -> Iterator[Refused]:
    """The latest two rejections of each reason."""
    taken: Counter[str] = Counter()
    chosen = []
    for one in reversed(verdicts):
        reason = one.decision.reason
        if one.lane == "candidates" and reason is not None and taken[reason] < 4:
            taken[reason] += 1
            chosen.append(one)
    ids = tuple(dict.fromkeys(one.case for one in chosen))
    there = {case.content: case for case in workspace.cases(Filter(ids=ids))} if ids else {}
    shown: Counter[str] = Counter()
    for one in chosen:
        case, why = there.get(one.content), str(one.decision.reason)
        if case is None or case.bucket in without or shown[why] == 2 or shown.total() == REFUSED:
            continue
        shown[why] += 1
        yield Refused(
            id=case.id, bucket=case.bucket, reason=why, reviewer=one.decision.reviewer, text=cut(case.text)
        )  # fmt: skip


def _runs(workspace: Workspace, dataset: Dataset) -> Iterator[Mapping[str, Any]]:
    with workspace.store.reading() as connection:
        heads = [one for one in run_rows.heads(connection) if one.dataset == dataset.manifest.ref]
        found = [(head, run_rows.results(connection, head.run)) for head in heads]
    of = population(dataset.cases)
    for point in points(found, of):
        measured, head = rates(point, of), point.head
        costs = [row.usd for row in point.rows if row.usd is not None]
        yield {
            "run": head.run, "target": head.target, "version": head.version, "at": head.started_at,
            "judged": ", ".join(head.evaluators), "seed": _told(measured.buckets.get("seed")),
            "synthetic": _told(measured.synthetic), "cost": f"{sum(costs):.4f} USD" if costs else "-",
        }  # fmt: skip


def _told(found: Estimate | None) -> str:
    return "-" if found is None else f"{share(found.value)} ({share(found.low)} to {share(found.high)})"


def _outcomes(workspace: Workspace, ref: str) -> Iterator[Mapping[str, Any]]:
    for one in outcomes_of(workspace, ref):
        yield {
            "at": one.at, "who": one.maker, "decision": one.decision, "candidate": one.candidate,
            "reasons": ", ".join(one.reasons), "verdict": one.verdict, "production": one.production,
            "note": short(one.note, 600), "evidence": list(one.evidence),
        }  # fmt: skip


def _listed(axes: Sequence[str]) -> str:
    return " and ".join(axes) or "none"
