"""Outcomes of releases: listed, recorded with a verdict that the comparison gave, and completed by production's word.

What this module does not know: how a verdict is found, and how anything is shown.
"""

from __future__ import annotations

from typing import Any, Literal

from anchorset.core.errors import UsageError, nearest
from anchorset.core.result import Comparison, worst
from anchorset.core.said import Outcome
from anchorset.infra.db import said as said_rows
from anchorset.pipeline.cases import reviews_file
from anchorset.pipeline.ship.datasets import read_manifest
from anchorset.pipeline.workspace import Workspace
from anchorset.trust.report.outcome import agrees, latest, with_production

Production = Literal["better", "same", "worse"]


def outcomes_of(workspace: Workspace, ref: str | None = None) -> list[Outcome]:
    """The outcomes that stand, the latest first. `ref`: of one version, or of all versions of a name."""
    with workspace.store.reading() as connection:
        every = said_rows.all_said(connection, Outcome, "outcome")
    return [
        one for one in reversed(latest(every)) if ref is None or ref in (one.dataset, one.dataset.partition("@")[0])
    ]


def outcome_report(one: Outcome) -> dict[str, Any]:
    """The machine form. `confirmed`: whether production said what the evaluation had said; null: not known."""
    return {**one.model_dump(mode="json"), "confirmed": agrees(one)}


def add_production(
    workspace: Workspace, ref: str, *, candidate: str, production: Production, reviewer: str,
    decided_by: str | None = None, note: str = "",
) -> Outcome:  # fmt: skip
    """What production said of a release, added to the outcome that was recorded of it; the decision stays its maker's.

    `decided_by`: whose outcome, where several people recorded one; None: the latest. Raises UsageError.
    """
    wanted = read_manifest(workspace.folder, ref).ref
    found = [one for one in outcomes_of(workspace, wanted) if one.candidate == candidate]
    mine = [one for one in found if decided_by is None or one.maker == decided_by]
    if not mine:
        known = sorted({one.candidate for one in outcomes_of(workspace, wanted)})
        whose = f" by {decided_by}" if decided_by else ""
        raise UsageError(
            f"no outcome of {candidate!r} on {wanted} is recorded{whose}; "
            + (nearest(candidate, known) if known and not found else "record the decision first, with `--decision`")
        )
    said = with_production(mine[0], production=production, reviewer=reviewer, at=workspace.now(), note=note)
    workspace.append(reviews_file(reviewer), [said])
    return said


def verdict_between(workspace: Workspace, ref: str, *, baseline: str, candidate: str) -> Comparison:
    """What `anchorset compare REF --baseline … --candidate …` says. Raises what it raises."""
    from anchorset.pipeline.trust.results import compare_runs  # loads every reader of results

    return worst(compare_runs(workspace, ref, baseline=baseline, candidates=[candidate]))
