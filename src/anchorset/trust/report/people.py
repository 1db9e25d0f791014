"""Do reviewers agree with each other, and does the judge agree with people?

What this module does not know: the queue, and what a judge is asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from anchorset.core.errors import InputError
from anchorset.core.judge import MIN_KAPPA, JudgeCalibration
from anchorset.core.numbers import share
from anchorset.core.said import Grade, Verdict
from anchorset.core.trust import Answer, Signal
from anchorset.infra.stats.agreement import Agreement, cohen_kappa, krippendorff_alpha
from anchorset.trust.report.phrases import amount, joined
from anchorset.trust.report.points import Point

ALPHA = 0.667
"""Krippendorff (2004), Content analysis, 11.4: from 0.667 tentative conclusions are acceptable."""
ENOUGH = 20
"""Doubly rated things from which an agreement is judged."""

Key = tuple[str | int, ...]
Labels = Mapping[Key, Mapping[str, bool]]
"""What was rated -> reviewer -> kept, or passed."""


def decisions(verdicts: Iterable[Verdict]) -> Labels:
    """Each reviewer's last word on each content: kept (approved or edited) or not. What settles is not said blind."""
    found: dict[Key, dict[str, bool]] = defaultdict(dict)
    for one in verdicts:
        if one.decision.settles:
            continue
        found[one.lane, one.content][one.decision.reviewer] = one.decision.decision != "reject"
    return found


def marks(grades: Iterable[Grade]) -> Labels:
    """Each person's last mark on each answer."""
    found: dict[Key, dict[str, bool]] = defaultdict(dict)
    for one in grades:
        found[one.run, one.case, one.content, one.target, one.repeat][one.reviewer] = one.passed
    return found


def agreement(verdicts: Iterable[Verdict], grades: Iterable[Grade]) -> Signal:
    """Do people who rated the same thing agree? Krippendorff's alpha on decisions, and on grades."""
    found = [
        (what, one)
        for what, one in (("decisions", _alpha(decisions(verdicts))), ("grades", _alpha(marks(grades))))
        if one is not None
    ]
    if not found:
        return Signal(
            id="agreement", answer="unknown", evidence="Nothing was rated by two people.",
            todo="Let a second reviewer decide a share of the queue blind (`review.overlap`).",
        )  # fmt: skip
    _, worst = min(found, key=lambda one: (one[1].n < ENOUGH, _number(one[1].value)))
    answer: Answer = "unknown"
    if worst.n >= ENOUGH:
        answer = "yes" if worst.value is None or worst.value >= ALPHA else "no"
    todo = {
        "yes": "",
        "no": "Settle what the rubric means on the cases people disagree about, write it down, and decide those again.",
        "unknown": f"Rate more things twice: {ENOUGH} at least.",
    }[answer]
    return Signal(
        id="agreement", answer=answer, evidence=joined(*(_said(name, one) for name, one in found)), todo=todo,
        value=worst.value, low=worst.low, high=worst.high,
    )  # fmt: skip


def _alpha(labels: Labels) -> Agreement | None:
    twice = {key: by for key, by in labels.items() if len(by) > 1}
    if not twice:
        return None
    people = sorted({name for by in twice.values() for name in by})
    ratings = [[by.get(name) for by in twice.values()] for name in people]
    return krippendorff_alpha(ratings)


def _said(what: str, found: Agreement) -> str:
    if found.value is None:
        return f"On {amount(found.n, 'thing')} rated twice all {what} were the same."
    return (
        f"Alpha of {what} {found.value:.2f} ({_number(found.low):.2f} to {_number(found.high):.2f}) on "
        f"{found.n:,} rated twice; {ALPHA:.2f} is wanted."
    )


def judge(points: Sequence[Point], grades: Iterable[Grade], calibrations: Sequence[JudgeCalibration]) -> Signal:
    """Do the evaluators agree with people's blind grades? Cohen's kappa; a lower limit of 0.4 is wanted."""
    by_people = {key: _majority(by.values()) for key, by in marks(grades).items()}
    ours, theirs, clusters = [], [], []
    for point in points:
        for row in point.rows:
            human = by_people.get((row.run, row.case, row.content, row.target, row.repeat))
            if human is not None and row.passed is not None and row.cause is None:
                ours.append(human)
                theirs.append(row.passed)
                clusters.append(row.case)
    measured = _kappa(ours, theirs, clusters)
    best = [one for one in calibrations if one.kappa is not None and one.low is not None]
    sentences = []
    if measured is not None:
        same = sum(a == b for a, b in zip(ours, theirs, strict=True))
        kappa = "" if measured.value is None else (
            f", kappa {measured.value:.2f} ({_number(measured.low):.2f} to {_number(measured.high):.2f})"
        )  # fmt: skip
        sentences.append(
            f"The evaluators said the same as people on {same:,} of {amount(len(ours), 'graded answer')}{kappa}."
        )
    sentences += [_calibrated(one) for one in best[:5]]
    # Each measured judge has to hold: the verdict may stand on any of them.
    every = [(measured.value, measured.low, measured.high, measured.n)] if measured else []
    every += [(one.kappa, one.low, one.high, one.n) for one in best]
    known = [one for one in every if one[0] is not None]
    if not known:
        same_label = " All labels were the same, which shows nothing." if measured is not None else ""
        return Signal(
            id="judge", answer="unknown",
            evidence=joined(*sentences) + same_label if sentences else "No answer was graded by a person.",
            todo="Grade a sample of a run's answers blind, in the lane of answers.",
        )  # fmt: skip
    value, low, high, n = min(known, key=lambda one: _number(one[1]))
    answer: Answer = (
        "yes" if _number(low) >= MIN_KAPPA else "unknown" if n < ENOUGH or _number(value) >= MIN_KAPPA else "no"
    )
    todo = {
        "yes": "",
        "no": "Do not let this judge decide: sharpen its criteria, or take another, and grade again.",
        "unknown": f"Grade more answers blind: the lower limit of kappa is under {MIN_KAPPA}.",
    }[answer]
    return Signal(id="judge", answer=answer, evidence=joined(*sentences), todo=todo, value=value, low=low, high=high)


def _calibrated(one: JudgeCalibration) -> str:
    kept = "" if one.order_consistency is None else f", the same answer won in {share(one.order_consistency)} of swaps"
    limits = f"{_number(one.low):.2f} to {_number(one.high):.2f}"
    return f"{one.name}: kappa {_number(one.kappa):.2f} ({limits}) on {one.n:,}{kept}."


def _kappa(ours: Sequence[bool], theirs: Sequence[bool], clusters: Sequence[str]) -> Agreement | None:
    try:
        return cohen_kappa(ours, theirs, clusters=clusters) if ours else None
    except InputError:
        return None


def _majority(said: Iterable[bool]) -> bool | None:
    votes = list(said)
    yes = sum(votes)
    return None if 2 * yes == len(votes) else 2 * yes > len(votes)


def _number(value: float | None) -> float:
    return 1.0 if value is None else value
