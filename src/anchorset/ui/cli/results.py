"""`anchorset results …`: import, list, baseline.

What this module does not know: formats of results.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anchorset.ui.cli.options import Json, WorkspaceDir, opened

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, add_completion=False)

SHOWN = 5


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="promptfoo, Inspect, DeepEval, lm-eval, garak, judge pairs or rows.")],
    format: Annotated[str, typer.Option(help="`auto` looks at the content.")] = "auto",
    map: Annotated[
        str,
        typer.Option(
            "--map",
            metavar="FIELD=COLUMN,…",
            help="case_id=id,passed=correct,…; judge pairs: item=a+b,order_ab=…,order_ba=…,judge=…,label=…",
        ),
    ] = "",
    system: Annotated[str | None, typer.Option(help="Who answered, where the file does not say.")] = None,
    dataset: Annotated[str | None, typer.Option(help="The version the rows are about; default: what they say.")] = None,
    workspace: WorkspaceDir = None,
    json: Json = False,
) -> None:
    """Takes results of other tools in: lineage is looked up, rows without it are named.

    Judge pairs calibrate judges: kappa with people's labels, and whether a judge keeps its mind in the other order.
    The same file again adds nothing.

    Example: anchorset results import promptfoo-results.json
    """
    from anchorset.core.numbers import counted
    from anchorset.pipeline.trust.results import import_results
    from anchorset.ui.cli.judge_words import judge_lines
    from anchorset.ui.cli.terminal import answer, say

    taken = import_results(opened(workspace), file, format=format, mapping=map, system=system, ref=dataset)
    found = taken.imported
    say(
        f"read {counted(found.read, 'row')} as {found.format}: kept {found.kept:,}, without a score "
        f"{found.without_score:,}, refused {len(found.refused):,}; new here: {taken.new:,}",
        *(f"refused: {one.place}: {one.reason}" for one in found.refused[:SHOWN]),
        *(f"note: {note}" for note in found.notes),
        *(f"  run {head.run}: {head.target} on {head.dataset}" for head in found.heads),
        *judge_lines(found.judges),
        machine=json,
    )
    if json:
        answer(
            {
                "read": found.read, "kept": found.kept, "new": taken.new, "without_score": found.without_score,
                "format": found.format,
                "refused": [{"place": one.place, "reason": one.reason} for one in found.refused],
                "unknown": list(found.unknown), "notes": list(found.notes), "runs": [head.run for head in found.heads],
                "judges": [one.model_dump() for one in found.judges],
            }
        )  # fmt: skip


@app.command("list")
def list_(workspace: WorkspaceDir = None, json: Json = False) -> None:
    """The runs there are, imported ones too, and what is known about judges.

    Example: anchorset results list
    """
    from anchorset.infra.text.table import aligned
    from anchorset.pipeline.status import status_of
    from anchorset.pipeline.trust.results import judges
    from anchorset.ui.cli.judge_words import judge_lines
    from anchorset.ui.cli.terminal import answer, say

    room = opened(workspace)
    found, known = status_of(room), judges(room)
    rows = [
        (one.run, one.target, one.version, one.dataset, f"{one.cases:,}", one.started_at[:19]) for one in found.runs
    ]
    say(*aligned([("run", "target", "version", "dataset", "cases", "began"), *rows]), *judge_lines(known), machine=json)
    if json:
        answer({"runs": [one.model_dump() for one in found.runs], "judges": [one.model_dump() for one in known]})


@app.command()
def baseline(
    ref: Annotated[str, typer.Argument(metavar="REF", help="name@1.2.0, or name for its newest version.")],
    target: Annotated[str, typer.Option(help="Whose newest run is approved.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="File for git.")] = Path("baseline.json"),
    workspace: WorkspaceDir = None,
    json: Json = False,
) -> None:
    """The newest run of a target as the approved baseline: dataset digest, evaluators, one result a case.

    `compare REF --candidate NAME --against baseline.json` holds later runs against it.

    Example: anchorset results baseline refund-bot --target current -o baseline.json
    """
    from anchorset.pipeline.trust.results import approve_baseline
    from anchorset.ui.cli.terminal import answer, say

    head = approve_baseline(opened(workspace), ref, target, out)
    say(f"approved {head.run} ({head.target} {head.version} on {head.dataset}) as the baseline in {out}", machine=json)
    if json:
        answer({"run": head.run, "dataset": head.dataset, "target": head.target, "out": str(out)})
