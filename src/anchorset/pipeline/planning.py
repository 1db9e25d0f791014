"""What a workspace should make next.

What this module does not know: how quotas come about, and how a plan is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from anchorset.core.provenance import Technique
from anchorset.pipeline.mapping import Mapped, map_seeds
from anchorset.pipeline.models import Chosen
from anchorset.pipeline.workspace import Workspace
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
    mapped: Mapped | None = None,
    chosen: Chosen | None = None,
) -> Planned:
    """What is still to be made. See `plan_workspace` for the arguments; `mapped` when the map is there already.

    `personas`: name -> weight, in place of the configuration's. `chosen`: the models of the run; None:
    the configuration's.
    """
    mapped = mapped or map_seeds(workspace)
    config = workspace.config
    if personas is not None:
        config = config.model_copy(update={"personas": dict(personas)})
    if chosen is not None:
        models = config.models.model_copy(update={"generator": chosen.generator, "judge": chosen.judge})
        config = config.model_copy(update={"models": models})
    writes = config.models.generator.model != "none"
    available = Counter(str(case.bucket) for case in (*mapped.seeds, *mapped.others))
    planned = plan_workspace(
        config, mapped.map, available=dict(available), known=(*KNOWN, *WITH_MODEL) if writes else KNOWN,
        standing=tallies(mapped.candidates, config.axes), personas=workspace.folder.personas, size=size,
        count=count, more=more, technique=technique, language=language,
    )  # fmt: skip
    return replace(planned, plan=with_ways(planned.plan, config)) if writes else planned
