"""How unsure the checks are of a case: the order in which people's attention is worth most.

What this module does not know: queues, and who looks.
"""

from __future__ import annotations

from collections.abc import Iterable

from anchorset.core.finding import Finding

NEAR = 0.10
"""A score within this share of its threshold is no clear word."""


def uncertainty(findings: Iterable[Finding]) -> float:
    """0 (all vouch for it, or all doubt it) to 1 (as many doubt as vouch, or nobody has looked).

    Every finding of a check or a judge that ran is a vote: pass 1, flag and reject 0; a pass whose score lies within
    10 % of its threshold comes down to 0.5, the nearer the lower. With m the mean vote it is 4 m (1 - m), the Gini
    impurity of the votes brought to 0-1: it grows with every doubt until half of them doubt.
    """
    votes = [_vote(one) for one in findings if one.says != "not_run"]
    if not votes:
        return 1.0
    mean = sum(votes) / len(votes)
    return round(4 * mean * (1 - mean), 6)


def _vote(one: Finding) -> float:
    if one.says != "pass":
        return 0.0
    if one.score is None or not one.threshold:
        return 1.0
    away = abs(one.score - one.threshold) / abs(one.threshold)
    return 1.0 if away >= NEAR else 0.5 + 0.5 * away / NEAR
