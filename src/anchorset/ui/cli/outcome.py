"""`anchorset outcome`: what became of a release.

What this module does not know: what follows from it.
"""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from anchorset.ui.cli.options import Json, Reviewer, WorkspaceDir, opened, reviewer_name


def outcome(
    ref: Annotated[str, typer.Argument(metavar="REF", help="The dataset version the decision stood on.")],
    candidate: Annotated[str, typer.Option(help="The target that was decided about.")],
    decision: Annotated[Literal["approve", "edit", "reject", "failed"], typer.Option(help="What was decided.")],
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
    reviewer: Reviewer = None,
    workspace: WorkspaceDir = None,
    json: Json = False,
) -> None:
    """Records a release decision with its evidence, and promotes the cases that show it.

    `trust` later holds what production said against what the evaluation had said.

    Example: anchorset outcome refund-bot --candidate next --decision reject --reason off_policy --verdict BLOCK
    """
    from anchorset.pipeline.trusting import record_outcome
    from anchorset.ui.cli.outcome_words import reasons_of
    from anchorset.ui.cli.terminal import answer, say

    done = record_outcome(
        opened(workspace), ref, evidence=case or (), promote=promote, decision=decision, candidate=candidate,
        reviewer=reviewer_name(reviewer), reasons=reasons_of(reason or ()), verdict=verdict, production=production,
        note=note,
    )  # fmt: skip
    said = done.outcome
    why = f": {', '.join(said.reasons)}" if said.reasons else ""
    say(f"{said.decision} {said.candidate} on {said.dataset}{why}", machine=json)
    say(*(f"note: {one}" for one in done.notes), machine=json)
    if json:
        answer({"outcome": said.model_dump(), "promoted": [one.id for one in done.promoted], "notes": list(done.notes)})
