from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from anchorset.core.case import Case
from anchorset.core.finding import Finding, OnHit
from anchorset.qualify.batch import found, not_run, technique
from anchorset.qualify.known import Known


class DistanceNovelty:
    """As far from everything known as was asked for.

    What it looks at: one minus the cosine to the nearest seed or candidate that passed, against the novelty that the
    run asks for (`produce --min-novelty`). Runs without one do not look. Mutations are close to their parent on purpose
    and exempt.
    Why it matters: a set that shall explore must not circle around what is there.
    Example that fails: `how long does a refund take` beside `how long do refunds take`, at a novelty of 0.2.
    How to fix it: ask for less novelty, or for other topics and cells.
    """

    code = "distance.novelty"
    version = 1
    on_hit: OnHit = "reject"

    def look_at(
        self, case: Case, to_seeds: NDArray[np.float32], to_known: NDArray[np.float32], known: Known
    ) -> Finding:
        """`to_seeds` (n_seeds,) and `to_known` (n_passed,): cosines of this candidate."""
        least = known.crowd.settings.min_novelty
        if least is None:
            return not_run(self, "no novelty is asked for")
        if technique(case) == "mutation":
            return not_run(self, "a mutation is close to its parent on purpose")
        nearest = max((float(cosines.max()) for cosines in (to_seeds, to_known) if len(cosines)), default=-1.0)
        novelty = 1.0 - nearest
        return found(self, novelty < least, score=novelty, threshold=least, evidence="too near to what is known")
