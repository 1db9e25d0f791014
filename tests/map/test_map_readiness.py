from __future__ import annotations

import pytest

from anchorset.map.readiness import Facts, questions


def asked(id: str, *, seeds: int = 100, assigned: int = 100, labelled: int = 100, has_grid: bool = True, **facts):
    found = questions(seeds=seeds, assigned=assigned, labelled=labelled, has_grid=has_grid, facts=Facts(**facts))
    return next(one for one in found if one.id == id)


@pytest.mark.parametrize(
    ("seeds", "answer"),
    [
        ({}, "yes"),
        ({"assigned": 90, "labelled": 50}, "yes"),
        ({"assigned": 89}, "no"),
        ({"labelled": 49}, "no"),
        ({"has_grid": False}, "no"),
        ({"seeds": 0, "assigned": 0, "labelled": 0}, "no"),
    ],
)
def test_the_seed_is_ready_when_nine_in_ten_are_placed_and_half_can_vote(seeds: dict, answer: str) -> None:
    found = asked("seed", **seeds)
    assert found.answer == answer
    assert (found.todo is None) == (answer == "yes")


@pytest.mark.parametrize(
    ("facts", "answer"),
    [
        ({}, "yes"),
        ({"judged_by_model": True}, "unknown"),
        ({"judged_by_model": True, "judge_kappa_low": 0.39}, "no"),
        ({"judged_by_model": True, "judge_kappa_low": 0.4}, "yes"),
    ],
)
def test_a_judge_is_stable_when_there_is_none_or_people_agree_with_it(facts: dict, answer: str) -> None:
    assert asked("judge", **facts).answer == answer


@pytest.mark.parametrize(
    ("facts", "answer", "evidence"),
    [
        ({}, "unknown", "no run"),
        ({"bad_cases": 3, "bad_cases_reviewed": 2}, "no", "2 of 3 bad cases"),
        ({"bad_cases": 3, "bad_cases_reviewed": 3}, "yes", "3 of 3"),
        ({"bad_cases": 0}, "yes", "0 of 0"),
    ],
)
def test_bad_cases_are_reviewed_when_all_were_looked_at(facts: dict, answer: str, evidence: str) -> None:
    found = asked("bad_cases", **facts)
    assert found.answer == answer
    assert found.evidence.startswith(evidence)


@pytest.mark.parametrize(
    ("facts", "answer", "evidence"),
    [
        ({}, "unknown", "nothing is known of versions"),
        ({"versions": 0, "in_git": False}, "no", "no dataset version is shipped; the workspace is not in git"),
        ({"versions": 1, "in_git": False}, "yes", "one dataset version is shipped; the workspace is not in git"),
        ({"versions": 3}, "yes", "3 dataset versions are shipped"),
        ({"versions": 0, "in_git": True}, "yes", "no dataset version is shipped; the workspace is in git"),
    ],
)
def test_there_are_versions_when_one_is_shipped_or_git_keeps_the_folder(
    facts: dict, answer: str, evidence: str
) -> None:
    found = asked("versions", **facts)
    assert (found.answer, found.evidence) == (answer, evidence)


def test_the_four_questions_are_asked_in_their_order() -> None:
    found = questions(seeds=1, assigned=1, labelled=1, has_grid=True, facts=Facts())
    assert [one.id for one in found] == ["seed", "judge", "bad_cases", "versions"]
