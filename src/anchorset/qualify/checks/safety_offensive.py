from __future__ import annotations

from anchorset.core.finding import Finding, OnHit
from anchorset.infra.text.offensive import offences
from anchorset.qualify.batch import Batch, found, technique


class SafetyOffensive:
    """The candidate insults nobody.

    What it looks at: slurs, sexual insults and threats, spelt plainly or disguised. Mild swearing is how angry
    customers talk and passes.
    Why it matters: reviewers have to read it, and the target is not what made it.
    Example that fails: a slur that an operator or a model put in.
    How to fix it: what a parent said already, and red team, only flags.
    """

    code = "safety.offensive"
    version = 1
    on_hit: OnHit = "reject"

    def look(self, batch: Batch) -> list[Finding]:
        findings = []
        for row, (case, text) in enumerate(zip(batch.cases, batch.texts, strict=True)):
            severe = [offence for offence in offences(text) if offence.severity != "mild"]
            excused = technique(case) == "redteam" or any(
                offence.severity != "mild"
                for parent in batch.parents(row)
                for offence in (offences(parent.text) if severe else ())
            )
            findings.append(
                found(
                    self, bool(severe), evidence=", ".join(sorted({offence.severity for offence in severe})),
                    on_hit="flag" if excused else None,
                )
            )  # fmt: skip
        return findings
