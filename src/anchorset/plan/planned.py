"""A plan with everything to be said about it: what it costs, what it can decide, and what is wrong with it.

What this module does not know: how any of it was found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from anchorset.core.plan import Plan
from anchorset.plan.cost import Cost
from anchorset.plan.power import Power
from anchorset.plan.shares import Share
from anchorset.plan.tally import Measured
from anchorset.plan.warnings import Warned


@dataclass(frozen=True, slots=True, kw_only=True)
class CellPlan:
    """One cell of a plan. Counts of synthetic candidates unless said otherwise."""

    cell: str
    values: dict[str, str]
    seeds: int
    groups: int
    wanted: int
    """That shall survive review."""
    standing: int
    """That passed and stand already."""
    ordered: int
    """To be made."""
    survival: float | None
    """Share expected to survive review, 0-1. None: nothing is wanted here."""
    kept: int = 0
    """By reviewers, of those decided on so far."""
    decided: int = 0

    def report(self) -> dict[str, Any]:
        return {
            "cell": self.cell, "values": self.values, "seeds": self.seeds, "groups": self.groups,
            "wanted": self.wanted, "standing": self.standing, "ordered": self.ordered,
            "expected_survival": None if self.survival is None else round(self.survival, 4),
            "kept": self.kept, "decided": self.decided,
        }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What to make, and what to know before."""

    plan: Plan
    """What is still to be made; empty when nothing is."""
    target: int
    """Candidates that stand when the plan is done: those that stand and count already, and those ordered."""
    wanted: int
    """Of these, that shall survive review."""
    cells: tuple[CellPlan, ...]
    shares: tuple[Share, ...]
    size: int
    reachable: int
    """Largest dataset of the declared mix that the real cases allow, at most `size`."""
    notes: tuple[str, ...]
    """What was decided on the way, to be said aloud."""
    gaps: tuple[str, ...]
    """What cannot be ordered, and what would make it possible."""
    warnings: tuple[Warned, ...]
    costs: dict[str, Cost]
    """By technique."""
    cost: Cost
    label_hours: float
    """To give the seeds that have none an expected answer or criteria."""
    by_hand_hours: tuple[float, float]
    """What writing as many cases by hand would take."""
    power: Power
    measured: tuple[Measured, ...] = ()
    """What decisions say so far of each technique, cell and persona; empty where an exact number is asked for."""

    def report(self) -> dict[str, Any]:
        """The machine form."""
        return {
            "target": self.target,
            "briefs": [
                {
                    "id": brief.id, "technique": brief.technique, "cell": brief.cell, "persona": brief.persona,
                    "language": brief.language, "count": brief.count,
                }
                for brief in self.plan.briefs
            ],
            "cells": [cell.report() for cell in self.cells],
            "warnings": [{"code": warned.code, "message": warned.message} for warned in self.warnings],
            "cost": {
                **self.cost.report(), "label_hours": round(self.label_hours, 2),
                "by_hand_hours": [round(hours, 1) for hours in self.by_hand_hours],
                "by_technique": {name: cost.report() for name, cost in self.costs.items()},
            },
            "power": self.power.report(),
            "ordered": self.plan.target, "wanted": self.wanted, "size": self.size, "reachable": self.reachable,
            "shares": [
                {"bucket": one.bucket, "share": round(one.share, 4), "count": one.count, "available": one.available}
                for one in self.shares
            ],
            "notes": list(self.notes), "gaps": list(self.gaps),
            "survival": [one.report() for one in self.measured],
        }  # fmt: skip
