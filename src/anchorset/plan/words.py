"""A plan in words: lines for a terminal.

What this module does not know: colours, and how wide the terminal is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from anchorset.core.inert import short
from anchorset.core.numbers import counted, share
from anchorset.infra.text.table import aligned
from anchorset.plan.planned import CellPlan, Planned

CELLS = 12
"""Cells listed by name; a larger grid is told in numbers."""
SPAN = 72
NAMED = 5
"""Slices of one kind whose survival is told by name."""


def lines(planned: Planned) -> list[str]:
    """What the plan says, the numbers first and what to heed last. Text from outside is made harmless to look at."""
    return [
        *_size(planned), *_mix(planned), *_cells(planned), *_survival(planned), *_cost(planned),
        f"power: {planned.power.sentence}.",
        *(f"note: {note}." for note in planned.notes),
        *(f"gap: {short(gap, 400)}." for gap in planned.gaps),
        *(f"warning {one.code}: {short(one.message, 600)}." for one in planned.warnings),
    ]  # fmt: skip


def _size(planned: Planned) -> list[str]:
    ordered = planned.plan.target
    if not ordered:
        return [f"nothing to make: {counted(planned.target, 'candidate', 'stands')}, {planned.wanted:,} are wanted."]
    standing = planned.target - ordered
    already = f", beside {standing:,} that stand already" if standing else ""
    survive = f", so that {planned.wanted:,} survive review" if planned.target > planned.wanted else ""
    return [
        f"{counted(ordered, 'candidate')} to make in {counted(len(planned.plan.briefs), 'brief')}{already}{survive}, "
        f"for a dataset of {counted(planned.size, 'case')}."
    ]


def _mix(planned: Planned) -> list[str]:
    made = Counter[str]()
    for brief in planned.plan.briefs:
        made[brief.technique] += brief.count
    rows = [
        (one.bucket, share(one.share), f"{one.count:,}", "" if one.available is None else f"{one.available:,}",
         f"{made[one.bucket]:,}" if one.available is None else "")
        for one in planned.shares
    ]  # fmt: skip
    return ["mix:", *_table(("bucket", "share", "wanted", "there", "to make"), rows)]


def _cells(planned: Planned) -> list[str]:
    wanted = [cell for cell in planned.cells if cell.wanted]
    if not wanted:
        return []
    rates = [cell.survival for cell in wanted if cell.survival is not None]
    low, high = min(rates), max(rates)
    expected = share(low) if high - low < 0.005 else f"{share(low)} to {share(high)}"
    least, most = min(cell.wanted for cell in wanted), max(cell.wanted for cell in wanted)
    each = f"{least:,}" if least == most else f"{least:,} to {most:,}"
    head = f"cells: {len(wanted):,} of {len(planned.cells):,}, {each} wanted in each, {expected} expected to survive."
    if len(planned.cells) > CELLS:
        return [f"{head[:-1]} (each of them in --json)."]
    return [head, *_table(("cell", "seeds", "groups", "wanted", "standing", "to make"), map(_cell, planned.cells))]


def _survival(planned: Planned) -> list[str]:
    """What reviewers kept so far, and what is ordered for that: of each kind those of which least survives."""
    found = []
    for kind in ("technique", "persona", "cell"):
        some = sorted(
            (one for one in planned.measured if one.by == kind), key=lambda one: (-one.per_case, one.name)
        )  # fmt: skip
        found += [
            f"  {kind} {short(one.name, SPAN)}: {share(one.rate)} of {one.decided:,} survive, so {one.per_case:.1f} "
            "candidates a case are ordered"
            for one in some[:NAMED]
        ]
        if len(some) > NAMED:
            found.append(f"  … and {counted(len(some) - NAMED, f'more {kind}')} (each of them in --json)")
    return ["survival so far:", *found] if found else []


def _cell(cell: CellPlan) -> tuple[str, ...]:
    counts = (cell.seeds, cell.groups, cell.wanted, cell.standing, cell.ordered)
    return short(cell.cell, SPAN), *(f"{count:,}" for count in counts)


def _table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    return [f"  {line}" for line in aligned([header, *rows])]


def _cost(planned: Planned) -> list[str]:
    cost = planned.cost
    asked = (
        f"{cost.usd_low:,.2f} to {cost.usd_high:,.2f} USD for models (an estimate)" if cost.usd_high else
        "nothing for models"
    )  # fmt: skip
    by_hand = ""
    if planned.plan.target:
        low, high = planned.by_hand_hours
        by_hand = f" Writing as many by hand would take {low:,.0f} to {high:,.0f} hours."
    said = [
        f"cost: {asked}; {cost.review_hours:,.1f} hours and {cost.review_usd:,.0f} USD of review for "
        f"{counted(cost.to_review, 'candidate')}.{by_hand}"
    ]
    if planned.label_hours:
        said.append(f"  beside it {planned.label_hours:,.1f} hours to say what is expected of the seeds that lack it.")
    return said
