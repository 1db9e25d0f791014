"""Behaviour parity: does the target do on synthetic cases what it does on real ones?

Each behaviour is a number 0-1 a case (the mean over its repeats); the seed is compared with each technique, and with
all of them but red team together.
What this module does not know: whether an answer was right.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anchorset.core.inert import short
from anchorset.core.numbers import share
from anchorset.core.trust import Answer, Parity, Signal
from anchorset.infra.stats.unpaired import unpaired_difference
from anchorset.trust.report.phrases import amount, joined, signed
from anchorset.trust.report.points import Point
from anchorset.trust.report.population import REDTEAM, Mask, Population
from anchorset.trust.report.spoken import class_of, failed, refuses, text_of

MARGIN = 0.10
"""Difference of shares that is worth a word: ten points."""
LENGTH_MARGIN = 0.25
"""Relative difference of the typical length that is."""
FEWEST = 10
"""Cases on a side under which nothing is compared."""
ENOUGH = 30
"""Seeds that answered, from which silence means parity."""
TOOLS, CLASSES = 12, 12
"""Tools and classes that are compared, the commonest."""
MOST_CLASSES = 20
CATEGORICAL = 0.9
"""Share of the answers that the commonest classes must make up for answers to be classes at all."""
POOLED = "synthetic"
_WORDS = math.log(4001.0)
"""Longest answer that is told from longer ones: 4,000 words."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """One behaviour of a target."""

    name: str
    value: Floats
    """(n_cases,) mean over repeats, 0-1; NaN: not shown by any row."""


def parity(points: Sequence[Point], of: Population) -> list[Parity]:
    """All comparisons of the newest run of each target, in the order of the targets."""
    return [one for point in points for one in _target(point, of)]


def _target(point: Point, of: Population) -> Iterator[Parity]:
    shown = behaviours(point, of)
    sides = [(name, of.bucket == name) for name in of.buckets if (of.synthetic & (of.bucket == name)).any()]
    if len(sides) > 1 and (of.usual.sum() > max(int((of.usual & where).sum()) for _, where in sides)):
        sides.insert(0, (POOLED, of.usual))
    compared = [
        (one, name, where)
        for one in shown
        for name, where in sides
        if min(_known(one, of.seed), _known(one, where)) >= FEWEST
    ]
    for one, name, where in compared:
        yield _compared(one, name, where, of, target=point.name, tests=len(compared))


def _known(one: Behaviour, where: Mask) -> int:
    return int((where & ~np.isnan(one.value)).sum())


def behaviours(point: Point, of: Population) -> list[Behaviour]:
    """Tools (any, and each), refusals, errors, length, and classes where answers are short and few."""
    rows, place = point.rows, point.place
    texts = [text_of(row) for row in rows]
    out = []

    def add(name: str, value: list[float]) -> None:
        out.append(Behaviour(name=name, value=_means(np.array(value, dtype=np.float64), place, len(of.cases))))

    if any(row.tools is not None for row in rows):
        tools = _commonest([name for row in rows for name in set(row.tools or ())], TOOLS)
        # With one tool "any tool" would say the same twice.
        if len(tools) != 1:
            add("tool", [_nan if row.tools is None else float(bool(row.tools)) for row in rows])
        for tool in tools:
            add(f"tool:{tool}", [_nan if row.tools is None else float(tool in row.tools) for row in rows])
    add("error", [float(failed(row)) for row in rows])
    classes = [None if text is None else class_of(text) for text in texts]
    known = _commonest([one for one in classes if one is not None], MOST_CLASSES)
    inside = sum(one in set(known) for one in classes)
    answered = sum(text is not None for text in texts)
    if answered and len(known) > 1 and inside >= CATEGORICAL * answered and len(known) * 2 <= inside:
        for name in known[:CLASSES]:
            add(
                f"class:{name}",
                [_nan if text is None else float(name == one) for text, one in zip(texts, classes, strict=True)],
            )
    elif answered:
        add("refusal", [_nan if text is None else float(refuses(text)) for text in texts])
        add("length", [_nan if text is None else _length(text) for text in texts])
    return out


_nan = float("nan")


def _commonest(names: Sequence[str], most: int) -> list[str]:
    counts = Counter(names)
    return sorted(counts, key=lambda name: (-counts[name], name))[:most]


def _length(text: str) -> float:
    return min(1.0, math.log(1 + len(text.split())) / _WORDS)


def _means(value: Floats, place: NDArray[np.intp], n: int) -> Floats:
    known = ~np.isnan(value)
    times = np.bincount(place[known], minlength=n)
    total = np.bincount(place[known], weights=value[known], minlength=n)
    return np.asarray(np.where(times > 0, total / np.maximum(times, 1), np.nan), dtype=np.float64)


def _compared(one: Behaviour, bucket: str, where: Mask, of: Population, *, target: str, tests: int) -> Parity:
    known = ~np.isnan(one.value)
    seed, other = of.seed & known, where & known
    found = _difference(one, seed, other, of, 0.95)
    joint = _difference(one, seed, other, of, 1 - 0.05 / tests)
    if one.name == "length":
        ours, theirs = (math.expm1(mean * _WORDS) for mean in (found[3], found[4]))
        difference, low, high, joint_low, joint_high = (
            math.expm1(value * _WORDS) for value in (*found[:3], joint[1], joint[2])
        )
        margin = LENGTH_MARGIN
    else:
        difference, low, high, ours, theirs = found
        joint_low, joint_high, margin = joint[1], joint[2], MARGIN
    flagged = (low > 0 or high < 0) and abs(difference) > margin
    return Parity(
        target=target, bucket=bucket, behaviour=one.name, seed=ours, other=theirs, difference=difference,
        low=low, high=high, n_seed=int(seed.sum()), n_other=int(other.sum()), flagged=flagged,
        sure=flagged and (joint_low > 0 or joint_high < 0),
        says=sentence(one.name, bucket, ours, theirs, low, high, target),
    )  # fmt: skip


def _difference(
    one: Behaviour, seed: Mask, other: Mask, of: Population, confidence: float
) -> tuple[float, float, float, float, float]:
    found = unpaired_difference(
        one.value[seed], one.value[other], first_clusters=of.cluster[seed], second_clusters=of.cluster[other],
        confidence=confidence,
    )  # fmt: skip
    return found.delta, found.low, found.high, found.first, found.second


def sentence(behaviour: str, bucket: str, seed: float, other: float, low: float, high: float, target: str) -> str:
    """`The tool 'refund' fired 41 % less often on the seed than on mutation cases (31 % against 53 %, …).`"""
    kind, _, name = behaviour.partition(":")
    cases = f"{short(bucket, 40)} cases"
    if kind == "length":
        more = "longer" if seed >= other else "shorter"
        ratio = abs(seed / other - 1) if other > 0 else 0.0
        words = f"{seed:.0f} against {other:.0f} words"
        return f"{target}: answers were {share(ratio)} {more} on the seed than on {cases} ({words})."
    subject, verb = {
        "tool": (f"the tool {short(name, 40)!r}" if name else "tools", "fired"),
        "refusal": ("refusals", "came"),
        "error": ("errors", "came"),
        "class": (f"the answer {short(name, 40)!r}", "came"),
    }[kind]
    if other > 0 and seed <= 2 * other:
        ratio = seed / other - 1
        how = f"{share(abs(ratio))} {'more' if ratio > 0 else 'less'} often" if abs(ratio) >= 0.005 else "as often"
        link = "as" if how == "as often" else "than"
    elif other > 0:
        how, link = f"{seed / other:.1f} times as often", "as"
    else:
        how, link = ("only", "not") if seed > 0 else ("never", "nor")
    rates = f"{share(seed)} against {share(other)}, difference {signed(low)} to {signed(high)} points"
    return f"{target}: {subject} {verb} {how} on the seed {link} on {cases} ({rates})."


def told(found: Sequence[Parity]) -> list[Parity]:
    """One comparison a target and behaviour, the largest differences first: of all synthetic cases together where it
    is among `found`, else of the bucket that differs most. Red team stands for itself only where nothing else does.
    """
    ranked = sorted(found, key=lambda one: (one.bucket != POOLED, one.bucket == REDTEAM, -abs(one.difference)))
    first: dict[tuple[str, str], Parity] = {}
    for one in ranked:
        first.setdefault((one.target, one.behaviour), one)
    return sorted(first.values(), key=lambda one: (one.bucket == REDTEAM, not one.sure, -abs(one.difference)))


def parity_signal(found: Sequence[Parity], *, ran: bool, seeds: int) -> Signal:
    """Do synthetic cases trigger what real ones trigger? Red team is shown and does not count."""
    usual = [one for one in found if one.bucket != REDTEAM]
    if not usual:
        evidence = "No run has answered cases of this version." if not ran else (
            f"Fewer than {FEWEST} seed or synthetic cases were answered, so nothing is compared."
        )  # fmt: skip
        return Signal(id="parity", answer="unknown", evidence=evidence, todo="Run a target on this version.")
    sure = [one for one in usual if one.sure]
    odd = [one for one in usual if one.flagged]
    enough = max(one.n_seed for one in usual) >= ENOUGH
    answer: Answer = "no" if sure else "unknown" if odd or not enough else "yes"
    shown = told(sure or odd)[:3]
    counted = f"{amount(len(sure), 'difference')} beyond doubt in {amount(len(usual), 'comparison')}"
    more = f", {len(odd) - len(sure):,} more that could be chance" if len(odd) > len(sure) else ""
    todo = {
        "yes": "",
        "no": "Believe the seed: find what triggers the behaviour in the synthetic cases (look at the leaked words), "
        "and replace them.",
        "unknown": "Run more cases: the differences could be chance."
        if odd
        else f"Ingest {ENOUGH} real cases or more.",
    }[answer]
    return Signal(
        id="parity", answer=answer, evidence=joined(f"{counted}{more}.", *(one.says for one in shown)), todo=todo,
        value=shown[0].difference if shown else max((abs(one.difference) for one in usual), default=None),
        low=shown[0].low if shown else None, high=shown[0].high if shown else None,
    )  # fmt: skip
