"""`numeric`: a number in the answer is near the expected one.

What this module does not know: units and currencies.
"""

from __future__ import annotations

import math
import re
from typing import ClassVar, Literal

from pydantic import Field, JsonValue

from anchorset.core.case import Case
from anchorset.core.run import Score
from anchorset.trust.run.answer import Answer
from anchorset.trust.run.evaluators.evaluator import NOTHING_EXPECTED, Evaluator, Means, words

# No letter or digit before it: the 4 of `GPT4` and the 22 of `A-22` are names. A minus after a digit is a range.
_NUMBER = re.compile(r"(?<![\w.])(?<![^\W\d]-)[-+−]?(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)?(?:\.\d+)?(?:[eE][-+]?\d{1,4})?")
_SWAP = str.maketrans(",.", ".,")


class Numeric(Evaluator):
    """A number in the answer is near the expected one.

    What it looks at: the last number in the answer (`which: first` for the first), thousands separated or not.
    Why it matters: `$1,200.00` and `1200` are one amount.
    Example that fails: `That makes 12 euros.` where 12.5 is expected.
    How to fix it: set `absolute` or `relative` to the difference you accept.
    """

    code: ClassVar[str] = "numeric"
    version: ClassVar[int] = 1

    absolute: float = Field(default=0, ge=0)
    """Difference that is accepted."""
    relative: float = Field(default=1e-9, ge=0)
    """Difference that is accepted, as a part of the larger of the two numbers (math.isclose)."""
    which: Literal["first", "last"] = "last"
    decimal: Literal[".", ","] = "."
    """What separates decimals in a text; the other one separates thousands."""

    async def judge(self, case: Case, answer: Answer, means: Means) -> Score:
        wanted = self._number(case.expected)
        if wanted is None:
            return self.said(None, NOTHING_EXPECTED if case.expected is None else "the expected answer has no number")
        found = self._number(answer.output)
        if found is None:
            return self.said(False, "the answer has no number")
        near = math.isclose(found, wanted, rel_tol=self.relative, abs_tol=self.absolute)
        return self.said(near, None if near else f"expected {wanted:g}, found {found:g}")

    def _number(self, value: JsonValue) -> float | None:
        if isinstance(value, bool):
            return None
        if isinstance(value, (int, float)):
            return _finite(str(value))
        text = words(value)
        if self.decimal == ",":
            text = text.translate(_SWAP)
        numbers = (n for match in _NUMBER.finditer(text) if (n := _finite(match[0])) is not None)
        if self.which == "first":
            return next(numbers, None)
        last = None
        for last in numbers:  # noqa: B007
            pass
        return last


def _finite(text: str) -> float | None:
    try:
        number = float(text.replace(",", "").replace("−", "-"))
    except ValueError:
        return None
    return number if math.isfinite(number) else None
