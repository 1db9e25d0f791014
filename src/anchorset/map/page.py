"""A map as one self-contained page: whether to generate, the picture of the behaviours, coverage, gaps.

What this module does not know: how anything was found.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from markupsafe import Markup

from anchorset.core.behaviour import SeedMap
from anchorset.core.numbers import share
from anchorset.infra.html.dots import Panel, dots
from anchorset.infra.html.page import Section, fragment, page
from anchorset.map.words import kinds, mark, verdict

TEMPLATE = Path(__file__).with_name("table.html.j2")
SERIES = ("s1", "s2", "s3", "s4", "s5", "s6", "s7")
PANELS = 12
ROWS = 200


def map_page(found: SeedMap, *, name: str) -> str:
    """The whole page."""
    bad = any(question.answer == "no" for question in found.questions)
    sections = [
        Section(title="Before anything is generated", body=_questions(found)),
        Section(title="What the seeds do", body=_picture(found) + _behaviours(found)),
        Section(title="Gaps", body=_gaps(found)),
        Section(title="Coverage of the grid", body=_coverage(found, "cell")),
        Section(title="Coverage of behaviours", body=_coverage(found, "behaviour"), folded=True),
    ]
    facts = [
        f"{found.seeds:,} seeds in {found.n_groups:,} groups, {found.labelled:,} with an expected answer or criteria",
        f"{kinds(found)} (Chao 1984, Good 1953)",
        *found.notes,
    ]
    return page(
        title=f"Map: {name}", verdict=verdict(found), tone="bad" if bad else "caution" if found.gaps else "good",
        lead="Which gap am I filling? Then: how many cases does it take?", sections=sections, facts=facts,
    )  # fmt: skip


def _table(header: Sequence[str], rows: Sequence[Sequence[str]], none: str) -> Markup:
    return fragment(TEMPLATE, header=header, rows=rows[:ROWS], more=max(0, len(rows) - ROWS), none=none)


def _questions(found: SeedMap) -> Markup:
    rows = [(f"{one.asks} {one.answer.capitalize()}.", one.evidence, one.todo or "") for one in found.questions]
    return _table(("question", "what was found", "what to do first"), rows, "No question was asked.")


def _picture(found: SeedMap) -> Markup:
    broad = [one for one in found.behaviours if one.granularity == "broad"][:PANELS]
    if not found.points or not broad:
        return Markup("")
    everything = [(point.x, point.y) for point in found.points]
    panels = [
        Panel(
            label=one.label, kind=SERIES[at % len(SERIES)], note=f"({one.seeds:,})",
            points=[(point.x, point.y) for point in found.points if point.behaviour == one.id],
        )
        for at, one in enumerate(broad)
    ]  # fmt: skip
    return dots(panels, everything, says="where the seeds of this behaviour lie among all seeds, which are drawn pale")


def _behaviours(found: SeedMap) -> Markup:
    rows = [
        (one.label, f"{one.seeds:,}", share(one.share), mark(one),
         " · ".join(snippet.text for snippet in one.snippets))
        for one in found.behaviours if one.granularity == "broad"
    ]  # fmt: skip
    return _table(("what is said", "seeds", "share", "", "for example"), rows, "There are too few seeds to tell.")


def _gaps(found: SeedMap) -> Markup:
    rows = [(gap.message, gap.todo) for gap in found.gaps]
    return _table(("what is missing", "what fills it"), rows, "Nothing is missing in the grid.")


def _coverage(found: SeedMap, of: str) -> Markup:
    rows = [
        (one.label or one.name, f"{one.seeds:,}", f"{one.groups:,}", f"{one.golden:,}", f"{one.passed:,}",
         f"{one.approved:,}")
        for one in sorted(found.coverage, key=lambda one: (one.groups, one.name))
        if one.of == of
    ]  # fmt: skip
    header = (of, "seeds", "groups", "golden", "candidates passed", "approved")
    return _table(header, rows, "There is nothing to cover.")
