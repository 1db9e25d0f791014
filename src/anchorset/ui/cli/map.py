"""`anchorset map`: what the seeds do, and what is missing.

What this module does not know: how anything is found.
"""

from __future__ import annotations

from anchorset.ui.cli.options import Html, Json, WorkspaceDir, opened


def map(html: Html = None, workspace: WorkspaceDir = None, json: Json = False) -> None:
    """Behaviours in the seeds, coverage per cell and behaviour, what to fill.

    And whether to generate at all: four questions that come before.

    Example: anchorset map --html map.html
    """
    from anchorset.infra.formats.writing import write_text
    from anchorset.map.page import map_page
    from anchorset.map.words import lines
    from anchorset.pipeline.plan.mapping import map_seeds
    from anchorset.ui.cli.terminal import answer, say

    room = opened(workspace)
    found = map_seeds(room, remember=True).map
    say(*lines(found), machine=json)
    if html is not None:
        write_text(html, map_page(found, name=room.config.name))
        say(f"page: {html}", machine=json)
    if json:
        answer(found.report())
