"""A plan in words: lines for a terminal.

What this module does not know: colours, and how wide the terminal is.
"""

from __future__ import annotations

from collections import Counter

from anchorset.core.inert import short
from anchorset.core.numbers import share
from anchorset.plan.planned import CellPlan, Planned

CELLS = 12
"""Cells listed by name; a larger grid is told in numbers."""
SPAN = 72


def lines(planned: Planned) -> list[str]:
    """What the plan says, the numbers first and what to heed last. Text from outside is made harmless to look at."""
    return [
        *_size(planned), *_mix(planned), *_cells(planned), *_cost(planned), f"power: {planned.power.sentence}.",
        *(f"note: {note}." for note in planned.notes),
        *(f"gap: {short(gap, 400)}." for gap in planned.gaps),
        *(f"warning {one.code}: {short(one.message, 600)}." for one in planned.warnings),
    ]  # fmt: skip


def _size(planned: Planned) -> list[str]:
    ordered = planned.plan.target
    if not ordered:
        return [f"nothing to make: {planned.target:,} candidates stand, {planned.wanted:,} are wanted."]
    standing = planned.target - ordered
    already = f"; {standing:,} stand already" if standing else ""
    survive = f", so that {planned.wanted:,} survive review" if planned.target > planned.wanted else ""
    return [
        f"{ordered:,} candidates to make in {len(planned.plan.briefs):,} briefs{survive}{already}; "
        f"for a dataset of {planned.size:,} cases."
    ]


def _mix(planned: Planned) -> list[str]:
    made = Counter[str]()
    for brief in planned.plan.briefs:
        made[brief.technique] += brief.count
    rows = []
    for one in planned.shares:
        what = f"{one.count:,} of {one.available:,} there" if one.available is not None else f"{one.count:,}"
        more = f", {made[one.bucket]:,} to make" if made[one.bucket] else ""
        rows.append(f"  {one.bucket:<12} {share(one.share):>6}  {what}{more}")
    return ["mix:", *rows]


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
    return [head] if len(planned.cells) > CELLS else [head, *(_cell(cell) for cell in planned.cells)]


def _cell(cell: CellPlan) -> str:
    return (
        f"  {short(cell.cell, SPAN)}: {cell.seeds:,} seeds in {cell.groups:,} groups, {cell.wanted:,} wanted, "
        f"{cell.standing:,} standing, {cell.ordered:,} to make"
    )


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
        f"{cost.to_review:,} candidates.{by_hand}"
    ]
    if planned.label_hours:
        said.append(f"  beside it {planned.label_hours:,.1f} hours to say what is expected of the seeds that lack it.")
    return said
