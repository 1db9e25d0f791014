"""`anchorset demo`: the whole loop on the bundled refund bot.

What this module does not know: what will come out. Everything it prints is computed here and now.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anchorset.ui.cli.options import Json, RandomSeed, workbench


def demo(
    dir: Annotated[Path, typer.Argument(help="Folder to write to; made when it is not there.")] = Path(
        "anchorset-demo"
    ),
    size: Annotated[int, typer.Option("-n", "--size", help="Candidates to grow.")] = 400,
    random_seed: RandomSeed = 7,
    json: Json = False,
) -> None:
    """The whole loop on a bundled example, in under a minute.

    Without a model: grows 190 messages of a refund bot into checked candidates, audits them, audits a naive set beside
    them, runs two bots on everything and compares: the naive rows say ship, the seed says no. Exits 0 whatever the
    verdict.

    Example: anchorset demo
    """
    from anchorset.ui.cli.demo_steps import run
    from anchorset.ui.cli.terminal import answer

    report = run(dir, size=size, random_seed=random_seed, bench=workbench(), machine=json)
    if json:
        answer(report)
