"""`anchorset demo`: the whole loop on the bundled refund bot.

What this module does not know: what will come out. Everything it prints is computed here and now.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anchorset.ui.cli.options import Json, RandomSeed, Yes


def demo(
    dir: Annotated[Path, typer.Argument(help="Folder to write to; made when it is not there.")] = Path(
        "anchorset-demo"
    ),
    size: Annotated[int, typer.Option("-n", "--size", min=1, help="Cases in the finished dataset.")] = 400,
    random_seed: RandomSeed = 7,
    model: Annotated[
        str | None, typer.Option(help="A model that writes some candidates too, provider:model; default: none.")
    ] = None,
    judge: Annotated[str | None, typer.Option(help="A model of another family that judges them.")] = None,
    base_url: Annotated[
        str | None, typer.Option(help="Where the models are served, up to and with /v1; default: their own address.")
    ] = None,
    yes: Yes = False,
    json: Json = False,
) -> None:
    """The whole loop on a bundled example, in under a minute.

    Without a model: ingests 190 messages of a refund bot, maps and plans, produces and checks candidates, reviews them
    (by a rule of ours, and says so), ships a version, runs two bots, compares, asks whether to trust it; and shows what
    a naive set would have said. DIR is a workspace afterwards. Exits 0 whatever the verdict. With --model a few dozen
    requests more: prompted, persona and red-team candidates written by it, with what they cost.

    Example: anchorset demo
    """
    from anchorset.core.errors import UsageError
    from anchorset.ui.cli.consent import agreement
    from anchorset.ui.cli.demo_model import Writers
    from anchorset.ui.cli.demo_steps import run
    from anchorset.ui.cli.model_offer import checked
    from anchorset.ui.cli.terminal import Bar, answer

    if model is None and (judge or base_url):
        raise UsageError("`--judge` and `--base-url` go with a model that writes; add `--model provider:model`")
    checked("--model", model)
    checked("--judge", judge)
    writers = Writers(model=model, judge=judge or "none", base_url=base_url, agree=agreement(yes)) if model else None
    report = run(dir, size=size, random_seed=random_seed, progress=Bar(), machine=json, writers=writers)
    if json:
        answer(report)
