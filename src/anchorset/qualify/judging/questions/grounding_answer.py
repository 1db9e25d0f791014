"""The check `grounding.answer`.

What this module does not know: the document around the cited span.
"""

from __future__ import annotations

from anchorset.core.case import Case
from anchorset.qualify.judging.question import Question, Scene


class GroundingAnswer(Question):
    """The expected answer follows from the context of the case.

    What it looks at: every claim in `expected`, against the context spans. What `grounding.quote` sees in quotation
    marks this sees in other words.
    Why it matters: a reference answer that the documents do not hold fails every application that reads them.
    Example that fails: expected `You have 60 days` over a span that says 30.
    How to fix it: correct the expected answer, or cite the span that says it.
    """

    code = "grounding.answer"
    version = 1
    field = "grounded"
    asks = (
        "Does everything that the expected answer claims follow from the context? No, when a number, date, condition "
        "or promise in it is not there or stands there differently, whatever you know otherwise."
    )
    otherwise = "no context, or no expected answer"

    def applies(self, case: Case, scene: Scene) -> bool:
        return bool(case.context) and case.expected is not None
