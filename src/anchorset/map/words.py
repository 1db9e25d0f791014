"""A map in words: what the seeds do, what covers it, what is missing, and whether to generate at all.

What this module does not know: how anything was found.
"""

from __future__ import annotations

from collections.abc import Iterator

from anchorset.core.behaviour import Coverage, SeedMap
from anchorset.infra.text.table import aligned

MOST = 12
SIGNS = {"yes": "yes", "no": "NO ", "unknown": "?  "}


def lines(found: SeedMap) -> list[str]:
    """The map for a terminal."""
    return [*_seeds(found), *_behaviours(found), *_cells(found), *_gaps(found), *_questions(found),
            *(f"note: {note}" for note in found.notes)]  # fmt: skip


def verdict(found: SeedMap) -> str:
    """Whether to generate at all, in a line."""
    no = [question for question in found.questions if question.answer == "no"]
    if no:
        return f"Not yet: {no[0].evidence}"
    if found.gaps:
        return f"Worth generating: {len(found.gaps):,} gaps to fill"
    return "Nothing is missing in the grid: ask which gap more cases would fill"


def _seeds(found: SeedMap) -> Iterator[str]:
    yield f"{found.seeds:,} seeds in {found.n_groups:,} groups; {found.labelled:,} can vote (expected or criteria)"
    how = [placed.how for placed in found.home.values()]
    if len(found.cells) > 1:
        yield (
            f"  in {len(found.cells):,} cells: {how.count('metadata'):,} by metadata, {how.count('about'):,} by "
            f"description, {found.unassigned:,} unassigned (`anchorset cases tag ID axis=value` corrects)"
        )
    seen = found.seen
    yield (
        f"  {seen.kinds:,} kinds of messages seen, {seen.at_least:,.0f} at least there are; the next message is of a "
        f"new kind with {seen.next_is_new:.0%}"
    )


def _behaviours(found: SeedMap) -> Iterator[str]:
    broad = [one for one in found.behaviours if one.granularity == "broad"]
    if broad:
        yield f"behaviours ({len(broad):,} broad, {len(found.behaviours) - len(broad):,} granular in --json):"
        rows = [
            (one.label, f"{one.seeds:,}", f"{one.share:.0%}", "rare" if one.rare else "new" if one.new else "",
             " ".join(one.snippets[0].text.split())[:60] if one.snippets else "")
            for one in broad[:MOST]
        ]  # fmt: skip
        yield from (f"  {line}" for line in aligned([("what is said", "seeds", "share", "", "for example"), *rows]))
        if len(broad) > MOST:
            yield f"  … and {len(broad) - MOST:,} more"


def _cells(found: SeedMap) -> Iterator[str]:
    cells = [one for one in found.coverage if one.of == "cell"]
    if len(cells) > 1:
        yield "coverage, thinnest cells first:"
        worst = sorted(cells, key=lambda one: (one.groups, one.passed, one.name))
        rows = [_cell(one) for one in worst[:MOST]]
        yield from (f"  {line}" for line in aligned([("cell", "seeds", "groups", "passed", "approved"), *rows]))
        if len(cells) > MOST:
            yield f"  … and {len(cells) - MOST:,} more (all of them in --json)"


def _cell(one: Coverage) -> tuple[str, ...]:
    return one.label or one.name, f"{one.seeds:,}", f"{one.groups:,}", f"{one.passed:,}", f"{one.approved:,}"


def _gaps(found: SeedMap) -> Iterator[str]:
    if found.gaps:
        yield f"gaps ({len(found.gaps):,}):"
        for gap in found.gaps[:MOST]:
            yield f"  {gap.message}; {gap.todo}"
        if len(found.gaps) > MOST:
            yield f"  … and {len(found.gaps) - MOST:,} more (all of them in --json)"


def _questions(found: SeedMap) -> Iterator[str]:
    yield f"generate at all? {verdict(found)}"
    for question in found.questions:
        yield f"  {SIGNS[question.answer]} {question.asks} {question.evidence}"
        if question.answer != "yes" and question.todo:
            yield f"      -> {question.todo}"
