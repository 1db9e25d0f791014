"""What people's blind grades say about who judged the answers of runs: rules under their own name, models under theirs.

What this module does not know: how agreement is measured, and what a verdict makes of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from anchorset.core.judge import JudgeCalibration
from anchorset.core.run import Result, RunHead
from anchorset.core.said import Grade
from anchorset.trust.judges.calibrate import calibrate
from anchorset.trust.judges.grades import graded

Runs = Sequence[tuple[RunHead, Sequence[Result]]]


def graded_evaluators(runs: Runs, grades: Sequence[Grade]) -> list[JudgeCalibration]:
    """One calibration an evaluator; one that asks a language model counts under the model's name and family."""
    if not grades:
        return []
    rows: dict[tuple[str, str | None], list[Result]] = {}
    for head, results in runs:
        for name in sorted({score.evaluator for row in results for score in row.scores}):
            rows.setdefault((name, head.judges.get(name)), []).extend(results)
    judgements = [
        one
        for (name, model), results in sorted(rows.items(), key=str)
        for one in graded(results, grades, evaluator=name, judge=model)
    ]
    families = {model: family for model, family in _families(runs).items() if family is not None}
    return calibrate(judgements, families=families) if judgements else []


def judge_of(
    runs: Runs, grades: Sequence[Grade], known: Sequence[JudgeCalibration], *, families: Collection[str | None]
) -> JudgeCalibration | None:
    """What is known about the language model that judged these runs; None when none did.

    `known`: calibrations that came from elsewhere; people's grades of these runs go first. `families`: of the
    candidates. Of several judges the one of a candidate's family that agrees least with people counts: it is the one
    that a verdict can fail by.
    """
    measured = {one.judge: one for one in (*known, *graded_evaluators(runs, grades)) if one.strategy is None}
    named = _families(runs)
    found = [
        measured[model].model_copy(update={"family": family})
        if model in measured
        else JudgeCalibration(judge=model, family=family, items=0, n=0)
        for model, family in named.items()
    ]
    return min(found, key=lambda one: (one.family not in families, -1 if one.low is None else one.low), default=None)


def _families(runs: Iterable[tuple[RunHead, object]]) -> dict[str, str | None]:
    """Judge -> family; None: nobody knows it."""
    return {model: head.judge_families.get(name) for head, _ in runs for name, model in sorted(head.judges.items())}
