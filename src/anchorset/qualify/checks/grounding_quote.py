from __future__ import annotations

import re

from anchorset.core.case import Case
from anchorset.core.finding import Finding, OnHit
from anchorset.qualify.batch import Batch, found, not_run

QUOTED = re.compile(r"[\"“]([^\"”]{12,})[\"”]")


class GroundingQuote:
    """What the case cites stands in its context.

    What it looks at: each context span is as long as its offsets say, and every quotation of 12 characters or more in
    `expected` is found in one of the spans, white space aside.
    Why it matters: a reference answer that quotes what no document says fails the targets that read the document.
    Example that fails: expected `"returns within 60 days"` over a span that says 30.
    How to fix it: quote the span, or correct its offsets.
    """

    code = "grounding.quote"
    version = 1
    on_hit: OnHit = "reject"

    def look(self, batch: Batch) -> list[Finding]:
        findings = []
        for case in batch.cases:
            if not case.context:
                findings.append(not_run(self, "no context"))
                continue
            fault = self._fault(case)
            findings.append(found(self, fault is not None, evidence=fault))
        return findings

    @staticmethod
    def _fault(case: Case) -> str | None:
        for span in case.context:
            if span.end - span.start != len(span.text):
                return f"{span.doc}: {len(span.text)} characters for the offsets {span.start}-{span.end}"
        said = " ".join(" ".join(span.text for span in case.context).split())
        quotes = QUOTED.findall(case.expected) if isinstance(case.expected, str) else []
        missing = next((quote for quote in quotes if " ".join(quote.split()) not in said), None)
        return None if missing is None else f"quotes {missing[:60]!r}, which no span says"
