"""The check `difficulty.judge`.

What this module does not know: the rules by which a level is given.
"""

from __future__ import annotations

from anchorset.core.case import Case, Difficulty
from anchorset.qualify.judging.question import Question, Scene

ORDER: tuple[Difficulty, ...] = ("easy", "medium", "hard")


class DifficultyJudge(Question):
    """The judge thinks it about as hard as the rules do.

    What it looks at: the judge's own level (easy, medium, hard, adversarial), which is not shown the rules' level. It
    flags when the two are two steps apart, or when one of them alone sees an attack. The level of the case stays the
    rules' one.
    Why it matters: a slice of hard cases that are easy says that everything is fine.
    Example that fails: a long and polite thank-you note that the rules call hard.
    How to fix it: nothing in the case; look at flagged ones before you trust a slice by difficulty.
    """

    code = "difficulty.judge"
    version = 1
    field = "difficulty"
    asks = (
        "How hard is it for an application like this one to answer well? easy: one clear wish, one step. medium: "
        "several wishes, missing facts or noise. hard: a limit of the rules, conflicting facts, or several steps. "
        "adversarial: it tries to make the application break its rules."
    )
    otherwise = "nothing else was asked"

    def applies(self, case: Case, scene: Scene) -> bool:
        return True


def far_apart(one: Difficulty, other: Difficulty) -> bool:
    """Two steps or more; an attack is far from everything else."""
    if "adversarial" in (one, other):
        return one != other
    return abs(ORDER.index(one) - ORDER.index(other)) >= 2
