"""`exact`: the answer is the expected one.

What this module does not know: any other way to be right.
"""

from __future__ import annotations

import unicodedata
from typing import ClassVar

from pydantic import JsonValue

from anchorset.core.case import Case
from anchorset.core.inert import short
from anchorset.core.run import Score
from anchorset.trust.run.answer import Answer
from anchorset.trust.run.evaluators.evaluator import NOTHING_EXPECTED, Evaluator, Means, words


class Exact(Evaluator):
    """The answer is the expected one: equal text, or equal JSON.

    What it looks at: both as text in Unicode form C; objects and lists as JSON, 1 and 1.0 being one number. Where only
    one of them is a text, the other's JSON text is compared with it.
    Why it matters: labels and actions have one right form, and nothing is fairer than equality.
    Example that fails: `refund denied` where `refund approved` is expected.
    How to fix it: `ignore_case: true`, or `contains` when answers are sentences.
    """

    code: ClassVar[str] = "exact"
    version: ClassVar[int] = 1

    trim: bool = True
    """Whether white space at both ends is ignored."""
    ignore_case: bool = False

    async def judge(self, case: Case, answer: Answer, means: Means) -> Score:
        if case.expected is None:
            return self.said(None, NOTHING_EXPECTED)
        if isinstance(case.expected, str) or isinstance(answer.output, str):
            same = self._form(words(case.expected)) == self._form(words(answer.output))
        else:
            same = _same(case.expected, answer.output)
        expected, found = short(words(case.expected), 60), short(words(answer.output), 60)
        return self.said(same, None if same else f"expected {expected!r}, found {found!r}")

    def _form(self, text: str) -> str:
        text = unicodedata.normalize("NFC", text.strip() if self.trim else text)
        return text.casefold() if self.ignore_case else text


def _same(one: JsonValue, other: JsonValue) -> bool:
    """Equal JSON values; true is not 1, and 1 is 1.0."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return one == other if not isinstance(one, (dict, list)) else False
