"""`anchorset trust`: can the numbers of a version be trusted?

What this module does not know: any question.
"""

from __future__ import annotations

from typing import Annotated

import typer

from anchorset.ui.cli.options import Html, Json, WorkspaceDir, opened


def trust(
    ref: Annotated[
        str | None, typer.Argument(metavar="REF", help="name@1.2.0, or name; default: the newest version.")
    ] = None,
    html: Html = None,
    workspace: WorkspaceDir = None,
    json: Json = False,
) -> None:
    """Five questions answered with evidence over the history of runs, and what to do.

    Provenance on every case; seed and synthetic moving together; survival in its band; the vocabulary of the seed;
    generator, judge and target of different families. And: leakage, staleness, agreement, parity, outcomes.

    Example: anchorset trust --html trust.html
    """
    from anchorset.pipeline.trust.trusting import trust_report
    from anchorset.trust.report.words import machine, summary
    from anchorset.ui.cli.terminal import answer, say

    found = trust_report(opened(workspace), ref, page=html)
    say(*summary(found), machine=json)
    if html is not None:
        say(f"page: {html}", machine=json)
    if json:
        answer(machine(found))
