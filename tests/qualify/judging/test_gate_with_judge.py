"""The gate with a judge: who is asked, in what company, and what is left when answers are missing."""

from __future__ import annotations

import pytest
from messages_of_a_shop import SEEDS, child
from shop_judge import Scripted, judging, reply

from anchorset.core.ask import Ask, Fault
from anchorset.core.errors import PendingError
from anchorset.core.judge import JudgeCalibration
from anchorset.qualify.catalogue import CODES, KNOWN
from anchorset.qualify.gate import RunGate

LATE = SEEDS[0]
GOOD = "where is my parcle, it shoud have been here on monday"
OTHER = "the mug came in two peices, send me a new one pls"


def words(asked: Ask) -> str:
    return "\n".join(line.content for line in asked.lines)


def test_what_was_not_rejected_yet_is_asked_in_one_go_and_keeps_its_opinions(crowd) -> None:
    asker = Scripted()
    cases = [child(GOOD, LATE), child("x", LATE), child(OTHER, SEEDS[8])]
    good, short, other = RunGate(crowd, judging=judging(asker=asker)).judge(cases)
    assert [len(call) for call in asker.calls] == [2]
    assert {finding.check for finding in good.findings} == set(KNOWN) - {"distance.novelty"}
    assert short.status == "rejected"
    assert not {finding.check for finding in short.findings} & set(KNOWN[len(CODES) :])
    assert (good.status, other.status) == ("passed", "passed")


def test_a_judge_that_finds_nothing_changes_no_verdict(crowd) -> None:
    cases = [child(GOOD, LATE), child(GOOD.upper(), LATE), child("x", LATE)]
    plain = RunGate(crowd).judge(cases)
    judged = RunGate(crowd, judging=judging()).judge(cases)
    for before, after in zip(plain, judged, strict=True):
        kept = tuple(finding for finding in after.findings if finding.check in CODES)
        assert after.model_copy(update={"findings": kept}) == before


def test_a_trusted_judge_keeps_a_candidate_from_being_known(crowd) -> None:
    def answer(ask: Ask):
        return reply(ask, plausible="parcle" not in words(ask))

    judge = judging(answer, on_hit={"plausible.judge": "reject"})
    known = JudgeCalibration(
        judge=judge.spec.model, strategy=judge.prompt, items=90, n=90, kappa=0.7, low=0.5, high=0.8
    )
    trusted = judging(answer, on_hit=judge.on_hit, calibrations={"plausible.judge": known})
    gate = RunGate(crowd, judging=trusted)
    (case,) = gate.judge([child(GOOD, LATE)])
    assert case.status == "rejected"
    assert next(found.check for found in case.findings if found.says == "reject") == "plausible.judge"
    assert gate.known.passed == []
    (flagged,) = RunGate(crowd, judging=judge).judge([child(GOOD, LATE)])
    assert flagged.status == "passed"


def test_the_owner_s_word_on_a_judge_does_not_get_past_its_calibration(make_crowd) -> None:
    strict = make_crowd(on_hit={"plausible.judge": "reject"})
    judge = judging(lambda ask: reply(ask, plausible=False), on_hit={"plausible.judge": "reject"})
    (case,) = RunGate(strict, judging=judge).judge([child(GOOD, LATE)])
    assert case.status == "passed"


def test_missing_answers_leave_nothing_half_judged_and_a_new_gate_comes_to_the_same(crowd) -> None:
    cases = [child(GOOD, LATE), child(OTHER, SEEDS[8])]
    whole = RunGate(crowd, judging=judging()).judge(cases)
    memory: dict[str, object] = {}
    budget = [1]

    def answer(ask: Ask):
        if ask.key not in memory:
            if not budget[0]:
                return Fault(cause="budget", message="0.05 USD are used up", final=False)
            budget[0] -= 1
            memory[ask.key] = reply(ask)
        return memory[ask.key]

    gate = RunGate(crowd, judging=judging(answer))
    with pytest.raises(PendingError):
        gate.judge(cases)
    assert gate.known.passed == []
    budget[0] = 1
    assert RunGate(crowd, judging=judging(answer)).judge(cases) == whole
    assert budget == [0]


def test_what_was_judged_before_a_kill_is_not_asked_again(crowd) -> None:
    cases = [child(GOOD, LATE), child(OTHER, SEEDS[8])]
    whole = RunGate(crowd, judging=judging()).judge(cases)
    asker = Scripted()
    again = RunGate(crowd, remembered=whole[:1], judging=judging(asker=asker)).judge(cases)
    assert again == whole
    assert [len(call) for call in asker.calls] == [1]


def test_batches_do_not_matter_to_the_judge(crowd) -> None:
    cases = [child(text, seed) for text, seed in ((GOOD, LATE), (OTHER, SEEDS[8]), ("x", LATE))]
    whole = RunGate(crowd, judging=judging()).judge(cases)
    gate = RunGate(crowd, judging=judging())
    assert [case for one in cases for case in gate.judge([one])] == whole
