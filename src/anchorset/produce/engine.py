"""The engine: attempts in rounds until every brief's quota has passed the gate, or it is said why not.

A round asks each brief for exactly what it still misses, so nothing is made in vain, and what is made depends on the
results of earlier rounds alone: never on the size of batches, the order of seeds or how fast a model answers.
What this module does not know: techniques, checks and models.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field

from anchorset.core.case import Case
from anchorset.core.errors import PendingError
from anchorset.core.hashing import draw
from anchorset.core.ledger import Ledger, PendingBy, total
from anchorset.core.persona import Persona
from anchorset.core.plan import Plan
from anchorset.core.ports import Gate, Progress
from anchorset.core.provenance import Synthetic
from anchorset.produce.dice import Dice
from anchorset.produce.job import Job, jobs_of, uses_of
from anchorset.produce.moves import Moved, moved_to_mutation
from anchorset.produce.writing import Writing, Written, write

ATTEMPTS = 3
"""Attempts of a run for each candidate of its target."""
OVER: Mapping[PendingBy, str] = {
    "interrupted": "interrupted: the same command again goes on",
    "budget": "budget: the run's limit is reached; with a higher one the same command goes on",
    "batch": "batch: the questions wait to be answered; import the answers and the same command goes on",
}


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
    stopped: PendingBy | None = None
    """Why the run is not over: what was judged is here, what was begun and not judged is pending. None: it is over."""

    @property
    def interrupted(self) -> bool:
        """Whether Ctrl-C came."""
        return self.stopped == "interrupted"


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
    writing: Writing | None,
    weights: Mapping[str, float],
) -> Produced:
    """See `anchorset.produce.stage.produce`. `batch`: how many candidates the gate sees at a time."""
    jobs = jobs_of(plan, seeds, groups, random_seed, run, begun, personas, weights, written=writing is not None)
    line = _Line(gate=gate, batch=batch, on_batch=on_batch, uses=uses_of(standing), progress=progress)
    moved: list[Moved] = []
    stopped: PendingBy | None = None
    left = ATTEMPTS * plan.target
    if progress:
        progress.start("producing", plan.target)
    try:
        while not stopped and (shares := _shares([job.wanted for job in jobs], left)):
            before = sum(job.attempts for job in jobs)
            share = list(zip(jobs, shares, strict=True))
            made = [pair for job, n in share if job.make for pair in _attempts(job, n, line.uses, per_root)]
            if writing is None:
                line.judge(made)
            else:
                asked = [(job, n) for job, n in share if not job.make and n]
                with closing(write(asked, writing, standing, line.passed, line.uses, per_root)) as wave:
                    # A whole wave is sent first: answers that take hours, and a judge's may too.
                    sent = next(wave, None) if writing.whole else None
                    try:
                        line.judge(made)
                        for written in wave:
                            line.judge(written.pairs)
                            line.tell(jobs)
                            stopped = written.stopped or stopped
                    except PendingError as stop:
                        if stop.cause == "batch":
                            line.foresee(writing, sent)
                        raise
                    if stopped == "batch":
                        line.foresee(writing, sent)
            left -= sum(job.attempts for job in jobs) - before
            moved += moved_to_mutation(jobs, line.uses, per_root)
    except (KeyboardInterrupt, PendingError) as stop:
        stopped = stop.cause if isinstance(stop, PendingError) else "interrupted"
        for job, _ in line.waiting:
            job.pending_by[stopped] += 1
    finally:
        if progress:
            progress.stop()
    for job in jobs:
        if stopped and stopped != "interrupted":  # what was sent and not read waits for the same
            job.pending_by[stopped] += job.pending_by.pop("interrupted", 0)
        missing = OVER[stopped] if stopped else f"attempts: {ATTEMPTS} times the target were tried"
        job.over = job.over or missing
    return _produced(jobs, line, tuple(moved), stopped)


@dataclass(slots=True, kw_only=True)
class _Line:
    """Candidates on their way through the gate, slice by slice."""

    gate: Gate
    batch: int
    on_batch: Callable[[Sequence[Case]], None]
    uses: Counter[str]
    progress: Progress | None
    waiting: Sequence[tuple[Job, Case]] = ()
    passed: list[Case] = field(default_factory=list)
    rejected: list[Case] = field(default_factory=list)

    def judge(self, made: Sequence[tuple[Job, Case]]) -> None:
        self.waiting = made
        while self.waiting:
            some = self.waiting[: self.batch]
            judged = self.gate.judge([candidate for _, candidate in some])
            self.on_batch(judged)
            fresh = [case for (job, _), case in zip(some, judged, strict=True) if _booked(job, case, self.uses)]
            self.passed += fresh
            self.rejected += [case for case in judged if case.status == "rejected"]
            self.waiting = self.waiting[self.batch :]
            if self.progress:
                self.progress.advance(len(fresh))

    def foresee(self, writing: Writing, sent: Written | None) -> None:
        """What of the round waits behind a gap is told ahead: its judge can be asked in the batch that fills it."""
        if writing.foresee is not None:
            rest = [case for _, case in self.waiting[self.batch :]]
            writing.foresee([*rest, *(sent.there() if sent else ())])

    def tell(self, jobs: Sequence[Job]) -> None:
        """How far it is, beside the bar."""
        if self.progress:
            missing = {job.order.brief.cell for job in jobs if job.passed < job.target}
            cells = {job.order.brief.cell for job in jobs}
            failed = sum(job.failed_by.total() for job in jobs)
            self.progress.tell(
                "candidates",
                f"cells {len(cells) - len(missing)}/{len(cells)}, rejected {len(self.rejected):,}, failed {failed:,}",
            )


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


def _attempts(job: Job, share: int, uses: Counter[str], per_root: int) -> Iterator[tuple[Job, Case]]:
    """`share` candidates of a job, fewer when its seeds are used up."""
    assert job.make is not None  # a model's briefs are written elsewhere
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


def _booked(job: Job, case: Case, uses: Counter[str]) -> bool:
    """Write the gate's word into the job; True when the case passed."""
    if case.status == "rejected":
        job.rejected_by[next(found.check for found in case.findings if found.says == "reject")] += 1
        if job.order.brief.technique == "mutation" and isinstance(case.provenance, Synthetic):
            uses[case.provenance.parents[0]] -= 1
        job.vain(1)
        return False
    job.passed += 1
    job.in_vain = 0
    return True


def _produced(jobs: Sequence[Job], line: _Line, moved: tuple[Moved, ...], stopped: PendingBy | None) -> Produced:
    ledgers = [(job.order.brief, job.ledger()) for job in jobs]
    return Produced(
        passed=line.passed,
        rejected=line.rejected,
        ledger=total(ledger for _, ledger in ledgers),
        by_technique=_summed((brief.technique, ledger) for brief, ledger in ledgers),
        by_cell=_summed((brief.cell, ledger) for brief, ledger in ledgers),
        moved=moved,
        attempts=dict(sorted((job.order.brief.id, job.begun + job.attempts) for job in jobs)),
        stopped=stopped,
    )


def _summed(parts: Iterable[tuple[str, Ledger]]) -> dict[str, Ledger]:
    found: dict[str, list[Ledger]] = {}
    for name, ledger in parts:
        found.setdefault(name, []).append(ledger)
    return {name: total(found[name]) for name in sorted(found)}
