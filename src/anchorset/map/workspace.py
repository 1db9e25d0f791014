"""The map of a workspace: the seeds in the grid of its configuration, their behaviours, coverage and gaps.

What this module does not know: where cases are kept, and what will be ordered.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from anchorset.core.behaviour import SeedMap
from anchorset.core.case import Case
from anchorset.core.config import Config
from anchorset.core.plan import UNASSIGNED
from anchorset.core.ports import Embedder
from anchorset.map.axis import axes_found
from anchorset.map.behaviours import behaviours
from anchorset.map.coverage import coverage
from anchorset.map.gaps import gaps
from anchorset.map.grid import grid
from anchorset.map.picture import points
from anchorset.map.placing import placed
from anchorset.map.readiness import Facts, questions
from anchorset.map.richness import seen
from anchorset.map.stage import groups_of
from anchorset.map.voices import voices


def map_workspace(
    seeds: Sequence[Case],
    config: Config,
    *,
    embedder: Embedder,
    others: Sequence[Case] = (),
    candidates: Sequence[Case] = (),
    facts: Facts | None = None,
    known: Collection[str] | None = None,
    results: Mapping[str, bool] | None = None,
    groups: Mapping[str, str] | None = None,
    vectors: NDArray[np.float32] | None = None,
) -> SeedMap:
    """Where every seed lies, what the seeds do, what covers it and what is missing. Independent of any order.

    `seeds`: the cases of bucket `seed`, tags applied. `others`: regression and golden cases. `candidates`: synthetic
    cases of any status; those that stand are counted. `known`: ids of the seeds that the last map had. `results`: seed
    id -> whether it passed its last run. `groups`, `vectors` (n_seeds, dim): when they are known already.
    Raises ConfigError for a grid that cannot be.
    """
    order = sorted(range(len(seeds)), key=lambda at: seeds[at].id)
    seeds = [seeds[at] for at in order]
    vectors = embedder.embed([seed.text for seed in seeds]) if vectors is None else vectors[order]
    texts = [seed.text for seed in seeds]
    cells = grid(config)
    groups = groups_of(seeds, vectors) if groups is None else groups
    home = placed(seeds, config, vectors=vectors, embedder=embedder)
    found = behaviours(seeds, vectors, groups, known=known, results=results)
    covered = coverage(
        seeds, others, candidates, cells=cells, axes=config.axes, home=home, groups=groups, found=found,
        embedder=embedder,
    )  # fmt: skip
    labelled = [seed for seed in seeds if seed.expected is not None or seed.criteria]
    return SeedMap(
        seeds=len(seeds),
        n_groups=_groups(seeds, groups),
        cells=cells,
        home=home,
        groups={seed.id: groups[seed.id] for seed in seeds if seed.id in groups},
        behaviours=found.behaviours,
        behaviour_of=found.of,
        coverage=covered,
        seen=seen(texts, vectors),
        gaps=gaps(seeds, config, home=home, coverage=covered, behaviours=found.behaviours),
        questions=questions(
            seeds=len(seeds), assigned=sum(at.cell != UNASSIGNED for at in home.values()), labelled=len(labelled),
            has_grid=bool(config.axes), facts=facts or Facts(),
        ),
        axes=axes_found(seeds, config.axes, vectors=vectors, groups=groups),
        voices=voices(texts),
        labelled=len(labelled),
        labelled_groups=_groups(labelled, groups),
        embedder=embedder.name,
        notes=_notes(config, cells, len(seeds) - len(found.of)),
        points=points(seeds, vectors, found.broad_of),
    )  # fmt: skip


def _groups(seeds: Sequence[Case], groups: Mapping[str, str]) -> int:
    return len({groups.get(seed.id, seed.id) for seed in seeds})


def _notes(config: Config, cells: Collection[str], unread: int) -> tuple[str, ...]:
    notes = []
    if unread:
        notes.append(
            f"{unread:,} seeds have no vector (another script, or no known word): they are in groups and cells by "
            "letters and metadata only, and in no behaviour"
        )
    named = {frozenset(name.split(",")) for name in cells}
    for name in config.cells:
        if frozenset(name.split(",")) not in named:
            notes.append(f"`cells` has an entry {name!r}, which is no cell of the grid: nothing comes of it")
    return tuple(notes)
