"""What is wrong with the plan of a workspace: codes, with sentences that hold the numbers and the way out.

What this module does not know: how a warning is shown, and whether anybody heeds it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod

from anchorset.core.behaviour import SeedMap
from anchorset.core.config import Config
from anchorset.core.family import family_of
from anchorset.core.numbers import counted
from anchorset.core.numbers import share as told
from anchorset.core.persona import Persona
from anchorset.infra.stats.intervals import wilson
from anchorset.plan.cost import usd_per_decision
from anchorset.plan.planned import CellPlan
from anchorset.plan.shares import WITH_MODEL, Share
from anchorset.plan.voices import NAMES, asked
from anchorset.plan.warnings import ENOUGH_GROUPS, PER_GROUP, Warned

MANY_AXES, MANY_CELLS = 3, 60
A_CELL = 10
"""Candidates a cell needs for a slice to say something."""
HEAVY = 0.15
"""Share of a dataset from which red team is called heavy: real traffic is mostly not adversarial."""
LOPSIDED = 0.9
NAMED = 5
"""Cells or values listed by name in one sentence."""

Rates = Mapping[str, Mapping[str, tuple[int, int]]]
"""Axis -> value -> (passed, judged) in past runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What the warnings look at."""

    config: Config
    seeds: SeedMap
    personas: Mapping[str, Persona]
    shares: Sequence[Share]
    cells: Sequence[CellPlan]
    golden: int
    """Golden cases that are there."""
    families: Mapping[str, str | None]
    """`generator`, `judge`, `target NAME` -> model family; None: not known or no model."""
    rates: Rates


def warned(heard: Heard) -> tuple[Warned, ...]:
    """Everything to hear, in the order of the codes; empty when nothing is wrong."""
    return tuple(found for look in _LOOKS for found in look(heard))


def families_of(config: Config) -> dict[str, str | None]:
    """Role -> family, as far as the configuration tells."""
    found = {
        "generator": family_of(config.models.generator.model, override=config.models.generator.family),
        "judge": family_of(config.models.judge.model, override=config.models.judge.family),
    }
    for name, target in config.targets.items():
        model = target.chat.model if target.chat else None
        found[f"target {name}"] = family_of(model, override=target.family)
    return found


def _seed_small(heard: Heard) -> Iterator[Warned]:
    groups = heard.seeds.n_groups
    if groups < ENOUGH_GROUPS:
        yield Warned(
            "seed_small",
            f"the seed has {counted(groups, 'group')} of messages, {ENOUGH_GROUPS} are needed to decide a comparison; "
            f"ingest at least {ENOUGH_GROUPS - groups:,} more that say something else",
        )


def _grid_large(heard: Heard) -> Iterator[Warned]:
    axes, cells = heard.config.axes, len(heard.seeds.cells)
    if len(axes) <= MANY_AXES and cells <= MANY_CELLS:
        return
    each = heard.config.grid.per_cell or A_CELL
    usd = each * cells * usd_per_decision("default", heard.config.review)
    hours = each * cells * heard.config.review.minutes_per_case / 60
    shape = " × ".join(f"{axis} {len(heard.config.dimensions[axis])}" for axis in axes)
    whole = prod(len(heard.config.dimensions[axis]) for axis in axes)
    skipped = f", {whole - cells:,} of {whole:,} skipped" if whole > cells else ""
    yield Warned(
        "grid_large",
        f"the grid has {cells:,} cells ({shape}{skipped}), {MANY_AXES} axes and {MANY_CELLS} cells are plenty: {each} "
        f"candidates in each take {hours:,.0f} hours and {usd:,.0f} USD of review; name fewer axes under `grid.axes`, "
        "join values, or skip combinations",
    )


def _redteam_heavy(heard: Heard) -> Iterator[Warned]:
    share = next((one.share for one in heard.shares if one.bucket == "redteam"), 0.0)
    if share > HEAVY + 1e-9 and len(heard.shares) > 1:
        yield Warned(
            "redteam_heavy",
            f"red team is {told(share)} of the dataset, over {told(HEAVY)}: the overall rate would be about attacks "
            "that users seldom make; lower its share in `mix`",
        )


def _no_golden(heard: Heard) -> Iterator[Warned]:
    if not heard.golden:
        yield Warned(
            "no_golden",
            "there is no golden case: nothing shows what an expert calls right; write about 5 % by hand and ingest "
            "them as golden",
        )


def _one_persona(heard: Heard) -> Iterator[Warned]:
    used = [name for name, weight in heard.config.personas.items() if weight > 0]
    if len(used) == 1:
        yield Warned(
            "one_persona",
            f"all personas are {used[0]!r}: what other users would say is missing; add a second under `personas`",
        )


def _voice_absent(heard: Heard) -> Iterator[Warned]:
    makers = {one.bucket for one in heard.shares if one.count}
    if not makers & {"mutation", "remix"} or not heard.seeds.seeds:
        return
    able = makers & set(WITH_MODEL)
    for voice, who in asked(heard.config, heard.personas).items():
        if not heard.seeds.voices.get(voice):
            helps = "only the candidates a model writes can have it" if able else "ingest such messages, or set a model"
            ask = "asks" if len(who) == 1 else "ask"
            yield Warned(
                "voice_absent",
                f"{_listed(who)} {ask} for {NAMES[voice]}, and none of {counted(heard.seeds.seeds, 'seed')} has it: "
                f"mutation and remix cannot invent a voice; {helps}",
            )


def _mix_near(heard: Heard) -> Iterator[Warned]:
    share = _of_synthetic(heard.shares, ("mutation",))
    if share >= LOPSIDED - 1e-9:
        yield Warned(
            "mix_near",
            f"{told(share)} of the synthetic cases are mutations: near what the seeds say already, so they find little "
            "that the seeds do not; give `generated` a larger share",
        )


def _mix_far(heard: Heard) -> Iterator[Warned]:
    share = _of_synthetic(heard.shares, ("prompted", "persona", "template", "redteam"))
    if share >= LOPSIDED - 1e-9:
        yield Warned(
            "mix_far",
            f"{told(share)} of the synthetic cases stand on no seed's text: far from what users say, so that a fall "
            "may mean nothing to them; give `mutation` a larger share",
        )


def _of_synthetic(shares: Sequence[Share], buckets: Sequence[str]) -> float:
    synthetic = {one.bucket: one.share for one in shares if one.available is None}
    whole = sum(synthetic.values())
    return sum(synthetic.get(bucket, 0.0) for bucket in buckets) / whole if whole else 0.0


def _family_shared(heard: Heard) -> Iterator[Warned]:
    roles: dict[str, list[str]] = {}
    for role, family in heard.families.items():
        if family:
            roles.setdefault(family, []).append(role)
    for family, shared in sorted(roles.items()):
        # Two targets of one family are a comparison of versions, which is what targets are for.
        if len(shared) > 1 and any(not role.startswith("target ") for role in shared):
            yield Warned(
                "family_shared",
                f"{_listed(shared)} are all {family}: models of one family like their own answers, which can flatter a "
                "candidate; take another family for the generator or the judge",
            )


def _axis_idle(heard: Heard) -> Iterator[Warned]:
    for axis in heard.seeds.axes:
        apart = _apart(heard.rates.get(axis.axis, {}))
        if axis.separates is not False or apart:
            continue
        results = "and results so far do not differ by it" if apart is False else "and no results speak for it"
        yield Warned(
            "axis_idle",
            f"the axis {axis.axis} parts the seeds no better than chance (it explains {told(axis.explained or 0)}, p = "
            f"{axis.p or 0:.2f}), {results}; drop it from `grid.axes`, or define its values by what users say",
        )


def _apart(rates: Mapping[str, tuple[int, int]]) -> bool | None:
    """Whether two values have pass rates whose Wilson intervals do not meet. None: fewer than two with results."""
    limits = [wilson(passed, judged) for passed, judged in rates.values() if judged]
    if len(limits) < 2:
        return None
    return max(low for low, _ in limits) > min(high for _, high in limits)


def _cell_saturated(heard: Heard) -> Iterator[Warned]:
    full = [
        cell for cell in heard.cells if cell.groups and cell.standing + cell.ordered > PER_GROUP * cell.groups
    ]  # fmt: skip
    if not full:
        return
    worst = sorted(full, key=lambda cell: (-(cell.standing + cell.ordered) / cell.groups, cell.cell))
    named = _listed(
        [f"{cell.cell}: {cell.standing + cell.ordered:,} from {cell.groups:,}" for cell in worst[:NAMED]], len(full)
    )
    has = "has" if len(full) == 1 else "have"
    yield Warned(
        "cell_saturated",
        f"{len(full):,} of {counted(len(heard.cells), 'cell')} {has} more than {PER_GROUP} candidates for a group of "
        f"seeds ({named}): further ones mostly repeat; ingest more messages of them, or lower `size`",
    )


def _axis_values_few(heard: Heard) -> Iterator[Warned]:
    for axis in heard.config.axes:
        values = heard.config.dimensions[axis]
        if len(values) < 2:
            yield Warned(
                "axis_values_few",
                f"the axis {axis} has {counted(len(values), 'value')}: it parts nothing; give it three to five, or "
                "drop it",
            )


def _listed(names: Sequence[str], whole: int | None = None) -> str:
    shown, total = list(names[:NAMED]), whole or len(names)
    return ", ".join(shown) + (f" and {total - len(shown):,} more" if total > len(shown) else "")


_LOOKS: tuple[Callable[[Heard], Iterator[Warned]], ...] = (
    _seed_small, _grid_large, _redteam_heavy, _no_golden, _one_persona, _voice_absent, _mix_near, _mix_far,
    _family_shared, _axis_idle, _cell_saturated, _axis_values_few,
)  # fmt: skip
