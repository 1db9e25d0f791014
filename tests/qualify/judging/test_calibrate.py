"""A judge held against people: what counts as a label, and what the numbers come to."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shop_judge import candidate, judging, reply

from anchorset.core.ask import Ask, Fault
from anchorset.core.case import Case
from anchorset.core.decision import Decision
from anchorset.core.finding import Finding
from anchorset.core.judge import MIN_KAPPA
from anchorset.qualify.calibrate import REASONS, calibrate, label_of, sample
from anchorset.qualify.judging.catalogue import YES_NO

REASON = ("duplicate", "unrealistic", "ambiguous_expected", "not_enough_context", "off_policy", "private_data",
          "caricature", "overfit", "other")  # fmt: skip


def word(decision: str, reason: str | None = None, reviewer: str = "kim") -> Decision:
    return Decision(decision=decision, reviewer=reviewer, at="2026-01-01T00:00:00Z", reason=reason)


def plausible(says: str, evidence: str | None = None) -> list[Finding]:
    return [Finding(check="plausible.judge", version=1, says=says, evidence=evidence)]


def crowd_of(n: int, *, bad: float, agree: float, seed: int) -> tuple[dict, dict]:
    """(judgements, decisions) of n contents: people reject a share `bad`, of which the judge copies `agree`."""
    dice = random.Random(seed)
    judgements, decisions = {}, {}
    for content in map(str, range(n)):
        fine = dice.random() >= bad
        judge = fine if dice.random() < agree else dice.random() >= bad
        decisions[content] = [word("approve") if fine else word("reject", "unrealistic")]
        judgements[content] = plausible("pass" if judge else "flag")
    return judgements, decisions


@pytest.mark.parametrize(
    ("code", "decisions", "label"),
    [
        ("plausible.judge", [word("approve")], True),
        ("plausible.judge", [word("edit")], True),
        ("plausible.judge", [word("reject", "unrealistic")], False),
        ("plausible.judge", [word("reject", "other")], False),
        ("plausible.judge", [word("reject", "duplicate")], None),
        ("expected.unambiguous", [word("reject", "ambiguous_expected")], False),
        ("expected.unambiguous", [word("reject", "unrealistic")], None),
        ("context.sufficient", [word("reject", "not_enough_context")], False),
        ("persona.match", [word("reject", "caricature")], False),
        ("plausible.judge", [word("approve"), word("reject", "unrealistic", "lee")], None),
        ("plausible.judge", [word("reject", "duplicate"), word("reject", "unrealistic", "lee")], False),
        ("plausible.judge", [], None),
    ],
)
def test_a_decision_is_a_label_for_the_check_that_it_speaks_about(code, decisions, label) -> None:
    assert label_of(code, decisions) is label


def test_every_yes_no_check_has_its_reasons() -> None:
    assert list(REASONS) == [question.code for question in YES_NO]
    assert set().union(*REASONS.values()) <= set(REASON)


def test_what_has_no_label_or_no_answer_is_counted_aloud() -> None:
    judgements = {
        "a": plausible("pass"), "b": plausible("flag"), "c": plausible("not_run", "the judge gave no answer: timeout"),
        "d": plausible("not_run", "an attack is not held against what users write"), "e": plausible("reject"),
        "f": plausible("pass"),
    }  # fmt: skip
    decisions = {
        "a": [word("approve")], "b": [word("reject", "duplicate")], "c": [word("approve")], "d": [word("approve")],
        "e": [word("reject", "unrealistic")],
    }  # fmt: skip
    found = calibrate(judgements, decisions, judge="x:y", prompt="judge@1", family="f")["plausible.judge"]
    assert (found.n, found.not_judged, found.unlabelled, found.accuracy) == (2, 1, 2, 1.0)
    assert (found.judge, found.strategy, found.family) == ("x:y", "judge@1", "f")


def test_nothing_to_go_by_is_no_kappa() -> None:
    found = calibrate({}, {}, judge="x:y")
    assert list(found) == list(REASONS)
    assert all(one.kappa is None and one.n == 0 for one in found.values())
    all_fine = {str(n): plausible("pass") for n in range(50)}
    agreed = calibrate(all_fine, {key: [word("approve")] for key in all_fine}, judge="x:y")["plausible.judge"]
    assert (agreed.accuracy, agreed.kappa, agreed.low) == (1.0, None, None)


def test_a_good_judge_is_trusted_with_enough_decisions_and_never_with_few() -> None:
    for n, trusted in ((20, False), (300, True)):
        found = calibrate(*crowd_of(n, bad=0.3, agree=0.75, seed=1), judge="x:y")["plausible.judge"]
        assert found.low is not None
        assert (found.low >= MIN_KAPPA) == trusted, (n, found)


def test_a_judge_that_guesses_is_hardly_ever_trusted() -> None:
    lows = [
        calibrate(*crowd_of(100, bad=0.3, agree=0.0, seed=seed), judge="x:y")["plausible.judge"].low
        for seed in range(200)
    ]
    assert sum(low is not None and low >= MIN_KAPPA for low in lows) == 0


def test_the_interval_holds_what_it_promises() -> None:
    true, held = 0.6, 0  # with agree as the share of copied words, kappa is agree
    for seed in range(300):
        found = calibrate(*crowd_of(150, bad=0.3, agree=true, seed=seed), judge="x:y")["plausible.judge"]
        held += found.low is not None and found.high is not None and found.low <= true <= found.high
    assert 0.92 <= held / 300 <= 0.985


def test_cases_of_one_root_are_not_independent_evidence() -> None:
    judgements, decisions = crowd_of(200, bad=0.3, agree=0.7, seed=3)
    alone = calibrate(judgements, decisions, judge="x:y")["plausible.judge"]
    tied = calibrate(judgements, decisions, judge="x:y", clusters={key: str(int(key) // 10) for key in judgements})
    assert tied["plausible.judge"].items == 20
    assert tied["plausible.judge"].kappa == alone.kappa


@given(
    st.lists(st.tuples(st.sampled_from(["pass", "flag", "reject", "not_run"]), st.sampled_from(REASON)), max_size=30)
)
def test_every_judgement_is_accounted_for(rows) -> None:
    judgements = {str(n): plausible(says, "the judge gave no answer: x") for n, (says, _) in enumerate(rows)}
    decisions = {str(n): [word("reject", reason)] for n, (_, reason) in enumerate(rows)}
    found = calibrate(judgements, decisions, judge="x:y")["plausible.judge"]
    assert found.n + found.not_judged + found.unlabelled == len(rows)
    backwards = dict(reversed(judgements.items()))
    assert calibrate(backwards, decisions, judge="x:y")["plausible.judge"] == found


def decided(n: int, technique: str, decision: str, reason: str | None = None) -> list[Case]:
    made = [candidate(f"{technique} {decision} {k}", technique=technique) for k in range(n)]
    return [case.model_copy(update={"reviews": (word(decision, reason),)}) for case in made]


def test_a_sample_has_the_shares_of_the_whole_whatever_the_order() -> None:
    cases = [
        *decided(60, "persona", "approve"),
        *decided(20, "persona", "reject", "other"),
        *decided(20, "remix", "edit"),
    ]
    cases += [candidate("nobody looked at it")]
    picked = sample(cases, 10)
    assert sample(reversed(cases), 10) == picked
    told = [(case.provenance.technique, case.reviews[0].decision) for case in picked]
    assert sorted((one, told.count(one)) for one in set(told)) == [
        (("persona", "approve"), 6), (("persona", "reject"), 2), (("remix", "edit"), 2)
    ]  # fmt: skip


@given(st.integers(0, 40), st.integers(0, 12), st.integers(0, 12))
def test_a_sample_is_never_more_than_asked_or_there(n: int, kept: int, rejected: int) -> None:
    cases = [*decided(kept, "persona", "approve"), *decided(rejected, "redteam", "reject", "other")]
    picked = sample(cases, n)
    assert len(picked) == min(n, len(cases))
    assert len({case.content for case in picked}) == len(picked)


def test_a_larger_sample_asks_little_twice() -> None:
    cases = [*decided(100, "persona", "approve"), *decided(40, "remix", "reject", "other")]
    for small, large in pairwise(sample(cases, n) for n in (20, 40, 80)):
        assert len({case.id for case in small} & {case.id for case in large}) >= len(small) - 2


def test_from_decided_cases_to_a_judge_that_may_reject() -> None:
    def answer(ask: Ask):
        text = ask.lines[1].content
        if "approve 7" in text:
            return Fault(cause="timeout", message="30 s")
        return reply(ask, plausible="approve" in text)

    cases = [case.model_copy(update={"difficulty": "easy"}) for case in
             [*decided(60, "persona", "approve"), *decided(40, "persona", "reject", "unrealistic")]]  # fmt: skip
    judge = judging(answer, on_hit={"plausible.judge": "reject"})
    picked = sample(cases, 90)
    found = calibrate(
        {case.content: opinions for case, opinions in zip(picked, judge.judge(picked), strict=True)},
        {case.content: case.reviews for case in picked},
        judge=judge.spec.model, prompt=judge.prompt, family=judge.family,
    )  # fmt: skip
    assert found["plausible.judge"].not_judged >= 1
    trusted = judging(answer, on_hit=judge.on_hit, calibrations=found)
    assert trusted.rejecting == {"plausible.judge"}
    assert trusted.notes == ()
