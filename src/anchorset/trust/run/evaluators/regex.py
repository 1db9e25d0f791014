"""`regex`: a pattern is found in the answer.

What this module does not know: how a runaway pattern is stopped.
"""

from __future__ import annotations

import re
from typing import ClassVar, Self

from pydantic import Field

from anchorset.core.case import Case
from anchorset.core.errors import ConfigError
from anchorset.core.inert import short
from anchorset.core.run import Score
from anchorset.trust.run.answer import Answer, CallError
from anchorset.trust.run.evaluators.evaluator import NOTHING_EXPECTED, Evaluator, Means, words

SEARCH = "anchorset.trust.run.evaluators.guarded:search"


class Regex(Evaluator):
    """A pattern is found in the answer.

    What it looks at: the setting `pattern`, else the expected answer, as a pattern of Python's `re`.
    Why it matters: order numbers, dates and forms of a word have a shape, not one text.
    Example that fails: `Your ticket is unknown.` for the pattern `T-[0-9]{6}`.
    How to fix it: `ignore_case: true`; a pattern that does not finish in time is not judged, simplify it.
    """

    code: ClassVar[str] = "regex"
    version: ClassVar[int] = 1

    pattern: str | None = None
    """None: the expected answer."""
    ignore_case: bool = False
    whole: bool = False
    """Whether the pattern has to match all of the answer."""
    absent: bool = False
    """Turned round: passed when the pattern is not found."""
    timeout_seconds: float = Field(default=2, gt=0)

    def resolved(self, means: Means) -> Self:
        if self.pattern is not None:
            try:
                re.compile(self.pattern)
            except re.error as error:
                raise ConfigError(
                    f"`evaluators.regex.pattern` is {self.pattern!r}, which is no pattern ({error}); mend it."
                ) from None
        return self

    async def judge(self, case: Case, answer: Answer, means: Means) -> Score:
        pattern = self.pattern if self.pattern is not None else words(case.expected)
        if not pattern:
            return self.said(None, NOTHING_EXPECTED)
        arguments = [pattern, words(answer.output), self.ignore_case, self.whole]
        try:
            found = bool(await means.guarded(SEARCH, arguments, self.timeout_seconds))
        except CallError as error:
            return self.said(None, f"{short(pattern, 60)!r} could not be looked for: {short(error.error, 120)}")
        passed = found is not self.absent
        return self.said(passed, None if passed else f"{short(pattern, 60)!r} {'found' if found else 'not found'}")
