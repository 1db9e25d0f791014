"""`anchorset plan`: what to make next, what it costs, and what is wrong with it.

What this module does not know: how quotas come about.
"""

from __future__ import annotations

from typing import Annotated

import typer

from anchorset.ui.cli.options import Json, WorkspaceDir, opened


def plan(
    size: Annotated[
        int | None, typer.Option(min=1, help="Cases in the finished dataset; default: the configuration's.")
    ] = None,
    workspace: WorkspaceDir = None,
    json: Json = False,
) -> None:
    """What to make next: briefs, quotas, cost, hours, what the seed can decide, warnings.

    Nothing is written: `produce` plans the same again and carries it out.

    Example: anchorset plan --size 1000
    """
    from anchorset.pipeline.planning import plan_next
    from anchorset.plan.words import lines
    from anchorset.ui.cli.terminal import answer, say

    planned = plan_next(opened(workspace), size=size)
    say(*lines(planned), machine=json)
    if json:
        answer(planned.report())
