"""Numbers in words, and a comparison as lines for a terminal.

What this module does not know: colours and pages.
"""

from __future__ import annotations

from anchorset.core.inert import short
from anchorset.core.provenance import SEED
from anchorset.core.result import BucketDelta, Comparison, Measure, SliceDelta
from anchorset.infra.text.table import aligned

SLICES = 8
"""Slices shown in a terminal: those with the smallest p. All of them are in the machine form and on the page."""

NAME = 80
SENTENCE = 400
"""Characters of a name, and of a message, on a terminal line."""


def points(delta: float, *, signed: bool = True) -> str:
    """`-12.3 points`: a rate difference (-1 to 1) in percentage points."""
    value = round(100 * delta, 1) + 0.0  # no "-0.0"
    return f"{value:+.1f} points" if signed else f"{value:.1f} points"


def percent(rate: float) -> str:
    """`40.0 %` for 0.4."""
    return f"{100 * rate:.1f} %"


def interval(measure: Measure) -> str:
    """`95 % interval -22.3 to -2.3`, in points."""
    return f"95 % interval {100 * measure.low:+.1f} to {100 * measure.high:+.1f}"


def p_value(p: float) -> str:
    """`0.039` or `<0.001`."""
    return "<0.001" if p < 0.001 else f"{p:.3f}"


def name_of(found: SliceDelta) -> str:
    """`intent=refund`, with the bucket in front when it is inside one."""
    name = f"{found.column}={found.value or '(empty)'}"
    return f"{found.bucket}: {name}" if found.bucket else name


def overall_name(found: Comparison) -> str:
    """`overall`, or `overall by mix` when buckets were weighted."""
    return "overall" if found.mix is None else "overall by mix"


def headline(comparison: Comparison) -> str:
    """`BLOCK: B against A (seed_drop, diverged)`."""
    who = f"{short(comparison.candidate, NAME)} against {short(comparison.baseline, NAME)}"
    if comparison.verdict is None:
        return f"smoke run, no verdict: {who}"
    return f"{comparison.verdict}: {who} ({', '.join(reason.code for reason in comparison.reasons)})"


def summary(comparison: Comparison) -> list[str]:
    """The comparison as plain lines: verdict, reasons, what a gate without provenance says, table, flips, notes."""
    lines = [headline(comparison)]
    lines += [f"  {reason.code}: {short(reason.message, SENTENCE)}" for reason in comparison.reasons]
    lines.append(f"  {comparison.without_provenance.message}.")
    lines += ["", *_table(comparison)]
    if comparison.interaction is not None:
        found = comparison.interaction
        limits = f"{100 * found.low:+.1f} to {100 * found.high:+.1f}"
        lines.append(f"seed minus synthetic: {points(found.delta)} ({limits}), p {p_value(found.p)}")
    anchor = comparison.bucket(SEED) or comparison.overall
    whose = "seed" if isinstance(anchor, BucketDelta) else "overall"
    lines.append(f"{whose} pass rates, clustered interval (naive one): {rates(anchor)}")
    if comparison.mde is not None:
        lines.append(f"the seed sees a drop of {points(comparison.mde, signed=False)} (80 % power)")
    lines += ["", *_slices(comparison)] if comparison.slices else []
    lines += [f"note: {short(note, SENTENCE)}" for note in comparison.notes]
    return lines


def rates(found: Measure) -> str:
    """Both rates with their clustered interval, and the naive one in brackets."""
    said = [
        f"{name} {percent(rate)}, {100 * bounds.clustered_low:.1f} to {100 * bounds.clustered_high:.1f} "
        f"({100 * bounds.low:.1f} to {100 * bounds.high:.1f})"
        for name, rate, bounds in (
            ("baseline", found.baseline, found.baseline_bounds),
            ("candidate", found.candidate, found.candidate_bounds),
        )
    ]
    return "; ".join(said)


def _table(comparison: Comparison) -> list[str]:
    head = ("bucket", "n", "groups", "baseline", "candidate", "delta", "95 % interval", "p", "gained", "lost")
    rows = [_cells(found.bucket, found) for found in comparison.buckets]
    if comparison.synthetic is not None:
        rows.append(_cells("all synthetic", comparison.synthetic))
    rows.append(_cells(overall_name(comparison), comparison.overall))
    return aligned([head, *rows])


def _slices(comparison: Comparison) -> list[str]:
    found = sorted(comparison.slices, key=lambda one: (one.p, name_of(one)))
    head = ("slice", "n", "groups", "baseline", "candidate", "delta", "95 % interval", "p (Holm)", "gained", "lost")
    rows = [_cells(name_of(one), one, adjusted=True) for one in found[:SLICES]]
    more = [f"({len(found) - SLICES} more slices in the machine output)"] if len(found) > SLICES else []
    return aligned([head, *rows]) + more


def _cells(name: str, found: Measure, *, adjusted: bool = False) -> tuple[str, ...]:
    return (
        short(name, 40),
        f"{found.n:,}",
        f"{found.clusters:,}",
        percent(found.baseline),
        percent(found.candidate),
        f"{round(100 * found.delta, 1) + 0.0:+.1f}",
        f"{100 * found.low:+.1f} to {100 * found.high:+.1f}",
        p_value(found.p_holm if adjusted else found.p),
        f"{found.gained:,}",
        f"{found.lost:,}",
    )
