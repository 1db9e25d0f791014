"""What is known about judges, in words.

What this module does not know: how it was measured.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from anchorset.core.numbers import share
from anchorset.infra.text.table import aligned

if TYPE_CHECKING:
    from anchorset.core.judge import JudgeCalibration

MOST = 60


def judge_lines(judges: Sequence[JudgeCalibration]) -> list[str]:
    """One line a judge and strategy: kappa with people, accuracy, order consistency."""
    if not judges:
        return []
    rows = [
        (
            one.name, one.family or "?", f"{one.n:,}", share(one.accuracy),
            _limits(one.kappa, one.low, one.high, "{:.2f}".format),
            _limits(one.order_consistency, one.order_low, one.order_high, share),
        )
        for one in judges[:MOST]
    ]  # fmt: skip
    header = ("judge", "family", "n", "accuracy", "kappa", "keeps its mind in the other order")
    more = [f"  … and {len(judges) - MOST:,} more (all of them in --json)"] if len(judges) > MOST else []
    return [f"  {line}" for line in aligned([header, *rows])] + more


def _limits(value: float | None, low: float | None, high: float | None, form: Callable[[float], str]) -> str:
    if value is None or low is None or high is None:
        return "-"
    return f"{form(value)} ({form(low)} to {form(high)})"
