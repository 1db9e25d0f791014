"""Comparisons as one self-contained HTML page: the verdict in words, both gates, forest plots, tables, flips.

What this module does not know: the verdict's rules, and how a page is built and escaped.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from markupsafe import Markup

from anchorset.core.inert import short
from anchorset.core.provenance import REAL_BUCKETS, SEED
from anchorset.core.result import Comparison, Measure, Word, worst
from anchorset.infra.html.page import Section, Tone, fragment, page
from anchorset.infra.html.plots import Interval, forest
from anchorset.trust.compare.words import name_of, overall_name, p_value, points

TEMPLATES = Path(__file__).parent / "templates"

FLIPS = 100
"""Ids shown per bucket and direction; the others are counted."""

SLICES = 24
"""Slices in a plot: those with the smallest p. The table has up to SLICE_ROWS."""

SLICE_ROWS = 500

TONES: dict[Word | None, Tone] = {"PASS": "good", "BLOCK": "bad", "INCONCLUSIVE": "caution", None: "muted"}


def html(comparisons: Sequence[Comparison], *, back: tuple[str, str] | None = None) -> str:
    """A whole document for one baseline and its candidates; everything that came from outside is escaped."""
    lead = worst(comparisons)
    return page(
        title=f"anchorset compare: {lead.baseline} and {', '.join(found.candidate for found in comparisons)}",
        verdict=_verdict(lead),
        tone=TONES[lead.verdict],
        lead=_lead(lead),
        facts=_facts(lead, len(comparisons)),
        sections=[section for found in comparisons for section in sections(found, alone=len(comparisons) == 1)],
        back=back,
    )


def _verdict(found: Comparison) -> str:
    who = f"{short(found.candidate, 60)} against {short(found.baseline, 60)}"
    return f"{found.verdict}: {who}" if found.verdict else f"Smoke run, no verdict: {who}"


def _lead(found: Comparison) -> str:
    first = found.reasons[0].message if found.reasons else "These rows only show that things run."
    return first[:1].upper() + first[1:]


def _facts(found: Comparison, candidates: int) -> list[str]:
    facts = [
        found.without_provenance.message[:1].upper() + found.without_provenance.message[1:] + ".",
        f"{found.overall.n:,} cases in {found.overall.clusters:,} independent groups, {found.overall.rows:,} rows a "
        f"system; the seed may fall by {points(found.max_drop, signed=False)}.",
    ]
    return [*facts, f"{candidates} candidates; the most serious verdict stands above."] if candidates > 1 else facts


def sections(found: Comparison, *, alone: bool = True) -> list[Section]:
    """The parts of the page about one candidate. `alone`: False puts its name into every title."""
    of = "" if alone else f"{found.candidate}: "
    named = [(one.bucket, one) for one in found.buckets]
    pooled: list[tuple[str, Measure]] = [(overall_name(found), found.overall)]
    if found.synthetic and sum(one.bucket not in REAL_BUCKETS for one in found.buckets) > 1:
        pooled.insert(0, ("all synthetic", found.synthetic))
    rows = [*named, *pooled]
    parts = [
        Section(title=f"{of}Two gates, the same rows", body=_fill("gates.html.j2", found=found, tones=TONES)),
        Section(
            title=f"{of}Change by bucket",
            body=_fill("buckets.html.j2", plot=_forest(rows, found), rows=rows, found=found),
        ),
        Section(
            title=f"{of}{'Pass rates' if found.binary else 'Mean scores'}",
            body=_fill("rates.html.j2", rows=rows, found=found),
        ),
    ]
    if found.slices:
        ranked = sorted(found.slices, key=lambda one: (one.p, name_of(one)))
        plots = [
            (title, _forest([(short(f"{one.column}={one.value}", 26), one) for one in ours[:SLICES]], found), len(ours))
            for title, bucket in (("All cases", None), ("Seed cases alone", SEED))
            if (ours := [one for one in ranked if one.bucket == bucket])
        ]
        body = _fill(
            "slices.html.j2", plots=plots, cap=SLICES, rows=ranked[:SLICE_ROWS], total=len(ranked), name_of=name_of
        )
        parts.append(Section(title=f"{of}Change by slice", body=body))
    parts.append(Section(title=f"{of}Cases that changed", body=_fill("flips.html.j2", flips=found.flips, cap=FLIPS)))
    parts.append(
        Section(title=f"{of}Power and tests", body=_fill("power.html.j2", rows=rows, found=found), folded=True)
    )
    parts.append(Section(title=f"{of}How this was counted", body=_fill("method.html.j2", found=found), folded=True))
    return parts


def _fill(name: str, **values: object) -> Markup:
    return fragment(TEMPLATES / name, p=p_value, points=points, **values)


def _forest(rows: Sequence[tuple[str, Measure]], found: Comparison) -> Markup:
    return forest(
        [
            Interval(
                label=name,
                value=100 * one.delta,
                low=100 * one.low,
                high=100 * one.high,
                band_low=-100 * found.max_drop,
                band_high=0.0,
                tone=_tone(one, found.max_drop),
                note=points(one.delta).removesuffix(" points"),
            )
            for name, one in rows
        ],
        says=f"Change of {found.candidate} against {found.baseline} in points with 95 % intervals: "
        + "; ".join(f"{name} {points(one.delta)}" for name, one in rows[:12]),
        reference=0.0,
        form=lambda value: f"{value:+g}" if value else "0",
    )


def _tone(one: Measure, max_drop: float) -> Tone:
    if one.high < 0:
        return "bad"
    if one.low > 0 or one.low > -max_drop:
        return "good"
    return "muted"
