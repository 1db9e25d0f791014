from __future__ import annotations

import pytest

from anchorset.core.case import Case
from anchorset.core.decision import Decision, standing
from anchorset.core.errors import UsageError
from anchorset.core.provenance import Synthetic
from anchorset.review.decide import REASONS, decide, guideline_of

AT = "2026-11-25T12:00:00+00:00"


def candidate(text: str, **fields: object) -> Case:
    origin = Synthetic(
        source="synthetic", technique="mutation", label="synth-mutation-all", parents=("c_1",), roots=("c_1",),
        random_seed=7, run="r_1",
    )  # fmt: skip
    return Case(kind="text", input=text, provenance=origin, status="passed", **fields)


def said(decision: str, reviewer: str = "kim") -> Decision:
    reason = "other" if decision == "reject" else None
    return Decision(decision=decision, reviewer=reviewer, at=AT, reason=reason)


def test_an_approval_binds_to_the_content_that_was_shown() -> None:
    case = candidate("where is it", expected="track")
    verdict = decide(case, "approve", lane="candidates", reviewer="kim", at=AT)
    assert (verdict.case, verdict.content, verdict.revised) == (case.id, case.content, None)


@pytest.mark.parametrize("reason", [None, "boring", "unrealistc"])
def test_a_rejection_needs_a_reason_we_know(reason: str | None) -> None:
    with pytest.raises(UsageError, match="cannot be rejected"):
        decide(candidate("x"), "reject", lane="candidates", reviewer="kim", at=AT, reason=reason)


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_there_is_can_be_given(reason: str) -> None:
    verdict = decide(candidate("x"), "reject", lane="candidates", reviewer="kim", at=AT, reason=reason)
    assert verdict.decision.reason == reason


def test_an_edited_answer_keeps_the_id_and_loses_the_findings() -> None:
    case = candidate("where is it", expected="track")
    edited = decide(case, "edit", lane="candidates", reviewer="kim", at=AT, changes={"expected": "ask"}).revised
    assert edited is not None
    assert (edited.id == case.id, edited.content == case.content) == (True, False)
    assert (edited.status, edited.findings, edited.provenance) == ("edited", (), case.provenance)


def test_an_edited_text_is_another_case_that_names_what_it_was() -> None:
    case = candidate("where is it")
    edited = decide(case, "edit", lane="candidates", reviewer="kim", at=AT, changes={"input": "where is it??"}).revised
    assert edited is not None
    assert edited.id != case.id
    assert edited.revision_of == case.id


def test_a_seed_gets_its_vote_and_stays_a_seed(make_seed) -> None:
    seed = make_seed("where is it", metadata={"policy": "delay"})
    changes = {"criteria": ("names the carrier",), "metadata": {"policy": None, "tone": "calm"}}
    edited = decide(seed, "edit", lane="seeds", reviewer="kim", at=AT, changes=changes).revised
    assert edited is not None
    assert (edited.bucket, edited.criteria, edited.metadata) == ("seed", ("names the carrier",), {"tone": "calm"})


@pytest.mark.parametrize("changes", [{}, {"expected": "track"}, {"metadata": {}}])
def test_an_edit_that_changes_nothing_is_no_edit(changes: dict[str, object]) -> None:
    with pytest.raises(UsageError, match="changes nothing"):
        decide(candidate("x", expected="track"), "edit", lane="candidates", reviewer="kim", at=AT, changes=changes)


def test_what_says_where_a_case_came_from_cannot_be_edited() -> None:
    with pytest.raises(UsageError, match="cannot be edited"):
        decide(candidate("x"), "edit", lane="candidates", reviewer="kim", at=AT, changes={"provenance": None})


@pytest.mark.parametrize(
    ("decisions", "status"),
    [
        (["approve"], "approved"),
        (["reject"], "rejected"),
        (["edit"], "edited"),
        (["approve", "approve"], "approved"),
        (["approve", "edit"], "edited"),
        (["approve", "reject"], "passed"),
        (["edit", "reject"], "passed"),
        ([], "passed"),
    ],
)
def test_reviewers_who_disagree_leave_a_case_undecided(decisions: list[str], status: str) -> None:
    assert standing([said(word, f"r{at}") for at, word in enumerate(decisions)]) == status


def test_a_rubric_is_named_by_its_text() -> None:
    assert guideline_of("a") != guideline_of("b")
    assert guideline_of(" \n") is None
