"""`anchorset demo`: the whole loop on the bundled refund bot.

What this module does not know: what will come out. Everything it prints is computed here and now.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anchorset.ui.cli.options import Json, RandomSeed


def demo(
    dir: Annotated[Path, typer.Argument(help="Folder to write to; made when it is not there.")] = Path(
        "anchorset-demo"
    ),
    size: Annotated[int, typer.Option("-n", "--size", min=1, help="Cases in the finished dataset.")] = 400,
    random_seed: RandomSeed = 7,
    json: Json = False,
) -> None:
    """The whole loop on a bundled example, in under a minute.

    Without a model: ingests 190 messages of a refund bot, maps and plans, produces and checks candidates, reviews them
    (by a rule of ours, and says so), ships a version, runs two bots, compares, asks whether to trust it; and shows what
    a naive set would have said. DIR is a workspace afterwards. Exits 0 whatever the verdict.

    Example: anchorset demo
    """
    from anchorset.ui.cli.demo_steps import run
    from anchorset.ui.cli.terminal import Bar, answer

    report = run(dir, size=size, random_seed=random_seed, progress=Bar(), machine=json)
    if json:
        answer(report)
