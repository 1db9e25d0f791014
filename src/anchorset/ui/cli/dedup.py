"""`anchorset dedup`: which messages say the same.

What this module does not know: how likeness is measured.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anchorset.ui.cli.options import EmbedderName, Format, Json, Map, Out, workbench

SHOWN = 3


def dedup(
    file: Annotated[Path, typer.Argument(help="Messages, in any format that `grow` reads.")],
    threshold: Annotated[
        str, typer.Option(help="Cosine 0-1 from which meaning is the same; `auto`: calibrated for the embedder.")
    ] = "auto",
    map: Map = "",
    out: Out = None,
    format: Format = "auto",
    embedder: EmbedderName = "static",
    json: Json = False,
) -> None:
    """Near-duplicates by surface and by meaning.

    Texts that differ in a number, date, name or negation are never merged.

    Example: anchorset dedup logs.csv --map input=text -o distinct.jsonl
    """
    from anchorset.pipeline import files
    from anchorset.ui.cli.ledger import taken_lines, taken_report
    from anchorset.ui.cli.options import number
    from anchorset.ui.cli.terminal import answer, say

    done = files.dedup(
        file, threshold=None if threshold == "auto" else number("--threshold", threshold), bench=workbench(embedder),
        mapping=map, format=format, out=out,
    )  # fmt: skip
    found, clusters = done.found, done.clusters
    dropped = found.n - len(found.kept)
    say(*taken_lines(done.taken, file), machine=json)
    say(
        f"{found.n:,} messages, {len(found.kept):,} kept: {dropped:,} near-duplicates in {len(clusters):,} clusters "
        f"(cosine {found.threshold:.3f} or alike on the surface)",
        machine=json,
    )
    for kept, gone in clusters[:SHOWN]:
        say(f"  {kept.text[:100]!r}", machine=json)
        for one in gone[:SHOWN]:
            say(f"    {one.score:.2f} by {one.by}: {one.case.text[:100]!r}", machine=json)
    crossing = sum(one.case.metadata != kept.metadata for kept, gone in clusters for one in gone)
    if crossing:
        say(f"{crossing:,} of the dropped have other metadata than the one kept: look at them first", machine=json)
    if out is not None:
        say(f"wrote {len(found.kept):,} cases to {out}", machine=json)
    if json:
        answer(
            {
                "n": found.n, "kept": len(found.kept), "threshold": found.threshold, "embedder": found.embedder,
                "clusters": [
                    {
                        "kept": kept.id,
                        "dropped": [{"id": one.case.id, "score": round(one.score, 4), "by": one.by} for one in gone],
                    }
                    for kept, gone in clusters
                ],
                "crossing": crossing, "vetoed": found.vetoed, "ingest": taken_report(done.taken, file),
            }
        )  # fmt: skip
