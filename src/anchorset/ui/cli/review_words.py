"""The review in words: what waits, what survived, one case to decide.

What this module does not know: how anything was counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from anchorset.core.numbers import counted, share
from anchorset.infra.text.table import aligned
from anchorset.ui.cli.case_words import asked, whole

if TYPE_CHECKING:
    from anchorset.pipeline.reviewing import ReviewStatus, Shown
    from anchorset.review.survival import Survival

MOST = 12


def status_lines(found: ReviewStatus) -> list[str]:
    """Counts, survival by slice, reasons."""
    counts = found.counts
    lines = [
        f"{counts['passed']:,} wait; approved {counts['approved']:,}, edited {counts['edited']:,}, "
        f"rejected {counts['rejected']:,}"
    ]
    if found.seeds_waiting:
        lines.append(f"{found.seeds_waiting:,} seeds wait for an expected answer or criteria (--lane seeds)")
    if found.second_waiting:
        lines.append(
            f"{counted(found.second_waiting, 'decided case', 'waits')} for a second reviewer (`review.overlap`)"
        )  # fmt: skip
    lines.append(f"survival {_rate(found.survival)}: {found.survival.advice} (band 65-85 %)")
    tables = {"technique": found.by_technique, **found.by_axis, "persona": found.by_persona, "cell": found.by_cell}
    for name, slices in tables.items():
        lines += _table(name, slices)
    if found.reasons:
        lines.append("rejected because: " + ", ".join(f"{name} {n:,}" for name, n in found.reasons.most_common()))
    lines += [f"outside the band: {one.sentence}" for one in found.advice[:MOST]]
    if len(found.advice) > MOST:
        lines.append(f"  … and {len(found.advice) - MOST:,} more outside the band (each of them in --json)")
    if len(found.reviewers) > 1:
        lines.append("by " + ", ".join(f"{name} {n:,}" for name, n in found.reviewers.items()))
    return lines


def _table(name: str, slices: Mapping[str, Survival]) -> list[str]:
    if not slices:
        return []
    worst = sorted(slices.items(), key=lambda item: (item[1].high, item[0]))
    rows = [(value, f"{one.decided:,}", _rate(one), one.advice) for value, one in worst[:MOST]]
    more = [f"  … and {len(worst) - MOST:,} more"] if len(worst) > MOST else []
    return [f"  {line}" for line in aligned([(name, "decided", "survival", ""), *rows])] + more


def _rate(one: Survival) -> str:
    return "not known yet" if one.rate is None else f"{share(one.rate)} ({share(one.low)} to {share(one.high)})"


def shown_lines(found: Shown) -> list[str]:
    """One case to decide, with its parents and how."""
    lines = whole(found.case, not_run=False)
    for parent in found.parents:
        lines += [f"  made from {parent.id}:", *asked(parent)]
    lines.append(f"{found.left:,} wait; anchorset review approve {found.case.id}, or reject … --reason …, or edit …")
    return lines
