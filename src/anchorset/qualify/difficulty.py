"""Difficulty by stated rules, never by the generator's claim.

    adversarial   an attack (its benign twin is judged like any other case)
    otherwise points, one each for:
        long          more than the 90th percentile of the seeds, in words
        several asks  two or more sentences that ask or want something
        noisy         an operator of level character, or under 80 % of its words known to the crowd
        at a limit    a number changed by an operator, or an operator that changes the answer
        far           over three quarters of the way to `too_far` from its nearest seed
        drifting      a chat of four or more user turns
    easy 0, medium 1-2, hard 3 or more

What this module does not know: findings, and the target.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from anchorset.core.case import Case, Difficulty, Message
from anchorset.core.provenance import Synthetic
from anchorset.infra.text.vocabulary import words
from anchorset.qualify.crowd import Crowd

SENTENCES = re.compile(r"[.!?\n]+")
WANTS = re.compile(
    r"\b(?:can|could|how|why|when|where|what|which|who|want|need|please|pls|would|should|is|are|do|does|send|give|cancel)\b",
    re.I,
)
NOISE = "typo."
BENIGN = "redteam:over_refusal"
"""The tag of a look-alike that must be answered."""


@dataclass(frozen=True, kw_only=True)
class Yardstick:
    """What counts as long and as far among these seeds."""

    long_words: float
    far: float
    """Distance to the nearest seed, 0-2."""

    @classmethod
    def of(cls, crowd: Crowd) -> Yardstick:
        lengths = [len(words(text)) for text in crowd.texts]
        return cls(long_words=float(np.percentile(lengths, 90)), far=0.75 * crowd.band.too_far if crowd.band else 2.0)


def difficulty(case: Case, *, distance: float, crowd: Crowd, yardstick: Yardstick) -> Difficulty:
    """The level of one case; `distance` is how far its nearest seed is, 0-2."""
    origin = case.provenance
    if isinstance(origin, Synthetic) and origin.technique == "redteam" and BENIGN not in case.tags:
        return "adversarial"
    said = words(case.text)
    steps = origin.operators if isinstance(origin, Synthetic) else ()
    known = sum(word in crowd.vocabulary for word in said) / max(1, len(said))
    points = (
        (len(said) > yardstick.long_words)
        + (sum(bool(WANTS.search(sentence)) for sentence in SENTENCES.split(case.text)) >= 2)
        + (known < 0.8 or any(step.operator.startswith(NOISE) for step in steps))
        + any(step.relation == "changed" for step in steps)
        + (distance > yardstick.far)
        + (case.kind == "chat" and sum(isinstance(t, Message) and t.role == "user" for t in case.input) >= 4)
    )
    return "easy" if points == 0 else "medium" if points <= 2 else "hard"
