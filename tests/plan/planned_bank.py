"""Maps made up by numbers, and plans on them: no text, no vector."""

from __future__ import annotations

from collections.abc import Mapping

from anchorset.core.behaviour import AxisFound, Coverage, Placed, SeedMap, Seen
from anchorset.core.config import Config
from anchorset.map.grid import grid
from anchorset.plan.planned import Planned
from anchorset.plan.workspace import plan_workspace

VOICES = dict.fromkeys(("lower", "caps", "emoji", "slang", "polite", "angry", "terse", "unpunctuated"), 1)
MANY = 10_000


def configured(dimensions: Mapping | None = None, **more) -> Config:
    return Config.model_validate({"name": "bank", "dimensions": dimensions or {}, **more})


def seed_map(
    config: Config,
    seeds: Mapping[str, int] | int = 100,
    *,
    groups: Mapping[str, int] | None = None,
    lost: int = 0,
    labelled: int | None = None,
    voices: Mapping[str, int] | None = None,
    axes: tuple[AxisFound, ...] = (),
) -> SeedMap:
    """A map with so many seeds in each cell, each its own group unless `groups` says otherwise."""
    cells = grid(config)
    inside = dict.fromkeys(cells, seeds) if isinstance(seeds, int) else {name: seeds.get(name, 0) for name in cells}
    in_groups = {name: (groups or inside).get(name, inside[name]) for name in cells}
    whole, whole_groups = sum(inside.values()) + lost, sum(in_groups.values()) + lost
    return SeedMap(
        seeds=whole, n_groups=whole_groups, cells=cells,
        home={f"c_{n}": Placed(cell="unassigned", how="unassigned") for n in range(lost)}, groups={}, behaviours=(),
        behaviour_of={}, seen=Seen(kinds=1, at_least=1, next_is_new=0, cosine=0.75), gaps=(), questions=(), axes=axes,
        coverage=tuple(
            Coverage(of="cell", name=name, label=name, seeds=inside[name], groups=in_groups[name]) for name in cells
        ),
        voices=VOICES if voices is None else dict(voices), labelled=whole if labelled is None else labelled,
        labelled_groups=whole_groups if labelled is None else min(labelled, whole_groups), embedder="none",
    )  # fmt: skip


def planned(config: Config, seeds: SeedMap | None = None, **more) -> Planned:
    """A plan on 100 seeds in each cell, with plenty of real and golden cases."""
    more.setdefault("available", {"seed": MANY, "golden": MANY, "regression": MANY})
    return plan_workspace(config, seeds or seed_map(config), **more)


def ordered(plan: Planned) -> dict[str, int]:
    """Technique -> candidates to make."""
    counts: dict[str, int] = {}
    for brief in plan.plan.briefs:
        counts[brief.technique] = counts.get(brief.technique, 0) + brief.count
    return counts
