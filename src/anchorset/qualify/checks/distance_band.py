from __future__ import annotations

import numpy as np

from anchorset.core.finding import Finding, OnHit
from anchorset.qualify.batch import Batch, found, technique


class DistanceBand:
    """The candidate is neither a copy of a real message nor a stranger to all of them.

    What it looks at: the cosine distance to the nearest seed. Too far: beyond the 99th percentile of how far seeds are
    from their own nearest seed (red team is exempt). Too close: under the 1st percentile to a seed that is not its
    parent, and the same words.
    Why it matters: too close adds nothing, too far (a refund chat in Klingon) wastes a reviewer; the middle is useful.
    Example that fails: a candidate with no word that any seed uses.
    How to fix it: ingest seeds of that kind, or set the band in `checks`.
    """

    code = "distance.band"
    version = 1
    on_hit: OnHit = "reject"

    def look(self, batch: Batch) -> list[Finding]:
        crowd, band = batch.crowd, batch.crowd.thresholds
        near = np.argmax(batch.to_seeds, axis=1) if len(crowd.seeds) else np.zeros(len(batch.cases), int)
        findings = []
        for row, case in enumerate(batch.cases):
            seed = crowd.seeds[near[row]]
            distance = max(0.0, 1 - float(batch.to_seeds[row, near[row]]))
            kin = {crowd.group(root) for root in case.roots}
            if distance > band.too_far:
                hit, limit, says = technique(case) != "redteam", band.too_far, "further from every seed than seeds are"
            elif distance < band.too_close and crowd.group(seed.id) not in kin:
                hit, limit, says = batch.texts[row] == seed.text, band.too_close, f"a copy of {seed.id}"
            else:
                hit, limit, says = False, band.too_far, ""
            findings.append(found(self, hit, score=distance, threshold=limit, evidence=says))
        return findings
