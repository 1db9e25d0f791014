"""What one technique has given up in a cell is made by mutation there, so that the total stays.

What this module does not know: how anything is made.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from anchorset.core.plan import Brief
from anchorset.produce.job import Job, job_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What one technique could not make in a cell and another made in its place, in the same cell."""

    cell: str
    technique: str
    to: str
    count: int
    reason: str


def moved_to_mutation(jobs: list[Job], uses: Counter[str], per_root: int) -> list[Moved]:
    """What a job of another technique has given up goes to the mutations of its cell, as far as `per_root` allows."""
    if not any(job.order.brief.technique == "mutation" for job in jobs):
        return []
    moved = []
    for job in tuple(jobs):
        brief = job.order.brief
        missing = job.target - job.passed
        if not missing or brief.technique == "mutation" or not job.over.startswith(("no_parent", "in_vain")):
            continue
        there = [
            one
            for one in jobs
            if (one.order.brief.technique, one.order.brief.cell) == ("mutation", brief.cell)
            and one.order.brief.language in (None, brief.language)
        ]
        taking = [one for one in there if not one.over]
        room = sum(max(0, per_root - uses[seed.id]) for seed in job.order.cell.seeds)
        count = min(missing, room - sum(one.target - one.passed for one in taking))
        if count <= 0 or (there and not taking):
            continue
        if taking:
            taking[0].target += count
        else:
            instead = Brief(
                technique="mutation", cell=brief.cell, values=brief.values, count=count, language=brief.language
            )
            jobs.append(job_of(replace(job.order, brief=instead, tried=Counter())))
        job.target -= count
        moved.append(Moved(cell=brief.cell, technique=brief.technique, to="mutation", count=count, reason=job.over))
    return moved
