"""produce: a plan and seeds become candidates that passed the gate, and a ledger that accounts for every attempt.

What this module does not know: which checks stand in the gate, and where results are kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from math import ceil

from anchorset.core.case import Case
from anchorset.core.persona import Persona
from anchorset.core.plan import Plan
from anchorset.core.ports import Gate, Progress
from anchorset.produce.cell import cells_for
from anchorset.produce.engine import Produced, run_plan
from anchorset.produce.writing import Writing


def _nothing(_judged: Sequence[Case]) -> None: ...


def produce(
    plan: Plan,
    seeds: Sequence[Case],
    *,
    gate: Gate,
    groups: Mapping[str, str],
    random_seed: int,
    run: str,
    per_root: int = 5,
    progress: Progress | None = None,
    batch: int = 4096,
    begun: Mapping[str, int] | None = None,
    standing: Sequence[Case] = (),
    on_batch: Callable[[Sequence[Case]], None] = _nothing,
    personas: Mapping[str, Persona] | None = None,
    writing: Writing | None = None,
    weights: Mapping[str, float] | None = None,
) -> Produced:
    """The candidates of a plan, judged. Each brief is filled until its count has passed, or it is short with a reason.

    What another technique cannot make in a cell (no_parent, in_vain) is made by mutation there, as long as the plan has
    mutations at all and `per_root` allows; `moved` says so. The total target stays.

    `groups`: seed id -> group id, for near-duplicate seeds; a seed it does not name is its own group.
    `per_root`: mutations that may pass of one seed. `batch`: candidates the gate sees at a time, for memory alone.
    `begun`: brief id -> attempts made in earlier runs (`Produced.attempts`): the dice go on from there, so this run
    makes other texts. `standing`: what earlier runs left, counted toward `per_root` and nothing else. `on_batch` gets
    every batch of judged candidates, passed and rejected, as it lands: who keeps it loses nothing.
    `personas`: name -> who it is; a remix of a brief with a persona is put into its voice.
    `writing`: how a model is asked, and for which briefs; None: no model is.
    `weights`: operator (`typo.swap`, `redteam.x.y`), or `anchor:` and the id of a seed -> how often it is taken when it
    is its turn, 0-1: what reviewers kept little of is made less. Not named: always.
    Ctrl-C and the end of a budget are no errors here: what was judged comes back with `stopped` set. Resuming is doing
    it again with a gate and answers that remember: the same candidates are made, and those that were judged are not
    judged again.
    Limits: three attempts for every candidate of the plan's target; 200 attempts of a brief without a pass.
    `short` reasons begin with a code: per_root, no_parent, in_vain, attempts.
    Same plan, seeds (in any order), gate and `random_seed`: same candidates, whatever `batch` is.
    Raises UsageError for a technique that is not there.
    """
    return run_plan(
        plan,
        seeds,
        gate=gate,
        groups=groups,
        random_seed=random_seed,
        run=run,
        per_root=per_root,
        progress=progress,
        batch=batch,
        begun=begun or {},
        standing=standing,
        on_batch=on_batch,
        personas=personas or {},
        writing=writing,
        weights=weights or {},
    )


def needed_per_root(plan: Plan, seeds: Sequence[Case]) -> int:
    """The `per_root` with which every cell can be filled even when half of its seeds give nothing that passes.

    0 when the plan has no mutations; a cell without seeds needs nothing, because nothing can fill it.
    """
    cells = cells_for(plan.briefs, seeds, {})
    counts: Counter[str] = Counter()
    for brief in plan.briefs:
        if brief.technique == "mutation":
            counts[brief.cell] += brief.count
    return max((ceil(2 * counts[name] / len(cells[name].seeds)) for name in counts if cells[name].seeds), default=0)
