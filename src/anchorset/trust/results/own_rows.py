"""Result rows of anybody's, in CSV, JSON, JSON lines or Parquet: `case_id, system, passed` or `score`, and more.

Rows of a run as this product writes them are read too: `case` is `case_id`, `target` is `system`.
What this module does not know: whether rows pair.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from anchorset.core.errors import InputError, nearest
from anchorset.core.hashing import short_hash
from anchorset.infra.formats.fields import INPUT_NAMES
from anchorset.trust.compare.pairing import NO, YES
from anchorset.trust.results.answer import Answer, Heard, Refused, amount, plain, short_text, unit
from anchorset.trust.results.mapping import ABSENT, ROWS, against, check, key, parts, value, word

ALIASES: dict[str, tuple[str, ...]] = {
    "case_id": ("case_id", "case"),
    "system": ("system", "target"),
    "passed": ("passed",),
    "score": ("score",),
    "bucket": ("bucket",),
    "root": ("root",),
    "repeat": ("repeat",),
    "dataset": ("dataset",),
    "input": INPUT_NAMES,
    "output": ("output",),
    "error": ("error",),
    "usd": ("usd",),
    "seconds": ("seconds",),
}
_OURS = frozenset(("content", "version", "family", "run", "cause", "tools", "scores"))
"""Columns of our own rows that are no slices."""


def read(
    rows: Iterable[tuple[str, dict[str, Any] | Refused]],
    columns: Sequence[str],
    *,
    mapping: Mapping[str, str],
    system: str | None,
    where: str,
) -> Heard:
    """An answer a row. Columns that no target takes and that hold scalars are slices.

    system: who answered, where no column says it. Raises UsageError and InputError for a mapping that does not fit.
    """
    check(mapping, ROWS)
    against(mapping, columns, where=where)
    taken = _taken(columns, mapping)
    _require(taken, columns, system, where)
    heard = [row if isinstance(row, Refused) else _answer(row, place, taken, system) for place, row in rows]
    notes = []
    if "passed" in taken and "score" in taken:
        notes.append("both `passed` and `score` are there: `passed` decides")
    return Heard(_numbered(heard), notes)


def _taken(columns: Sequence[str], mapping: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Target -> columns: those mapped, else the first column with one of its names that nothing mapped takes."""
    mapped = {target: parts(column, columns) for target, column in mapping.items()}
    used = {part for of in mapped.values() for part in of}
    found = dict(mapped)
    for target, names in ALIASES.items():
        if target not in found and (name := next((name for name in names if name in columns), None)) not in (
            None,
            *used,
        ):
            found[target] = (str(name),)
    return found


def _require(taken: Mapping[str, Sequence[str]], columns: Sequence[str], system: str | None, where: str) -> None:
    missing = [
        (target, wanted)
        for target, wanted, there in (
            ("case_id", "`case_id` (or the text asked, `input`)", "case_id" in taken or "input" in taken),
            ("system", "`system`", "system" in taken or system is not None),
            ("passed", "`passed` or `score`", "passed" in taken or "score" in taken),
        )
        if not there
    ]
    if missing:
        target, wanted = missing[0]
        raise InputError(
            f"{where}: no column {wanted}; found {', '.join(map(repr, columns[:20])) or 'none'}; for {target!r} "
            f"{nearest(target, columns)} Name it with `--map {target}=COLUMN`"
        )


def _answer(
    fields: dict[str, Any], place: str, taken: Mapping[str, tuple[str, ...]], system: str | None
) -> Answer | Refused:
    def cell(target: str) -> Any:
        return value(fields, taken[target][0]) if target in taken else None

    id = key(fields, taken["case_id"]) if "case_id" in taken else None
    asked = cell("input")
    who = key(fields, taken["system"]) if "system" in taken else system
    if id is None and not isinstance(asked, str):
        return Refused(place, "neither a case id nor a text that was asked")
    if who is None:
        return Refused(place, f"the system ({' + '.join(taken['system'])}) is empty")
    passed, score, fault = _marks(cell("passed"), cell("score"))
    if fault:
        return Refused(place, fault)
    tools, content, version, family = (fields.get(name) for name in ("tools", "content", "version", "family"))
    used = {column for columns in taken.values() for column in columns} | _OURS
    return Answer(
        place=place,
        system=who,
        fallback=id if id is not None else "x_" + short_hash(asked),
        id=id,
        asked=(asked,) if isinstance(asked, str) else (),
        content=word(content) or None,
        repeat=None,
        passed=passed,
        score=score,
        error=short_text(cell("error")),
        output=cell("output"),
        tools=tuple(map(str, tools)) if isinstance(tools, list) else None,
        usd=_number(cell("usd")),
        seconds=_number(cell("seconds")),
        version=word(version) or None,
        family=word(family) or None,
        bucket=(word(cell("bucket")) or "").casefold() or None,
        root=word(cell("root")),
        dataset=word(cell("dataset")),
        slices={name: one for name, one in plain(fields).items() if name not in used}
        | ({REPEAT: repeat} if (repeat := word(cell("repeat"))) is not None else {}),
    )


REPEAT = "\0repeat"
"""Carries a row's own word for its repeat until all rows are read; no column has this name."""


def _numbered(rows: Sequence[Answer | Refused]) -> list[Answer | Refused]:
    """The rows with their repeats as numbers from 0: as they stand when all are whole numbers, else by their order."""
    words = {str(row.slices[REPEAT]) for row in rows if isinstance(row, Answer) and REPEAT in row.slices}
    whole = all(one.isascii() and one.isdigit() and len(one) < 10 for one in words)
    number = {one: int(one) if whole else at for at, one in enumerate(sorted(words))}
    found: list[Answer | Refused] = []
    for row in rows:
        if isinstance(row, Answer):
            given = row.slices.get(REPEAT)
            slices = {name: one for name, one in row.slices.items() if name != REPEAT}
            # Rows without a repeat are not taken for one: a case that stands twice is refused, not counted twice.
            found.append(replace(row, repeat=0 if given is None else number[str(given)], slices=slices))
        else:
            found.append(row)
    return found


def _marks(passed: Any, score: Any) -> tuple[bool | None, float | None, str | None]:
    """Passed, score, and what is wrong with them. Empty cells: nobody could judge."""
    number: float | None = None
    if score is not None:
        number = unit(score) if not isinstance(score, (str, bool)) else _unit_text(str(score))
        if number is None:
            return None, None, f"the score {short_text(score, 40)!r} is no number 0-1; divide by the maximum"
    if passed is None:
        return None if number not in (0.0, 1.0) else number == 1.0, number, None
    low = str(passed).strip().casefold()
    if low in YES or low in NO:
        return low in YES, number, None
    return None, None, f"passed is {short_text(passed, 40)!r}; true/false, pass/fail or 0/1 is expected"


def _unit_text(text: str) -> float | None:
    low = text.strip().casefold()
    if low in YES or low in NO:
        return float(low in YES)
    try:
        return unit(float(low))
    except ValueError:
        return None


def _number(given: Any) -> float | None:
    """A number from 0, also out of a CSV cell; None for anything else."""
    if isinstance(given, str):
        try:
            given = float(given) if given.strip().casefold() not in ABSENT else None
        except ValueError:
            return None
    return amount(given)
