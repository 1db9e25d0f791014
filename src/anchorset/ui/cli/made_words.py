"""What `produce` did, in words and as the machine form.

What this module does not know: how it was done.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from anchorset.core.errors import MachineError
from anchorset.core.numbers import counted
from anchorset.ui.cli.ledger import ledger_lines, set_lines
from anchorset.ui.cli.terminal import shown

if TYPE_CHECKING:
    from anchorset.core.ask import Spent
    from anchorset.core.ledger import Short
    from anchorset.pipeline.produce.estimating import Estimate
    from anchorset.pipeline.produce.production import Made


def lines(made: Made) -> list[str]:
    """The ledger, what came before it, and what to do next."""
    found = [f"put aside as stale: {len(made.refreshed):,}"] if made.refreshed else []
    found += shown([f"  {id}: {why}" for id, why in made.refreshed.items()])
    if made.planned is not None:
        found += [f"note: {note}" for note in (*made.planned.notes, *made.planned.gaps)]
        told = {one.sentence for one in made.advice}  # said after the ledger
        found += [f"warning: {one.message}" for one in made.planned.warnings if one.message not in told]
    found += [f"note: {note}" for note in made.notes]
    if made.produced is None:
        return [*found, "nothing to do: what was asked for stands already"]
    if made.remembered:
        found.append(f"went on with {made.run}: {made.remembered:,} candidates were there already")
    found += [f"{made.run}:", *ledger_lines(made.produced), *set_lines(made.set_findings), *spent_lines(made.spent)]
    found += shown([f"  outside the band: {one.sentence}" for one in made.advice])
    missing = made.produced.ledger.target - made.produced.ledger.passed
    if missing and made.produced.stopped is None:
        found += [
            f"{counted(missing, 'candidate', 'is')} short: the lines above say in which cells, and why",
            f"  {_way_out(made.produced.ledger.short, missing)}",
        ]
    return [*found, f"{len(made.produced.passed):,} passed in {made.seconds:.1f} s; next: anchorset review next"]


def _way_out(short: Sequence[Short], missing: int) -> str:
    """How to come by the rest: more to make them from, or a technique that is not exhausted."""
    said = "ingest more messages of these cells"
    if all(one.technique != "mutation" for one in short):
        return f"{said}, or have the rest mutated: `anchorset produce --more {missing} --technique mutation`"
    return f"{said}, or ask for fewer"


def spent_lines(spent: Spent) -> list[str]:
    """What the models took, all sittings of the run together; nothing when none was asked.

    What was there already is of this sitting, and may be another run's: no part of what was paid for.
    """
    if not spent.answers and not spent.recalled:
        return []
    usd = "at a price that is not known" if spent.usd is None else f"${spent.usd:,.4f}"
    used = f"{spent.usage.input:,} tokens in, {spent.usage.output:,} out"
    there = f"; {counted(spent.recalled, 'question')} answered from what was kept" if spent.recalled else ""
    return [f"  models: {counted(spent.answers, 'answer')} paid for; {used}; {usd}{there}"]


def estimate_lines(estimate: Estimate | None) -> list[str]:
    """What the models would take."""
    if estimate is None:
        return ["models: none is asked; 0 USD"]
    return [f"models: {line}" for line in estimate.lines()]


def report(made: Made) -> dict[str, Any]:
    """The machine form."""
    empty = {"target": 0, "requested": 0, "passed": 0, "rejected": 0, "failed": 0, "pending": 0, "short": [],
             "rejected_by": {}, "failed_by": {}, "pending_by": {}}  # fmt: skip
    produced = made.produced
    return {
        "run": made.run,
        "ledger": produced.ledger.report() if produced else empty,
        "by_technique": {name: part.report() for name, part in produced.by_technique.items()} if produced else {},
        "by_cell": {name: part.report() for name, part in produced.by_cell.items()} if produced else {},
        "moved": [asdict(one) for one in produced.moved] if produced else [],
        "stopped": produced.stopped if produced else None,
        "trouble": made.trouble,
        "remembered": made.remembered,
        "refreshed": made.refreshed,
        "plan": made.planned.report() if made.planned else None,
        "advice": [one.report() for one in made.advice],
        "set": [finding.model_dump() for finding in made.set_findings],
        "models": {
            "answers": made.spent.answers, "recalled": made.spent.recalled, "tokens_in": made.spent.usage.input,
            "tokens_out": made.spent.usage.output,
        },
        "usd": made.spent.usd,
        "seconds": round(made.seconds, 3),
    }  # fmt: skip


def raise_stopped(made: Made, budget: float | None) -> None:
    """Raises what a run that is not over ends with: KeyboardInterrupt, or MachineError for money and models."""
    stopped = made.produced.stopped if made.produced else None
    if made.trouble is not None:
        raise MachineError(f"{made.trouble.rstrip('.')}; {_pending(made)}, and the same command goes on.")
    if stopped == "interrupted":
        raise KeyboardInterrupt
    if stopped == "budget":
        spent = "an unknown sum" if made.spent.usd is None else f"${made.spent.usd:,.4f}"
        raise MachineError(
            f"the budget of ${budget or 0:,.2f} ends here: {spent} of it is spent and the next request might cross it; "
            f"{_pending(made)}. Raise `budget_usd` (or `--budget`) and run the same command again: it goes on."
        )


def _pending(made: Made) -> str:
    n = made.produced.ledger.pending if made.produced else 0
    return f"{n:,} candidates are pending, what was made is kept"
