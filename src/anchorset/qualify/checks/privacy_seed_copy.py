from __future__ import annotations

from anchorset.core.finding import Finding, OnHit
from anchorset.infra.text.vocabulary import words
from anchorset.qualify.batch import Batch, found
from anchorset.qualify.crowd import Crowd

LONG_ENOUGH = 5
"""Words: shorter messages ("where is my card") are said by many people and belong to none."""


class PrivacySeedCopy:
    """The candidate does not hold another real message word for word.

    What it looks at: whether the whole of a seed of 5 words or more stands in it, case and punctuation aside. Its own
    parents do not count: a mutation is meant to be close to its parent.
    Why it matters: a copied real message is a real person's message, and no new case.
    Example that fails: a remix that ends with another customer's complete sentence.
    How to fix it: nothing to fix by hand; the candidate is replaced by another.
    """

    code = "privacy.seed_copy"
    version = 1
    on_hit: OnHit = "reject"

    def look(self, batch: Batch) -> list[Finding]:
        whole = _whole_seeds(batch.crowd)
        findings = []
        for row, text in enumerate(batch.texts):
            own = {parent.id for parent in batch.parents(row)}
            said = tuple(words(text))
            copied = next(
                (
                    id
                    for start in range(len(said) - LONG_ENOUGH + 1)
                    for id, seed_words in whole.get(said[start : start + LONG_ENOUGH], ())
                    if id not in own and said[start : start + len(seed_words)] == seed_words
                ),
                None,
            )
            findings.append(found(self, copied is not None, evidence=f"holds the whole of {copied}"))
        return findings


def _whole_seeds(crowd: Crowd) -> dict[tuple[str, ...], list[tuple[str, tuple[str, ...]]]]:
    """First 5 words -> the seeds that begin so. A text that several seeds share is nobody's own and left out."""
    index: dict[tuple[str, ...], list[tuple[str, tuple[str, ...]]]] = {}
    for seed in crowd.seeds:
        said = tuple(words(seed.text))
        if len(said) >= LONG_ENOUGH:
            index.setdefault(said[:LONG_ENOUGH], []).append((seed.id, said))
    return index
