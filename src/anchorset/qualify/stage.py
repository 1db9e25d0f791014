"""qualify: what the checks say of candidates that are all there. Production asks the same gate, round by round.

What this module does not know: what made them.
"""

from __future__ import annotations

from collections.abc import Sequence

from anchorset.core.case import Case
from anchorset.qualify.crowd import Crowd
from anchorset.qualify.gate import RunGate

BATCH = 512


def qualify(candidates: Sequence[Case], *, crowd: Crowd) -> list[Case]:
    """The candidates in order, each with findings, language, difficulty and status `passed` or `rejected`.

    Earlier candidates that pass count as known for later ones, so of two near-duplicates the first stays.
    """
    gate = RunGate(crowd)
    return [
        case for start in range(0, len(candidates), BATCH) for case in gate.judge(candidates[start : start + BATCH])
    ]
