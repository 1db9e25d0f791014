"""How far people agree among themselves: what a judge can be asked to reach at most.

What this module does not know: judges.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from anchorset.core.errors import InputError
from anchorset.infra.formats.row import Row
from anchorset.infra.formats.rows import open_rows
from anchorset.infra.stats.agreement import krippendorff_alpha
from anchorset.trust.results.mapping import against, value, word


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Krippendorff's alpha over raters, -1 to 1, with its 95 % interval; None: nobody could disagree."""

    alpha: float | None
    low: float | None
    high: float | None
    items: int
    """Items that two people or more rated."""
    without_majority: int
    """Of them, those on which no word is ahead."""
    refused: tuple[tuple[str, str], ...]
    """(place, reason) of rows that could not be read."""


def people_agree(path: str | Path, *, raters: Sequence[str], format: str = "auto") -> People:
    """Agreement of the people whose labels stand in the columns `raters`, one item a row; empty is: not rated.

    Raises InputError for a column that is not there, fewer than two raters, or no item rated twice.
    """
    if len(raters) < 2:
        raise InputError(f"raters are {list(raters)!r}; agreement needs the columns of two people or more")
    opened = open_rows(path, format)
    against({name: name for name in raters}, opened.columns, where=opened.path.name)
    ratings: list[list[str | None]] = [[] for _ in raters]
    refused: list[tuple[str, str]] = []
    for row in opened.rows:
        if not isinstance(row, Row):
            refused.append((opened.place(row.line), row.reason))
            continue
        for rater, said in zip(raters, ratings, strict=True):
            said.append(word(value(row.fields, rater)))
    found = krippendorff_alpha(ratings)
    torn = 0
    for unit in zip(*ratings, strict=True):
        words = [said for said in unit if said is not None]
        most = max(map(words.count, words), default=0)
        torn += len(words) > 1 and sum(words.count(one) == most for one in set(words)) > 1
    return People(
        alpha=found.value, low=found.low, high=found.high, items=found.n, without_majority=torn, refused=tuple(refused)
    )
