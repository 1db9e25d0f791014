"""Whether a reviewer still decides as they did: approval over time, agreement with themselves, the time they take.

A nudge is a question to the reviewer, never a verdict on them; nothing else hangs on it.
What this module does not know: where decisions are kept, and how anything is shown.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from anchorset.infra.stats.intervals import wilson
from anchorset.review.pace import gaps

WINDOW = 40
"""Decisions whose approval rate is one point of the line, and that are held against those before."""
BEFORE = 200
"""Decisions before the window that it is held against, at the most."""
LEAST_BEFORE, LEAST_IN_SLICE = 60, 20
STEP = 20
"""Only after so many decisions is anybody asked again."""
FAR = 3.3
"""Standard errors beyond which an approval rate has bent."""
MUCH = 0.15
"""And at least so far apart: what is nobody's business is not said."""
RECHECKS, FEW_ALIKE = 10, 5
"""Of the last so many known cases at most so many decided as before: that is near what guessing gives."""
GAPS, GAPS_BEFORE = 20, 100
COLLAPSE = 1 / 3
"""Of the mean time a decision takes; it is not said of who took under `QUICK` seconds before."""
QUICK = 3.0

Kind = Literal["approval", "self_agreement", "speed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """One decision."""

    at: str
    """ISO 8601."""
    kept: bool
    slice: str = ""
    """What the case is of, so that a queue that moves on to other cases is not taken for a reviewer who does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A share with its 95 % Wilson limits, 0-1."""

    n: int
    hits: int

    @property
    def rate(self) -> float | None:
        """None: of nothing."""
        return self.hits / self.n if self.n else None

    def report(self) -> dict[str, Any]:
        low, high = wilson(self.hits, self.n)
        return {"n": self.n, "hits": self.hits, "rate": None if self.rate is None else round(self.rate, 4),
                "low": round(low, 4), "high": round(high, 4)}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Nudge:
    """What has bent, in numbers and in words."""

    kind: Kind
    now: float
    before: float | None
    says: str


def windows(said: Sequence[Spoken], size: int = WINDOW) -> list[Rate]:
    """The approval rate of each `size` decisions, the earliest first; less than half of it at the end is no point."""
    parts = [said[start : start + size] for start in range(0, len(said), size)]
    return [
        Rate(n=len(part), hits=sum(one.kept for one in part)) for part in parts if 2 * len(part) >= size
    ]  # fmt: skip


def nudge(said: Sequence[Spoken], same: Sequence[bool]) -> Nudge | None:
    """What a reviewer who has said this is asked, at the latest of every `STEP` decisions; None: nothing has bent.

    said: their decisions, the earliest first. same: for each known case that came again, whether they said the same.
    """
    seen = said[: len(said) - len(said) % STEP]
    if len(seen) < STEP:
        return None
    return _speed(seen) or _approval(seen) or _with_themselves(same)


def due(n: int, of: int = 1) -> bool:
    """Whether the last `of` of `n` decisions came to a time at which to ask."""
    return n // STEP > (n - of) // STEP


def _approval(said: Sequence[Spoken]) -> Nudge | None:
    """The last decisions against what those before lead to expect, slice by slice.

    z = Σ n (p - q) / √Σ n r (1 - r)(1 + n/m), over the slices: q of the m decisions before, p of the n since, r of
    both, as in the score test of two rates, stratified (Mantel and Haenszel 1959). Slices with few decisions before
    are left out: nothing is known of them.
    """
    now, before = said[-WINDOW:], said[:-WINDOW][-BEFORE:]
    old, kept = Counter(one.slice for one in before), Counter(one.slice for one in before if one.kept)
    now = [one for one in now if old[one.slice] >= LEAST_IN_SLICE]
    if 2 * len(now) < WINDOW or len(before) < LEAST_BEFORE:
        return None
    expected = variance = 0.0
    for name, n in Counter(one.slice for one in now).items():
        m, got = old[name], sum(one.kept for one in now if one.slice == name)
        both = (kept[name] + got + 0.5) / (m + n + 1)
        expected += n * kept[name] / m
        variance += n * both * (1 - both) * (1 + n / m)
    rate, wanted = sum(one.kept for one in now) / len(now), expected / len(now)
    if abs(rate - wanted) * len(now) < FAR * math.sqrt(variance) or abs(rate - wanted) < MUCH:
        return None
    return Nudge(
        kind="approval", now=rate, before=wanted,
        says=f"Of your last {len(now)} decisions {_percent(rate)} were approvals; going by those before it would be "
        f"{_percent(wanted)}. A pause?",
    )  # fmt: skip


def _with_themselves(same: Sequence[bool]) -> Nudge | None:
    last = same[-RECHECKS:]
    if len(last) < RECHECKS or sum(last) > FEW_ALIKE:
        return None
    earlier = same[:-RECHECKS]
    return Nudge(
        kind="self_agreement", now=sum(last) / len(last), before=sum(earlier) / len(earlier) if earlier else None,
        says=f"Of the last {RECHECKS} cases that came to you a second time you decided {sum(last)} as you had before. "
        "A pause, and a look at the rubric?",
    )  # fmt: skip


def _speed(said: Sequence[Spoken]) -> Nudge | None:
    """Mean seconds of the last decisions against those before."""
    seconds_each = gaps(one.at for one in said[-2 * (GAPS + GAPS_BEFORE) :])
    now, before = seconds_each[-GAPS:], seconds_each[:-GAPS][-GAPS_BEFORE:]
    if len(now) < GAPS or len(before) < GAPS_BEFORE / 2:
        return None
    seconds, earlier = sum(now) / len(now), sum(before) / len(before)
    if earlier < QUICK or seconds > COLLAPSE * earlier:
        return None
    return Nudge(
        kind="speed", now=seconds, before=earlier,
        says=f"Your last {GAPS} decisions took {seconds:.0f} s each, those before {earlier:.0f} s. A pause?",
    )  # fmt: skip


def _percent(share: float) -> str:
    return f"{round(100 * share)} %"
