from __future__ import annotations

from anchorset.core.finding import Finding, OnHit
from anchorset.infra.text.vocabulary import words
from anchorset.qualify.batch import Batch, found
from anchorset.qualify.crowd import COPY_WORDS, Crowd


class PrivacySeedCopy:
    """The candidate does not hold another real message word for word.

    What it looks at: whether the whole of a seed of 5 words or more stands in it, case and punctuation aside. Its own
    parents, and what stands in them already, do not count: a mutation is meant to be close to its parent.
    Why it matters: a copied real message is a real person's message, and no new case.
    Example that fails: a remix that ends with another customer's complete sentence.
    How to fix it: nothing to fix by hand; the candidate is replaced by another.
    """

    code = "privacy.seed_copy"
    version = 1
    on_hit: OnHit = "reject"

    def look(self, batch: Batch) -> list[Finding]:
        findings = []
        for row, text in enumerate(batch.texts):
            held = _held(tuple(words(text)), batch.crowd)
            if held:
                for parent in batch.parents(row):
                    held -= {parent.id, *_held(tuple(words(parent.text)), batch.crowd)}
            findings.append(found(self, bool(held), evidence=f"holds the whole of {min(held, default='')}"))
        return findings


def _held(said: tuple[str, ...], crowd: Crowd) -> set[str]:
    """Ids of the seeds whose whole text stands in `said`."""
    return {
        id
        for start in range(len(said) - COPY_WORDS + 1)
        for id, theirs in crowd.by_first_words.get(said[start : start + COPY_WORDS], ())
        if len(theirs) <= len(said) - start and said[start : start + len(theirs)] == theirs
    }
