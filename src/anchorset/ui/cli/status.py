"""`anchorset status`: where a workspace stands.

What this module does not know: how anything is counted.
"""

from __future__ import annotations

from anchorset.ui.cli.options import Json, WorkspaceDir, opened


def status(workspace: WorkspaceDir = None, json: Json = False) -> None:
    """Where the workspace stands: seeds, candidates, decisions, versions, runs, and what to do next.

    Example: anchorset status
    """
    from anchorset.pipeline.status import status_of
    from anchorset.ui.cli.status_words import lines, report
    from anchorset.ui.cli.terminal import answer, say

    found = status_of(opened(workspace))
    say(*lines(found), machine=json)
    if json:
        answer(report(found))
