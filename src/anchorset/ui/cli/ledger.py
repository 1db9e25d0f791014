"""Ledgers and intake counts in words: every row accounted for, in one glance.

What this module does not know: how the counts came about.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from anchorset.core.numbers import counted
from anchorset.infra.text.table import aligned

if TYPE_CHECKING:
    from anchorset.core.finding import Finding
    from anchorset.core.ledger import Ledger
    from anchorset.ingest.stage import Ingested
    from anchorset.pipeline.seeds import Taken
    from anchorset.produce.engine import Produced

MOST = 8
"""Rejection codes and short cells shown; the JSON has all of them."""


def taken_lines(taken: Ingested, file: Path) -> list[str]:
    """What became of every row of `file`."""
    from anchorset.ingest.refused import refused_path

    counts = taken.counts
    lines = [
        f"read {counts.read:,} row{'' if counts.read == 1 else 's'}: kept {counts.kept:,}, "
        f"folded {counts.folded:,} exact duplicates, grouped {counts.grouped:,} turns, refused {counts.refused:,}"
    ]
    lines += [f"note: {note}" for note in taken.notes]
    lines += _scrubbed(taken)
    lines += [f"refused: line {bad.line}: {bad.reason}" for bad in taken.refused[:3]]
    if taken.refused:
        lines.append(f"refused rows are listed in {refused_path(file)}")
    return lines


def ledger_lines(made: Produced) -> list[str]:
    """The ledger, by technique and in total, with what rejected and what is short."""
    parts = [*made.by_technique.items(), ("total", made.ledger)]
    header = ("technique", "target", "requested", "passed", "rejected", "failed", "pending")
    lines = [f"  {line}" for line in aligned([header, *((name, *_terms(ledger)) for name, ledger in parts)])]
    total = made.ledger
    lines.append(
        f"  requested {total.requested:,} = passed {total.passed:,} + rejected {total.rejected:,} "
        f"+ failed {total.failed:,} + pending {total.pending:,}"
    )
    worst = sorted(total.rejected_by.items(), key=lambda item: (-item[1], item[0]))
    if worst:
        lines.append("  rejected by " + ", ".join(f"{code} {n:,}" for code, n in worst[:MOST]))
    moves = _merged((f"in {one.cell} from {one.technique} to {one.to}: {one.reason}", one.count) for one in made.moved)
    lines += [f"  moved {count:,} {what}" for what, count in moves[:MOST]]
    if len(moves) > MOST:
        lines.append(f"  … and {len(moves) - MOST:,} more moves (all of them in --json)")
    gaps = _merged((f"in {one.cell} ({one.technique}): {one.reason}", one.missing) for one in total.short)
    lines += [f"  short {count:,} {what}" for what, count in gaps[:MOST]]
    if len(gaps) > MOST:
        lines.append(f"  … and {len(gaps) - MOST:,} more short cells (all of them in --json)")
    return lines


def _merged(told: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """What is said of several personas or briefs of one cell is said once, with the sum."""
    found: Counter[str] = Counter()
    for what, count in told:
        found[what] += count
    return list(found.items())


def _scrubbed(taken: Ingested) -> list[str]:
    return ["scrubbed: " + ", ".join(f"{kind} {n:,}" for kind, n in sorted(taken.pii.items()))] if taken.pii else []


def intake_lines(taken: Taken) -> list[str]:
    """What became of every row of a file that came into a workspace."""
    counts = taken.ingested.counts
    lines = [
        f"read {counts.read:,} row{'' if counts.read == 1 else 's'}: {taken.new:,} new, {taken.known:,} known already, "
        f"folded {counts.folded:,} exact duplicates, grouped {counts.grouped:,} turns, refused {counts.refused:,}"
    ]
    if taken.relabelled:
        lines.append(
            f"note: {counted(taken.relabelled, 'text', 'is')} there already under other metadata or with another "
            "answer, and now there twice; if another `--map` was meant to replace the first, delete the file in "
            "`seeds/` and ingest again; one label is set right with `anchorset cases tag`"
        )
    lines += [f"note: {note}" for note in taken.ingested.notes]
    lines += _scrubbed(taken.ingested)
    lines += [f"refused: line {bad.line}: {bad.reason}" for bad in taken.ingested.refused[:3]]
    if taken.refused_file:
        lines.append(f"refused rows are listed in {taken.refused_file}")
    return lines


def intake_report(files: Sequence[Taken]) -> dict[str, object]:
    """The machine form, summed over the files: known cases are among the folded."""
    pii: Counter[str] = Counter()
    for one in files:
        pii.update(one.ingested.pii)
    total = {
        name: sum(one.ingested.counts.report()[name] for one in files)
        for name in ("read", "kept", "folded", "grouped", "refused")
    }
    known = sum(one.known for one in files)
    return total | {
        "kept": total["kept"] - known, "folded": total["folded"] + known, "known": known,
        "relabelled": sum(one.relabelled for one in files),
        "refused_file": next((str(one.refused_file) for one in files if one.refused_file), None), "pii": dict(pii),
    }  # fmt: skip


def set_lines(findings: Sequence[Finding]) -> list[str]:
    """What is wrong with the set as a whole; nothing when nothing is."""
    return [f"  {found.check}: {found.evidence}" for found in findings if found.says == "flag"]


def taken_report(taken: Ingested, file: Path) -> dict[str, object]:
    """The machine form of an intake of `file`."""
    from anchorset.ingest.refused import refused_path

    refused = str(refused_path(file)) if taken.refused else None
    return {**taken.counts.report(), "refused_file": refused, "pii": taken.pii}


def _terms(ledger: Ledger) -> tuple[str, ...]:
    terms = (ledger.target, ledger.requested, ledger.passed, ledger.rejected, ledger.failed, ledger.pending)
    return tuple(f"{term:,}" for term in terms)
