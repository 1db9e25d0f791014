"""Comparisons as GitHub-flavoured markdown, for `$GITHUB_STEP_SUMMARY` or a pull-request comment.

What this module does not know: the verdict's rules.
"""

from __future__ import annotations

from collections.abc import Sequence

from anchorset.core.result import Comparison, Measure, Reason
from anchorset.trust.compare.safe import for_markdown
from anchorset.trust.compare.words import interval, name_of, overall_name, p_value, percent, points

SLICES = 10
IDS = 20
"""Ids listed per bucket and direction; the others are counted."""

MARKS = {"PASS": "✅", "BLOCK": "⛔", "INCONCLUSIVE": "❔", None: "💨"}


def step_summary(comparisons: Sequence[Comparison]) -> str:
    """Headings, tables and a folded list of flips. Names and ids from outside are escaped."""
    return "\n".join(line for comparison in comparisons for line in _lines(comparison)) + "\n"


def _lines(comparison: Comparison) -> list[str]:
    who = f"{for_markdown(comparison.candidate)} against {for_markdown(comparison.baseline)}"
    word = comparison.verdict or "smoke run, no verdict"
    lines = [f"## {MARKS[comparison.verdict]} {word}: {who}", ""]
    lines += [f"- **{reason.code}**: {_message(reason)}" for reason in comparison.reasons]
    lines += [f"- Beside it, {comparison.without_provenance.message}.", ""]
    buckets = [(bucket.bucket, bucket, bucket.p) for bucket in comparison.buckets]
    lines += _table("bucket", [*buckets, *_pooled(comparison)])
    found = comparison.interaction
    if found is not None:
        lines += ["", f"Seed minus synthetic: {points(found.delta)}, p {p_value(found.p)}."]
    if comparison.slices:
        ranked = sorted(comparison.slices, key=lambda one: (one.p, name_of(one)))
        shown = [(name_of(one), one, one.p_holm) for one in ranked[:SLICES]]
        lines += ["", f"<details><summary>Slices ({len(ranked)}, p after Holm)</summary>", "", *_table("slice", shown)]
        lines += ["", f"and {len(ranked) - SLICES} more slices"] if len(ranked) > SLICES else []
        lines += ["", "</details>"]
    lines += _flips(comparison)
    lines += ["", *(f"> {for_markdown(note, limit=None)}  " for note in comparison.notes)] if comparison.notes else []
    return [*lines, ""]


def _message(reason: Reason) -> str:
    """Messages are ours, and numbers; but a judge's name in one comes from a file."""
    return for_markdown(reason.message, limit=None) if reason.code == "collusion" else reason.message


def _pooled(comparison: Comparison) -> list[tuple[str, Measure, float]]:
    pooled: list[tuple[str, Measure, float]] = [(overall_name(comparison), comparison.overall, comparison.overall.p)]
    if comparison.synthetic is not None:
        pooled.insert(0, ("all synthetic", comparison.synthetic, comparison.synthetic.p))
    return pooled


def _table(first: str, rows: Sequence[tuple[str, Measure, float]]) -> list[str]:
    lines = [
        f"| {first} | n | groups | baseline | candidate | delta | 95 % interval | p | gained | lost |",
        "|:--|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for name, found, p in rows:
        limits = interval(found).removeprefix("95 % interval ")
        lines.append(
            f"| {for_markdown(name)} | {found.n:,} | {found.clusters:,} | {percent(found.baseline)} | "
            f"{percent(found.candidate)} | {points(found.delta).removesuffix(' points')} | {limits} | {p_value(p)} | "
            f"{found.gained:,} | {found.lost:,} |"
        )
    return lines


def _flips(comparison: Comparison) -> list[str]:
    lines: list[str] = []
    for bucket, flips in comparison.flips.items():
        for word, ids in (("gained", flips.gained), ("lost", flips.lost)):
            if ids:
                more = f" and {len(ids) - IDS:,} more" if len(ids) > IDS else ""
                named = ", ".join(map(for_markdown, ids[:IDS]))
                lines.append(f"- {for_markdown(bucket)}, {word} ({len(ids):,}): {named}{more}")
    if not lines:
        return []
    return ["", "<details><summary>Cases that changed</summary>", "", *lines, "", "</details>"]
