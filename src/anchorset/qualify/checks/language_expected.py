from __future__ import annotations

from anchorset.core.finding import Finding, OnHit
from anchorset.qualify.batch import Batch, found, not_run, technique

SURE = 0.8
"""Confidence under which a language is not held against anybody."""
LETTERS = 20
"""Shorter texts are guessed, not identified."""


class LanguageExpected:
    """The candidate is in a language that its parent or the crowd speaks.

    What it looks at: the identified language, when the text has at least 20 letters and the model is sure (0.8).
    Why it matters: generators drift into English, and a German eval with English cases tests something else.
    Example that fails: an English candidate for a German seed.
    How to fix it: ingest seeds in that language; for red team (obfuscated on purpose) it only flags.
    """

    code = "language.expected"
    version = 1
    on_hit: OnHit = "reject"

    def look(self, batch: Batch) -> list[Finding]:
        crowd, findings = batch.crowd, []
        for row, (case, text, heard) in enumerate(zip(batch.cases, batch.texts, batch.languages, strict=True)):
            if heard.code == "und" or sum(map(str.isalpha, text)) < LETTERS:
                findings.append(not_run(self, "too short to tell"))
                continue
            spoken = {crowd.languages[crowd.position[parent.id]].code for parent in batch.parents(row)}
            expected = {case.language} if case.language else spoken | crowd.common_languages
            findings.append(
                found(
                    self, heard.code not in expected and heard.confidence >= SURE,
                    score=heard.confidence, threshold=SURE,
                    evidence=f"{heard.code}, expected {' or '.join(sorted(expected))}",
                    on_hit="flag" if technique(case) == "redteam" else None,
                )
            )  # fmt: skip
        return findings
