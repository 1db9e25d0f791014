"""From one target version to the next: did seed and synthetic cases move together?

What this module does not know: how a verdict is decided, and the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from anchorset.core.result import Comparison, Measure
from anchorset.core.trust import Answer, Estimate, Move, Question
from anchorset.infra.stats.multiplicity import holm
from anchorset.trust.compare.compare import compare
from anchorset.trust.compare.verdict import ALPHA
from anchorset.trust.report.phrases import amount, signed
from anchorset.trust.report.points import Point
from anchorset.trust.report.population import Population

SWAPS = 5
"""Changes of the target that are looked at, the last ones."""

_HAIR = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Two points that can be compared, and what `compare` says of them."""

    before: Point
    after: Point
    found: Comparison


def steps(measured: Sequence[Point], of: Population, *, max_drop: float, random_seed: int) -> tuple[list[Step], bool]:
    """A step between neighbours among the last target versions under today's evaluators; whether the last step is
    one from the first of them to the last, added when there are two swaps or more.

    measured: the newest run of each target version, by first appearance. Neighbours without a common case give none.
    """
    alike = [point for point in measured if point.head.evaluators == measured[-1].head.evaluators][-SWAPS - 1 :]
    pairs = list(pairwise(alike))
    spanned = len(pairs) > 1
    if spanned:
        pairs.append((alike[0], alike[-1]))
    compared = [(a, b, _compared(a, b, of, max_drop=max_drop, random_seed=random_seed)) for a, b in pairs]
    found = [Step(before=a, after=b, found=one) for a, b, one in compared if one is not None]
    return found, spanned and compared[-1][2] is not None


def _compared(before: Point, after: Point, of: Population, *, max_drop: float, random_seed: int) -> Comparison | None:
    """`compare` on the cases and repeats that both have; None when there is none."""
    left, right = (_by_key(point) for point in (before, after))
    common = sorted(left.keys() & right.keys())
    if not common:
        return None
    rows = [
        {
            "case_id": of.cases[place].id, "system": system, "score": values[place, repeat], "repeat": repeat,
            "bucket": of.cases[place].bucket, "root": of.names[place],
        }
        for system, values in (("before", left), ("after", right))
        for place, repeat in common
    ]  # fmt: skip
    return compare(rows, "before", ["after"], max_drop=max_drop, random_seed=random_seed)[0]


def _by_key(point: Point) -> dict[tuple[int, int], float]:
    return {
        (place, repeat): value
        for place, repeat, value in zip(point.place.tolist(), point.repeat.tolist(), point.value.tolist(), strict=True)
        if not np.isnan(value)
    }


def moves(found: Sequence[Step], *, max_drop: float) -> list[Move]:
    """The steps in words, p adjusted over all of them."""
    known = [step.found.interaction.p for step in found if step.found.interaction]
    adjusted = iter(holm(known))
    return [_move(step, next(adjusted) if step.found.interaction else None, max_drop) for step in found]


def _move(step: Step, p: float | None, max_drop: float) -> Move:
    found = step.found
    seed = found.bucket("seed")
    return Move(
        baseline=step.before.name,
        candidate=step.after.name,
        says=_says(seed, found.synthetic, found, p, max_drop),
        buckets={one.bucket: _estimate(one) for one in found.buckets},
        seed=_estimate(seed) if seed else None,
        synthetic=_estimate(found.synthetic) if found.synthetic else None,
        p=p,
        verdict=found.verdict,
    )


def _estimate(found: Measure) -> Estimate:
    return Estimate(value=found.delta, low=found.low, high=found.high, n=found.n, clusters=found.clusters)


def _says(seed: Measure | None, synthetic: Measure | None, found: Comparison, p: float | None, max_drop: float) -> str:
    if seed is None or synthetic is None or found.interaction is None or p is None:
        return "unclear"
    opposite = synthetic.delta > _HAIR >= seed.delta or seed.delta > _HAIR >= synthetic.delta
    if p < ALPHA and opposite:
        return "apart"
    if seed.delta * synthetic.delta > 0 and any(one.low > 0 or one.high < 0 for one in (seed, synthetic)):
        return "together"
    if max(abs(found.interaction.low), abs(found.interaction.high)) <= max_drop:
        return "together"
    narrow = max(seed.high - seed.low, synthetic.high - synthetic.low) <= 4 * max_drop
    return "still" if narrow and not opposite else "unclear"


def together(found: Sequence[Move], *, spanned: bool, seeds: int, targets: int) -> Question:
    """Do seed and synthetic cases move the same way when the target changes?

    spanned: the last of `found` goes from the first target version to the last and is no swap of its own.
    seeds: seed cases of the version; targets: target versions with judged rows.
    """
    if not found:
        return Question(id="together", answer="unknown", evidence=_nothing(targets), todo=_first_todo(seeds, targets))
    apart = [move for move in found if move.says == "apart"]
    swaps = found[:-1] if spanned else found
    alike = [move for move in swaps if move.says == "together"]
    flattered = [move for move in apart if move.synthetic and move.seed and move.synthetic.value > move.seed.value]
    answer: Answer = "no" if apart else "yes" if alike else "unknown"
    shown = apart[-1] if apart else (alike or list(swaps))[-1]
    counted = f"In {len(alike)} of {amount(len(swaps), 'change')} of the target seed and synthetic moved together"
    evidence = f"{counted}, in {len([m for m in swaps if m.says == 'apart'])} apart. {sentence(shown)}"
    if apart:
        todo = (
            "Trust the seed: the synthetic cases flatter the newer version. Look at the words and behaviours that "
            "set them apart, and replace the techniques that climbed."
            if flattered
            else "Trust the seed: the synthetic cases fall where real users are served better. Look for cases whose "
            "expected answer is out of date."
        )
    elif alike:
        todo = ""
    elif all(move.synthetic is None for move in found):
        todo = "Make synthetic cases, review and ship them, and run both target versions on that dataset version."
    elif all(move.seed is None for move in found):
        todo = "Ingest real cases and give them an expected answer: without a seed nothing shows what is true."
    else:
        todo = "Keep running both on every new target version, and grow the seed: no change so far is large enough."
    last = found[-1] if not apart else apart[-1]
    gap = last.synthetic.value - last.seed.value if last.seed and last.synthetic else None
    return Question(id="together", answer=answer, evidence=evidence, todo=todo, value=gap)


def sentence(move: Move) -> str:
    """`From a@1 to b@2 the seed moved by -4.0 points (-9.1 to +1.0), synthetic cases by +6.0 (+2.1 to +9.9).`"""
    said = [
        f"{who} by {signed(one.value)} ({signed(one.low)} to {signed(one.high)})"
        for who, one in (("the seed moved", move.seed), ("synthetic cases", move.synthetic))
        if one is not None
    ]
    missing = "" if move.seed and move.synthetic else "; the other side has no judged case"
    return f"From {move.baseline} to {move.candidate} {', '.join(said) or 'nothing can be compared'} points{missing}."


def _nothing(targets: int) -> str:
    if not targets:
        return "No run has judged a case of this version."
    if targets == 1:
        return "One target version has run; moving takes two."
    return f"{targets} target versions have run, but no two neighbours judged the same cases by the same evaluators."


def _first_todo(seeds: int, targets: int) -> str:
    if not seeds:
        return "Ingest real cases first: without a seed nothing shows whether synthetic cases tell the truth."
    if targets < 2:
        return "Run the current and the next version of the application on this dataset."
    return "Run the target versions again on this dataset with one set of evaluators."
