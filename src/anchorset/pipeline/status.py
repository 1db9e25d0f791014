"""Where a workspace stands: counts from the store alone, nothing computed, whatever the size.

What this module does not know: how anything is shown.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from anchorset.core.filter import Filter
from anchorset.core.run import RunHead
from anchorset.core.said import ProductionRun
from anchorset.infra.db import cases as case_rows
from anchorset.infra.db import runs as run_rows
from anchorset.infra.db import said as said_rows
from anchorset.pipeline.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """All of it in numbers."""

    name: str
    real: Counter[str]
    """Bucket -> real cases."""
    unanswered: int
    """Real cases without expected answer and criteria: they cannot vote."""
    candidates: Counter[tuple[str, str]]
    """(technique, status) -> candidates that count."""
    by_cell: Counter[tuple[str, str]]
    """(cell, status) -> candidates that count."""
    aside: Counter[str]
    """Why -> candidates that do not count now."""
    rejected_by: dict[str, int]
    """Check -> candidates it rejected."""
    production: list[ProductionRun]
    datasets: list[str]
    """`name@version`, oldest first."""
    runs: list[RunHead]
    rates: dict[str, Counter[str]]
    """Run -> passed, failed, none."""


def status_of(workspace: Workspace) -> Status:
    """Counts of everything in the workspace."""
    with workspace.store.reading() as connection:
        real = case_rows.counts(connection, Filter(real=True, counting=True), ["bucket", "answered"])
        counting = case_rows.counts(connection, Filter(real=False, counting=True), ["bucket", "cell", "status"])
        aside = case_rows.counts(connection, Filter(real=False, counting=False), ["live", "aside"])
        return Status(
            name=workspace.config.name,
            real=_summed(real),
            unanswered=sum(n for (_, answered), n in real.items() if not answered),
            candidates=_pairs(counting, 0, 2),
            by_cell=_pairs(counting, 1, 2),
            aside=Counter({why or "replaced by an edit": n for (_, why), n in aside.items()}),
            rejected_by={
                check: says["reject"] for check, says in case_rows.checks_that_hit(connection).items() if says["reject"]
            },
            production=said_rows.production_runs(connection),
            datasets=workspace.folder.versions(),
            runs=run_rows.heads(connection),
            rates=run_rows.rates(connection),
        )


def _summed(counts: Counter[tuple[Any, ...]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for (first, *_), n in counts.items():
        found[first] += n
    return found


def _pairs(counts: Counter[tuple[Any, ...]], first: int, second: int) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    for values, n in counts.items():
        found[values[first], values[second]] += n
    return found
