"""Whether to generate at all: four questions, answered from facts.

What this module does not know: where the facts come from.
"""

from __future__ import annotations

from dataclasses import dataclass

from anchorset.core.behaviour import Answer, Question

MOSTLY = 0.9
"""Share of the seeds that have to be in a cell for the seed to be called organised."""
HALF = 0.5
"""Share of the seeds that have to be labelled."""
KAPPA = 0.4
"""Lower limit of the judge's kappa with people under which it is called unstable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the workspace knows beside its seeds. None: not known."""

    judged_by_model: bool = False
    """Whether an evaluator asks a model."""
    judge_kappa_low: float | None = None
    """Lower 95 % limit of the judge's kappa with people."""
    bad_cases: int | None = None
    """Failures seen in runs or reported by users."""
    bad_cases_reviewed: int = 0
    """Of these, looked at by a person."""
    versions: int | None = None
    """Dataset versions shipped so far."""
    in_git: bool | None = None


def questions(*, seeds: int, assigned: int, labelled: int, has_grid: bool, facts: Facts) -> tuple[Question, ...]:
    """The four answers, in their order. `assigned`, `labelled`: seeds in a cell, seeds with expected or criteria."""
    return (
        _seed(seeds, assigned, labelled, has_grid),
        _judge(facts),
        _bad_cases(facts),
        _versions(facts),
    )


def _seed(seeds: int, assigned: int, labelled: int, has_grid: bool) -> Question:
    asks = "Are the real cases organised and labelled?"
    if not seeds:
        return Question(
            id="seed", asks=asks, answer="no", evidence="there is no seed",
            todo="ingest real messages; without them nothing anchors the set",
        )  # fmt: skip
    where = f"{assigned:,} of {seeds:,} seeds are in a cell" if has_grid else "there are no dimensions yet"
    said = f"{where}, and {labelled:,} of {seeds:,} have an expected answer or criteria"
    todo = []
    if not has_grid:
        todo.append("name two or three dimensions")
    elif assigned < MOSTLY * seeds:
        todo.append("assign the rest to cells")
    if labelled < HALF * seeds:
        todo.append("review the seeds: one without an expected answer has no vote")
    return Question(id="seed", asks=asks, answer="no" if todo else "yes", evidence=said, todo="; ".join(todo) or None)


def _judge(facts: Facts) -> Question:
    asks = "Is the judge stable?"
    if not facts.judged_by_model:
        evidence = "no evaluator asks a model, so the same answer always scores the same"
        return Question(id="judge", asks=asks, answer="yes", evidence=evidence, todo=None)
    if facts.judge_kappa_low is None:
        return Question(
            id="judge", asks=asks, answer="unknown", evidence="nobody has graded what the judge graded",
            todo="grade a sample of answers blind",
        )  # fmt: skip
    stable = facts.judge_kappa_low >= KAPPA
    return Question(
        id="judge", asks=asks, answer="yes" if stable else "no",
        evidence=f"its kappa with people is at least {facts.judge_kappa_low:.2f}, {KAPPA} is asked for",
        todo=None if stable else "mend the rubric or the judge before it grades more cases",
    )  # fmt: skip


def _bad_cases(facts: Facts) -> Question:
    asks = "Have the known bad cases been reviewed?"
    if facts.bad_cases is None:
        return Question(
            id="bad_cases", asks=asks, answer="unknown", evidence="no run and no report of a failure is known",
            todo="run the application on the seeds and look at what fails: it says which gap to fill",
        )  # fmt: skip
    answer: Answer = "yes" if facts.bad_cases_reviewed >= facts.bad_cases else "no"
    return Question(
        id="bad_cases", asks=asks, answer=answer,
        evidence=f"{facts.bad_cases_reviewed:,} of {facts.bad_cases:,} bad cases were looked at",
        todo=None if answer == "yes" else "look at the rest, and keep what should never come back as regression cases",
    )  # fmt: skip


def _versions(facts: Facts) -> Question:
    asks = "Are there versions?"
    if facts.versions is None and facts.in_git is None:
        todo = "keep the workspace in git, and ship a version before comparing on it"
        return Question(id="versions", asks=asks, answer="unknown", evidence="nothing is known of versions", todo=todo)
    shipped = facts.versions or 0
    yes = bool(shipped) or facts.in_git is True
    where = {True: "the workspace is in git", False: "the workspace is not in git", None: ""}[facts.in_git]
    return Question(
        id="versions", asks=asks, answer="yes" if yes else "no",
        evidence="; ".join(filter(None, (_shipped(shipped), where))),
        todo=None if yes else "keep the workspace in git, and ship a version before comparing on it",
    )  # fmt: skip


def _shipped(versions: int) -> str:
    many = f"{versions:,} dataset versions are" if versions else "no dataset version is"
    return f"{'one dataset version is' if versions == 1 else many} shipped"
