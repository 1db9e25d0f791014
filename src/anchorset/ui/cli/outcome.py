"""`anchorset outcome`: what became of a release.

What this module does not know: what follows from it.
"""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from anchorset.ui.cli.options import Json, Reviewer, WorkspaceDir, opened, reviewer_name


def outcome(
    ref: Annotated[str, typer.Argument(metavar="REF", help="The dataset version the decision stood on.")],
    candidate: Annotated[str | None, typer.Option(help="The target that was decided about.")] = None,
    decision: Annotated[
        Literal["approve", "edit", "reject", "failed"] | None,
        typer.Option(help="What was decided. Without it --production is added to the outcome that is recorded."),
    ] = None,
    reason: Annotated[
        list[str] | None,
        typer.Option(
            help="unsafe, off_policy, too_expensive, under_tested, no_cases, no_scores, noisy_evaluator or "
            "vague_behaviour; may be given several times."
        ),
    ] = None,
    verdict: Annotated[
        Literal["PASS", "BLOCK", "INCONCLUSIVE"] | None, typer.Option(help="What the evaluation had said.")
    ] = None,
    baseline: Annotated[
        str | None, typer.Option(help="Without --verdict: take what comparing the candidate with this one says.")
    ] = None,
    production: Annotated[
        Literal["better", "same", "worse"] | None, typer.Option(help="What production said afterwards.")
    ] = None,
    note: Annotated[str, typer.Option(help="Why; required for `edit`.")] = "",
    case: Annotated[
        list[str] | None, typer.Option(help="Id of a case that shows it; may be given several times.")
    ] = None,
    promote: Annotated[
        Literal["regression", "golden"] | None, typer.Option(help="Promote these cases into durable coverage.")
    ] = None,
    show: Annotated[bool, typer.Option("--list", help="Show the outcomes of REF that are recorded instead.")] = False,
    reviewer: Reviewer = None,
    workspace: WorkspaceDir = None,
    json: Json = False,
) -> None:
    """Records a release decision with its evidence, and promotes the cases that show it.

    What production said comes in later: the same with --production and without --decision. `trust` holds it against
    what the evaluation had said.

    Example: anchorset outcome refund-bot --candidate next --decision reject --reason off_policy --verdict BLOCK
    """
    from anchorset.core.errors import UsageError
    from anchorset.pipeline.trust.outcomes import add_production, outcome_report, outcomes_of, verdict_between
    from anchorset.pipeline.trust.trusting import record_outcome
    from anchorset.ui.cli.outcome_words import outcome_lines, reasons_of
    from anchorset.ui.cli.terminal import answer, say

    room = opened(workspace)
    if show:
        found = outcomes_of(room, ref)
        say(*outcome_lines(found), machine=json)
        if json:
            answer({"outcomes": [outcome_report(one) for one in found]})
        return
    if candidate is None:
        raise UsageError("no target is named; give `--candidate NAME`, or `--list` to see what is recorded")
    if decision is None:
        if production is None:
            raise UsageError("neither `--decision` nor `--production` is given; say what was decided, or what became")
        added = add_production(
            room, ref, candidate=candidate, production=production, reviewer=reviewer_name(reviewer), note=note
        )
        say(f"production: {production} for {candidate} on {added.dataset}, decided by {added.maker}", machine=json)
        if json:
            answer({"outcome": outcome_report(added), "promoted": [], "notes": []})
        return
    if verdict is None and baseline is not None:
        verdict = verdict_between(room, ref, baseline=baseline, candidate=candidate).verdict
    done = record_outcome(
        room, ref, evidence=case or (), promote=promote, decision=decision, candidate=candidate,
        reviewer=reviewer_name(reviewer), reasons=reasons_of(reason or ()), verdict=verdict, production=production,
        note=note,
    )  # fmt: skip
    said = done.outcome
    why = f": {', '.join(said.reasons)}" if said.reasons else ""
    say(f"{said.decision} {said.candidate} on {said.dataset}{why}", machine=json)
    say(*(f"note: {one}" for one in done.notes), machine=json)
    if json:
        answer(
            {
                "outcome": outcome_report(said), "promoted": [one.id for one in done.promoted],
                "notes": [*done.notes],
            }
        )  # fmt: skip
