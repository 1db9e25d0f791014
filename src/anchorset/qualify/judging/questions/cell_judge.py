"""The check `cell.judge`.

What this module does not know: the seeds of the cell; `cell.match` looks at those.
"""

from __future__ import annotations

from anchorset.core.case import Case
from anchorset.core.inert import short
from anchorset.qualify.batch import technique
from anchorset.qualify.judging.question import Question, Scene


class CellJudge(Question):
    """The text fits the cell it was ordered for, in the judge's opinion.

    What it looks at: the axis values of the candidate, as their `about` describes them. It is the second opinion beside
    `cell.match`, which goes by distance alone.
    Why it matters: a slice is only worth its name when its cases belong to it.
    Example that fails: `my parcel never came` in the cell `policy=damaged`.
    How to fix it: move the case (edit its metadata), or say in `about` what belongs there and what does not.
    """

    code = "cell.judge"
    version = 1
    field = "cell"
    asks = (
        "Does the case belong there? No, when it is about something else, or plainly belongs under another value. It "
        "need not mention what it is labelled with."
    )
    otherwise = "its cell is not described, or it is an attack"

    def applies(self, case: Case, scene: Scene) -> bool:
        return technique(case) != "redteam" and any(True for _ in scene.meant(case))

    def words(self, case: Case, scene: Scene) -> str:
        meant = "; ".join(f"{axis} = {value} ({short(about, 300)})" for axis, value, about in scene.meant(case))
        return f"The case was ordered for: {meant}. {self.asks}"
