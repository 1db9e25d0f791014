"""Everything that was said and done in a workspace, by day: read from the mirrors, where nothing is ever overwritten.

What this module does not know: how it is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from anchorset.core.noun import Noun
from anchorset.core.numbers import counted
from anchorset.core.run import RunHead
from anchorset.core.said import Calibration, Grade, Outcome, ProductionRun, Quarantine, Refresh, Tag, Undo, Verdict
from anchorset.infra.folder.mirror import Mark, tail
from anchorset.pipeline.indexing import HEADS, PRODUCTION, read_rows
from anchorset.pipeline.ship.datasets import read_manifest
from anchorset.pipeline.workspace import Workspace
from anchorset.ship.packet.packet import Event

MOST = 400
"""Lines of a timeline, the latest ones."""

NAMED = {"approve": "approved", "edit": "edited", "reject": "rejected"}


def timeline(workspace: Workspace, *, most: int = MOST) -> tuple[list[Event], int]:
    """(events, the latest last; how many earlier ones are left out)."""
    events = [*_production(workspace), *_said(workspace), *_versions(workspace), *_runs(workspace)]
    events.sort(key=lambda one: (one.at, one.kind, one.who, one.what))
    cut = max(0, len(events) - most)
    return events[cut:], cut


def _production(workspace: Workspace) -> Iterator[Event]:
    for row in workspace.rows(PRODUCTION, ProductionRun):
        if row.state == "begun":
            yield _event(row.at, "production", row.run, f"began to produce {row.target:,} candidates")
        elif row.state == "done":
            ledger: dict[str, Any] = dict(row.ledger)
            model = ", ".join(f"{role} {name}" for role, name in sorted(row.models.items())) or "no model"
            yield _event(
                row.at, "production", row.run,
                f"produced: {ledger.get('passed', 0):,} passed, {ledger.get('rejected', 0):,} rejected by checks, "
                f"{ledger.get('failed', 0):,} failed; {model}",
            )  # fmt: skip
        else:
            yield _event(row.at, "production", row.run, "was replaced by another run")


def _versions(workspace: Workspace) -> Iterator[Event]:
    for ref in workspace.folder.versions():
        one = read_manifest(workspace.folder, ref)
        yield _event(one.made_at, "shipped", one.ref, f"shipped with {len(one.rows):,} rows: {one.why}")


def _runs(workspace: Workspace) -> Iterator[Event]:
    for one in workspace.rows(HEADS, RunHead):
        what = f"results imported from {one.imported_from}" if one.imported_from else "began to run"
        yield _event(one.started_at, "run", one.run, f"{one.target} {one.version} {what} on {one.dataset}")


def _said(workspace: Workspace) -> Iterator[Event]:
    """Words of people. Decisions, grades, tags and undone words of one person and day stand in one line."""
    many: dict[tuple[str, str, str], Counter[str]] = {}
    first: dict[tuple[str, str, str], str] = {}
    for row in _rows(workspace):
        at = str(getattr(row, "at", "") or getattr(getattr(row, "decision", None), "at", ""))
        one = _alone(row, at)
        if one is not None:
            yield one
            continue
        kind, who, word = _counted(row)
        key = (at[:10], kind, who)
        many.setdefault(key, Counter())[word] += 1
        first[key] = min(first.get(key, at), at)
    for (day, kind, who), words in many.items():
        told = ", ".join(f"{word} {n:,}" for word, n in sorted(words.items(), key=lambda item: (-item[1], item[0])))
        yield Event(day=day, at=first[day, kind, who], kind=kind, who=who, what=f"{kind}: {told}")


def _rows(workspace: Workspace) -> Iterator[Noun]:
    for file in workspace.folder.mirrors():
        if file.startswith("reviews/"):
            for lines, after in tail(workspace.path / file, Mark()):
                yield from read_rows(file, lines, after.lines - len(lines))


def _alone(row: Noun, at: str) -> Event | None:
    """What stands in a line of its own."""
    if isinstance(row, Quarantine):
        why = f": {row.why}" if row.why else ""
        return _event(at, "quarantine", row.reviewer, f"{'took back' if row.lifted else 'put aside'} {row.run}{why}")
    if isinstance(row, Refresh):
        return _event(at, "refresh", "anchorset", f"put {counted(len(row.stale), 'stale candidate')} aside")
    if isinstance(row, Calibration):
        return _event(at, "calibration", row.judge.name, f"was held against people's decisions for {row.check}")
    if isinstance(row, Outcome):
        why = f" ({', '.join(row.reasons)})" if row.reasons else ""
        said = f"; production: {row.production}" if row.production else ""
        return _event(at, "outcome", row.reviewer, f"{row.decision} {row.candidate} on {row.dataset}{why}{said}")
    return None


def _counted(row: Noun) -> tuple[str, str, str]:
    """(kind, who, word) of what is counted by day."""
    if isinstance(row, Verdict):
        decision = row.decision
        kind = "decisions on seeds" if row.lane == "seeds" else "decisions"
        return kind, decision.reviewer, NAMED[decision.decision]
    who = str(getattr(row, "reviewer", "") or "-")
    if isinstance(row, Grade):
        return f"grades of {row.run}", who, "right" if row.passed else "wrong"
    if isinstance(row, Undo):
        return "taken back", who, row.lane
    if isinstance(row, Tag):
        return "tags", who, ", ".join(sorted(row.metadata)) or "none"
    return f"{getattr(row, 'says', 'words')}s", who, "given"


def _event(at: str, kind: str, who: str, what: str) -> Event:
    return Event(day=at[:10], at=at, kind=kind, who=who, what=what)
