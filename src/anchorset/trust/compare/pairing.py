"""Pairs: every case of the baseline against the same case of a candidate. What cannot be paired refuses the whole file.

What this module does not know: statistics, and what a bucket means.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anchorset.core.errors import InputError, PairingError, UsageError, nearest
from anchorset.trust.compare.columns import Codes, Column
from anchorset.trust.compare.rows import KEYS, SHOWN, Rows, listed

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

YES = frozenset(("1", "1.0", "true", "t", "yes", "y", "pass", "passed", "success", "ok"))
NO = frozenset(("0", "0.0", "false", "f", "no", "n", "fail", "failed", "failure"))
UNKNOWN = "unknown"
MAX_BUCKETS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Cases in alphabetical order of their ids, each with the mean result of both systems. Arrays are (n_cases,)."""

    ids: list[str]
    baseline: Floats
    """Mean over repeats, 0-1."""
    candidate: Floats
    repeats: Ints
    baseline_rows: Floats
    """(n_rows,) the results themselves, in the order of the cases."""
    candidate_rows: Floats
    bucket: Column
    cluster: Codes
    slices: dict[str, Column]

    @property
    def delta(self) -> Floats:
        """Candidate minus baseline of each case."""
        return self.candidate - self.baseline

    @property
    def row_case(self) -> Ints:
        """(n_rows,) the place of each row's case."""
        return np.repeat(np.arange(len(self.ids)), self.repeats)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Checked rows: every cell that counts is there and means something."""

    rows: Rows
    score: Floats
    """(n_rows,) 0-1."""
    binary: bool
    case: Column
    system: Column
    repeat: Column
    notes: list[str]


def checked(rows: Rows, *, systems: Sequence[str]) -> Table:
    """The rows with their scores read. `systems`: baseline first, then the candidates.

    Raises UsageError for a system that no row names, PairingError (with the first 20 and the count) for empty ids,
    scores that are empty, NaN, outside 0-1 or unknown words, and duplicate rows.
    """
    system = rows.columns["system"]
    for name in systems:
        if name not in system.values:
            known = [value for value in system.values if value][:SHOWN]
            raise UsageError(f"{rows.where}: no row of system {name!r}; {nearest(name, known)}")
    if len(set(systems)) < len(systems):
        raise UsageError(f"systems {list(systems)!r} name one twice; a candidate is compared with another baseline")
    case, repeat = rows.columns["case_id"], rows.columns.get("repeat", _constant(rows.n, "1"))
    _refuse_empty(rows, case, "case_id")
    _refuse_empty(rows, system, "system")
    score, binary, notes = _scores(rows)
    case, repeat = case.sorted(), repeat.sorted()
    table = Table(rows=rows, score=score, binary=binary, case=case, system=system, repeat=repeat, notes=notes)
    _refuse_duplicates(table)
    return table


def _constant(n: int, text: str) -> Column:
    return Column(codes=np.zeros(n, dtype=np.int32), values=[text])


def _refuse_empty(rows: Rows, column: Column, name: str) -> None:
    if "" in column.values:
        empty = np.flatnonzero(column.codes == column.values.index(""))
        said = [f"row {row + 1}" for row in empty[:SHOWN].tolist()]
        raise PairingError(listed(f"{rows.where}: rows with an empty `{name}`", said, count=len(empty)))


def _scores(rows: Rows) -> tuple[Floats, bool, list[str]]:
    name = "passed" if "passed" in rows.columns else "score"
    column = rows.columns[name]
    both = {"passed", "score"} <= set(rows.columns)
    notes = ["both `passed` and `score` are there: `passed` was used"] if both else []
    words: list[float] = []
    faults: dict[int, str] = {}
    for code, text in enumerate(column.values):
        value, fault = _score(text, only_words=name == "passed")
        words.append(value)
        if fault:
            faults[code] = fault
    if faults:
        wrong = np.flatnonzero(np.isin(column.codes, list(faults)))
        first = wrong[:SHOWN]
        ids = rows.columns["case_id"].texts(first)
        systems = rows.columns["system"].texts(first)
        said = [
            f"row {row + 1} (case {id!r}, system {who!r}): {faults[int(column.codes[row])]}"
            for row, id, who in zip(first.tolist(), ids, systems, strict=True)
        ]
        raise PairingError(
            listed(
                f"{rows.where}: rows without a usable `{name}`",
                said,
                count=len(wrong),
                way_out="run these cases again, or leave them out of every system",
            )
        )
    values = np.array(words, dtype=np.float64)
    return values[column.codes], bool(np.isin(values, (0.0, 1.0)).all()), notes


def _score(text: str, *, only_words: bool) -> tuple[float, str | None]:
    """The score and None, or 0 and what is wrong with it."""
    low = text.casefold()
    if low in YES:
        return 1.0, None
    if low in NO:
        return 0.0, None
    if low in ("", "none", "null", "na", "n/a"):
        return 0.0, "empty"
    try:
        value = float(low)
    except ValueError:
        return 0.0, f"{text[:40]!r} is no score; true/false, pass/fail, 0/1 or a number 0-1"
    if value != value:
        return 0.0, "NaN"
    if not 0 <= value <= 1:
        return 0.0, f"{text[:40]} is outside 0-1; divide by the maximum"
    if only_words and value not in (0.0, 1.0):
        return 0.0, f"{text[:40]} is neither passed nor failed; name the column `score`"
    return value, None


def _refuse_duplicates(table: Table) -> None:
    # One integer a (case, system, repeat); equal neighbours after sorting are duplicates.
    shape = (len(table.case.values), len(table.system.values), len(table.repeat.values))
    key = np.ravel_multi_index((table.case.codes, table.system.codes, table.repeat.codes), shape)
    order = np.argsort(key, kind="stable")
    same = np.flatnonzero(key[order][1:] == key[order][:-1])
    if len(same) == 0:
        return
    said = []
    for first, second in zip(order[same][:SHOWN].tolist(), order[same + 1][:SHOWN].tolist(), strict=True):
        id, who, repeat = (column.texts([first])[0] for column in (table.case, table.system, table.repeat))
        said.append(f"case {id!r}, system {who!r}, repeat {repeat!r}: rows {first + 1} and {second + 1}")
    raise PairingError(
        listed(
            f"{table.rows.where}: duplicate rows",
            said,
            count=len(same),
            way_out="keep one row per case, system and repeat; runs of the same case need a `repeat` column",
        )
    )


def pair(table: Table, *, baseline: str, candidate: str) -> tuple[Pairs, list[str]]:
    """The pairs of two systems, and notes on what was assumed.

    Raises PairingError (first 20 and count) when a case or repeat is missing on one side, when the rows come from more
    than one dataset version, and when the rows of a case disagree about its bucket or root.
    """
    left, right = _rows_of(table, baseline), _rows_of(table, candidate)
    _refuse_versions(table, np.concatenate([left, right]))
    width = len(table.repeat.values)
    left_key = table.case.codes[left].astype(np.int64) * width + table.repeat.codes[left]
    right_key = table.case.codes[right].astype(np.int64) * width + table.repeat.codes[right]
    left, left_key = _ordered(left, left_key)
    right, right_key = _ordered(right, right_key)
    _refuse_missing(table, left_key, right_key, baseline, candidate)
    _, start, repeats = np.unique(left_key // width, return_index=True, return_counts=True)
    head = left[start]
    both = np.concatenate([left, right])
    notes: list[str] = []
    bucket = _property(table, both, head, "bucket", _buckets(table))
    cluster, said = _clusters(table, both, head)
    notes += said
    unknown = int((bucket.codes == bucket.values.index(UNKNOWN)).sum()) if UNKNOWN in bucket.values else 0
    if unknown:
        notes.append(f"{unknown:,} cases have no bucket: they are `{UNKNOWN}`, which never counts as seed")
    slices, said = _slices(table, both, head)
    notes += said
    pairs = Pairs(
        ids=table.case.texts(head),
        baseline=np.add.reduceat(table.score[left], start) / repeats,
        candidate=np.add.reduceat(table.score[right], start) / repeats,
        repeats=repeats,
        baseline_rows=table.score[left],
        candidate_rows=table.score[right],
        bucket=bucket,
        cluster=cluster,
        slices=slices,
    )
    return pairs, notes


def _rows_of(table: Table, system: str) -> Ints:
    return np.flatnonzero(table.system.codes == table.system.values.index(system))


def _ordered(rows: Ints, key: Ints) -> tuple[Ints, Ints]:
    order = np.argsort(key, kind="stable")
    return rows[order], key[order]


def _refuse_missing(table: Table, left: Ints, right: Ints, baseline: str, candidate: str) -> None:
    if np.array_equal(left, right):
        return
    width = len(table.repeat.values)
    said: list[str] = []
    count = 0
    for key, absent in ((np.setdiff1d(right, left), baseline), (np.setdiff1d(left, right), candidate)):
        count += len(key)
        for one in key[: SHOWN - len(said)].tolist():
            repeat = f", repeat {table.repeat.values[one % width]!r}" if width > 1 else ""
            said.append(f"case {table.case.values[one // width]!r}{repeat}: no row of {absent!r}")
    raise PairingError(
        listed(
            f"{table.rows.where}: missing pairs",
            said,
            count=count,
            way_out="run the missing cases, or leave the case out of both systems",
        )
    )


def _refuse_versions(table: Table, rows: Ints) -> None:
    column = table.rows.columns.get("dataset")
    if column is None:
        return
    codes, first, counts = np.unique(column.codes[rows], return_index=True, return_counts=True)
    if len(codes) < 2:
        return
    usual = int(np.argmax(counts))
    said = [
        f"{column.values[code]!r}: {count:,} rows, first row {int(rows[at]) + 1} "
        f"(case {table.case.texts([int(rows[at])])[0]!r})"
        for code, at, count in zip(codes.tolist(), first.tolist(), counts.tolist(), strict=True)
    ]
    raise PairingError(
        listed(
            f"{table.rows.where}: rows of different dataset versions, most of {column.values[codes[usual]]!r}",
            said,
            way_out="compare results of one version",
        )
    )


def _buckets(table: Table) -> Column:
    """Bucket names in lower case; no column and empty cells are `unknown`."""
    column = table.rows.columns.get("bucket")
    if column is None:
        return _constant(table.rows.n, UNKNOWN)
    names = [value.casefold() or UNKNOWN for value in column.values]
    values = sorted(set(names))
    if len(values) > MAX_BUCKETS:
        raise InputError(
            f"{table.rows.where}: column `bucket` has {len(values):,} values ({values[:3]!r} …), at most {MAX_BUCKETS} "
            "are expected; a bucket says where a case came from: seed, golden, regression, mutation, prompted …"
        )
    place = {name: code for code, name in enumerate(values)}
    code = np.array([place[name] for name in names], dtype=np.int32)
    return Column(codes=code[column.codes], values=values)


def _property(table: Table, rows: Ints, head: Ints, name: str, column: Column) -> Column:
    """The column at each case's first row. Refused when another row of the case says something else."""
    wrong = _disagreeing(table, rows, head, column)
    if len(wrong):
        of_case = dict(zip(table.case.codes[head].tolist(), head.tolist(), strict=True))
        said = []
        for row in wrong[:SHOWN].tolist():
            first = of_case[int(table.case.codes[row])]
            values = column.texts([first, row])
            id = table.case.texts([row])[0]
            said.append(f"case {id!r} is {values[0]!r} in row {first + 1} and {values[1]!r} in row {row + 1}")
        what = f"{table.rows.where}: rows of one case disagree about its `{name}`"
        raise PairingError(listed(what, said, count=len(wrong)))
    return Column(codes=column.codes[head], values=column.values)


