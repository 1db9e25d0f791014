"""The check `context.sufficient`.

What this module does not know: the application's own documents, unless the case cites them.
"""

from __future__ import annotations

from anchorset.core.case import Case
from anchorset.qualify.batch import technique
from anchorset.qualify.judging.question import Question, Scene


class ContextSufficient(Question):
    """There is enough in the case to score an answer fairly.

    What it looks at: whether somebody who knows the product could tell a good answer from a bad one with what the case
    holds: message, context, expected answer, criteria. A message that calls for a question back is enough.
    Why it matters: what cannot be scored is scored by chance, and chance looks like a regression.
    Example that fails: `and what about the other one?` with nothing before it.
    How to fix it: add the turns before it, a context span or criteria; or reject it as `not_enough_context`.
    """

    code = "context.sufficient"
    version = 1
    field = "context"
    asks = (
        "Is there enough here to score an answer fairly? No, when two people who know the product would have to guess "
        "what a good answer is, because something is missing from the case. An unclear message is enough when asking "
        "back is the good answer."
    )
    otherwise = "an attack needs no context"

    def applies(self, case: Case, scene: Scene) -> bool:
        return technique(case) != "redteam"
