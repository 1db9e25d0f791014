"""A brief on its way: how much of it has passed, what became of the rest, and why it stopped.

What this module does not know: techniques, checks and models.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from anchorset.core.case import Case
from anchorset.core.hashing import draw
from anchorset.core.ledger import FailedBy, Ledger, PendingBy, Short
from anchorset.core.persona import Persona
from anchorset.core.plan import Plan
from anchorset.core.provenance import Synthetic
from anchorset.produce.cell import cells_for
from anchorset.produce.kit import NOTHING
from anchorset.produce.operators.lexical import lexicon_of
from anchorset.produce.operators.operator import Lexicon
from anchorset.produce.order import Order
from anchorset.produce.techniques import Make, technique

IN_VAIN = 200
"""Attempts of a brief without a pass after which it stops."""


@dataclass(slots=True)
class Job:
    """One brief on its way."""

    order: Order
    make: Make | None
    """None: a model is asked."""
    turn: int
    """Whose turn it is among the seeds of the cell."""
    target: int
    """How many shall pass: the brief's count, and what was moved here or away."""
    begun: int = 0
    """Attempts made for this brief in earlier runs: the dice go on from there."""
    attempts: int = 0
    passed: int = 0
    pending_by: Counter[PendingBy] = field(default_factory=Counter)
    """Made or asked for, and not judged when the run stopped."""
    faults: int = 0
    """Candidates that failed in a row."""
    in_vain: int = 0
    """Attempts since the last pass."""
    rejected_by: Counter[str] = field(default_factory=Counter)
    failed_by: Counter[FailedBy] = field(default_factory=Counter)
    over: str = ""
    """Why it stopped short; empty while it may go on."""

    @property
    def wanted(self) -> int:
        """Attempts in the next round."""
        if self.over:
            return 0
        missing = self.target - self.passed
        # A model is asked wave by wave, and between waves it is seen whether it is all in vain.
        return missing if self.make is None else min(missing, IN_VAIN - self.in_vain)

    def vain(self, n: int) -> None:
        """`n` attempts without a pass: after so many in a row it is over."""
        self.in_vain += n
        if self.in_vain >= IN_VAIN and not self.over:
            causes: Counter[str] = Counter(self.rejected_by)
            causes.update({f"failures ({cause})": count for cause, count in self.failed_by.items()})
            self.over = f"in_vain: {IN_VAIN} attempts without a pass, most stopped by {causes.most_common(1)[0][0]}"

    def ledger(self) -> Ledger:
        brief = self.order.brief
        missing = self.target - self.passed
        short: tuple[Short, ...] = ()
        if missing:
            short = (Short(cell=brief.cell, technique=brief.technique, missing=missing, reason=self.over),)
        return Ledger(
            target=self.target,
            requested=self.attempts,
            passed=self.passed,
            rejected_by=dict(sorted(self.rejected_by.items())),
            failed_by=dict(self.failed_by),
            pending_by=dict(self.pending_by),
            short=short,
        )


def uses_of(standing: Sequence[Case]) -> Counter[str]:
    """Seed id -> its mutations among these."""
    return Counter(rewritten(standing))


def rewritten(cases: Sequence[Case]) -> list[str]:
    """The seed of each mutation among these."""
    return [
        case.provenance.parents[0]
        for case in cases
        if isinstance(case.provenance, Synthetic) and case.provenance.technique == "mutation"
    ]


def jobs_of(
    plan: Plan, seeds: Sequence[Case], groups: Mapping[str, str], random_seed: int, run: str,
    earlier: Mapping[str, int], personas: Mapping[str, Persona], weights: Mapping[str, float] = NOTHING,
    *, written: bool,
) -> list[Job]:  # fmt: skip
    """A job for every brief. `written`: a model is there for those that are carried out by one."""
    cells = cells_for(plan.briefs, seeds, groups)
    mutating = any(brief.technique == "mutation" for brief in plan.briefs)
    lexicon = lexicon_of(seed.text for seed in seeds) if mutating else Lexicon({}, {})
    begun: Counter[str] = Counter()
    jobs = []
    for brief in sorted(plan.briefs, key=lambda brief: (brief.cell, brief.technique, brief.id)):
        first = begun[brief.technique]
        begun[brief.technique] += brief.count
        cell = cells[brief.cell]
        order = Order(
            brief=brief, cell=cell, lexicon=lexicon, random_seed=random_seed, run=run, first=first,
            persona=personas.get(brief.persona or ""), weights=weights,
        )  # fmt: skip
        jobs.append(job_of(order, earlier.get(brief.id, 0), asked=written and brief.by_model))
    return jobs


def job_of(order: Order, begun: int = 0, *, asked: bool = False) -> Job:
    brief = order.brief
    # Where a brief begins is drawn, so that the briefs of a cell do not all lean on the same seeds.
    turn = (draw(order.random_seed, brief.id) + begun) % max(1, len(order.cell.seeds))
    return Job(order, None if asked else technique(brief.technique), turn, brief.count, begun)
