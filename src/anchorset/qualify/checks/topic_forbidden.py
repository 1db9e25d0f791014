from __future__ import annotations

from anchorset.core.finding import Finding, OnHit
from anchorset.infra.text.vocabulary import words
from anchorset.qualify.batch import Batch, found, not_run


class TopicForbidden:
    """The candidate keeps off the topics the owner ruled out.

    What it looks at: whether all words of an entry of `--forbid` stand in the text, as words.
    Why it matters: a shop's eval set needs no cooking questions, and a health service's no self-made diagnoses.
    Example that fails: `any good pasta recipe while I wait` with `cooking, recipe` forbidden.
    How to fix it: take the words off the list, or let the candidate go.
    """

    code = "topic.forbidden"
    version = 1
    on_hit: OnHit = "reject"

    def look(self, batch: Batch) -> list[Finding]:
        topics = {topic: set(words(topic)) for topic in batch.crowd.settings.forbidden_topics}
        if not topics:
            return [not_run(self, "no topic is forbidden")] * len(batch.cases)
        findings = []
        for text in batch.texts:
            said = set(words(text))
            topic = next((name for name, needed in topics.items() if needed and needed <= said), None)
            findings.append(found(self, topic is not None, evidence=f"speaks of {topic!r}"))
        return findings
