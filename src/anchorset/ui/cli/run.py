"""`anchorset run`: a target answers a dataset version.

What this module does not know: how a target is asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from anchorset.core.numbers import share
from anchorset.ui.cli.options import Budget, Json, WorkspaceDir, Yes, opened

if TYPE_CHECKING:
    from anchorset.pipeline.trust.runs import Ran

SHOWN = 3


def run(
    ref: Annotated[str, typer.Argument(metavar="REF", help="name@1.2.0, or name for its newest version.")],
    target: Annotated[str, typer.Option(help="A name under `targets` in anchorset.yaml.")],
    repeats: Annotated[int, typer.Option(min=1, help="How often each case is asked.")] = 1,
    budget: Budget = None,
    yes: Yes = False,
    workspace: WorkspaceDir = None,
    json: Json = False,
) -> None:
    """Runs the application on a version: one row a case and repeat, errors with their cause.

    The same command again asks only what is missing. Answers of the same target version are never asked for twice.

    Example: anchorset run refund-bot --target next --repeats 3
    """
    from anchorset.pipeline.produce.judge import Consent
    from anchorset.pipeline.trust.runs import run_target
    from anchorset.ui.cli.consent import agreement
    from anchorset.ui.cli.terminal import answer, say

    consent = Consent(agree=agreement(yes), budget_usd=budget)
    ran = run_target(opened(workspace), ref, target=target, repeats=repeats, consent=consent)
    say(*_lines(ran), machine=json)
    if json:
        answer(
            {
                "run": ran.head.run, "dataset": ran.head.dataset, "target": target, "version": ran.head.version,
                "ledger": ran.ledger.model_dump(), "fresh": ran.fresh, "reused": ran.reused,
                "passed": sum(row.passed is True for row in ran.results), "usd": _usd(ran),
                "seconds": round(ran.seconds, 3), "judges": ran.head.judges, "judge_usd": ran.spent.usd,
                "notes": list(ran.notes), "stopped": ran.stopped.cause if ran.stopped else None,
            }
        )  # fmt: skip
    if ran.stopped is not None:
        raise ran.stopped


def _lines(ran: Ran) -> list[str]:
    from anchorset.ui.cli.made_words import spent_lines

    head, ledger = ran.head, ran.ledger
    passed = sum(row.passed is True for row in ran.results)
    judged = sum(row.passed is not None for row in ran.results)
    lines = [f"note: {note}" for note in ran.notes]
    lines += [
        f"{head.run}: {head.target} ({head.version}) on {head.dataset}, {', '.join(head.evaluators)}",
        f"  wanted {ledger.wanted:,} = answered {ledger.answered:,} + not judged {ledger.not_judged:,} "
        f"+ failed {ledger.failed:,} + pending {ledger.pending:,}",
    ]
    lines += [f"  failed by {cause}: {n:,}" for cause, n in sorted(ledger.failed_by.items())]
    failed = [row for row in ran.results if row.error]
    lines += [f"    {row.case}: {row.error}" for row in failed[:SHOWN]]
    lines.append(
        f"  passed {passed:,} of {judged:,} judged ({share(passed / judged)})"
        if judged
        else "  nothing could be judged: the cases have no expected answer that these evaluators use"
    )
    if not ran.fresh:
        lines.append("  nothing to do: every row was there already")
    elif ran.reused:
        lines.append(f"  {ran.reused:,} answers of this version were known and only judged")
    if usd := _usd(ran):
        lines.append(f"  cost {usd:.4f} USD")
    return lines + spent_lines(ran.spent)


def _usd(ran: Ran) -> float:
    return sum(row.usd or 0.0 for row in ran.results)
