"""Seed and synthetic over target versions: apart is seen, alike is seen, and too little says so."""

from __future__ import annotations

import dataclasses

import pytest
from made_up import dataset, history, run

from anchorset.core.case import Case
from anchorset.core.ports import Embedder
from anchorset.core.trust import Question, Signal, TrustReport
from anchorset.trust.report.report import report


def question(found: TrustReport, name: str) -> Question:
    return next(one for one in found.questions if one.id == name)


def signal(found: TrustReport, name: str) -> Signal:
    return next(one for one in found.signals if one.id == name)


def rates(seed: float, synthetic: float):
    return lambda case: seed if case.bucket == "seed" else synthetic


def climbing(cases: list[Case], steps: list[tuple[float, float]], **fields):
    return [run(cases, rates(*step), version=str(at), at=at, **fields) for at, step in enumerate(steps, start=1)]


CASES = dataset(120, 1, ("mutation", "remix"))


@pytest.fixture(scope="module")
def apart(embedder: Embedder) -> TrustReport:
    steps = [(0.75, 0.6), (0.68, 0.67), (0.6, 0.74), (0.53, 0.81), (0.46, 0.88)]
    return report(history(embedder, CASES, runs=climbing(CASES, steps)))


def test_synthetic_climbing_while_the_seed_falls_is_a_no_with_both_numbers(apart):
    found = question(apart, "together")
    assert found.answer == "no"
    assert "bot@1" in found.evidence
    assert "bot@5" in found.evidence
    assert "the seed moved by -" in found.evidence
    assert "synthetic cases by +" in found.evidence
    assert found.todo.startswith("Trust the seed")
    assert found.value is not None
    assert found.value > 0.3


def test_a_slow_drift_shows_from_the_first_to_the_last_version_though_no_single_step_does(embedder):
    steps = [(0.70, 0.70), (0.68, 0.72), (0.66, 0.74), (0.64, 0.76), (0.62, 0.78), (0.60, 0.80)]
    # Each case keeps one draw over all versions, so only the drift changes it.
    found = report(history(embedder, CASES, runs=climbing(CASES, steps)))
    assert question(found, "together").answer == "no"
    assert found.moves[-1].baseline == "bot@1"
    assert found.moves[-1].candidate == "bot@6"
    assert found.moves[-1].says == "apart"


def test_both_falling_together_is_a_yes(embedder):
    found = report(history(embedder, CASES, runs=climbing(CASES, [(0.9, 0.9), (0.6, 0.6)])))
    assert question(found, "together").answer == "yes"
    assert [move.says for move in found.moves] == ["together"]


def test_one_run_is_unknown_and_asks_for_the_next_version(embedder):
    found = question(report(history(embedder, CASES, runs=climbing(CASES, [(0.9, 0.9)]))), "together")
    assert (found.answer, "two" in found.evidence, "next version" in found.todo) == ("unknown", True, True)


def test_a_second_run_of_the_same_version_is_no_move(embedder):
    runs = [run(CASES, rates(0.9, 0.9), at=1), run(CASES, rates(0.5, 0.9), at=2)]
    found = report(history(embedder, CASES, runs=runs))
    assert found.moves == ()
    assert question(found, "together").answer == "unknown"
    assert len(found.runs) == 2


def test_runs_by_other_evaluators_are_not_compared(embedder):
    first, second = climbing(CASES, [(0.9, 0.9), (0.6, 0.9)])
    other = (first[0].model_copy(update={"evaluators": ("contains@1",)}), first[1])
    found = report(history(embedder, CASES, runs=[other, second]))
    assert found.moves == ()
    assert "evaluators" in question(found, "together").evidence


def test_rows_of_a_case_that_has_changed_since_are_left_out_and_counted(embedder):
    runs = climbing(CASES, [(0.9, 0.9), (0.9, 0.9)])
    changed = [CASES[0].revised(expected="deny"), *CASES[1:]]
    found = report(history(embedder, changed, runs=runs))
    assert [one.left_out for one in found.runs] == [1, 1]
    assert found.runs[0].cases == len({case.id for case in CASES}) - 1
    assert "1 of" in question(found, "provenance").evidence


def test_repeats_weigh_a_case_once(embedder):
    once, thrice = (
        report(history(embedder, CASES, runs=[run(CASES, lambda case: 1.0, repeats=times)])) for times in (1, 3)
    )
    assert once.runs[0].buckets["seed"].n == thrice.runs[0].buckets["seed"].n == 120
    assert once.runs[0].buckets["seed"].clusters == thrice.runs[0].buckets["seed"].clusters


def test_the_report_does_not_depend_on_the_order_of_cases_rows_or_decisions(embedder, apart):
    given = history(embedder, CASES, runs=climbing(CASES, [(0.75, 0.6), (0.55, 0.8)]))
    turned = dataclasses.replace(
        given, cases=CASES[::-1], runs=[(head, rows[::-1]) for head, rows in given.runs]
    )  # fmt: skip
    one, other = report(given), report(turned)
    assert one.questions == other.questions
    assert one.moves == other.moves


def test_a_verdict_that_hangs_on_the_sample_is_called_unsteady(embedder):
    found = report(history(embedder, CASES, runs=climbing(CASES, [(0.75, 0.75), (0.69, 0.75)])))
    swing = signal(found, "swing")
    assert swing.value is not None
    assert 0 <= swing.value <= 1
    steady = signal(report(history(embedder, CASES, runs=climbing(CASES, [(0.95, 0.9), (0.3, 0.9)]))), "swing")
    assert (steady.answer, steady.value) == ("yes", 0.0)
    assert steady.evidence.startswith("BLOCK")


def test_synthetic_alone_is_set_beside_the_seed_and_the_mixture(apart):
    found = signal(apart, "synthetic_only")
    assert found.answer == "no"
    assert all(word in found.evidence for word in ("seed", "mixed", "synthetic alone", "points"))


def test_one_side_alone_is_unknown_and_asks_for_the_other(embedder):
    for side, word in (("seed", "Make synthetic"), ("mutation", "Ingest real")):
        cases = [case for case in CASES if case.bucket == side]
        found = question(report(history(embedder, cases, runs=climbing(cases, [(0.9, 0.9), (0.6, 0.6)]))), "together")
        assert found.answer == "unknown"
        assert found.todo.startswith(word)
