"""`anchorset ship`: the next dataset version.

What this module does not know: how a version is chosen.
"""

from __future__ import annotations

from typing import Annotated

import typer

from anchorset.ui.cli.options import Json, WorkspaceDir, opened, shares


def ship(
    name: Annotated[str, typer.Argument(help="Of the dataset; the version number follows from what changed.")],
    mix: Annotated[str, typer.Option(help="Shares by bucket; default: the configuration's.")] = "",
    size: Annotated[int | None, typer.Option(min=1, help="Rows at the most; default: the configuration's.")] = None,
    relax_mix: Annotated[bool, typer.Option("--relax-mix", help="Go past the mix to reach --size.")] = False,
    splits: Annotated[str, typer.Option(help="Shares of the splits.")] = "eval=80,holdout=20",
    sample: Annotated[
        bool, typer.Option("--sample", help="Accept undecided candidates of slices whose sample survived.")
    ] = False,
    sample_limit: Annotated[float, typer.Option(min=0, max=1, help="Lower limit of survival for --sample.")] = 0.65,
    allow_unreviewed: Annotated[
        bool, typer.Option("--allow-unreviewed", help="Ship undecided candidates too; in capitals on the card.")
    ] = False,
    workspace: WorkspaceDir = None,
    json: Json = False,
) -> None:
    """Decided cases become an immutable version, with splits that do not leak, a manifest and a card.

    The largest set within 2 points of every share; nothing changed: says so, and makes no version.

    Example: anchorset ship refund-bot --splits eval=80,holdout=20
    """
    from anchorset.pipeline.ship.report import report
    from anchorset.pipeline.ship.shipping import ship_version
    from anchorset.ui.cli.dataset_words import version_lines
    from anchorset.ui.cli.terminal import answer, say, shown

    made = ship_version(
        opened(workspace), name, mix=shares("--mix", mix) or None, size=size, relax_mix=relax_mix,
        splits=shares("--splits", splits), sample=sample, sample_limit=sample_limit, allow_unreviewed=allow_unreviewed,
    )  # fmt: skip
    if made.is_new:
        say(f"made {made.manifest.ref} in {made.path}: {made.manifest.why}", machine=json)
    else:
        say(f"nothing changed since {made.manifest.ref}: no version made", machine=json)
    say(*version_lines(made.manifest), machine=json)
    leaked, refused = [why for _, why in made.shipped.leaked], made.shipped.refused
    say(*(f"  taken out: {why}" for why in shown(leaked)), machine=json)
    say(*(f"  not accepted by sample: {why}" for why in shown(refused)), machine=json)
    if json:
        answer(report(made.manifest) | {"new": made.is_new, "leaked": [id for id, _ in made.shipped.leaked]})
