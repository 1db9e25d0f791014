from __future__ import annotations

import numpy as np

from anchorset.core.finding import Finding, OnHit
from anchorset.qualify.batch import Batch, found, not_run, technique


class DistanceBand:
    """The candidate is neither a copy of a real message nor a stranger to all of them.

    What it looks at: the distance to the nearest seed, by meaning or by letters, whichever is nearer. Too far: beyond
    the 99th percentile of how far seeds are from their own nearest seed (red team is exempt). Too close: under the 1st
    percentile to a seed that is not its parent (a mutation is close to whatever its parent is close to, and exempt).
    Why it matters: too close adds nothing, too far (a refund chat in Klingon) wastes a reviewer; the middle is useful.
    Example that fails: a candidate with no word that any seed uses.
    How to fix it: ingest seeds of that kind: the band is measured on them.
    """

    code = "distance.band"
    version = 1
    on_hit: OnHit = "reject"

    def look(self, batch: Batch) -> list[Finding]:
        crowd, band = batch.crowd, batch.crowd.band
        if band is None:
            return [not_run(self, "one seed has no distance to another")] * len(batch.cases)
        nearest = np.argmax(batch.to_seeds, axis=1)
        findings = []
        for row, (case, distance) in enumerate(zip(batch.cases, batch.distances.tolist(), strict=True)):
            seed = crowd.seeds[nearest[row]]
            stranger = crowd.group(seed.id) not in {crowd.group(root) for root in case.roots}
            if distance > band.too_far:
                hit, limit, says = technique(case) != "redteam", band.too_far, "further from every seed than seeds are"
            elif distance < band.too_close and stranger and technique(case) != "mutation":
                hit, limit, says = True, band.too_close, f"nearly {seed.id}, which is not its parent"
            else:
                hit, limit, says = False, band.too_far, ""
            findings.append(found(self, hit, score=distance, threshold=limit, evidence=says))
        return findings
