"""The plan of a workspace: what its mix and grid ask for, less what stands, more what reviewers will reject.

What this module does not know: where anything is kept, and how a brief is carried out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from anchorset.core.behaviour import SeedMap
from anchorset.core.config import Config
from anchorset.core.errors import ConfigError, UsageError, nearest
from anchorset.core.numbers import counted
from anchorset.core.persona import Persona
from anchorset.core.plan import Plan
from anchorset.core.provenance import Technique
from anchorset.core.quota import largest_remainder
from anchorset.plan.briefs import Spot, briefs_of, by_cell, missing
from anchorset.plan.cost import BY_HAND_MINUTES, cost_of, summed
from anchorset.plan.hearing import Heard, Rates, families_of, warned
from anchorset.plan.mix import KNOWN
from anchorset.plan.planned import CellPlan, Planned
from anchorset.plan.power import power_of
from anchorset.plan.quotas import ATTACKS_PER_SEED, REMIXES_PER_SEED, Quotas, Room, floored, quotas
from anchorset.plan.shares import WITH_MODEL, Mix, mix_of
from anchorset.plan.tally import Measured, Place, Survival, Tally

NAMED = 8
"""Cells listed by name in one sentence."""


def plan_workspace(
    config: Config,
    seeds: SeedMap,
    *,
    available: Mapping[str, int],
    standing: Mapping[Place, Tally] | None = None,
    personas: Mapping[str, Persona] | None = None,
    known: Collection[str] = KNOWN,
    size: int | None = None,
    count: int | None = None,
    more: int | None = None,
    technique: Technique | None = None,
    language: str | None = None,
    families: Mapping[str, str | None] | None = None,
    rates: Rates | None = None,
    flip_rate: float | None = None,
) -> Planned:
    """What to make so that the finished dataset has `size` cases in the declared mix.

    `available`: real bucket -> cases. `standing`: what exists (`tally.tallies`), which is not ordered again and whose
    decisions say how much survives. `personas`: files by name; None: not looked at. `known`: techniques that can be
    carried out. `size` None: the configuration's. `count`: candidates that shall have passed in total, in place of what
    the mix asks for and without any for the reviewers to reject. `more`: candidates beyond those that stand.
    `technique`: nothing but this one. `language`: of every candidate; None: the persona's, else the configuration's.
    `families`, `rates`, `flip_rate`: see `Heard` and `power_of`; None: what the configuration tells, nothing, 10 %.
    Raises ConfigError and UsageError where the configuration or the call cannot be carried out.
    """
    standing = standing or {}
    _refused(config, personas, count, more, technique, known)
    has_model = config.models.generator.model != "none"
    mix = mix_of(config, size=size or config.size, available=available, known=known, has_model=has_model)
    notes = list(mix.notes)
    wanted = _wanted(mix, technique, count if more is None else more)
    cells = seeds.covered("cell")
    rooms = {
        name: Room(seeds=cells[name].seeds, groups=cells[name].groups, per_root=config.mutation.per_root)
        for name in seeds.cells
    }
    if not any(room.seeds for room in rooms.values()) and not set(wanted) & set(WITH_MODEL) and wanted:
        raise UsageError(_nothing(seeds))
    exact = count is not None or more is not None
    if config.grid.per_cell and not exact:
        fillable = [name for name, room in rooms.items() if room.seeds or set(wanted) & set(WITH_MODEL)]
        shares = {name: share for name, share in mix.synthetic.items() if technique in (None, name)}
        raised = floored(wanted, config.grid.per_cell * len(fillable), shares)
        if raised != wanted:
            notes.append(
                f"`grid.per_cell` asks for {config.grid.per_cell:,} in each of {len(fillable):,} cells: "
                f"{sum(raised.values()):,} synthetic cases in place of the {sum(wanted.values()):,} of size and mix"
            )
        wanted = raised
    survival = Survival(standing)
    there = by_cell(standing)
    if more is not None:
        order = quotas(wanted, rooms, base={place: tally.standing for place, tally in there.items()})
        ordered = order.of
        goal = Counter({place: tally.standing for place, tally in there.items() if place[1] in rooms})
        goal.update(ordered)
    else:
        rate = _all if exact else survival.of
        order = quotas(wanted, rooms, yields=rate)
        goal = Counter(order.of)
        ordered = missing(goal, there, rate)
    briefs = briefs_of(
        ordered, goal, seeds.cells, config, standing, personas or {}, language, _alike if exact else survival.voiced
    )
    rows = _rows(seeds, goal, ordered, there, survival)
    to_make = Counter[str]()
    for brief in briefs:
        to_make[brief.technique] += brief.count
    waiting = Counter[str]()
    for (name, _), tally in there.items():
        waiting[name] += tally.waiting
    costs = cost_of(to_make, waiting, config.review)
    return Planned(
        plan=Plan(briefs=briefs),
        target=goal.total() if exact else sum(row.standing + row.ordered for row in rows),
        wanted=goal.total(),
        cells=rows, shares=mix.shares, size=mix.size, reachable=mix.reachable, notes=tuple(notes),
        gaps=tuple(_gaps(
            order, rooms, config, lost=seeds.unassigned, has_model=has_model and bool(set(known) & set(WITH_MODEL)),
        )),
        warnings=warned(Heard(
            config=config, seeds=seeds, personas=personas or {}, shares=mix.shares, cells=rows,
            golden=available.get("golden", 0), families=families_of(config) if families is None else families,
            rates=rates or {},
        )),
        costs=costs, cost=summed(costs),
        label_hours=(seeds.seeds - seeds.labelled) * config.review.minutes_per_case / 60,
        by_hand_hours=(to_make.total() * BY_HAND_MINUTES[0] / 60, to_make.total() * BY_HAND_MINUTES[1] / 60),
        power=power_of(
            groups=seeds.n_groups, labelled_groups=seeds.labelled_groups, max_drop=config.trust.max_drop,
            flip_rate=flip_rate,
        ),
        measured=() if exact else tuple(_measured(rows, survival)),
    )  # fmt: skip


def _refused(
    config: Config, personas: Mapping[str, Persona] | None, count: int | None, more: int | None,
    technique: str | None, known: Collection[str],
) -> None:  # fmt: skip
    if count is not None and more is not None:
        raise UsageError(f"both a total of {count:,} and {more:,} more are asked for; give one of the two")
    for what, value in (("count", count), ("more", more)):
        if value is not None and value < 1:
            raise UsageError(f"`{what}` is {value}; 1 or more candidates are needed")
    if technique is not None and technique not in known:
        asks = " without a model" if technique in WITH_MODEL else ""
        raise UsageError(f"there is no technique {technique!r} here{asks}; {nearest(technique, known)}")
    for name in config.personas:
        if personas is not None and name not in personas:
            raise ConfigError(f"`personas` names {name!r}, which has no file `personas/{name}.yaml`; add it or drop it")


def _wanted(mix: Mix, technique: Technique | None, count: int | None) -> dict[Technique, int]:
    """Technique -> candidates that shall survive (or, with `count`, pass)."""
    techniques = mix.techniques
    if technique is not None:
        if technique not in techniques and count is None:
            raise UsageError(f"the mix has no {technique}, so its number is open; say how many")
        return {technique: techniques.get(technique, 0) if count is None else count}
    if count is None or not techniques:
        return techniques
    shares = {one.bucket: one.share for one in mix.shares}
    return {name: n for name, n in largest_remainder(count, {name: shares[name] for name in techniques}).items() if n}


def _all(technique: str, cell: str) -> float:
    """An exact number is asked for: nothing is made for reviewers to reject."""
    return 1.0


def _alike(technique: str, cell: str, persona: str) -> float:
    return 1.0


def _measured(rows: Sequence[CellPlan], survival: Survival) -> Iterator[Measured]:
    """Techniques and personas, then cells, of what decisions there are."""
    yield from survival.measured()
    for row in rows:
        if row.decided and row.survival:
            yield Measured(by="cell", name=row.cell, kept=row.kept, decided=row.decided, per_case=1 / row.survival)


def _rows(
    seeds: SeedMap, goal: Mapping[Spot, int], ordered: Mapping[Spot, int], there: Mapping[Spot, Tally],
    survival: Survival,
) -> tuple[CellPlan, ...]:  # fmt: skip
    covered = seeds.covered("cell")
    sums = {name: Counter[str]() for name in seeds.cells}
    for kind, counts in (("wanted", goal), ("ordered", ordered)):
        for (_, cell), n in counts.items():
            sums[cell][kind] += n
    for (_, cell), tally in there.items():
        if cell in sums:
            sums[cell]["standing"] += tally.standing
    made: dict[str, float] = {}
    for (technique, cell), n in sorted(goal.items()):
        made[cell] = made.get(cell, 0.0) + n / survival.of(technique, cell)
    decided = survival.by_cell()
    return tuple(
        CellPlan(
            cell=name, values=dict(values), seeds=covered[name].seeds, groups=covered[name].groups,
            wanted=sums[name]["wanted"], standing=sums[name]["standing"], ordered=sums[name]["ordered"],
            survival=sums[name]["wanted"] / made[name] if sums[name]["wanted"] else None,
            kept=decided.get(name, Tally()).kept, decided=decided.get(name, Tally()).decided,
        )
        for name, values in seeds.cells.items()
    )  # fmt: skip


def _gaps(
    order: Quotas, rooms: Mapping[str, Room], config: Config, *, lost: int, has_model: bool
) -> Iterator[str]:  # fmt: skip
    empty = [name for name, room in rooms.items() if not room.seeds]
    if empty:
        more = f" and {len(empty) - NAMED:,} more" if len(empty) > NAMED else ""
        what = (
            "only a model can write for them; golden cases would anchor them"
            if has_model else "the techniques without a model cannot fill them: they need golden cases or a model"
        )  # fmt: skip
        has = "has" if len(empty) == 1 else "have"
        yield f"{len(empty):,} of {len(rooms):,} cells {has} no seed ({'; '.join(empty[:NAMED])}{more}): {what}"
    ways = "ingest more real messages, or lower `size`"
    seeds = sum(room.seeds for room in rooms.values())
    are = "is" if seeds == 1 else "are"
    if lost:
        ways = f"assign the {counted(lost, 'seed')} in no cell, {ways}"
    for technique, count in sorted(order.unfilled.items()):
        limit = {
            "mutation": f"{config.mutation.per_root} mutations of a seed may pass (`mutation.per_root`)",
            "remix": f"{REMIXES_PER_SEED} remixes of a seed are readable, and two groups are needed in a cell",
            "redteam": f"{ATTACKS_PER_SEED} attacks on a seed differ enough",
        }.get(technique, "no cell takes more")
        yield (
            f"{technique}: {count:,} cannot be ordered, for {counted(seeds, 'seed')} in cells {are} too few: "
            f"{limit}; {ways}"
        )


def _nothing(seeds: SeedMap) -> str:
    if not seeds.seeds:
        return "there is no seed, so there is nothing to grow from; ingest real messages first, or set a generator"
    return (
        f"none of {seeds.seeds:,} seeds is in a cell of the grid, so there is nothing to grow from; map the column "
        "that holds the axis when you ingest, write descriptions under `dimensions`, or tag seeds by hand"
    )
