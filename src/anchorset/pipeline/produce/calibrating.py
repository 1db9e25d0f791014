"""The judge held against people: asked about candidates that they decided, and what it came to kept.

What this module does not know: what agreement is, and how it is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from anchorset.core.ask import Ask, Spent
from anchorset.core.case import Case
from anchorset.core.errors import UsageError
from anchorset.core.filter import Filter
from anchorset.core.hashing import short_hash
from anchorset.core.judge import MIN_KAPPA, JudgeCalibration
from anchorset.core.lineage import clusters
from anchorset.core.said import Calibration
from anchorset.infra.db import said as said_rows
from anchorset.pipeline.indexing import CALIBRATIONS
from anchorset.pipeline.models import Chosen
from anchorset.pipeline.plan.mapping import map_seeds
from anchorset.pipeline.produce.judge import Consent, Nobody, asker_for, judging_alone, settled_judge
from anchorset.pipeline.produce.writing import judging_for
from anchorset.pipeline.workspace import Workspace
from anchorset.qualify.calibrate import calibrate, sample

SAMPLE = 200
"""Candidates that a judge is asked about where nobody says how many: enough for one that agrees well with people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibrated:
    """What came of it."""

    judge: str
    prompt: str
    """`judge@3f2a91bc`: what was asked. A calibration holds for this judge and this prompt."""
    family: str | None
    decided: int
    """Candidates that people have decided."""
    asked: int
    """Of these, the sample."""
    checks: dict[str, JudgeCalibration]
    """Check code -> how far the judge agrees with people."""
    spent: Spent = field(default_factory=Spent)
    notes: tuple[str, ...] = ()

    def may_reject(self, check: str) -> bool:
        """Whether the judge agrees with people enough; it still only flags where the configuration does not say so."""
        low = self.checks[check].low
        return low is not None and low >= MIN_KAPPA


def calibrations_of(workspace: Workspace, models: Chosen) -> dict[str, JudgeCalibration]:
    """Check code -> the newest calibration of this judge under today's prompt; empty: it was held against nobody."""
    if not models.judges:
        return {}
    with workspace.store.reading() as connection:
        said = said_rows.all_said(connection, Calibration, "calibration")
    if not said:
        return {}
    prompt = judging_for(workspace, models, Nobody(), {}).prompt
    mine = [one for one in said if (one.judge.judge, one.judge.strategy) == (models.judge.model, prompt)]
    return {one.check: one.judge for one in mine}


def calibrate_judge(workspace: Workspace, *, n: int = SAMPLE, consent: Consent | None = None) -> Calibrated:
    """Asks the configuration's judge about at most `n` candidates that people decided, and keeps how far it agrees.

    Raises UsageError without a judge or without decisions; PendingError when answers are missing that the same command
    will get later: what was answered is kept, nothing is said of the judge yet.
    """
    spec, notes = settled_judge(workspace)
    models = judging_alone(spec)
    if not models.judges:
        raise UsageError(
            "`models.judge` is 'none', so there is no judge to hold against people; name one in anchorset.yaml "
            "(`provider:model`)."
        )
    decided = [case for case in workspace.cases(Filter(real=False)) if case.reviews]
    drawn = sample(decided, n, random_seed=workspace.config.random_seed)
    if not drawn:
        raise UsageError(
            f"people have decided {len(decided):,} candidates, and the judge can be held against none of them; decide "
            "some in `anchorset review`, approvals and rejections."
        )
    judging = judging_for(workspace, models, Nobody(), {})

    def asks() -> list[Ask]:
        return [ask for case in drawn if (ask := judging.ask_of(case)) is not None]

    run = "k_" + short_hash(["calibrate", spec.model, judging.prompt, [case.content for case in drawn]])
    with workspace.exclusive("calibrate"):
        what = f"{len(drawn):,} candidates that people decided, each with what is known of it, to the judge"
        with asker_for(workspace, [spec], run=run, consent=consent or Consent(), what=what, asks=asks) as asker:
            judged = replace(judging, asker=asker).judge(drawn)
        found = calibrate(
            {case.content: findings for case, findings in zip(drawn, judged, strict=True)},
            {case.content: case.reviews for case in drawn},
            judge=spec.model, prompt=judging.prompt, family=judging.family,
            clusters=_clusters(workspace, drawn),
        )  # fmt: skip
        now = workspace.now()
        workspace.append(CALIBRATIONS, [Calibration(check=code, judge=one, at=now) for code, one in found.items()])
    return Calibrated(
        judge=spec.model, prompt=judging.prompt, family=judging.family, decided=len(decided), asked=len(drawn),
        checks=found, spent=asker.spent, notes=notes,
    )  # fmt: skip


def _clusters(workspace: Workspace, cases: Sequence[Case]) -> dict[str, str]:
    """Content -> what is no independent evidence: mutations of one seed stand or fall together."""
    by_id = clusters(cases, map_seeds(workspace).map.groups)
    return {case.content: by_id[case.id] for case in cases}
