"""`anchorset compare`: a verdict in which the seed has the veto.

What this module does not know: the rules of the verdict.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from anchorset.ui.cli.options import Html, Json, RandomSeed, WorkspaceDir, opened

EXIT = {"PASS": 0, "BLOCK": 1, "INCONCLUSIVE": 3, None: 0}


def compare(
    source: Annotated[
        Path,
        typer.Argument(
            help="Result rows: CSV or JSONL (case_id, system, passed or score, bucket, root), or promptfoo results; "
            "in a workspace a dataset version, whose runs are compared."
        ),
    ],
    candidate: Annotated[list[str], typer.Option(help="The system that would replace it; may be given several times.")],
    baseline: Annotated[str | None, typer.Option(help="The system that runs today.")] = None,
    against: Annotated[Path | None, typer.Option(help="An approved baseline file instead of --baseline.")] = None,
    purpose: Annotated[
        Literal["gate", "smoke"], typer.Option(help="`gate` gives a verdict, `smoke` only the numbers.")
    ] = "gate",
    max_drop: Annotated[
        float | None,
        typer.Option(help="The drop on real cases that is one too many, 0-1; default: the workspace's, else 0.05."),
    ] = None,
    judge: Annotated[
        str | None, typer.Option(help="The judge that scored the rows, calibrated in the workspace or by --judges.")
    ] = None,
    judges: Annotated[Path | None, typer.Option(help="Judge pairs that calibrate --judge.")] = None,
    judges_map: Annotated[
        str, typer.Option(help="Columns of --judges: item=a+b,order_ab=…,order_ba=…,judge=…,label=…")
    ] = "",
    family: Annotated[str | None, typer.Option(help="Model family of the candidate; default: by its name.")] = None,
    html: Html = None,
    junit: Annotated[Path | None, typer.Option(help="Also write JUnit XML to this file.")] = None,
    random_seed: RandomSeed = 7,
    workspace: WorkspaceDir = None,
    json: Json = False,
) -> None:
    """A verdict from result rows, in which the seed has the veto.

    PASS, BLOCK or INCONCLUSIVE, with its reasons, and the numbers by provenance bucket and slice.
    Exit code: 0 PASS, 1 BLOCK, 3 INCONCLUSIVE; 2 when rows are missing, doubled or NaN (all of them are listed).
    In GitHub Actions the summary is added to the step's page.

    Example: anchorset compare results.csv --baseline current --candidate next --html compare.html
    """
    from anchorset.core.errors import UsageError
    from anchorset.core.result import worst
    from anchorset.infra.folder.workspace_folder import find
    from anchorset.pipeline.trust import comparing
    from anchorset.pipeline.trust.results import compare_runs
    from anchorset.trust.compare.compare import machine
    from anchorset.trust.compare.words import summary as lines
    from anchorset.ui.cli.terminal import answer, say

    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    asked: dict[str, Any] = {"purpose": purpose, "max_drop": max_drop, "random_seed": random_seed, "family": family}
    if source.is_file() or find(workspace or Path(".")) is None:
        done = comparing.compare(
            source, baseline=baseline, candidates=candidate, against=against, judge=judge, judges=judges,
            judges_map=judges_map, **asked,
        )  # fmt: skip
    else:
        if judges is not None:
            raise UsageError("in a workspace judges are calibrated by `anchorset results import`; leave `--judges` out")
        done = compare_runs(
            opened(workspace), str(source), baseline=baseline, candidates=candidate, judge=judge, against_file=against,
            **asked,
        )  # fmt: skip
    comparing.write_comparisons(done, html=html, junit=junit, step_summary=Path(summary) if summary else None)
    for comparison in done:
        say(*lines(comparison), machine=json)
    if html is not None:
        say(f"page: {html}", machine=json)
    if json:
        answer(machine(done))
    raise typer.Exit(EXIT[worst(done).verdict])
