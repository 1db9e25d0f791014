"""Text on a terminal: lines, answers, progress.

Machine output goes to stdout and nothing else does; whatever a person reads goes to stderr when `--json` is asked for.
What this module does not know: what is said.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any, TextIO

from anchorset.core.inert import visible


def say(*lines: str, machine: bool = False) -> None:
    """Lines for a person: on stdout, or on stderr when stdout belongs to a machine."""
    out: TextIO = sys.stderr if machine else sys.stdout
    for line in lines:
        print(visible(line), file=out)


def shown(lines: Sequence[str], most: int = 5) -> list[str]:
    """The first of them, and how many more there are."""
    return [*lines[:most], *([f"… and {len(lines) - most:,} more"] if len(lines) > most else [])]


def answer(report: Any) -> None:
    """The one JSON object of `--json`."""
    print(json.dumps(report, ensure_ascii=True, allow_nan=False))


class Bar:
    """Fills the Progress port with a bar on stderr; silent when stderr is no terminal."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._task: Any = None
        self._told: dict[str, str] = {}

    def start(self, what: str, total: int | None) -> None:
        if not sys.stderr.isatty():
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        self._bar = Progress(
            TextColumn("{task.description:<22}"), BarColumn(bar_width=24), MofNCompleteColumn(), TimeElapsedColumn(),
            TextColumn("{task.fields[told]}", markup=False), console=Console(stderr=True),
        )  # fmt: skip
        self._bar.start()
        self._told = {}
        self._task = self._bar.add_task(what, total=total, told="")

    def advance(self, n: int = 1) -> None:
        if self._bar is not None:
            self._bar.advance(self._task, n)

    def tell(self, what: str, text: str) -> None:
        self._told[what] = text
        if self._bar is not None:
            self._bar.update(self._task, told=visible("; ".join(filter(None, self._told.values()))))

    def stop(self) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
