"""From judgements to what is known about each judge: agreement with people beyond chance, and steadiness when swapped.

What this module does not know: files, and what follows from a low kappa.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from anchorset.core.family import family_of
from anchorset.core.judge import JudgeCalibration
from anchorset.infra.stats.agreement import cohen_kappa
from anchorset.infra.stats.intervals import wilson
from anchorset.infra.stats.rate import rate_interval
from anchorset.trust.judges.pairs import Judgement


def calibrate(judgements: Iterable[Judgement], *, families: Mapping[str, str] | None = None) -> list[JudgeCalibration]:
    """One calibration a judge over all its strategies (strategy None), followed by one a strategy where there are some.

    Each order asked is one judgement. Kappa: Cohen's, with an interval that takes an item's judgements, in both orders
    and under every strategy, for one piece of evidence. Order consistency: of the items judged in both orders, the
    share in which the same answer won; Wilson's interval, at the effective number of items where they repeat.
    families: judge -> family, where the name does not tell. In alphabetical order, whatever the order of the rows.
    """
    by_judge: dict[str, dict[str | None, list[Judgement]]] = {}
    for one in judgements:
        by_judge.setdefault(one.judge, {}).setdefault(one.strategy, []).append(one)
    found = []
    for judge, strategies in sorted(by_judge.items()):
        everything = [one for ones in strategies.values() for one in ones]
        said = next((one.family for one in everything if one.family), None)
        family = family_of(judge, override=(families or {}).get(judge) or said)
        found.append(_of(everything, judge=judge, strategy=None, family=family))
        if set(strategies) != {None}:
            found += [
                _of(ones, judge=judge, strategy=strategy, family=family)
                for strategy, ones in sorted(strategies.items(), key=lambda pair: pair[0] or "")
                if strategy is not None
            ]
    return found


def _of(ones: Sequence[Judgement], *, judge: str, strategy: str | None, family: str | None) -> JudgeCalibration:
    ones = sorted(ones, key=lambda one: (one.item, one.strategy or ""))
    said: list[str] = []
    labels: list[str] = []
    items: list[str] = []
    for one in ones:
        for word in one.said:
            if word is not None and one.label is not None:
                said.append(word)
                labels.append(one.label)
                items.append(one.item)
    pairs = [one for one in ones if len(one.said) == 2 and None not in one.said]
    held = [float(one.said[0] == one.said[1]) for one in pairs]
    steady = _rate(held, [one.item for one in pairs])
    kappa = cohen_kappa(said, labels, clusters=items) if said else None
    return JudgeCalibration(
        judge=judge,
        strategy=strategy,
        family=family,
        items=len(set(items)),
        n=len(said),
        not_judged=sum(word is None for one in ones for word in one.said),
        unlabelled=sum(word is not None for one in ones if one.label is None for word in one.said),
        accuracy=sum(a == b for a, b in zip(said, labels, strict=True)) / len(said) if said else None,
        kappa=kappa.value if kappa else None,
        low=kappa.low if kappa else None,
        high=kappa.high if kappa else None,
        pairs=len(pairs),
        order_consistency=sum(held) / len(held) if held else None,
        order_low=steady[0] if steady else None,
        order_high=steady[1] if steady else None,
    )


def _rate(held: Sequence[float], items: Sequence[str]) -> tuple[float, float] | None:
    if not held:
        return None
    if len(set(items)) == len(items):
        return wilson(sum(held), len(held))
    found = rate_interval(held, clusters=items)
    return found.low, found.high
