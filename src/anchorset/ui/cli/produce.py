"""`anchorset produce`: the plan carried out.

What this module does not know: techniques and checks.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from anchorset.ui.cli.options import Json, WorkspaceDir, opened, shares

if TYPE_CHECKING:
    from anchorset.pipeline.production import Made

SHOWN = 5


def produce(
    count: Annotated[int | None, typer.Option(min=1, help="Candidates that shall have passed in total.")] = None,
    more: Annotated[int | None, typer.Option(min=1, help="Candidates beyond those that stand.")] = None,
    size: Annotated[int | None, typer.Option(min=1, help="Cases in the finished dataset.")] = None,
    technique: Annotated[str | None, typer.Option(help="Nothing but this one: mutation, remix, redteam.")] = None,
    persona: Annotated[
        str, typer.Option(help="Weights of personas, expert:60,novice:40; default: the configuration's.")
    ] = "",
    language: Annotated[str | None, typer.Option(help="ISO 639-1 that every candidate must be in.")] = None,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="First put aside what has gone stale: its seed, persona or text changed.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be made, and make nothing.")] = False,
    random_seed: Annotated[int | None, typer.Option(help="Default: the configuration's.")] = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Also write what passed to this file.")] = None,
    workspace: WorkspaceDir = None,
    json: Json = False,
) -> None:
    """Makes candidates until the plan's quotas have passed the checks.

    What is done is kept as it lands: broken off, the same command again makes only what is missing; when nothing is
    missing it says so. Without --count or --more the size and mix of the configuration decide.

    Example: anchorset produce --count 1000
    """
    from anchorset.pipeline.cases import write
    from anchorset.pipeline.planning import plan_next
    from anchorset.pipeline.production import produce_into
    from anchorset.plan.words import lines as plan_lines
    from anchorset.ui.cli.filters import wanted
    from anchorset.ui.cli.options import technique_name
    from anchorset.ui.cli.terminal import answer, say

    room = opened(workspace)
    asked: dict[str, Any] = {
        "count": count, "more": more, "size": size, "technique": technique_name(technique), "language": language,
        "personas": shares("--persona", persona, even=True) or None,
    }  # fmt: skip
    if dry_run:
        planned = plan_next(room, **asked)
        say(*plan_lines(planned), machine=json)
        if json:
            answer(planned.report())
        return
    made = produce_into(room, **asked, refresh=refresh, random_seed=random_seed)
    say(*(f"note: {note}" for note in room.notes), *_lines(made), machine=json)
    if out is not None and made.run is not None:
        written, _ = write(room, wanted(run=made.run, status="passed"), out, "auto")
        say(f"wrote {written:,} candidates to {out}", machine=json)
    if json:
        answer(_report(made))
    if made.produced is not None and made.produced.interrupted:
        raise KeyboardInterrupt


def _lines(made: Made) -> list[str]:
    from anchorset.ui.cli.ledger import ledger_lines, set_lines

    lines = [f"put aside as stale: {len(made.refreshed):,}"] if made.refreshed else []
    lines += [f"  {id}: {why}" for id, why in list(made.refreshed.items())[:SHOWN]]
    if made.planned is not None:
        lines += [f"note: {note}" for note in (*made.planned.notes, *made.planned.gaps)]
        lines += [f"warning: {one.message}" for one in made.planned.warnings]
    if made.produced is None:
        return [*lines, "nothing to do: what was asked for stands already"]
    if made.remembered:
        lines.append(f"went on with {made.run}: {made.remembered:,} candidates were there already")
    lines += [f"{made.run}:", *ledger_lines(made.produced), *set_lines(made.set_findings)]
    missing = made.produced.ledger.target - made.produced.ledger.passed
    if missing and not made.produced.interrupted:
        lines.append(f"{missing:,} are short: the lines above say in which cells, and why")
    return [*lines, f"{len(made.produced.passed):,} passed in {made.seconds:.1f} s; next: anchorset review"]


def _report(made: Made) -> dict[str, Any]:
    empty = {"target": 0, "requested": 0, "passed": 0, "rejected": 0, "failed": 0, "pending": 0, "short": [],
             "rejected_by": {}, "failed_by": {}, "pending_by": {}}  # fmt: skip
    produced = made.produced
    return {
        "run": made.run,
        "ledger": produced.ledger.report() if produced else empty,
        "by_technique": {name: part.report() for name, part in produced.by_technique.items()} if produced else {},
        "by_cell": {name: part.report() for name, part in produced.by_cell.items()} if produced else {},
        "moved": [asdict(one) for one in produced.moved] if produced else [],
        "remembered": made.remembered,
        "refreshed": made.refreshed,
        "plan": made.planned.report() if made.planned else None,
        "set": [finding.model_dump() for finding in made.set_findings],
        "usd": 0.0,
        "seconds": round(made.seconds, 3),
    }
