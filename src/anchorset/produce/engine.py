"""The engine: attempts in rounds until every brief's quota has passed the gate, or it is said why not.

A round asks each brief for exactly what it still misses, so nothing is made in vain, and what is made depends on the
results of earlier rounds alone: never on the size of batches or the order of seeds.
What this module does not know: techniques and checks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from anchorset.core.case import Case
from anchorset.core.hashing import draw
from anchorset.core.ledger import FailedBy, Ledger, Short, total
from anchorset.core.persona import Persona
from anchorset.core.plan import Brief, Plan
from anchorset.core.ports import Gate, Progress
from anchorset.core.provenance import Synthetic
from anchorset.produce.cell import cells_for
from anchorset.produce.dice import Dice
from anchorset.produce.operators.lexical import lexicon_of
from anchorset.produce.operators.operator import Lexicon
from anchorset.produce.order import Order
from anchorset.produce.techniques import Make, technique

ATTEMPTS = 3
"""Attempts of a run for each candidate of its target."""

IN_VAIN = 200
"""Attempts of a brief without a pass after which it stops."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What one technique could not make in a cell and another made in its place, in the same cell."""

    cell: str
    technique: str
    to: str
    count: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Produced:
    """What came of a plan. The targets in `by_technique` and `by_cell` are those after the moves."""

    passed: list[Case]
    rejected: list[Case]
    ledger: Ledger
    by_technique: dict[str, Ledger]
    by_cell: dict[str, Ledger]
    moved: tuple[Moved, ...] = ()
    attempts: dict[str, int] = field(default_factory=dict)
    """Brief id -> attempts made for it so far, those of earlier runs included: what `begun` takes."""
    interrupted: bool = False
    """Ctrl-C came; what was judged before it is here, what was made and not judged is `pending: interrupted`."""


@dataclass(slots=True)
class _Job:
    """One brief on its way."""

    order: Order
    make: Make
    turn: int
    """Whose turn it is among the seeds of the cell."""
    target: int
    """How many shall pass: the brief's count, and what was moved here or away."""
    begun: int = 0
    """Attempts made for this brief in earlier runs: the dice go on from there."""
    attempts: int = 0
    passed: int = 0
    unjudged: int = 0
    """Made, and not judged before the run was interrupted."""
    in_vain: int = 0
    """Attempts since the last pass."""
    rejected_by: Counter[str] = field(default_factory=Counter)
    failed_by: Counter[FailedBy] = field(default_factory=Counter)
    over: str = ""
    """Why it stopped short; empty while it may go on."""

    @property
    def wanted(self) -> int:
        """Attempts in the next round."""
        return 0 if self.over else min(self.target - self.passed, IN_VAIN - self.in_vain)

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
            pending_by={"interrupted": self.unjudged} if self.unjudged else {},
            short=short,
        )


def run_plan(
    plan: Plan,
    seeds: Sequence[Case],
    *,
    gate: Gate,
    groups: Mapping[str, str],
    random_seed: int,
    run: str,
    per_root: int,
    progress: Progress | None,
    batch: int,
    begun: Mapping[str, int],
    standing: Sequence[Case],
    on_batch: Callable[[Sequence[Case]], None],
    personas: Mapping[str, Persona],
) -> Produced:
    """See `anchorset.produce.stage.produce`. `batch`: how many candidates the gate sees at a time."""
    jobs = _jobs(plan, seeds, groups, random_seed, run, begun, personas)
    uses = _uses(standing)
    interrupted = False
    waiting: Sequence[tuple[_Job, Case]] = ()
    passed: list[Case] = []
    rejected: list[Case] = []
    moved: list[Moved] = []
    left = ATTEMPTS * plan.target
    if progress:
        progress.start("producing", plan.target)
    try:
        while shares := _shares([job.wanted for job in jobs], left):
            before = sum(job.attempts for job in jobs)
            waiting = [pair for job, n in zip(jobs, shares, strict=True) for pair in _attempts(job, n, uses, per_root)]
            left -= sum(job.attempts for job in jobs) - before
            while waiting:
                slice_ = waiting[:batch]
                judged = gate.judge([candidate for _, candidate in slice_])
                on_batch(judged)
                fresh = [case for (job, _), case in zip(slice_, judged, strict=True) if _booked(job, case, uses)]
                passed += fresh
                rejected += [case for case in judged if case.status == "rejected"]
                waiting = waiting[batch:]
                if progress:
                    progress.advance(len(fresh))
            moved += _moves(jobs, uses, per_root)
    except KeyboardInterrupt:
        interrupted = True
        for job, _ in waiting:
            job.unjudged += 1
        for job in jobs:
            job.over = job.over or "interrupted: the same command again goes on"
    finally:
        if progress:
            progress.stop()
    return _produced(jobs, passed, rejected, tuple(moved), interrupted)


