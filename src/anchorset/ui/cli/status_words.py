"""The state of a workspace in words, and what to do next.

What this module does not know: how anything was counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from anchorset.core.numbers import share
from anchorset.infra.text.table import aligned

if TYPE_CHECKING:
    from anchorset.pipeline.status import Status

STATUSES = ("passed", "approved", "edited", "rejected")
MOST = 12


def lines(found: Status) -> list[str]:
    """What there is, and the next step."""
    real = ", ".join(f"{bucket} {n:,}" for bucket, n in sorted(found.real.items())) or "none"
    said = [f"{found.name}: real cases: {real}"]
    if found.unanswered:
        said.append(f"  {found.unanswered:,} of them have no expected answer and no criteria: they cannot vote")
    techniques = sorted({technique for technique, _ in found.candidates})
    if techniques:
        rows = [
            (technique, *(f"{found.candidates[technique, status]:,}" for status in STATUSES))
            for technique in techniques
        ]
        said += [f"  {line}" for line in aligned([("candidates", "to review", *STATUSES[1:]), *rows])]
    said += [f"  not counted: {n:,} {why}" for why, n in sorted(found.aside.items())]
    said += [f"  dataset {ref}" for ref in found.datasets[-MOST:]]
    for head in found.runs[-MOST:]:
        rates: Mapping[str, int] = found.rates.get(head.run, {})
        judged = rates.get("passed", 0) + rates.get("failed", 0)
        rate = f"{share(rates.get('passed', 0) / judged)} of {judged:,}" if judged else "nothing judged"
        said.append(f"  run {head.run} of {head.target} ({head.version}) on {head.dataset}: {rate}")
    return [*said, f"next: {_next(found)}"]


def _next(found: Status) -> str:
    if not found.real:
        return "anchorset ingest LOGS --map input=COLUMN"
    if not found.candidates:
        return "anchorset plan, then anchorset produce"
    if any(status == "passed" for _, status in found.candidates):
        return "anchorset review next (or review export)"
    if not found.datasets:
        return f"anchorset ship {found.name}"
    if not found.runs:
        return f"anchorset run {found.datasets[-1]} --target NAME"
    return "anchorset trust"


def report(found: Status) -> dict[str, Any]:
    """The machine form."""
    totals = {status: sum(n for (_, one), n in found.candidates.items() if one == status) for status in STATUSES}
    return {
        "name": found.name,
        "real": dict(found.real),
        "unanswered": found.unanswered,
        "candidates": totals,
        "by_technique": _nested(found.candidates),
        "by_cell": _nested(found.by_cell),
        "aside": dict(found.aside),
        "rejected_by": found.rejected_by,
        "ledger": next((dict(run.ledger) for run in reversed(found.production) if run.ledger), None),
        "production_runs": [run.model_dump(exclude={"plan", "inputs", "attempts"}) for run in found.production],
        "datasets": found.datasets,
        "runs": [head.model_dump() | {"rates": dict(found.rates.get(head.run, {}))} for head in found.runs],
        "next": _next(found),
    }


def _nested(counts: Any) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for (first, second), n in sorted(counts.items()):
        found.setdefault(first, {})[second] = n
    return found
