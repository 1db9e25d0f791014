"""What past runs say to the map and to the plan: who passed, by which axis value, how many answers change.

What this module does not know: what follows from it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TypedDict

from anchorset.core.case import Case
from anchorset.core.run import RunHead
from anchorset.core.said import Grade
from anchorset.infra.db import runs as run_rows
from anchorset.infra.db import said as said_rows
from anchorset.pipeline.review.graded import graded_evaluators
from anchorset.pipeline.workspace import Workspace
from anchorset.trust.report.families import MODEL_EVALUATORS


class JudgeFacts(TypedDict):
    """What the map asks about judges."""

    judged_by_model: bool
    """Whether an evaluator asks a model."""
    judge_kappa_low: float | None
    """The lower 95 % limit of kappa with people, of the judging model that has the lowest; None: nobody graded."""


ENOUGH = 50
"""Cases that two versions of a target share from which their flips are a rate."""


def passed_in(workspace: Workspace, run: str) -> dict[str, bool]:
    """Case id -> whether all its judged answers in this run passed."""
    return {case: passed for (case, _), passed in _by_content(workspace, run).items()}


def _by_content(workspace: Workspace, run: str) -> dict[tuple[str, str], bool]:
    with workspace.store.reading() as connection:
        rows = run_rows.results(connection, run)
    found: dict[tuple[str, str], bool] = {}
    for row in rows:
        if row.passed is not None:
            found[row.case, row.content] = found.get((row.case, row.content), True) and row.passed
    return found


def heads_of(workspace: Workspace) -> list[RunHead]:
    """The runs there are, oldest first."""
    with workspace.store.reading() as connection:
        return run_rows.heads(connection)


def pass_rates(
    workspace: Workspace, cases: Iterable[Case], axes: Sequence[str]
) -> dict[str, dict[str, tuple[int, int]]]:  # fmt: skip
    """Axis -> value -> (passed, judged) in the last run there is: one answer a case, so that no case speaks twice."""
    heads = heads_of(workspace)
    passed = passed_in(workspace, heads[-1].run) if heads else {}
    judged: dict[str, Counter[str]] = {axis: Counter() for axis in axes}
    good: dict[str, Counter[str]] = {axis: Counter() for axis in axes}
    for case in {case.id: case for case in cases if case.id in passed}.values():
        for axis in axes:
            value = case.metadata.get(axis)
            if value not in (None, ""):
                judged[axis][str(value)] += 1
                good[axis][str(value)] += passed[case.id]
    return {axis: {value: (good[axis][value], n) for value, n in judged[axis].items()} for axis in axes}


def flip_rate(workspace: Workspace) -> float | None:
    """Share of the cases whose result changed between the last two versions of a target, 0-1.

    Of the target that ran last among those that ran in two versions; a version that ran twice counts with its last run.
    None: no two versions have 50 judged cases in common, the same contents.
    """
    by_target: dict[str, dict[str, RunHead]] = {}
    for head in heads_of(workspace):
        versions = by_target.setdefault(head.target, {})
        versions.pop(head.version, None)  # the last run of a version is where it stands
        versions[head.version] = head
    pairs = [list(versions.values())[-2:] for versions in by_target.values() if len(versions) > 1]
    for before, after in sorted(pairs, key=lambda pair: pair[1].started_at, reverse=True):
        then, now = (_by_content(workspace, head.run) for head in (before, after))
        shared = then.keys() & now.keys()
        if len(shared) >= ENOUGH:
            return sum(then[key] != now[key] for key in shared) / len(shared)
    return None


def judge_facts(workspace: Workspace, heads: Sequence[RunHead]) -> JudgeFacts:
    """From the evaluators of the configuration and of these runs, and from people's grades."""
    config = workspace.config
    models = {model for head in heads for model in head.judges.values()}
    by_model = bool(models) or any(spec.name in MODEL_EVALUATORS for spec in config.evaluators)
    lows: list[float] = []
    if models:
        with workspace.store.reading() as connection:
            grades = said_rows.all_said(connection, Grade, "grade")
            asked = [head for head in heads if head.judges]
            runs = [(head, run_rows.results(connection, head.run)) for head in asked] if grades else []
        lows = [
            one.low for one in graded_evaluators(runs, grades) if one.judge in models and one.low is not None
        ]  # fmt: skip
    return {"judged_by_model": by_model, "judge_kappa_low": min(lows, default=None)}
