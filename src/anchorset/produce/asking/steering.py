"""What a model has over-used so far, so that the next prompts can forbid it: words, openings, and length.

The audit's own measure (weighted log-odds over texts that hold a word), one step earlier: what would be found in the
finished set is steered against while the set is made.
What this module does not know: cells. A word that a cell needs is let through where its prompt is written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import median

import numpy as np

from anchorset.infra.stats.logodds import log_odds_z
from anchorset.infra.text.vocabulary import content_words, words

FROM = 10
"""Passed texts from which anything is said: fewer are no habit."""
LEAST = 0.03
"""Difference of shares from which a word or an opening counts; the audit looks from 0.05 on."""
_Z = 2.0
_PRIOR = 0.1
_MOST_WORDS = 15
_MOST_OPENINGS = 8
_SEEN = 3
_LONGER = 1.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Steering:
    """What to keep away from. Empty: nothing yet."""

    words: tuple[str, ...] = ()
    """Content words in clearly more of the made texts than of the seeds, the worst first."""
    openings: tuple[str, ...] = ()
    """First two or three words that more texts begin with than seeds do, over their share and a margin."""
    longer: float = 1.0
    """Median length of the made texts over that of the seeds."""

    @property
    def too_long(self) -> bool:
        return self.longer >= _LONGER


@dataclass(frozen=True, slots=True)
class _Crowd:
    n: int
    words: Counter[str]
    openings: tuple[Counter[str], Counter[str]]
    length: float


def steering(passed: Sequence[str], seeds: Sequence[str]) -> Steering:
    """What the `passed` texts of the model over-use against the `seeds`. Pure: the order of either does not matter.

    Without seeds only openings are steered: nobody knows which words are the users' own.
    """
    if len(passed) < FROM:
        return Steering()
    made, real = _crowd(tuple(passed)), _crowd(tuple(seeds))
    return Steering(
        words=_words(made, real) if real.n else (),
        openings=_openings(made, real),
        longer=round(made.length / real.length, 2) if real.n and real.length else 1.0,
    )


@lru_cache(maxsize=2)
def _crowd(texts: tuple[str, ...]) -> _Crowd:
    counts: Counter[str] = Counter()
    two: Counter[str] = Counter()
    three: Counter[str] = Counter()
    lengths = []
    for text in texts:
        said = words(text)
        counts.update(set(said))
        lengths.append(len(text))
        first = ["#" if word.isdigit() else word for word in said[:3]]
        if len(first) > 1:
            two[" ".join(first[:2])] += 1
        if len(first) > 2:
            three[" ".join(first)] += 1
    return _Crowd(len(texts), counts, (two, three), median(lengths) if lengths else 0.0)


def _words(made: _Crowd, real: _Crowd) -> tuple[str, ...]:
    often = sorted(
        word
        for word, count in made.words.items()
        if count >= max(_SEEN, LEAST * made.n) and content_words(word) == [word]
    )
    if not often:
        return ()
    one = np.array([made.words[word] for word in often], float)
    other = np.array([real.words[word] for word in often], float)
    z = log_odds_z(one, other, sizes=(made.n, real.n), strength=_PRIOR * (made.n + real.n))
    over = (one / made.n - other / real.n >= LEAST) & (z >= _Z)
    ranked = sorted((at for at in range(len(often)) if over[at]), key=lambda at: (-z[at], often[at]))
    return tuple(often[at] for at in ranked[:_MOST_WORDS])


def _openings(made: _Crowd, real: _Crowd) -> tuple[str, ...]:
    excess: dict[str, float] = {}
    for ours, theirs in zip(made.openings, real.openings, strict=True):
        for begins, count in ours.items():
            over = count / made.n - theirs[begins] / max(1, real.n)
            known = begins.rpartition(" ")[0] in excess  # two words that are forbidden forbid three
            if count >= _SEEN and over > LEAST and not known:
                excess[begins] = over
    return tuple(sorted(excess, key=lambda begins: (-excess[begins], begins))[:_MOST_OPENINGS])
