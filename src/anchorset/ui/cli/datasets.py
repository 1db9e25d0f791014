"""`anchorset datasets …`: list, show, diff, verify, audit, packet, export.

What this module does not know: how a version is made or proved.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anchorset.ui.cli.options import Html, Json, WorkspaceDir, opened

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, add_completion=False)

Ref = Annotated[str, typer.Argument(metavar="REF", help="name@1.2.0, or name for its newest version.")]


@app.command("list")
def list_(workspace: WorkspaceDir = None, json: Json = False) -> None:
    """The versions there are.

    Example: anchorset datasets list
    """
    from anchorset.infra.text.table import aligned
    from anchorset.pipeline.ship.datasets import read_manifest
    from anchorset.pipeline.ship.report import report
    from anchorset.ui.cli.terminal import answer, say

    folder = opened(workspace).folder
    found = [read_manifest(folder, ref) for ref in folder.versions()]
    rows = [(one.ref, f"{len(one.rows):,}", one.made_at[:10], one.why) for one in found]
    say(*aligned([("version", "rows", "made", "what changed"), *rows]), machine=json)
    if json:
        answer({"datasets": [report(one) for one in found]})


@app.command()
def show(ref: Ref, workspace: WorkspaceDir = None, json: Json = False) -> None:
    """What is in a version.

    Example: anchorset datasets show refund-bot@1.0.0
    """
    from anchorset.pipeline.ship.datasets import read_manifest
    from anchorset.pipeline.ship.report import report
    from anchorset.ui.cli.dataset_words import version_lines
    from anchorset.ui.cli.terminal import answer, say

    manifest = read_manifest(opened(workspace).folder, ref)
    say(f"{manifest.ref}: {manifest.why}", *version_lines(manifest), machine=json)
    if json:
        answer(report(manifest))


@app.command()
def diff(
    first: Annotated[str, typer.Argument(help="The earlier version.")],
    second: Annotated[str, typer.Argument(help="The later version.")],
    workspace: WorkspaceDir = None,
    json: Json = False,
) -> None:
    """What the second version changes against the first, by bucket and axis.

    Example: anchorset datasets diff refund-bot@1.0.0 refund-bot@1.1.0
    """
    from anchorset.pipeline.ship.shipping import diff_versions
    from anchorset.ui.cli.terminal import answer, say

    found = diff_versions(opened(workspace), first, second)
    say(*found.lines(), machine=json)
    if json:
        answer(found.report())


@app.command()
def verify(ref: Ref, workspace: WorkspaceDir = None, json: Json = False) -> None:
    """Every file, row and total of a version held against its manifest, and the splits proved free of leaks.

    A version whose seeds or configuration have moved on is stale, which is said and is no fault.
    Exit code: 0 as it was shipped, 1 it was touched.

    Example: anchorset datasets verify refund-bot
    """
    from anchorset.pipeline.ship.report import verified
    from anchorset.pipeline.ship.shipping import verify_version
    from anchorset.ui.cli.terminal import answer, say

    found = verify_version(opened(workspace), ref)
    say(*(f"{one.file}{f' {one.row}' if one.row else ''}: {one.what}" for one in found.problems), machine=json)
    if not found.problems:
        say(f"{found.ref}: every file and row is as it was shipped, and nothing crosses a split", machine=json)
    say(*(f"stale: {one}" for one in found.stale), machine=json)
    if json:
        answer(verified(found))
    raise typer.Exit(1 if found.problems else 0)


@app.command()
def audit(ref: Ref, html: Html = None, workspace: WorkspaceDir = None, json: Json = False) -> None:
    """Is the synthetic part of a version wearing a costume? Red team is left out: it is meant to differ.

    Exit code: 0 healthy, 1 drifted, 3 inconclusive (too few cases to tell).

    Example: anchorset datasets audit refund-bot
    """
    from anchorset.pipeline.trust.auditing import audit_version
    from anchorset.trust.audit.words import summary
    from anchorset.ui.cli.terminal import answer, say

    found = audit_version(opened(workspace), ref, page=html)
    say(*summary(found), machine=json)
    if html is not None:
        say(f"page: {html}", machine=json)
    if json:
        answer(found.model_dump(mode="json"))
    raise typer.Exit({"healthy": 0, "drifted": 1, "inconclusive": 3}[found.verdict])


@app.command()
def packet(
    ref: Ref,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="HTML page to write, for screen and A4.")] = None,
    workspace: WorkspaceDir = None,
    json: Json = False,
) -> None:
    """The audit packet: how the rows came to be and were chosen, and synthetic beside real cases, on one page.

    Example: anchorset datasets packet refund-bot --out packet.html
    """
    from anchorset.core.errors import UsageError
    from anchorset.pipeline.trust.packet import packet_of
    from anchorset.ship.packet.packet import machine
    from anchorset.ui.cli.terminal import answer, say

    if out is None and not json:
        raise UsageError("a packet is a page: name its file with `--out packet.html`, or ask for `--json`")
    found = packet_of(opened(workspace), ref, page=out)
    if out is not None:
        say(f"{found.manifest.ref}: {len(found.sampled.pairs):,} pairs of cases; page: {out}", machine=json)
    if json:
        answer(machine(found))


@app.command()
def export(
    ref: Ref,
    out: Annotated[Path, typer.Argument(help="File to write.")],
    to: Annotated[str, typer.Option("--to", help="Format of cases; `auto` goes by the suffix.")] = "auto",
    workspace: WorkspaceDir = None,
    json: Json = False,
) -> None:
    """The rows of a version in another format, lineage included: CSV, Parquet, promptfoo, DeepEval, Ragas …

    Example: anchorset datasets export refund-bot cases.csv
    """
    from anchorset.pipeline.ship.shipping import export_version
    from anchorset.ui.cli.terminal import answer, say

    n, notes = export_version(opened(workspace), ref, out, to)
    say(*(f"note: {note}" for note in notes), f"wrote {n:,} rows to {out}", machine=json)
    if json:
        answer({"written": n, "out": str(out), "notes": list(notes)})
