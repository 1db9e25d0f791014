"""`anchorset audit`: is this synthetic set wearing a costume?

What this module does not know: any signal.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anchorset.ui.cli.options import EmbedderName, Html, Json, RandomSeed, listed, workbench

EXIT = {"healthy": 0, "drifted": 1, "inconclusive": 3}


def audit(
    real: Annotated[Path, typer.Argument(help="Real messages.")],
    synthetic: Annotated[
        Path, typer.Argument(help="Synthetic cases: any format, also promptfoo, DeepEval and Ragas files.")
    ],
    field: Annotated[
        str | None, typer.Option(help="Column of SYNTHETIC that holds the text; default: found by name.")
    ] = None,
    real_field: Annotated[
        str | None, typer.Option(help="Column of REAL; default: like --field, else found by name.")
    ] = None,
    key_terms: Annotated[
        str, typer.Option(help="Words to watch, by comma; default: the 50 commonest content words of REAL.")
    ] = "",
    html: Html = None,
    random_seed: RandomSeed = 7,
    embedder: EmbedderName = "static",
    json: Json = False,
) -> None:
    """Is this synthetic set wearing a costume?

    Every signal is read against what two samples of one real crowd would show at these sizes.
    Exit code: 0 healthy, 1 drifted, 3 inconclusive (too few cases to tell).

    Example: anchorset audit real.csv synthetic.jsonl --html audit.html
    """
    from anchorset.pipeline import files
    from anchorset.trust.audit.words import summary
    from anchorset.ui.cli.terminal import answer, say

    report = files.audit(
        real, synthetic, bench=workbench(embedder), field=field, real_field=real_field,
        key_terms=listed(key_terms), html=html,
        random_seed=random_seed,
    )  # fmt: skip
    say(*summary(report), machine=json)
    if html is not None:
        say(f"page: {html}", machine=json)
    if json:
        answer(report.model_dump(mode="json"))
    raise typer.Exit(EXIT[report.verdict])
