"""One answer of one system as a file tells it, whatever the file's format; and a row that tells none, with its reason.

What this module does not know: formats, and the cases that answers are about.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pydantic import JsonValue

from anchorset.core.case import Scalar
from anchorset.core.run import Score


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer and what was said of it."""

    place: str
    """Where it stands: `line 7`, `results.results[3]`."""
    system: str
    """Who answered."""
    fallback: str
    """What stands for the case when nobody knows it: the same in every file that asks the same."""
    id: str | None = None
    """The case id that the row carries (`metadata.case_id`); None: it carries none."""
    names: tuple[str, ...] = ()
    """Other names of the case in the source, tried as ids when it is looked up."""
    asked: tuple[str, ...] = ()
    """Texts of which one may be exactly what the case asks."""
    content: str | None = None
    """The content hash that the row carries (`metadata.content`): what was judged. None: it carries none."""
    identity: str | None = None
    """A hash that changes when the question or its expected answer does; None: the row tells too little."""
    repeat: int | None = None
    """None: the place among the answers of this system to this case."""
    passed: bool | None = None
    score: float | None = None
    """0-1. Neither `passed` nor `score`: nobody could judge."""
    error: str | None = None
    output: JsonValue = None
    tools: tuple[str, ...] | None = None
    scores: tuple[Score, ...] = ()
    usd: float | None = None
    seconds: float | None = None
    version: str | None = None
    """Of the system; None: not said."""
    family: str | None = None
    bucket: str | None = None
    """Where the row says the case comes from; None: it does not say."""
    root: str | None = None
    dataset: str | None = None
    slices: dict[str, Scalar] = field(default_factory=dict)


class Refused(NamedTuple):
    """A row that could not be used: where, and why."""

    place: str
    reason: str


class Heard(NamedTuple):
    """What a file says: every row of it an answer or a refusal, in the order of the file."""

    rows: list[Answer | Refused]
    notes: list[str]


def short_text(value: Any, most: int = 300) -> str | None:
    """A value as one line of text for an error or a reason; None for nothing. Control characters are gone."""
    if value is None or value == "":
        return None
    words = " ".join("".join(mark if mark.isprintable() else " " for mark in str(value)).split())
    return words if len(words) <= most else words[: most - 1] + "…"


def plain(values: Any) -> dict[str, Scalar]:
    """The scalars of an object: what can be sliced by."""
    if not isinstance(values, dict):
        return {}
    kept = (str, int, float, bool)
    return {
        str(key): value
        for key, value in values.items()
        if isinstance(value, kept) and not (isinstance(value, float) and not math.isfinite(value))
    }


def amount(value: Any, *, scale: float = 1.0) -> float | None:
    """A finite number from 0 (USD, seconds), scaled; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        number = float(value) * scale
    except OverflowError:
        return None
    return number if math.isfinite(number) and number >= 0 else None


def unit(value: Any) -> float | None:
    """A number 0-1; None for anything else: a score beyond is a score on a scale that the file does not name."""
    number = amount(value)
    return number if number is not None and number <= 1 else None


def overall(scores: Sequence[Score]) -> tuple[bool | None, float | None]:
    """Passed and score of an answer from what its evaluators said: all satisfied, and the mean of those that judged.

    passed is None when one of them gave only a score between 0 and 1.
    """
    judged = [one for one in scores if one.passed is not None or one.score is not None]
    if not judged:
        return None, None
    numbers = [one.score if one.score is not None else float(bool(one.passed)) for one in judged]
    words = [one.passed for one in judged]
    return (None if None in words else all(words)), sum(numbers) / len(numbers)


def scored(evaluator: str, value: float | None, *, passed: bool | None = None, why: Any = None) -> Score:
    """What one evaluator said; a score of exactly 0 or 1 is also failed or passed."""
    if passed is None and value in (0.0, 1.0):
        passed = value == 1.0
    return Score(evaluator=evaluator, passed=passed, score=value, why=short_text(why))
