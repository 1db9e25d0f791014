"""What a workspace should make next.

What this module does not know: how quotas come about, and how a plan is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from anchorset.core.config import Config
from anchorset.core.errors import UsageError
from anchorset.core.plan import Plan
from anchorset.core.provenance import Technique
from anchorset.pipeline.models import Chosen
from anchorset.pipeline.plan.failing import failed_in, notes_of, ordered_by, still_to_make
from anchorset.pipeline.plan.feedback import survival_warnings
from anchorset.pipeline.plan.mapping import Mapped, map_seeds
from anchorset.pipeline.plan.past import flip_rate, pass_rates
from anchorset.pipeline.review.outside_band import outside_band
from anchorset.pipeline.workspace import Workspace
from anchorset.plan.cost import BY_HAND_MINUTES, cost_of, summed
from anchorset.plan.mix import KNOWN
from anchorset.plan.planned import Planned
from anchorset.plan.shares import WITH_MODEL
from anchorset.plan.tally import tallies
from anchorset.plan.ways import with_ways
from anchorset.plan.workspace import plan_workspace


def plan_next(
    workspace: Workspace,
    *,
    size: int | None = None,
    count: int | None = None,
    more: int | None = None,
    technique: Technique | None = None,
    language: str | None = None,
    personas: Mapping[str, float] | None = None,
    from_failures: str | None = None,
    mapped: Mapped | None = None,
    chosen: Chosen | None = None,
) -> Planned:
    """What is still to be made. See `plan_workspace` for the arguments; `mapped` when the map is there already.

    `from_failures`: a run of a target whose failures are the order, in place of size and mix; `count` is then how many
    candidates they shall have given in all (None: as many as cases failed). `personas`: name -> weight, in place of the
    configuration's. `chosen`: the models of the run; None: the configuration's.
    """
    mapped = mapped or map_seeds(workspace)
    config = workspace.config
    if personas is not None:
        config = config.model_copy(update={"personas": dict(personas)})
    if chosen is not None:
        models = config.models.model_copy(update={"generator": chosen.generator, "judge": chosen.judge})
        config = config.model_copy(update={"models": models})
    if from_failures is not None:
        if more is not None or size is not None or personas is not None:
            raise UsageError("the failures of a run say what is made: of the numbers give `--count` alone")
        return _of_failures(
            workspace, config, mapped, from_failures, count=count, technique=technique, language=language
        )
    return _planned(
        workspace, config, mapped, size=size, count=count, more=more, technique=technique, language=language
    )


def _planned(workspace: Workspace, config: Config, mapped: Mapped, **asked: Any) -> Planned:
    writes = config.models.generator.model != "none"
    available = Counter(str(case.bucket) for case in (*mapped.seeds, *mapped.others))
    planned = plan_workspace(
        config, mapped.map, available=dict(available), known=(*KNOWN, *WITH_MODEL) if writes else KNOWN,
        standing=tallies(mapped.candidates, config.axes), personas=workspace.folder.personas,
        rates=pass_rates(workspace, (*mapped.seeds, *mapped.others, *mapped.candidates), config.axes),
        flip_rate=flip_rate(workspace), **asked,
    )  # fmt: skip
    return replace(
        planned, plan=with_ways(planned.plan, config) if writes else planned.plan,
        warnings=(*planned.warnings, *survival_warnings(outside_band(workspace))),
    )  # fmt: skip


def _of_failures(
    workspace: Workspace, config: Config, mapped: Mapped, run: str, *, count: int | None,
    technique: Technique | None, language: str | None,
) -> Planned:  # fmt: skip
    """A plan of so many more by one technique, with the failures' briefs in place of its own."""
    failed = failed_in(workspace, mapped, run)
    ordered = ordered_by(failed, config, n=count, technique=technique, language=language)
    left, standing = still_to_make(workspace, run, ordered.briefs)
    n = sum(brief.count for brief in left)
    base = _planned(workspace, config, mapped, more=max(n, 1), technique=ordered.briefs[0].technique, language=language)
    by_cell = {brief.cell: brief.count for brief in left}
    costs = cost_of({str(brief.technique): n for brief in left}, {}, config.review)
    plan = Plan(briefs=left)
    return replace(
        base, plan=with_ways(plan, config) if config.models.generator.model != "none" else plan,
        target=n + standing, wanted=n + standing, gaps=(),
        notes=tuple(notes_of(failed, ordered, standing)), costs=costs, cost=summed(costs),
        by_hand_hours=(n * BY_HAND_MINUTES[0] / 60, n * BY_HAND_MINUTES[1] / 60),
        cells=tuple(
            replace(cell, ordered=by_cell.get(cell.cell, 0), wanted=cell.standing + by_cell.get(cell.cell, 0))
            for cell in base.cells
        ),
    )  # fmt: skip
