"""Signature words: words that carry no topic, used far more often than real users use them.

What this module does not know: topics. Those are leaked terms.
"""

from __future__ import annotations

from anchorset.infra.text.vocabulary import content_words
from anchorset.trust.audit.ground import Ground
from anchorset.trust.audit.leaked import measured
from anchorset.trust.audit.null import Measured
from anchorset.trust.audit.over_use import OverUse, over_use

TICS = frozenset(
    (
        "absolutely", "additionally", "appreciate", "assist", "assistance", "certainly", "clarify", "comprehensive",
        "could", "crucial", "currently", "delve", "ensure", "furthermore", "greatly", "guidance", "hello", "however",
        "inquire", "inquiry", "kindly", "moreover", "patience", "regarding", "robust", "seamless", "sincerely", "thank",
        "thanks", "therefore", "understand", "utilize", "wondering", "would",
    )
)  # fmt: skip
"""Courtesy and padding that carries no topic, beyond the stop words."""


def is_topic(word: str) -> bool:
    """Whether a word names what a case is about: no stop word, no courtesy, no placeholder."""
    return word not in TICS and bool(content_words(word))


def signature(ground: Ground) -> tuple[Measured, OverUse]:
    """`words.signature`: the largest weighted log-odds z of a word without a topic."""
    features = ground.words.only(lambda word: not is_topic(word))
    found = over_use(features, ground.labels)
    return measured("words.signature", ground, features, found, "word"), found
