from __future__ import annotations

from anchorset.core.finding import Finding, OnHit
from anchorset.infra.text.privacy import find
from anchorset.qualify.batch import Batch, found

MAY_BE_MADE_UP = ("name", "address")


class PrivacyPii:
    """The candidate holds nobody's private details.

    What it looks at: e-mail, phone, card, IBAN, IP, credentials, secrets, national ids (checksums verified). A name or
    an address only flags: one that was made up is nobody's.
    Why it matters: an eval set is copied, published and sent to models; a person's number must not travel with it.
    Example that fails: `call me on +44 20 7946 0958`.
    How to fix it: ingest with scrubbing (the default). What stands in the parent already only flags here, because
    somebody chose `--no-scrub`.
    """

    code = "privacy.pii"
    version = 1
    on_hit: OnHit = "reject"

    def look(self, batch: Batch) -> list[Finding]:
        findings = []
        for row, text in enumerate(batch.texts):
            spans = find(text)
            excused = all(
                span.kind in MAY_BE_MADE_UP or any(span.text in parent.text for parent in batch.parents(row))
                for span in spans
            )
            findings.append(
                found(
                    self, bool(spans), evidence=", ".join(sorted({span.kind for span in spans})),
                    on_hit="flag" if excused else None,
                )
            )  # fmt: skip
        return findings
