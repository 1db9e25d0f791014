"""Answers as a sheet to grade, without what any evaluator said; and the filled sheet as grades.

What this module does not know: where results are kept, and what a grade leads to.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anchorset.core.case import Case
from anchorset.core.errors import UsageError
from anchorset.core.run import Result
from anchorset.core.said import Grade
from anchorset.review.filled import NO, YES
from anchorset.review.sheet import readable, write_table

COLUMNS = ("run", "id", "content", "repeat", "text", "expected", "criteria", "answer", "passed", "reviewer", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class Graded:
    """What came of filled rows."""

    grades: list[Grade]
    same: int
    empty: int
    refused: list[tuple[int, str]]
    """(line, reason)."""


def write_answers(rows: Sequence[Result], cases: Mapping[str, Case], path: Path) -> int:
    """Writes the answers to a CSV or JSONL file (by suffix). `cases`: content -> case. Returns the number of rows."""
    return write_table([_row(row, cases.get(row.content)) for row in rows], COLUMNS, path)


def _row(row: Result, case: Case | None) -> dict[str, Any]:
    return {
        "run": row.run, "id": row.case, "content": row.content, "repeat": row.repeat,
        "text": readable(case) if case else "", "expected": _text(case.expected) if case else "",
        "criteria": "\n".join(case.criteria) if case else "", "answer": _text(row.output), "passed": "",
        "reviewer": "", "note": "",
    }  # fmt: skip


def _text(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def graded(
    sheet: Iterable[tuple[int, Mapping[str, Any] | str]],
    rows: Mapping[tuple[str, str, int], Result],
    *,
    known: Iterable[Grade],
    reviewer: str,
    at: str,
) -> Graded:
    """Grades from filled rows. `rows`: (run, content, repeat) -> result. `known`: grades that are there already."""
    last = {(one.run, one.content, one.repeat, one.reviewer): one.passed for one in known}
    grades: list[Grade] = []
    refused: list[tuple[int, str]] = []
    same = empty = 0
    for line, cells in sheet:
        try:
            mark = _grade(cells, rows, reviewer, at)
        except UsageError as error:
            refused.append((line, str(error)))
            continue
        if mark is None:
            empty += 1
            continue
        key = (mark.run, mark.content, mark.repeat, mark.reviewer)
        if last.get(key) == mark.passed:
            same += 1
            continue
        last[key] = mark.passed
        grades.append(mark)
    return Graded(grades=grades, same=same, empty=empty, refused=refused)


def _grade(
    cells: Mapping[str, Any] | str, rows: Mapping[tuple[str, str, int], Result], reviewer: str, at: str
) -> Grade | None:
    if isinstance(cells, str):
        raise UsageError(cells)
    said = {str(name).strip().lower(): str(value).strip() for name, value in cells.items() if value is not None}
    word = said.get("passed", "").lower()
    if not word:
        return None
    if word not in YES | NO:
        raise UsageError(f"`passed` is {word!r}; write yes or no, or leave it empty")
    try:
        repeat = int(float(said.get("repeat") or 0))
    except ValueError:
        raise UsageError(f"`repeat` is {said['repeat']!r}; a whole number is expected") from None
    key = (said.get("run", ""), said.get("content", ""), repeat)
    if key not in rows:
        raise UsageError(f"no answer has run {key[0]!r}, content {key[1]!r}, repeat {repeat}; export the lane again")
    row = rows[key]
    return Grade(
        run=row.run, case=row.case, content=row.content, target=row.target, repeat=row.repeat, passed=word in YES,
        reviewer=said.get("reviewer") or reviewer, at=at, note=said.get("note") or None,
    )  # fmt: skip
