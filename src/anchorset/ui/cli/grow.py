"""`anchorset grow`: one file of real messages in, seeds and passed candidates out.

What this module does not know: how any of it is done.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from anchorset.ui.cli.options import EmbedderName, Format, Json, Map, Out, RandomSeed, listed, shares, workbench


def grow(
    file: Annotated[Path, typer.Argument(help="Real messages: CSV, TSV, JSONL, JSON, Parquet, text lines, chats.")],
    size: Annotated[
        int, typer.Option("-n", "--size", help="How many candidates shall pass, all techniques together.")
    ] = 1000,
    map: Map = "",
    out: Out = None,
    random_seed: RandomSeed = 7,
    mix: Annotated[str, typer.Option(help="Shares of the techniques.")] = "mutation=60,remix=25,redteam=15",
    per_root: Annotated[
        int | None,
        typer.Option(help="At most so many mutations of one seed; default: as many as -n needs, 5 at least."),
    ] = None,
    min_length: Annotated[int | None, typer.Option(help="Characters; default: half of the shortest seeds.")] = None,
    max_length: Annotated[int | None, typer.Option(help="Characters; default: twice the longest seeds.")] = None,
    forbid: Annotated[str, typer.Option(help="Topics no candidate may speak of, by comma.")] = "",
    format: Format = "auto",
    no_scrub: Annotated[
        bool, typer.Option("--no-scrub", help="Keep e-mail addresses, numbers and secrets as they are.")
    ] = False,
    embedder: EmbedderName = "static",
    json: Json = False,
) -> None:
    """Real messages in, seeds and checked candidates out.

    Takes the messages in (scrubbed, exact duplicates folded), makes mutations, remixes and attacks from them without a
    model, puts each through the checks and makes more until N have passed. Every candidate carries its lineage. The
    first mapped `metadata.*` column is the grid; without one, everything is one cell.

    Example: anchorset grow logs.csv -n 1000 --map input=text,metadata.intent=category -o cases.jsonl
    """
    from anchorset.core.errors import NothingKeptError
    from anchorset.pipeline import files
    from anchorset.qualify.crowd import Settings
    from anchorset.ui.cli.ledger import ledger_lines, set_lines, taken_lines, taken_report
    from anchorset.ui.cli.terminal import answer, say

    target = out or file.with_name(file.name + ".grown.jsonl")
    grown = files.grow(
        file, size=size, bench=workbench(embedder), mapping=map, random_seed=random_seed, mix=shares("--mix", mix),
        per_root=per_root, format=format, scrub=not no_scrub, out=target,
        settings=Settings(min_length=min_length, max_length=max_length, forbidden_topics=listed(forbid)),
    )  # fmt: skip
    say(*taken_lines(grown.taken, file), machine=json)
    say(*ledger_lines(grown.made), machine=json)
    say(*set_lines(grown.set_findings), machine=json)
    for warned in grown.warnings:
        say(f"warning: {warned.message}", machine=json)
    say(f"wrote {grown.n_seeds:,} seeds and {len(grown.made.passed):,} candidates to {target}", machine=json)
    if missing := grown.made.ledger.target - grown.made.ledger.passed:
        say(f"{missing:,} of {size:,} are short: the lines above say in which cells, and why", machine=json)
    if json:
        answer(
            {
                "ledger": grown.made.ledger.report(),
                "by_technique": {name: part.report() for name, part in grown.made.by_technique.items()},
                "by_cell": {name: part.report() for name, part in grown.made.by_cell.items()},
                "moved": [asdict(moved) for moved in grown.made.moved],
                "warnings": [{"code": warned.code, "message": warned.message} for warned in grown.warnings],
                "set": [finding.model_dump() for finding in grown.set_findings],
                "ingest": taken_report(grown.taken, file),
                "usd": 0.0, "seconds": round(grown.seconds, 3), "out": str(target),
            }
        )  # fmt: skip
    if not grown.made.passed:
        raise NothingKeptError(
            f"{file}: none of {grown.made.ledger.requested:,} candidates passed (the ledger above says why); "
            "give it more messages, or another --mix"
        )
    say(f"next: {_audit_command(file, target, grown.taken.mapping)}", machine=json)


def _audit_command(real: Path, synthetic: Path, mapping: Mapping[str, str]) -> str:
    """The command that audits what was grown, to be pasted as it is."""
    field = ["--real-field", mapping["input"]] if "input" in mapping and "conversation" not in mapping else []
    paths = [f"./{path}" if str(path).startswith("-") else str(path) for path in (real, synthetic)]
    return shlex.join(["anchorset", "audit", *paths, *field])
