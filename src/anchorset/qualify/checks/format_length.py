from __future__ import annotations

from anchorset.core.finding import Finding, OnHit
from anchorset.qualify.batch import Batch, found, technique

ATTACK_ROOM = 2000
"""Characters an attack may add: many-shot and role-play patterns are long by nature."""


class FormatLength:
    """The candidate is about as long as what users write.

    What it looks at: characters, against the band of the seeds (half the 1st to twice the 99th percentile) or the
    given `--min-length` and `--max-length`. Red team may exceed the upper end by 2,000.
    Why it matters: length alone separates human from model text at an AUC of 0.72-0.82.
    Example that fails: a 900-character essay among chat messages of 60.
    How to fix it: set `--max-length`, or ingest the longer messages that users do send.
    """

    code = "format.length"
    version = 1
    on_hit: OnHit = "reject"

    def look(self, batch: Batch) -> list[Finding]:
        low, high = batch.crowd.length_band
        findings = []
        for case, text in zip(batch.cases, batch.texts, strict=True):
            n, top = len(text), high + (ATTACK_ROOM if technique(case) == "redteam" else 0)
            limit = low if n < low else top
            findings.append(
                found(self, not low <= n <= top, score=n, threshold=limit, evidence=f"{n} characters, band {low}-{top}")
            )
        return findings
