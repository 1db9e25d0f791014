"""What is missing and what is full, in sentences with their numbers and what fills them.

What this module does not know: what it costs to fill a gap.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from anchorset.core.behaviour import Behaviour, Coverage, Gap, Placed
from anchorset.core.case import Case
from anchorset.core.config import Config
from anchorset.core.errors import nearest
from anchorset.core.numbers import counted, share
from anchorset.core.plan import cell_name
from anchorset.map.grid import skipped
from anchorset.map.placing import told

THIN = 5
"""Groups of seeds under which a cell is thin: fewer show no spread."""
PER_GROUP = 10
"""Candidates of one group of seeds beyond which a further one mostly repeats it."""
LISTED = 12
"""Values of an axis that are listed in a sentence."""
NAMED = 20
"""Unknown metadata values named one by one, most frequent first."""


def gaps(
    seeds: Sequence[Case],
    config: Config,
    *,
    home: Mapping[str, Placed],
    coverage: Sequence[Coverage],
    behaviours: Sequence[Behaviour],
) -> tuple[Gap, ...]:
    """Cells first, then behaviours, then what the metadata says that the configuration does not know."""
    cells = [row for row in coverage if row.of == "cell"]
    served = {row.name: row for row in coverage if row.of == "behaviour"}
    made = any(row.passed for row in coverage)
    fine = [one for one in behaviours if one.granularity == "granular"]
    return (
        *(gap for row in cells for gap in _of_cell(row)),
        *(gap for one in fine for gap in _of_behaviour(one, served[one.id], made)),
        *_unassigned(home, config),
        *_skipped(home, config),
        *_unknown(seeds, config),
    )


def _of_cell(row: Coverage) -> Iterator[Gap]:
    real = row.regression + row.golden
    if not row.seeds:
        held = (
            f"; {real:,} other real and {counted(row.passed, 'synthetic case')} stand there"
            if real or row.passed
            else ""
        )
        yield Gap(
            code="cell_empty", where=row.name, message=f"{row.name} has no seed{held}",
            todo="ingest real messages of it, write golden cases, or have a model write them from the description",
        )  # fmt: skip
    elif row.groups < THIN:
        yield Gap(
            code="cell_thin", where=row.name,
            message=f"{row.name} has {counted(row.groups, 'group')} of seeds; under {THIN} they show no spread",
            todo="ingest more real messages of it; until then few mutations and remixes can be made of it",
        )  # fmt: skip
    if row.groups and row.passed > PER_GROUP * row.groups:
        yield Gap(
            code="cell_saturated", where=row.name,
            message=f"{row.name} has {row.passed:,} candidates from {counted(row.groups, 'group')} of seeds, "
            f"{row.passed / row.groups:.0f} of each; beyond {PER_GROUP} they mostly repeat",
            todo="ingest more real messages of it rather than growing these further",
        )  # fmt: skip


def _of_behaviour(one: Behaviour, row: Coverage, made: bool) -> Iterator[Gap]:
    fresh = ", all of it new" if one.new else ""
    if one.rare:
        yield Gap(
            code="behaviour_rare", where=one.id,
            message=f"“{one.label}” is rare: {counted(one.seeds, 'seed')} in {counted(one.groups, 'group')}, "
            f"{share(one.share)} of all{fresh}",
            todo="mutate its seeds when you trust them; ask people or a persona for what they do not say",
        )  # fmt: skip
    if made and not row.passed:
        yield Gap(
            code="behaviour_unserved", where=one.id,
            message=f"“{one.label}” has {counted(one.seeds, 'seed')} and no synthetic case{fresh}",
            todo="order candidates for the cells its seeds lie in",
        )  # fmt: skip


def _unassigned(home: Mapping[str, Placed], config: Config) -> Iterator[Gap]:
    lost = [placed for placed in home.values() if placed.how == "unassigned" and not skipped(placed.values, config)]
    if not lost:
        return
    open_axes = Counter(axis for placed in lost for axis in config.axes if axis not in placed.values)
    axes = ", ".join(f"{axis} for {n:,}" for axis, n in sorted(open_axes.items()))
    are = "is" if len(lost) == 1 else "are"
    yield Gap(
        code="unassigned", where="unassigned",
        message=f"{len(lost):,} of {counted(len(home), 'seed')} {are} in no cell: no known value is given and none is "
        f"clearly nearest ({axes})",
        todo="map the column that says it, write clearer descriptions under `dimensions`, or tag them by hand",
    )  # fmt: skip


def _skipped(home: Mapping[str, Placed], config: Config) -> Iterator[Gap]:
    seen = Counter(
        cell_name(placed.values) for placed in home.values() if placed.how == "unassigned"
        and len(placed.values) == len(config.axes) and skipped(placed.values, config)
    )  # fmt: skip
    for name, count in sorted(seen.items()):
        yield Gap(
            code="skip_seen", where=name,
            message=f"{name} is skipped, and {counted(count, 'seed', 'is')} in it: it does happen",
            todo="take it out of `grid.skip`, or look whether those seeds are labelled rightly",
        )  # fmt: skip


def _unknown(seeds: Sequence[Case], config: Config) -> Iterator[Gap]:
    for axis in config.axes:
        known = config.dimensions[axis]
        strange = Counter(value for seed in seeds if (value := told(seed, axis)) and value not in known)
        ordered = sorted(strange.items(), key=lambda pair: (-pair[1], pair[0]))
        for value, count in ordered[:NAMED]:
            shown = value if len(value) <= 60 else value[:59] + "…"
            yield Gap(
                code="value_unknown", where=f"{axis}={shown}",
                message=f"{counted(count, 'seed', 'has')} {axis} {shown!r}, which the "
                "configuration does not know",
                todo=f"add it to `dimensions.{axis}`, or mend the seeds{_meant(value, known)}",
            )  # fmt: skip
        if ordered[NAMED:]:
            rest = sum(count for _, count in ordered[NAMED:])
            yield Gap(
                code="value_unknown", where=axis,
                message=f"{len(ordered) - NAMED:,} more values of {axis} in {counted(rest, 'seed')} are unknown too",
                todo=f"look whether {axis} is the right column for this axis",
            )  # fmt: skip


def _meant(value: str, known: Collection[str]) -> str:
    """What the value may have been meant for; a long list of all values helps nobody."""
    said = nearest(value, known)
    return f" ({said})" if len(known) <= LISTED or said.startswith("did you mean") else ""
