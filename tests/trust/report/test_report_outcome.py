"""Outcomes: what was decided keeps its evidence, promoted cases keep their lineage, production has the last word."""

from __future__ import annotations

from typing import Any

import pytest
from made_up import NOW, golden, seed, synthetic

from anchorset.core.errors import UsageError
from anchorset.core.provenance import Golden, Observed, Synthetic
from anchorset.core.said import Outcome
from anchorset.trust.report.outcome import Concluded, agrees, conclude, outcomes_signal


def done(**given: Any) -> Concluded:
    said = {"decision": "failed", "dataset": "bank@1.0.0", "candidate": "bot@2", "reviewer": "kim", "at": NOW}
    return conclude(**(said | {"reasons": ("under_tested",)} | given))


def outcome(**given: Any) -> Outcome:
    return done(evidence=[seed(1)], **given).outcome


def test_an_outcome_names_its_evidence_once():
    case = seed(1)
    assert done(evidence=[case, case]).outcome.evidence == (case.id,)


def test_a_seed_promoted_to_regression_keeps_where_it_came_from_and_leaves_the_anchor():
    case = seed(1)
    found = done(evidence=[case], promote="regression")
    (new,) = found.promoted
    assert isinstance(new.provenance, Observed)
    assert isinstance(case.provenance, Observed)
    assert (new.id, new.content, new.bucket) == (case.id, case.content, "regression")
    assert new.provenance.original_id == case.provenance.original_id
    assert new.provenance.origin == case.provenance.origin
    assert "protects:failure" in new.tags
    assert any("anchor" in note for note in found.notes)


def test_a_seed_promoted_to_golden_is_by_the_reviewer():
    (new,) = done(evidence=[seed(1)], promote="golden").promoted
    assert isinstance(new.provenance, Golden)
    assert (new.provenance.author, new.provenance.original_id, new.bucket) == ("kim", "1", "golden")


@pytest.mark.parametrize("to", ["regression", "golden"])
def test_a_synthetic_case_stays_synthetic_with_its_whole_lineage(to):
    case = synthetic(1, seed(1))
    (new,) = done(evidence=[case], promote=to).promoted
    assert isinstance(new.provenance, Synthetic)
    assert new.provenance == case.provenance
    assert new.bucket == "mutation"
    assert new.tags


def test_promoting_twice_changes_nothing():
    once = done(evidence=[seed(1), synthetic(1, seed(1)), golden(1)], promote="regression").promoted
    again = done(evidence=[*once, golden(1)], promote="regression")
    assert again.promoted == ()
    assert "did not change" in again.notes[-1]


def test_a_promotion_without_evidence_is_refused_with_the_way_out():
    with pytest.raises(UsageError, match="name the cases"):
        done(promote="golden")


def test_an_outcome_that_does_not_explain_itself_is_refused():
    with pytest.raises(UsageError):
        done(decision="reject", reasons=(), evidence=())


@pytest.mark.parametrize(
    ("verdict", "production", "right"),
    [
        ("PASS", "same", True), ("PASS", "better", True), ("PASS", "worse", False), ("BLOCK", "worse", True),
        ("BLOCK", "better", False), ("INCONCLUSIVE", "worse", None), (None, "worse", None), ("PASS", None, None),
    ],
)  # fmt: skip
def test_production_confirms_or_does_not(verdict, production, right):
    assert agrees(outcome(verdict=verdict, production=production)) is right


def test_a_release_that_passed_and_got_worse_is_named_with_its_cases():
    wrong = outcome(verdict="PASS", production="worse", candidate="bot@3")
    found = outcomes_signal([wrong, outcome(verdict="PASS", production="same", candidate="bot@2")])
    assert (found.answer, found.value, found.cases) == ("no", 0.5, wrong.evidence)
    assert "Passed and got worse: bot@3" in found.evidence


def test_the_last_word_on_a_candidate_counts():
    first = outcome(verdict="PASS", production="worse")
    assert outcomes_signal([first, outcome(verdict="PASS", production="same")]).answer == "yes"


def test_no_outcome_is_unknown_with_what_to_do():
    for known in ([], [outcome(verdict="PASS")]):
        found = outcomes_signal(known)
        assert found.answer == "unknown"
        assert found.todo
