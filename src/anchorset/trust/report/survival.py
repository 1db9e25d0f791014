"""How many candidates survive their review: 65 to 85 % is healthy, and both sides of the band mean something.

What this module does not know: who reviews, and how a grid is drawn.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

from anchorset.core.case import Case
from anchorset.core.numbers import share
from anchorset.core.plan import UNASSIGNED
from anchorset.core.provenance import REAL_BUCKETS, Synthetic
from anchorset.core.said import Verdict
from anchorset.core.trust import Answer, Question, Survival
from anchorset.infra.stats.intervals import wilson
from anchorset.trust.report.phrases import amount, joined, limits, listed

K = TypeVar("K", bound=Hashable)

BAND = (0.65, 0.85)
CARICATURE = 0.40
"""Below this the generator draws caricatures: more of it will not help."""
ENOUGH = 30
"""Decisions from which a rate inside the band counts as inside."""
ROWS, COLUMNS = 24, 12
"""Rows and columns of the grid, those with most decisions."""


def final(verdicts: Iterable[Verdict]) -> dict[str, Verdict]:
    """Content as first shown -> the last word on that candidate. What an edit made is the same candidate."""
    first: dict[str, str] = {}
    last: dict[str, Verdict] = {}
    for verdict in verdicts:
        if verdict.lane != "candidates":
            continue
        root = first.get(verdict.content, verdict.content)
        if verdict.revised is not None:
            first.setdefault(verdict.revised.content, root)
        last[root] = verdict
    return last


def decided(verdicts: Sequence[Verdict], judged: Sequence[Case]) -> list[tuple[Case, bool]]:
    """Each decided synthetic candidate, and whether it was kept (approved or edited)."""
    by_content = {case.content: case for case in judged}
    found = []
    for content, verdict in final(verdicts).items():
        case = by_content.get(content) or verdict.revised
        if case is not None and case.bucket not in REAL_BUCKETS:
            found.append((case, verdict.decision.decision != "reject"))
    return found


def survival(found: Sequence[tuple[Case, bool]]) -> Question:
    """Is the share of kept candidates within 65-85 %?"""
    n, kept = len(found), sum(keep for _, keep in found)
    if not n:
        return Question(
            id="survival", answer="unknown", evidence="Nobody has decided about a candidate yet.",
            todo="Review candidates: a sample of each technique is enough to begin with.",
        )  # fmt: skip
    rate = kept / n
    low, high = wilson(kept, n)
    said = f"{kept:,} of {amount(n, 'decided candidate')} survived: {share(rate)} {limits(low, high)}"
    band = f"{share(BAND[0])} to {share(BAND[1])}"
    answer: Answer
    if high < BAND[0] or low > BAND[1]:
        answer = "no"
    else:
        answer = "yes" if BAND[0] <= rate <= BAND[1] and n >= ENOUGH else "unknown"
    outside = _techniques(found)
    if answer == "yes":
        evidence, todo = f"{said}, inside the band of {band}.", ""
    elif answer == "unknown":
        where = "inside" if BAND[0] <= rate <= BAND[1] else "outside"
        evidence = f"{said}: {where} the band of {band}, but too few decisions to be sure."
        todo = "Review more candidates."
    elif rate < BAND[0]:
        evidence = f"{said}, below the band of {band}."
        todo = (
            "The generator draws caricatures: give it anchors of the cell, drop the persona or technique that fails "
            "most, and read the reasons of the rejections before making more."
            if rate < CARICATURE
            else "Too many are thrown away: read the reasons of the rejections, and mend the briefs of the worst cells."
        )
    else:
        evidence = f"{said}, above the band of {band}."
        todo = (
            "Almost everything passes: the candidates are too easy or too near the seed, or reviewers have tired. "
            "Order harder cells and red team, and let a second reviewer decide a sample blind."
        )
    return Question(
        id="survival", answer=answer, evidence=joined(evidence, outside), todo=todo, value=rate, low=low, high=high
    )


def _techniques(found: Sequence[tuple[Case, bool]]) -> str:
    """A sentence on the techniques that lie outside the band beyond chance."""
    out = []
    for name, (kept, rejected) in sorted(_tally((case.bucket, keep) for case, keep in found).items()):
        low, high = wilson(kept, kept + rejected)
        if high < BAND[0] or low > BAND[1]:
            out.append(f"{name} {share(kept / (kept + rejected))}")
    return f"Outside it on their own: {listed(out)}." if out else ""


def grid(found: Sequence[tuple[Case, bool]], *, axes: Sequence[str]) -> tuple[str, str, tuple[Survival, ...]]:
    """What rows and columns are, and the counts: axis by axis, with one axis axis by technique, without axes technique.

    At most 24 rows and 12 columns, those with most decisions.
    """
    if len(axes) > 1:
        rows, columns = axes[0], axes[1]
        placed = [((_value(case.metadata, rows), _value(case.metadata, columns)), keep) for case, keep in found]
    elif axes:
        rows, columns = axes[0], "technique"
        placed = [((_value(case.metadata, rows), str(case.bucket)), keep) for case, keep in found]
    else:
        rows, columns = "technique", "persona"
        placed = [((str(case.bucket), _persona(case)), keep) for case, keep in found]
    tally = _tally(placed)
    by_row: Counter[str] = Counter()
    by_column: Counter[str] = Counter()
    for (row, column), counts in tally.items():
        by_row[row] += sum(counts)
        by_column[column] += sum(counts)
    wanted_rows = {name for name, _ in sorted(by_row.items(), key=lambda one: (-one[1], one[0]))[:ROWS]}
    wanted_columns = {name for name, _ in sorted(by_column.items(), key=lambda one: (-one[1], one[0]))[:COLUMNS]}
    cells = []
    for (row, column), (kept, rejected) in sorted(tally.items()):
        if row in wanted_rows and column in wanted_columns:
            low, high = wilson(kept, kept + rejected)
            rate = kept / (kept + rejected)
            cells.append(Survival(row=row, column=column, kept=kept, rejected=rejected, rate=rate, low=low, high=high))
    return rows, columns, tuple(cells)


def _persona(case: Case) -> str:
    return (case.provenance.persona if isinstance(case.provenance, Synthetic) else None) or "none"


def _value(metadata: Mapping[str, object], axis: str) -> str:
    found = metadata.get(axis)
    return UNASSIGNED if found is None else str(found)


def _tally(placed: Iterable[tuple[K, bool]]) -> dict[K, tuple[int, int]]:
    kept: Counter[K] = Counter()
    rejected: Counter[K] = Counter()
    for place, keep in placed:
        (kept if keep else rejected)[place] += 1
    return {place: (kept[place], rejected[place]) for place in kept.keys() | rejected.keys()}
