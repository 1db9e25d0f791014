"""Provenance, survival, vocabulary and families: each answer has numbers, and something to do when it is not yes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from made_up import dataset, golden, history, run, seed, synthetic, verdicts

from anchorset.core.config import Config
from anchorset.core.judge import JudgeCalibration
from anchorset.core.provenance import Golden
from anchorset.core.said import ProductionRun
from anchorset.core.trust import Question, TrustReport
from anchorset.trust.report.families import families, parties
from anchorset.trust.report.report import report
from anchorset.trust.report.survival import decided, grid, survival

CASES = dataset(60, 2, ("mutation", "persona"))
MADE = [case for case in CASES if case.bucket != "seed"]


def question(found: TrustReport, name: str) -> Question:
    return next(one for one in found.questions if one.id == name)


def test_every_case_with_a_source_is_a_yes_with_counts(embedder):
    found = question(report(history(embedder, [*CASES, golden(1)])), "provenance")
    assert (found.answer, found.value) == ("yes", 1.0)
    assert "golden 1" in found.evidence


def test_a_case_by_nobody_is_named(embedder):
    nobody = golden(2).model_copy(update={"provenance": Golden(source="golden", author="unknown")})
    found = question(report(history(embedder, [*CASES, nobody])), "provenance")
    assert (found.answer, found.cases) == ("no", (nobody.id,))
    assert f"1 of {len(CASES) + 1} cases" in found.evidence
    assert found.todo


@pytest.mark.parametrize(
    ("kept", "answer", "word"),
    [(0.75, "yes", ""), (0.2, "no", "caricatures"), (0.5, "no", "thrown"), (1.0, "no", "easy")],
)
def test_survival_is_healthy_between_65_and_85_percent_and_each_side_has_its_own_advice(kept, answer, word):
    found = survival(decided(verdicts(MADE, kept), MADE))
    assert found.answer == answer
    assert word in found.todo
    assert f"of {len(MADE)} decided candidates survived" in found.evidence


def test_a_few_decisions_settle_nothing():
    few = MADE[:6]
    found = survival(decided(verdicts(few, 0.75), few))
    assert found.answer == "unknown"
    assert "too few decisions" in found.evidence


def test_a_technique_outside_the_band_is_named_though_the_whole_is_inside():
    found = survival(decided(verdicts(MADE, lambda case: 0.98 if case.bucket == "mutation" else 0.5), MADE))
    assert found.answer == "yes"
    assert "persona" in found.evidence
    assert "mutation" in found.evidence


def test_the_last_word_on_a_candidate_counts_once():
    first = verdicts(MADE, 0.0, reviewer="kim")
    second = verdicts(MADE, 1.0, reviewer="lee")
    assert survival(decided([*first, *second], MADE)).value == 1.0
    assert survival(decided([*second, *first], MADE)).value == 0.0


def test_the_grid_is_axis_by_axis_else_axis_by_technique_else_technique_by_persona():
    found = decided(verdicts(MADE, 0.75), MADE)
    assert grid(found, axes=["user_type", "policy"])[:2] == ("user_type", "policy")
    assert grid(found, axes=["user_type"])[:2] == ("user_type", "technique")
    rows, columns, cells = grid(found, axes=[])
    assert (rows, columns) == ("technique", "persona")
    assert sum(cell.kept + cell.rejected for cell in cells) == len(found)


def test_decisions_on_real_cases_are_no_survival():
    real = [seed(at) for at in range(30)]
    assert decided(verdicts(real, 0.1), real) == []


def test_synthetic_cases_that_sit_on_one_word_fail_the_vocabulary_question(embedder):
    real = [seed(at) for at in range(120)]
    made = [synthetic(at, parent, text=f"refund refund for charger number {at}") for at, parent in enumerate(real)]
    terms = ("order", "parcel", "jacket", "refund", "charger", "shoes", "lamp", "gift", "card", "broken")
    found = question(report(history(embedder, [*real, *made], key_terms=terms)), "vocabulary")
    assert found.answer == "no"
    assert found.value is not None
    assert found.value < -0.15
    assert found.todo


def config(**given: Any) -> Config:
    return Config(name="bank", **given)


def named(answer: str, word: str, *, known: Sequence[JudgeCalibration] = (), ran: str | None = None, **given: Any):
    heads = [run(CASES[:1], lambda case: 1.0, family=ran)[0]] if ran is not None else []
    found = families(parties(config(**given), CASES, heads, known))
    assert found.answer == answer, found
    assert word in found.evidence + found.todo


def test_three_families_are_a_yes():
    named("yes", "gpt", models={"generator": {"model": "claude-sonnet-4"}, "judge": {"model": "gpt-4o"}}, ran="llama")


def test_a_judge_of_the_targets_family_is_a_no_that_says_which():
    named("no", "Judge and target are both openai-gpt", models={"judge": {"model": "gpt-4o"}}, ran="gpt")


def test_a_target_nobody_ran_is_unknown():
    named("unknown", "Name a target")


def test_only_rules_share_nothing():
    named("yes", "At most one of the three is a model", ran="rules")


def test_calibrations_of_judges_that_are_not_used_do_not_matter():
    known = [JudgeCalibration(judge="GPT-4", family="gpt", items=50, n=50, kappa=0.7, low=0.5, high=0.9)]
    named("yes", "", models={"judge": {"model": "claude-sonnet-4"}}, ran="gpt", known=known)


def test_what_happened_goes_before_what_is_configured():
    made = synthetic(1, seed(1), technique="prompted")
    told = made.provenance.model_copy(update={"model": "vllm:ours-7b", "family": None, "run": "r_1"})
    written = made.model_copy(update={"provenance": told})
    run_of = ProductionRun(
        run="r_1", state="done", at="2026-01-01T00:00:00+00:00", target=1,
        models={"generator": "vllm:ours-7b", "judge": "openai:gpt-5"}, families={"generator": "qwen", "judge": "gpt"},
    )  # fmt: skip
    other = run_of.model_copy(update={"run": "r_2", "families": {"generator": "mistral", "judge": "mistral"}})
    configured = config(models={"generator": {"model": "claude-sonnet-4"}, "judge": {"model": "claude-opus-4"}})
    generator, judge, _ = parties(configured, [seed(1), written], [], [], [run_of, other])
    assert (generator.families, judge.families) == (("qwen",), ("openai-gpt",))
