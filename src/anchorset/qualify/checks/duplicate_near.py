from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein
from rapidfuzz.utils import default_process

from anchorset.core.case import Case
from anchorset.core.finding import Finding, OnHit
from anchorset.infra.embed.veto import differs_in
from anchorset.qualify.batch import found, technique
from anchorset.qualify.known import Known, kin_of

SIBLINGS = 0.05
"""Normalised edit distance under which two children of one root are the same case."""
SURFACE = 0.10
"""Normalised edit distance under which any two texts are the same words with slips."""
WORTH_A_LOOK = 0.75
"""Cosine from which the surface of a pair is compared at all."""


class DuplicateNear:
    """Nobody has said nearly this yet.

    What it looks at: meaning (cosine at the embedder's calibrated threshold, never under 0.92) or surface (normalised
    edit distance under 0.10), against seeds and everything that passed. Texts that differ in a number, date, entity or
    negation are never duplicates. Children of one root, and attacks of one pattern, are meant to be alike: among them
    only near-identical surface (under 0.05) counts; of remixes, in any order of the words.
    Why it matters: near-duplicates are fake diversity, and dependent evidence.
    Example that fails: `how do i track my new card` beside `how do I track the new card`.
    How to fix it: nothing to fix by hand; the candidate is replaced by another.
    """

    code = "duplicate.near"
    version = 1
    on_hit: OnHit = "reject"

    def look_at(
        self, case: Case, text: str, to_seeds: NDArray[np.float32], to_known: NDArray[np.float32], known: Known
    ) -> Finding:
        """`to_seeds` (n_seeds,) and `to_known` (n_passed,): cosines of this candidate."""
        crowd = known.crowd
        kin = kin_of(case, crowd)
        for sibling in (sibling for key in sorted(kin) for sibling in known.kin.get(key, ())):
            distance = Levenshtein.normalized_distance(text, sibling, score_cutoff=SIBLINGS)
            if technique(case) == "remix":  # the same clauses in another order are the same remix
                shuffled = fuzz.token_sort_ratio(text, sibling, processor=default_process)
                distance = min(distance, 1 - shuffled / 100)
            if distance < SIBLINGS:
                return found(self, True, score=distance, threshold=SIBLINGS, evidence=f"sibling {sibling[:60]!r}")
        threshold = crowd.settings.near_duplicate or crowd.thresholds.near_duplicate
        near_seeds = [(float(to_seeds[at]), crowd.seeds[at], crowd.texts[at]) for at in _from(to_seeds, WORTH_A_LOOK)]
        near_known = [(float(to_known[at]), known.passed[at], known.texts[at]) for at in _from(to_known, WORTH_A_LOOK)]
        best = 0.0
        for cosine, other, other_text in sorted(near_seeds + near_known, key=lambda pair: (-pair[0], pair[1].id)):
            if kin & kin_of(other, crowd):
                continue
            best = max(best, cosine)
            surface = Levenshtein.normalized_distance(text, other_text, score_cutoff=SURFACE)
            alike = surface < (SIBLINGS if technique(case) == "mutation" else SURFACE)
            same = alike or (cosine >= threshold and technique(case) != "mutation")
            if same and differs_in(text, other_text) is None:
                return found(
                    self,
                    True,
                    score=cosine,
                    threshold=threshold,
                    evidence=f"{'worded' if alike else 'meant'} like {other.id}",
                )
        return found(self, False, score=best, threshold=threshold)


def _from(cosines: NDArray[np.float32], least: float) -> list[int]:
    return [int(at) for at in np.flatnonzero(cosines >= least)]
