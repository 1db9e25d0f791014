"""The pictures of cases: survival as a heat map, distance profiles, leaked terms, and the behaviour map.

What this module does not know: results, and the order of the page.
"""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from anchorset.core.numbers import plain, share
from anchorset.core.provenance import SEED
from anchorset.core.trust import Survival, TrustReport
from anchorset.infra.html.dots import Panel, dots
from anchorset.infra.html.plots import Pair, dumbbell
from anchorset.infra.html.ridges import Ridge, ridges
from anchorset.trust.report.page_parts import figure, fill, nothing
from anchorset.trust.report.survival import BAND

TERM_ROWS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Heat:
    """One cell of the heat map."""

    tone: str
    """Style classes: `in`, `below` or `above` the band, `sure` when its interval lies outside; `none`: no decision."""
    text: str
    small: str


def survival(report: TrustReport) -> Markup:
    """The grid of survival as a table: a number in each cell, a colour that repeats it."""
    cells = report.pictures.survival
    if not cells:
        return nothing("Nobody has decided about a candidate yet.")
    rows, columns = (list(dict.fromkeys(names)) for names in ([c.row for c in cells], sorted(c.column for c in cells)))
    by_place = {(cell.row, cell.column): cell for cell in cells}
    table = [(row, [_heat(by_place.get((row, column))) for column in columns]) for row in rows]
    worst = min(cells, key=lambda cell: (cell.high, cell.row, cell.column))
    return fill(
        "survival.html.j2", table=table, columns=columns, across=report.pictures.columns, down=report.pictures.rows,
        low=share(BAND[0]), high=share(BAND[1]), worst=worst, question=report.questions[2].evidence,
    )  # fmt: skip


def _heat(cell: Survival | None) -> Heat:
    if cell is None:
        return Heat(tone="none", text="none", small="")
    small = f"{cell.kept:,} of {cell.kept + cell.rejected:,}"
    below, above = cell.rate < BAND[0], cell.rate > BAND[1]
    sure = cell.high < BAND[0] or cell.low > BAND[1]
    place = "below" if below else "above" if above else "in"
    sign = ("▼ " if below else "▲ ") if sure else ""
    return Heat(tone=f"{place} sure" if sure else place, text=sign + share(cell.rate), small=small)


def distances(report: TrustReport, kinds: dict[str, str]) -> Markup:
    """A row of bars a bucket, with the band in which seeds lie from each other."""
    found = report.pictures.profiles
    if not found:
        return nothing("It takes two seeds to measure how far the others lie.")
    rows = [
        Ridge(
            label=f"{one.bucket}", kind=kinds.get(one.bucket, "s1"), shares=one.shares,
            note=f"median {plain(one.middle)}; {share(one.near)} near, {share(one.far)} far",
        )
        for one in found
    ]  # fmt: skip
    said = "; ".join(f"{one.bucket} median {plain(one.middle)}" for one in found)
    return figure(
        ridges(
            rows, report.pictures.steps, x="distance to the nearest (other) seed: 0 is the same text",
            band=report.pictures.band, ends=("near copies", "unlike the seed"),
            says=f"Distance of cases from their nearest seed: {said}.",
        ),
        "How far the cases of each bucket lie from their nearest seed, by meaning or by letters, whichever is nearer; "
        "each row fills its height, cases beyond the axis stand in its last bar. The grey band is where 98 % of the "
        "seeds lie from each other: left of it are near copies, right of it is something no user wrote.",
    )  # fmt: skip


def terms(report: TrustReport) -> Markup:
    """Share of seed and of synthetic cases that hold each over-used word."""
    found = report.pictures.terms
    if not found:
        return nothing("No word stands in clearly more synthetic cases than seeds.")
    pairs = [Pair(label=one.term, real=one.seed, synthetic=one.synthetic) for one in found[:TERM_ROWS]]
    first = found[0]
    more = f" {len(found) - TERM_ROWS} more stand in the machine output." if len(found) > TERM_ROWS else ""
    return figure(
        dumbbell(pairs, names=("seed", "synthetic"), says="Share of seed and of synthetic cases that hold each word."),
        f"Share of cases that hold each word, the clearest differences first: {first.term!r} stands in "
        f"{share(first.synthetic)} of the synthetic cases and {share(first.seed)} of the seeds.{more} Among many words "
        "some always differ; the question on the vocabulary says whether it matters.",
    )  # fmt: skip


def clouds(report: TrustReport, kinds: dict[str, str]) -> Markup:
    """A panel a bucket over the cloud of the seed."""
    found = report.pictures.clouds
    if not found:
        return nothing("It takes three cases with different words to draw a map.")
    seed = next((one.points for one in found if one.bucket == SEED), ())
    panels = [
        Panel(label=one.bucket, kind=kinds.get(one.bucket, "s1"), points=one.points, note=f"({one.n:,})")
        for one in found
    ]
    shown = share(report.pictures.shown_variance)
    sampled = any(one.n > len(one.points) for one in found)
    return figure(
        dots(panels, seed, says="where its cases lie over those of the seed, which are drawn pale"),
        f"Every case by its meaning, in the two directions in which the cases differ most ({shown} of all variance); "
        "the seed is drawn pale behind each bucket. Pale dots without colour near them are what users wrote and the "
        "bucket leaves out; colour without pale dots near it is something no user wrote."
        + (" A sample of the larger buckets is drawn." if sampled else ""),
    )  # fmt: skip