def _uses(standing: Sequence[Case]) -> Counter[str]:
    """Seed id -> its mutations among these."""
    return Counter(
        case.provenance.parents[0]
        for case in standing
        if isinstance(case.provenance, Synthetic) and case.provenance.technique == "mutation"
    )


def _jobs(
    plan: Plan, seeds: Sequence[Case], groups: Mapping[str, str], random_seed: int, run: str,
    earlier: Mapping[str, int], personas: Mapping[str, Persona],
) -> list[_Job]:  # fmt: skip
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
            persona=personas.get(brief.persona or ""),
        )  # fmt: skip
        jobs.append(_job(order, earlier.get(brief.id, 0)))
    return jobs


def _job(order: Order, begun: int = 0) -> _Job:
    brief = order.brief
    # Where a brief begins is drawn, so that the briefs of a cell do not all lean on the same seeds.
    turn = (draw(order.random_seed, brief.id) + begun) % max(1, len(order.cell.seeds))
    return _Job(order, technique(brief.technique), turn, brief.count, begun)


def _moves(jobs: list[_Job], uses: Counter[str], per_root: int) -> list[Moved]:
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
            jobs.append(_job(replace(job.order, brief=instead, tried=Counter())))
        job.target -= count
        moved.append(Moved(cell=brief.cell, technique=brief.technique, to="mutation", count=count, reason=job.over))
    return moved


def _shares(wanted: list[int], left: int) -> list[int]:
    """What each job may try in this round: all it wants, or a level share of what is left. Empty: nothing to do."""
    if not left or not any(wanted):
        return []
    cap = max(wanted)
    while sum(min(want, cap) for want in wanted) > left and cap > 1:
        cap -= 1
    shares = [min(want, cap) for want in wanted]
    for at in range(len(shares) - 1, -1, -1):  # at a cap of 1 there may still be more jobs than attempts
        shares[at] -= min(shares[at], max(0, sum(shares) - left))
    return shares


def _attempts(job: _Job, share: int, uses: Counter[str], per_root: int) -> Iterator[tuple[_Job, Case]]:
    """`share` candidates of a job, fewer when its seeds are used up."""
    order = job.order
    capped = order.brief.technique == "mutation"
    seeds = order.cell.seeds
    for nth in range(share):
        dice = Dice(draw(order.random_seed, order.brief.id, job.begun + job.attempts))
        open_seats = 0
        for ahead in range(len(seeds)):
            parent = seeds[(job.turn + ahead) % len(seeds)]
            if capped and uses[parent.id] >= per_root:
                continue
            open_seats += 1
            candidate = job.make(parent, order, dice)
            if candidate is not None:
                job.turn += ahead + 1
                break
        else:
            if seeds and not open_seats:
                if nth == 0:
                    job.over = f"per_root: every seed of the cell has its {per_root} mutations"
                return
            job.attempts += 1
            job.failed_by["no_parent"] += 1
            job.over = "no_parent: " + (
                "the cell has no seed"
                if not seeds
                else "every combination of the cell's seeds was tried"
                if order.tried
                else "no seed of the cell could be worked on"
            )
            return
        job.attempts += 1
        if capped:
            uses[parent.id] += 1
        yield job, candidate


def _booked(job: _Job, case: Case, uses: Counter[str]) -> bool:
    """Write the gate's word into the job; True when the case passed."""
    if case.status == "rejected":
        job.rejected_by[next(found.check for found in case.findings if found.says == "reject")] += 1
        job.in_vain += 1
        if job.order.brief.technique == "mutation" and isinstance(case.provenance, Synthetic):
            uses[case.provenance.parents[0]] -= 1
        if job.in_vain >= IN_VAIN:
            job.over = (
                f"in_vain: {IN_VAIN} attempts without a pass, most rejected by {job.rejected_by.most_common(1)[0][0]}"
            )
        return False
    job.passed += 1
    job.in_vain = 0
    return True


def _produced(
    jobs: Sequence[_Job], passed: list[Case], rejected: list[Case], moved: tuple[Moved, ...], interrupted: bool
) -> Produced:
    for job in jobs:
        job.over = job.over or f"attempts: {ATTEMPTS} times the target were tried"
    ledgers = [(job.order.brief, job.ledger()) for job in jobs]
    return Produced(
        passed=passed,
        rejected=rejected,
        ledger=total(ledger for _, ledger in ledgers),
        by_technique=_summed((brief.technique, ledger) for brief, ledger in ledgers),
        by_cell=_summed((brief.cell, ledger) for brief, ledger in ledgers),
        moved=moved,
        attempts=dict(sorted((job.order.brief.id, job.begun + job.attempts) for job in jobs)),
        interrupted=interrupted,
    )


def _summed(parts: Iterable[tuple[str, Ledger]]) -> dict[str, Ledger]:
    found: dict[str, list[Ledger]] = {}
    for name, ledger in parts:
        found.setdefault(name, []).append(ledger)
    return {name: total(found[name]) for name in sorted(found)}
