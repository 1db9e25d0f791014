"""`anchorset qualify`: candidates judged again.

What this module does not know: any check.
"""

from __future__ import annotations

from typing import Annotated

import typer

from anchorset.ui.cli.options import Json, WorkspaceDir, opened


def qualify(
    all: Annotated[bool, typer.Option("--all", help="Also what checks had rejected.")] = False,
    workspace: WorkspaceDir = None,
    json: Json = False,
) -> None:
    """Judges undecided candidates again, with the checks and settings of today.

    `produce` qualifies as it goes; this is for changed settings. What people decided stays.

    Example: anchorset qualify --all
    """
    from anchorset.pipeline.requalifying import requalify
    from anchorset.ui.cli.terminal import answer, say

    done = requalify(opened(workspace), everything=all)
    say(
        f"judged {done.judged:,}: passed {done.status['passed']:,}, rejected {done.status['rejected']:,}; "
        f"{done.changed:,} are judged otherwise than before",
        machine=json,
    )
    if done.rejected_by:
        named = ", ".join(f"{code} {n:,}" for code, n in done.rejected_by.most_common())
        say(f"  rejected by {named}", machine=json)
    if json:
        answer({"judged": done.judged, "changed": done.changed, **done.status, "rejected_by": dict(done.rejected_by)})
