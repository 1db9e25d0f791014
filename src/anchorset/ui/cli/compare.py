"""`anchorset compare`: a verdict in which the seed has the veto.

What this module does not know: the rules of the verdict.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal

import typer

from anchorset.ui.cli.options import Html, Json, RandomSeed

EXIT = {"PASS": 0, "BLOCK": 1, "INCONCLUSIVE": 3, None: 0}


def compare(
    source: Annotated[
        Path,
        typer.Argument(
            help="Result rows: CSV or JSONL (case_id, system, passed or score, bucket, root), or promptfoo results."
        ),
    ],
    baseline: Annotated[str, typer.Option(help="The system that runs today.")],
    candidate: Annotated[list[str], typer.Option(help="The system that would replace it; may be given several times.")],
    purpose: Annotated[
        Literal["gate", "smoke"], typer.Option(help="`gate` gives a verdict, `smoke` only the numbers.")
    ] = "gate",
    max_drop: Annotated[float, typer.Option(help="The drop on real cases that is one too many, 0-1.")] = 0.05,
    html: Html = None,
    junit: Annotated[Path | None, typer.Option(help="Also write JUnit XML to this file.")] = None,
    random_seed: RandomSeed = 7,
    json: Json = False,
) -> None:
    """A verdict from result rows, in which the seed has the veto.

    PASS, BLOCK or INCONCLUSIVE, with its reasons, and the numbers by provenance bucket and slice.
    Exit code: 0 PASS, 1 BLOCK, 3 INCONCLUSIVE; 2 when rows are missing, doubled or NaN (all of them are listed).
    In GitHub Actions the summary is added to the step's page.

    Example: anchorset compare results.csv --baseline current --candidate next --html compare.html
    """
    from anchorset.core.result import worst
    from anchorset.pipeline import files
    from anchorset.trust.compare.compare import machine
    from anchorset.trust.compare.words import summary as lines
    from anchorset.ui.cli.terminal import answer, say

    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    done = files.compare(
        source, baseline=baseline, candidates=candidate, purpose=purpose, max_drop=max_drop, random_seed=random_seed,
        html=html, junit=junit, step_summary=Path(summary) if summary else None,
    )  # fmt: skip
    for comparison in done:
        say(*lines(comparison), machine=json)
    if html is not None:
        say(f"page: {html}", machine=json)
    if json:
        answer(machine(done))
    raise typer.Exit(EXIT[worst(done).verdict])
