"""`anchorset mutate`: n rewrites of every message in a file.

What this module does not know: any operator.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anchorset.ui.cli.options import Format, Json, Map, Out, RandomSeed


def mutate(
    file: Annotated[Path, typer.Argument(help="Real messages, in any format that `grow` reads.")],
    n: Annotated[int, typer.Option("-n", help="Mutations of each message.")] = 5,
    operators: Annotated[
        str, typer.Option(help="Names or families, by comma: typo.neighbour,word. Default: all. `list` lists them.")
    ] = "",
    map: Map = "",
    random_seed: RandomSeed = 7,
    out: Out = None,
    format: Format = "auto",
    no_scrub: Annotated[bool, typer.Option("--no-scrub", help="Keep private details as they are.")] = False,
    json: Json = False,
) -> None:
    """N rewrites of every message, with their lineage.

    Each names its operators and what they do to the expected answer. Nothing is checked here; `grow` does that.

    Example: anchorset mutate logs.csv -n 5 --operators typo,register --map input=text -o mutated.jsonl
    """
    from anchorset.infra.text.table import aligned
    from anchorset.pipeline import files
    from anchorset.produce.operators.table import ALL
    from anchorset.ui.cli.ledger import taken_lines, taken_report
    from anchorset.ui.cli.terminal import answer, say

    if operators == "list":
        table = [(operator.name, operator.level, operator.relation) for operator in ALL.values()]
        say(*(f"  {line}" for line in aligned([("operator", "level", "relation"), *table])))
        return
    target = out or file.with_name(file.name + ".mutated.jsonl")
    done = files.mutate(
        file,
        n=n,
        operators=operators,
        mapping=map,
        random_seed=random_seed,
        format=format,
        scrub=not no_scrub,
        out=target,
    )
    say(*taken_lines(done.taken, file), machine=json)
    say(f"wrote {done.written:,} mutations of {len(done.taken.cases):,} messages to {target}", machine=json)
    if json:
        answer(
            {
                "written": done.written,
                "ingest": taken_report(done.taken, file),
                "by_relation": done.by_relation,
                "out": str(target),
            }
        )
