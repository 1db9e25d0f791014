"""Judge pairs from a file: which of two answers a judge took, asked in both orders, and which one people took.

What this module does not know: what the agreement is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anchorset.core.errors import InputError, NothingKeptError
from anchorset.infra.formats.row import Row
from anchorset.infra.formats.rows import open_rows
from anchorset.trust.results.mapping import PAIRS, against, check, key, parts, value, word

STRATEGY = "strategy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What one judge said of one item: in one order, or in both."""

    judge: str
    strategy: str | None
    """How it was asked; None: not said."""
    item: str
    """What is independent evidence: the same item under another strategy is not."""
    said: tuple[str | None, ...]
    """The winner in each order asked, in the words of `label`. None: it gave no judgement."""
    label: str | None
    """What people say; None: nobody did, or there is no majority."""
    family: str | None = None
    """Where the rows say it; None: by the judge's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgePairs:
    """A file of judge pairs, every row accounted for: read = kept + without judgement + refused."""

    judgements: tuple[Judgement, ...]
    """The rows kept and those without judgement."""
    read: int
    kept: int
    without_judgement: int
    """Rows in which the judge said nothing in any order."""
    refused: tuple[tuple[str, str], ...]
    """(place, reason) of every row that could not be used."""
    notes: tuple[str, ...]


def read_pairs(path: str | Path, *, mapping: Mapping[str, str], format: str = "auto") -> JudgePairs:
    """The judgements in a file of rows (JSONL, JSON, CSV, Parquet).

    mapping: `item`, `order_ab`, `label` and, where they are, `order_ba`, `judge`, `strategy`, `family` -> column. Both
    orders name the winner as `label` does, not by its position. `+` joins columns: into one key for `item`; for `label`
    they are several people, and the word most of them say is the label. Columns called `judge`, `strategy`, `label`
    and `item` are taken without being mapped. A column of the item's key that is the strategy tells strategies apart
    and is no other item: the same text asked twelve ways is one piece of evidence.
    null, and an empty cell, is: not judged.
    Raises UsageError and InputError for a mapping that does not fit, NothingKeptError when no row could be used.
    """
    check(mapping, PAIRS)
    opened = open_rows(path, format)
    mapped = {name: name for name in ("judge", "strategy", "label", "item") if name in opened.columns} | dict(mapping)
    where = opened.path.name
    for needed in ("item", "order_ab", "label", "judge"):
        if needed not in mapped:
            raise InputError(
                f"{where}: nothing says which column is the {needed!r} of a judge's row (columns: "
                f"{', '.join(map(repr, opened.columns[:20]))}); name it with `--map {needed}=COLUMN`"
            )
    against(mapped, opened.columns, where=where)
    columns = {target: parts(column, opened.columns) for target, column in mapped.items()}
    strategy = columns.get(STRATEGY, ())
    items = [part for part in columns["item"] if part not in strategy] or list(columns["item"])
    found: dict[tuple[str, str | None, str], Judgement] = {}
    refused: list[tuple[str, str]] = []
    read = undecided = 0
    for row in opened.rows:
        read += 1
        place = opened.place(row.line)
        if not isinstance(row, Row):
            refused.append((place, row.reason))
            continue
        fields = row.fields
        judge, item = key(fields, columns["judge"]), key(fields, items)
        if judge is None or item is None:
            refused.append(
                (place, f"no {'judge' if judge is None else 'item'}: {_names(columns, judge, items)} is empty")
            )
            continue
        label, torn = _label(fields, columns["label"])
        undecided += torn
        judgement = Judgement(
            judge=judge,
            strategy=key(fields, strategy) if strategy else None,
            item=item,
            said=tuple(
                word(value(fields, columns[order][0])) for order in ("order_ab", "order_ba") if order in columns
            ),
            label=label,
            family=key(fields, columns["family"]) if "family" in columns else None,
        )
        twin = found.setdefault((judge, judgement.strategy, item), judgement)
        if twin is not judgement:
            whose = f"{judge!r}" + (f" under {judgement.strategy!r}" if judgement.strategy else "")
            refused.append(
                (place, f"item {item!r} of judge {whose} stands twice; add the column that tells them apart")
            )
    judgements = tuple(found.values())
    if not judgements:
        first = f"; the first: {refused[0][0]}: {refused[0][1]}" if refused else ""
        raise NothingKeptError(f"{where}: no judge pairs kept of {read:,} rows{first}. Mend the mapping or the file.")
    _same_words(judgements, where)
    silent = sum(not any(one.said) for one in judgements)
    notes = [*opened.notes]
    if undecided:
        notes.append(f"{undecided:,} rows have people's labels without a majority: they count as unlabelled")
    return JudgePairs(
        judgements=judgements, read=read, kept=len(judgements) - silent, without_judgement=silent,
        refused=tuple(refused), notes=tuple(notes),
    )  # fmt: skip


def _names(columns: Mapping[str, Sequence[str]], judge: str | None, items: Sequence[str]) -> str:
    return " + ".join(columns["judge"] if judge is None else items)


def _label(fields: Mapping[str, Any], columns: Sequence[str]) -> tuple[str | None, bool]:
    """The word most people say, and whether they said several without one ahead."""
    words = [said for column in columns if (said := word(value(fields, column))) is not None]
    ranked = Counter(words).most_common(2)
    if not ranked:
        return None, False
    if len(ranked) == 2 and ranked[0][1] == ranked[1][1]:
        return None, True
    return ranked[0][0], False


def _same_words(judgements: Sequence[Judgement], where: str) -> None:
    """Raises InputError when judges and people use other words altogether: their agreement would be 0 by naming."""
    said = {one for judgement in judgements for one in judgement.said if one is not None}
    labels = {judgement.label for judgement in judgements if judgement.label is not None}
    if said and labels and not said & labels:
        raise InputError(
            f"{where}: judges say {sorted(said)[:5]!r} and people {sorted(labels)[:5]!r}, no word in common, so they "
            "cannot agree. Name the winners in both columns alike"
        )
