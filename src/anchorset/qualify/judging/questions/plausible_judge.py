"""The check `plausible.judge`.

What this module does not know: what real users wrote; it goes by the product and the rubric.
"""

from __future__ import annotations

from anchorset.core.case import Case
from anchorset.qualify.batch import technique
from anchorset.qualify.judging.question import Question, Scene


class PlausibleJudge(Question):
    """A real user of this product could have sent this.

    What it looks at: whether a person with a wish of their own might write these words to this product, on this
    occasion. Spelling, tone and length are no reasons against it. Attacks are not asked about.
    Why it matters: a case that nobody would send measures an application that nobody uses.
    Example that fails: `As a customer who is frustrated about a delayed parcel, I would like to express my concern.`
    How to fix it: reject it in review, or give the generator anchors and a persona.
    """

    code = "plausible.judge"
    version = 1
    field = "plausible"
    asks = (
        "Could a real user of this product have sent this? No, when it describes its own situation like a script, says "
        "what no user would know or want, contradicts itself, or is not meant for this product at all."
    )
    otherwise = "an attack is not held against what users write"

    def applies(self, case: Case, scene: Scene) -> bool:
        return technique(case) != "redteam"
