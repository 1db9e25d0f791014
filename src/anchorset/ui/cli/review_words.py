"""The review in words: what waits, what survived, one case to decide.

What this module does not know: how anything was counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from anchorset.core.inert import visible
from anchorset.core.numbers import counted, share
from anchorset.infra.text.table import aligned
from anchorset.ui.cli.case_words import asked, whole

if TYPE_CHECKING:
    from anchorset.infra.stats.agreement import Agreement
    from anchorset.pipeline.review.adjudicating import Disagreement
    from anchorset.pipeline.review.reviewing import ReviewStatus, Shown
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
    lines += people_lines(found)
    if len(found.reviewers) > 1:
        lines.append("by " + ", ".join(f"{name} {n:,}" for name, n in found.reviewers.items()))
    return lines


def people_lines(found: ReviewStatus) -> list[str]:
    """How far reviewers agree, with one another and with themselves, and who has bent."""
    lines = []
    one = found.agreement
    if one.n:
        lines.append(
            f"decided by two or more: {one.n:,}, {one.alike:,} of them alike; alpha {_agreement(one.kept)}, "
            f"with reasons {_agreement(one.reasons)}"
        )
        lines += [f"  {first} and {second}: kappa {_agreement(two)}" for (first, second), two in one.pairs.items()]
    if found.disagreed:
        lines.append(
            f"{counted(found.disagreed, 'case', 'waits')} because reviewers disagree "
            "(anchorset review disagreements)"
        )  # fmt: skip
    for name, steady in found.people.items():
        if steady.with_self.n:
            low, high = (share(steady.with_self.report()[limit]) for limit in ("low", "high"))
            lines.append(
                f"{name} decided {steady.with_self.hits:,} of {counted(steady.with_self.n, 'known case')} as before "
                f"({low} to {high})"
            )
        if steady.nudge is not None:
            lines.append(f"{name}: {steady.nudge.says}")
    return lines


def _agreement(one: Agreement | None) -> str:
    if one is None or one.value is None or one.low is None or one.high is None:
        return "not known: everybody said the same throughout"
    return f"{one.value:.2f} ({one.low:.2f} to {one.high:.2f}, n {one.n:,})"


def disagreement_lines(found: Sequence[Disagreement], *, words: bool) -> list[str]:
    """What reviewers disagree about; `words`: who said what."""
    lines = []
    for one in found:
        lines.append(f"{one.case}  {one.bucket}  {one.cell}  {len(one.words)} words, the last at {one.since[:16]}")
        lines.append(f"  > {' '.join(visible(one.text).split())[:200]}")
        if words:
            lines += [f"  {word.reviewer}: {word.decision}" + (f", {word.reason}" if word.reason else "")
                      for word in one.words]  # fmt: skip
    return lines


def _table(name: str, slices: Mapping[str, Survival]) -> list[str]:
    if not slices:
        return []
    worst = sorted(slices.items(), key=lambda item: (item[1].high, item[0]))
    rows = [(value, f"{one.decided:,}", _rate(one), one.advice) for value, one in worst[:MOST]]
    more = [f"  … and {len(worst) - MOST:,} more"] if len(worst) > MOST else []
    return [f"  {line}" for line in aligned([(name, "decided", "survival", ""), *rows])] + more


def _rate(one: Survival) -> str:
    """With one more digit where a whole percent would lie on the other side of the band: 11 of 17 are not 65 %."""
    from anchorset.review.survival import HIGH, LOW

    if one.rate is None:
        return "not known yet"
    return f"{share(one.rate, beside=(LOW, HIGH))} ({share(one.low)} to {share(one.high)})"


def shown_lines(found: Shown) -> list[str]:
    """One case to decide, with its parents and how."""
    lines = whole(found.case, not_run=False)
    for parent in found.parents:
        lines += [f"  made from {parent.id}:", *asked(parent)]
    lines.append(f"{found.left:,} wait; anchorset review approve {found.case.id}, or reject … --reason …, or edit …")
    return lines
