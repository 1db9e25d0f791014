"""A map in words: what the seeds do, what covers it, what is missing, and whether to generate at all.

What this module does not know: how anything was found.
"""

from __future__ import annotations

from collections.abc import Iterator

from anchorset.core.behaviour import Behaviour, Coverage, Gap, SeedMap
from anchorset.core.inert import short
from anchorset.core.numbers import counted, share
from anchorset.infra.text.table import aligned

MOST = 12
SPAN = 60
"""Characters of a text that stand in a table."""
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
        return f"Worth generating: {counted(len(found.gaps), 'gap')} to fill"
    return "Nothing is missing in the grid: ask which gap more cases would fill"


def _seeds(found: SeedMap) -> Iterator[str]:
    yield (
        f"{counted(found.seeds, 'seed')} in {counted(found.n_groups, 'group')}; {found.labelled:,} can vote "
        "(those with an expected answer or criteria)"
    )
    how = [placed.how for placed in found.home.values()]
    if len(found.cells) > 1:
        yield (
            f"  in {len(found.cells):,} cells: {how.count('metadata'):,} by metadata, {how.count('about'):,} by "
            f"description, {found.unassigned:,} unassigned (`anchorset cases tag ID axis=value` corrects)"
        )
    if found.seeds:
        yield f"  {kinds(found)}"


def kinds(found: SeedMap) -> str:
    """How much of what users do the seeds have shown, in a sentence."""
    seen = found.seen
    least = max(seen.kinds, round(seen.at_least))
    are = "is" if least == 1 else "are"
    return (
        f"{counted(seen.kinds, 'kind')} of messages seen, and there {are} at least {least:,}; the "
        f"chance that the next message is of a new kind is {share(seen.next_is_new)}"
    )


def _behaviours(found: SeedMap) -> Iterator[str]:
    broad = [one for one in found.behaviours if one.granularity == "broad"]
    if broad:
        fine = len(found.behaviours) - len(broad)
        yield f"behaviours ({len(broad):,} broad; {fine:,} granular in --json):"
        rows = [
            (short(one.label, SPAN), f"{one.seeds:,}", share(one.share), mark(one),
             short(_example(one), SPAN))
            for one in broad[:MOST]
        ]  # fmt: skip
        yield from (f"  {line}" for line in aligned([("what is said", "seeds", "share", "", "for example"), *rows]))
        if len(broad) > MOST:
            yield f"  … and {len(broad) - MOST:,} more"


def _example(one: Behaviour) -> str:
    """The nearest text that is not the label over again; empty when there is none."""
    begins = one.label.removesuffix("…")
    others = [snippet.text for snippet in one.snippets if not " ".join(snippet.text.split()).startswith(begins)]
    return next(iter(others), "")


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
    return (
        short(one.label or one.name, SPAN),
        f"{one.seeds:,}",
        f"{one.groups:,}",
        f"{one.passed:,}",
        f"{one.approved:,}",
    )


def _gaps(found: SeedMap) -> Iterator[str]:
    """Gaps one below the other, and what fills them once below those that are filled alike."""
    if found.gaps:
        yield f"gaps ({len(found.gaps):,}):"
        shown = found.gaps[:MOST]
        for gap, after in zip(shown, (*shown[1:], None), strict=True):
            yield f"  {short(gap.message, 400)}"
            if after is None or _way_out(after) != _way_out(gap):
                yield f"      -> {short(gap.todo, 400)}"
        if len(found.gaps) > MOST:
            yield f"  … and {len(found.gaps) - MOST:,} more (all of them in --json)"


def _way_out(gap: Gap) -> tuple[str, str]:
    return gap.code, gap.todo


def _questions(found: SeedMap) -> Iterator[str]:
    yield f"generate at all? {verdict(found)}"
    for question in found.questions:
        yield f"  {SIGNS[question.answer]} {question.asks} {question.evidence}"
        if question.answer != "yes" and question.todo:
            yield f"      -> {question.todo}"


def mark(one: Behaviour) -> str:
    """What is special about a behaviour, in a word; empty when nothing is."""
    return "rare, new" if one.rare and one.new else "rare" if one.rare else "new" if one.new else ""
