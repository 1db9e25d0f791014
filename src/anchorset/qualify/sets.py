"""What can only be seen on the whole set: findings that no single candidate deserves.

    set.vocabulary   entropy of the key terms within 15 % of the seeds'
    set.saturation   late candidates are still new: their distance to what was there before has not halved
    set.mix          each technique within 2 points of its ordered share
    set.cling        red team does not cling to a few known attack patterns

What this module does not know: what to do about it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from anchorset.core.case import Case
from anchorset.core.finding import Finding
from anchorset.core.provenance import Synthetic
from anchorset.infra.embed.neighbours import nearest_in
from anchorset.infra.stats.entropy import entropy_bits
from anchorset.infra.text.vocabulary import key_terms, words
from anchorset.qualify.crowd import Crowd

ENTROPY_BAND = 0.15
MIX_BAND = 0.02
HALVED = 0.5
CLING_SHARE, CLING_LEAST = 0.15, 20
QUARTERS = 4
ENOUGH = 40
"""Candidates under which vocabulary, saturation and mix say nothing."""


def set_findings(passed: Sequence[Case], *, crowd: Crowd, ordered: Mapping[str, float]) -> list[Finding]:
    """Four findings on the candidates in the order in which they passed. `ordered`: technique -> share 0-1."""
    return [_vocabulary(passed, crowd), _saturation(passed, crowd), _mix(passed, ordered), _cling(passed)]


def _finding(code: str, hit: bool, score: float, threshold: float, evidence: str) -> Finding:
    return Finding(
        check=code,
        version=1,
        says="flag" if hit else "pass",
        score=round(score, 4),
        threshold=threshold,
        evidence=evidence,
    )


def _not_run(code: str, why: str) -> Finding:
    return Finding(check=code, version=1, says="not_run", evidence=why)


def _few(code: str, passed: Sequence[Case]) -> Finding:
    return _not_run(code, f"{len(passed)} candidates, {ENOUGH} needed")


def _vocabulary(passed: Sequence[Case], crowd: Crowd) -> Finding:
    if len(passed) < ENOUGH:
        return _few("set.vocabulary", passed)
    terms = key_terms(crowd.texts)
    before, after = (_entropy(texts, terms) for texts in (crowd.texts, [case.text for case in passed]))
    if not before:
        return _not_run("set.vocabulary", "the seeds share no key term")
    change = after / before - 1
    return _finding(
        "set.vocabulary", abs(change) > ENTROPY_BAND, change, ENTROPY_BAND,
        f"the 50 key terms of the seeds spread over {after:.2f} bits, in the seeds over {before:.2f} ({change:+.0%}): "
        "look at `audit` for the words that took over",
    )  # fmt: skip


def _entropy(texts: Sequence[str], terms: Sequence[str]) -> float:
    wanted = set(terms)
    counts = Counter(word for text in texts for word in set(words(text)) if word in wanted)
    return entropy_bits(list(counts.values())) if counts else 0.0


def _saturation(passed: Sequence[Case], crowd: Crowd) -> Finding:
    if len(passed) < ENOUGH:
        return _few("set.saturation", passed)
    vectors = crowd.embedder.embed([case.text for case in passed])
    quarter = len(passed) // QUARTERS
    first, last = (_novelty(vectors, start, start + quarter) for start in (quarter, len(passed) - quarter))
    kept = last / first if first else 1.0
    return _finding(
        "set.saturation", kept < HALVED, kept, HALVED,
        f"the last candidates are {kept:.0%} as far from all before them as the earlier ones were: "
        "more from these seeds will mostly repeat, ingest others",
    )  # fmt: skip


def _novelty(vectors: NDArray[np.float32], start: int, end: int) -> float:
    """Median cosine distance of the candidates in [start, end) to the nearest candidate before `start`."""
    return float(np.median(1 - nearest_in(vectors[start:end], vectors[:start])[1]))


def _mix(passed: Sequence[Case], ordered: Mapping[str, float]) -> Finding:
    if len(passed) < ENOUGH:
        return _few("set.mix", passed)
    got = Counter(str(case.bucket) for case in passed)
    total, whole = max(1, len(passed)), sum(ordered.values()) or 1
    off = {name: got[name] / total - share / whole for name, share in ordered.items()}
    name = max(off, key=lambda key: abs(off[key]), default="")
    if not name:
        return _not_run("set.mix", "nothing was ordered")
    said = f"{name} is {off[name]:+.1%} off its share of the mix; the moved and short cells say why"
    return _finding("set.mix", abs(off[name]) > MIX_BAND, off[name], MIX_BAND, said)


def _cling(passed: Sequence[Case]) -> Finding:
    patterns = Counter(
        step.operator
        for case in passed
        if isinstance(case.provenance, Synthetic) and case.bucket == "redteam"
        for step in case.provenance.operators[:1]
    )
    total = sum(patterns.values())
    if total < CLING_LEAST:
        return _not_run("set.cling", f"{total} attacks, {CLING_LEAST} needed")
    name, most = patterns.most_common(1)[0]
    return _finding(
        "set.cling", most > CLING_SHARE * total, most / total, CLING_SHARE, f"{name} makes {most} of {total} attacks"
    )
