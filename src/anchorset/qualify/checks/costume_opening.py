from __future__ import annotations

from collections import Counter

from anchorset.core.case import Case
from anchorset.core.finding import Finding, OnHit
from anchorset.infra.text.vocabulary import opening
from anchorset.qualify.batch import found, technique
from anchorset.qualify.known import Known

FREE = 5
"""This many candidates may begin alike before anybody counts."""
SHARE = 0.05
"""Share of a technique's candidates that one opening may take, unless the seeds use it more."""
TIMES_THE_SEED = 2.0


class CostumeOpening:
    """No opening is used much more than real users use it.

    What it looks at: the first three words, among what passed of the same technique: over 5 %, and over twice the share
    of seeds that begin so, is a template. Red team is exempt, its patterns are counted by `set.cling`.
    Why it matters: three diverse outputs with one template underneath are one case in three costumes.
    Example that fails: the 30th candidate of 200 that begins `Hi, I'd like`.
    How to fix it: nothing to fix by hand; the candidate is replaced by another.
    """

    code = "costume.opening"
    version = 1
    on_hit: OnHit = "reject"

    def look_at(self, case: Case, text: str, known: Known) -> Finding:
        kind, begins = technique(case), opening(text)
        used = known.openings.get(kind or "", Counter())
        total = used.total()
        among_seeds = known.crowd.openings[begins] / max(1, len(known.crowd.seeds))
        allowed = max(SHARE, TIMES_THE_SEED * among_seeds)
        share = (used[begins] + 1) / (total + 1)
        worn = kind != "redteam" and used[begins] >= FREE and share > allowed
        return found(
            self, worn, score=share, threshold=allowed, evidence=f"begins {begins!r} like {used[begins]} others"
        )
