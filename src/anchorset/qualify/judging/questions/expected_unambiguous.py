"""The check `expected.unambiguous`.

What this module does not know: whether the expected answer is right.
"""

from __future__ import annotations

from anchorset.core.case import Case
from anchorset.qualify.judging.question import Question, Scene


class ExpectedUnambiguous(Question):
    """Only the expected answer, or one that says the same, is right.

    What it looks at: message and expected answer. Cells that are marked `ambiguous` are left alone.
    Why it matters: where two answers are right, a case fails the application that gives the other one.
    Example that fails: `it came late and broken` with expected `refund approved` where a replacement is as good.
    How to fix it: say in `expected` what decides, use criteria instead, or mark the cell `ambiguous: true`.
    """

    code = "expected.unambiguous"
    version = 1
    field = "unambiguous"
    asks = (
        "Is the expected answer the only right one? No, when an answer that differs in what it decides would be just "
        "as right for this message. Other words for the same decision do not count."
    )
    otherwise = "no expected answer, or its cell is meant to be ambiguous"

    def applies(self, case: Case, scene: Scene) -> bool:
        return case.expected is not None and not scene.ambiguous(case)