def _disagreeing(table: Table, rows: Ints, head: Ints, column: Column) -> Ints:
    expected = np.zeros(len(table.case.values), dtype=np.int32)
    expected[table.case.codes[head]] = column.codes[head]
    wrong: Ints = rows[column.codes[rows] != expected[table.case.codes[rows]]]
    return wrong


def _clusters(table: Table, rows: Ints, head: Ints) -> tuple[Codes, list[str]]:
    """Cluster codes in the order of their smallest case. A case without root is its own cluster."""
    column = table.rows.columns.get("root")
    n_cases = len(head)
    if column is None:
        return np.arange(n_cases, dtype=np.int32), ["no `root` column: every case counts as independent of the others"]
    found = _property(table, rows, head, "root", column)
    key = found.codes.astype(np.int64)
    notes = []
    if "" in found.values:
        alone = np.flatnonzero(found.codes == found.values.index(""))
        if len(alone):
            notes.append(f"{len(alone):,} cases have no root: each counts as its own")
            # A root-less case joins the cluster that its own id names: a seed's mutations name the seed as root.
            of_root = {root: code for code, root in enumerate(found.values)}
            ids = table.case.texts(head[alone])
            key[alone] = [of_root.get(id, len(found.values) + int(at)) for at, id in zip(alone, ids, strict=True)]
    _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int32)
    rank[np.argsort(first)] = np.arange(len(first), dtype=np.int32)
    return rank[inverse], notes


def _slices(table: Table, rows: Ints, head: Ints) -> tuple[dict[str, Column], list[str]]:
    """Columns that are a property of the case: the same in all its rows, and with at least two values."""
    kept: dict[str, Column] = {}
    varying: list[str] = []
    for name, column in sorted(table.rows.columns.items()):
        if name in KEYS:
            continue
        if len(_disagreeing(table, rows, head, column)):
            varying.append(name)
        elif len(np.unique(column.codes[head])) > 1:
            kept[name] = Column(codes=column.codes[head], values=column.values).sorted()
    notes = []
    if table.rows.not_sliced:
        notes.append(f"not sliced by (too many values): {_names(table.rows.not_sliced)}")
    if varying:
        notes.append(f"not sliced by (differs between rows of one case): {_names(varying)}")
    return kept, notes


def _names(names: list[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(map(repr, names[:SHOWN])) + more
