"""The app: which verbs there are, in which groups, and what every failure looks like.

What this module does not know: what a verb does.
"""

from __future__ import annotations

import atexit
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from anchorset.ui.cli import (
    audit,
    batch,
    cases,
    compare,
    convert,
    datasets,
    dedup,
    demo,
    doctor,
    grow,
    ingest,
    init,
    map,
    mutate,
    outcome,
    personas,
    plan,
    produce,
    qualify,
    results,
    review,
    ship,
    status,
    trust,
)
from anchorset.ui.cli import run as target_run
from anchorset.ui.cli.failure import INTERRUPTED, failure

FILES = "On any files (no workspace, no key, no network)"
WORKSPACE = "In a workspace (this folder or its nearest parent with anchorset.yaml)"
VERBS = (
    *((verb, FILES) for verb in (
        grow.grow, audit.audit, compare.compare, mutate.mutate, dedup.dedup, convert.convert, demo.demo,
    )),
    *((verb, WORKSPACE) for verb in (
        init.init, ingest.ingest, map.map, plan.plan, produce.produce, qualify.qualify, ship.ship, target_run.run,
        trust.trust, outcome.outcome, status.status, doctor.doctor,
    )),
)  # fmt: skip


class _Grouped(TyperGroup):
    """Lists the verbs in the order they were added, under the heading of their group."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        headings: dict[str, list[tuple[str, str]]] = {}
        for name, command in self.commands.items():
            if command.hidden:
                continue
            heading = str(getattr(command, "rich_help_panel", "Commands"))
            headings.setdefault(heading, []).append((name, command.get_short_help_str(100)))
        for heading, rows in headings.items():
            with formatter.section(heading):
                formatter.write_dl(rows)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"anchorset {version('anchorset')}")
        raise typer.Exit


def _main(
    workspace: Annotated[
        Path | None, typer.Option("-w", "--workspace", help="Workspace for the verbs of a workspace.")
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Synthetic eval cases, anchored in real ones.

    Synthetic cases broaden coverage; only real cases (the seed) anchor the distribution.
    Exit codes: 0 done or PASS, 1 BLOCK or drifted, 2 usage or unreadable input, 3 inconclusive, 4 environment,
    130 interrupted.
    """


NOUNS = (
    (review.app, "review", "Decide cases on a page; status, next, approve, reject, edit, undo, export, import."),
    (cases.app, "cases", "Cases: list, show, tag, export, quarantine."),
    (datasets.app, "datasets", "Versions: list, show, diff, verify, audit, packet, export."),
    (personas.app, "personas", "Personas: list, show, add, update."),
    (batch.app, "batch", "Batches at half the price: export, import, submit, collect."),
    (results.app, "results", "Results: import, list, baseline."),
)
ALIASES = {"generate": produce.produce}


def application(words: Sequence[str] = ()) -> typer.Typer:
    """The app: with the one verb or noun that these words of a command line ask for, else with all there are.

    Building every verb's options takes longer than most verbs.
    """
    app = typer.Typer(
        name="anchorset", cls=_Grouped, no_args_is_help=True, add_completion=False,
        rich_markup_mode=None,  # rich's help costs 0.15 s of imports
        pretty_exceptions_enable=False,
    )  # fmt: skip
    app.callback()(_main)
    asked = _first(words)
    verbs = [(verb, group) for verb, group in VERBS if verb.__name__ == asked]
    nouns = [one for one in NOUNS if one[1] == asked]
    aliases = {name: verb for name, verb in ALIASES.items() if name == asked}
    if not (verbs or nouns or aliases):
        verbs, nouns, aliases = list(VERBS), list(NOUNS), ALIASES
    for verb, group in verbs:
        app.command(rich_help_panel=group)(verb)
    for name, verb in aliases.items():
        app.command(name, hidden=True)(verb)
    for noun, name, says in nouns:
        app.add_typer(noun, name=name, help=says, rich_help_panel="Nouns")
    return app


def _first(words: Sequence[str]) -> str:
    """The verb or noun in a command line; what stands before it is `-w DIR` at the most."""
    skip = 2 if words[:1] in (["-w"], ["--workspace"]) else 0
    return words[skip] if len(words) > skip else ""


def run() -> None:
    """The entry point: runs the verb, and turns every expected failure into one line and its exit code."""
    try:
        code = application(sys.argv[1:])(standalone_mode=False)
        if code == INTERRUPTED:  # typer keeps the interrupt to itself, and says nothing
            code = failure(KeyboardInterrupt())
    except BaseException as error:
        code = failure(error)
    # What is left then is to leave: one more Ctrl-C would only change the exit code.
    atexit.register(signal.signal, signal.SIGINT, signal.SIG_IGN)
    sys.exit(code if isinstance(code, int) else 0)
