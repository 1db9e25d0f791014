"""Signals: seed size, leakage, age, reviewers, judges, distance; and any small history gives an answer to each."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up import NOW, chance, dataset, golden, grade, history, manifest, run, seed, synthetic, verdicts

from anchorset.core.judge import JudgeCalibration
from anchorset.core.said import Grade
from anchorset.core.trust import Signal
from anchorset.trust.report.age import staleness
from anchorset.trust.report.anchor import leakage, seed_size
from anchorset.trust.report.nearness import distance, embedded, near
from anchorset.trust.report.page import html
from anchorset.trust.report.people import agreement, judge
from anchorset.trust.report.points import points
from anchorset.trust.report.population import population
from anchorset.trust.report.report import report
from anchorset.trust.report.words import summary

CASES = dataset(60, 1, ("mutation", "redteam"))
OF = population(CASES)
RUN = run(CASES, lambda case: 0.7)


def test_fifty_groups_are_enough_and_copies_of_one_are_not():
    assert seed_size(OF, manifest(CASES)).answer == "yes"
    copies = [seed(at, cluster="k_one") for at in range(80)]
    found = seed_size(population(copies), None)
    assert (found.answer, found.value) == ("no", 1.0)
    assert "49 more groups" in found.todo


def test_seeds_that_cannot_vote_are_counted():
    cases = [seed(at, expected=None) for at in range(60)]
    assert "60 of them have neither" in seed_size(population(cases), None).evidence


def test_a_cluster_on_both_sides_of_a_split_is_a_leak():
    cases = [seed(0, split="eval"), seed(1, split="dev"), seed(2, cluster="k_0000", split="dev")]
    found = leakage(population(cases), manifest(cases), [])
    assert found.answer == "no"
    assert set(found.cases) == {cases[0].id, cases[2].id}


def test_a_pair_that_crosses_is_a_leak_and_named():
    cases = [seed(0, split="eval"), seed(1, split="dev")]
    assert leakage(population(cases), manifest(cases), []).answer == "yes"
    found = leakage(population(cases), manifest(cases), [(cases[0].id, cases[1].id)])
    assert (found.answer, found.cases) == ("no", (cases[0].id, cases[1].id))


def aged(then: str, **how: object) -> Signal:
    given = {"made_at": {"r_1": then}, "inputs": None, "now": NOW, "stale_days": 90} | how
    return staleness(OF, manifest(CASES, lock={"prompts": "sha256:1"}), **given)


def test_old_attacks_and_old_cases_are_told_apart_by_advice():
    found = aged("2026-01-01T00:00:00+00:00")
    assert found.answer == "no"
    assert "Refresh" in found.todo
    assert "red team" in found.todo
    assert found.value == pytest.approx(323.5)


def test_what_changed_since_is_named():
    found = aged(NOW, inputs={"prompts": "sha256:2"})
    assert (found.answer, "prompts" in found.evidence) == ("no", True)
    assert aged(NOW, inputs={"prompts": "sha256:1"}).answer == "yes"


@pytest.mark.parametrize("then", ["not a time", "2026-11-01", "2999-01-01T00:00:00+00:00"])
def test_odd_times_do_no_harm(then):
    assert aged(then).answer in ("yes", "unknown")


def test_reviewers_who_agree_and_reviewers_who_toss_coins():
    made = [case for case in CASES if case.bucket != "seed"]
    kim = verdicts(made, 0.7, "kim")
    assert agreement([*kim, *verdicts(made, 0.7, "lee")], []).answer == "yes"
    coin = verdicts(made, lambda case: float(chance("coin", case.id) < 0.5), "lee")
    found = agreement([*kim, *coin], [])
    assert (found.answer, bool(found.todo)) == ("no", True)
    assert agreement(kim, []).answer == "unknown"


def graded(agrees: float) -> list[Grade]:
    return [grade(row, bool(row.passed) == (chance("g", row.case) < agrees)) for row in RUN[1][:100]]


def test_evaluators_are_held_against_blind_grades():
    measured = points([RUN], OF)
    assert judge(measured, graded(1.0), []).answer == "yes"
    assert judge(measured, graded(0.5), []).answer == "no"
    assert judge(measured, [], []).answer == "unknown"


def test_the_weakest_judge_decides():
    known = [
        JudgeCalibration(judge="good", items=100, n=100, kappa=0.8, low=0.7, high=0.9),
        JudgeCalibration(judge="bad", items=100, n=100, kappa=0.1, low=0.0, high=0.2, order_consistency=0.4),
    ]
    found = judge([], [], known)
    assert (found.answer, found.value) == ("no", 0.1)
    assert "bad: kappa 0.10 (0.00 to 0.20) on 100" in found.evidence


def away(embedder, cases):
    of = population(cases)
    return distance(near(of, embedded([case.text for case in of.cases], embedder), random_seed=1))


def test_copies_of_the_seed_and_strangers_are_both_called_out(embedder):
    real = [seed(at) for at in range(60)]
    copies = [synthetic(at, parent, text=f"{parent.text}!") for at, parent in enumerate(real)]
    found = away(embedder, [*real, *copies])
    assert (found.answer, "copies" in found.todo) == ("no", True)
    strange = [
        synthetic(at, parent, text=f"quantum chromodynamics lattice {at} eigenvalue") for at, parent in enumerate(real)
    ]
    found = away(embedder, [*real, *strange])
    assert (found.answer, "unlike" in found.todo) == ("no", True)


FEW = [*dataset(12, 1, ("mutation", "redteam")), golden(1)]


@settings(max_examples=15)
@given(
    chosen=st.sets(st.integers(0, len(FEW) - 1), max_size=14), runs=st.integers(0, 3), decisions=st.integers(0, 6),
    judged=st.booleans(), shipped=st.booleans(),
)  # fmt: skip
def test_any_small_history_is_answered_and_shown(embedder, chosen, runs, decisions, judged, shipped):
    cases = [FEW[at] for at in sorted(chosen)]
    made = [case for case in cases if case.bucket not in ("seed", "golden")][:decisions]
    rows = [run(cases, lambda case: 0.5, version=str(at), at=at, tools=lambda case: ["x"]) for at in range(1, runs + 1)]
    if not judged:
        rows = [(head, [row.model_copy(update={"passed": None}) for row in some]) for head, some in rows]
    found = history(embedder, cases, runs=rows, verdicts=verdicts(made, 0.5), judged=made)
    if not shipped:
        found = dataclasses.replace(found, manifest=None, made_at={})
    told = report(found)
    for one in (*told.questions, *told.signals):
        assert one.evidence
        assert one.todo or one.answer == "yes"
        for value in (one.value, one.low, one.high):
            assert value is None or value == value
    assert "<html" in html(told)
    assert summary(told)


def test_texts_without_a_word_and_runs_without_a_row_do_no_harm(embedder):
    blank = [seed(at) for at in range(3)]
    blank = [case.model_copy(update={"input": f"{' ' * (at + 1)}"}) for at, case in enumerate(blank)]
    head, _ = run(blank, lambda case: 1.0)
    assert html(report(history(embedder, blank, runs=[(head, [])])))
