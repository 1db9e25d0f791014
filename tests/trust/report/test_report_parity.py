"""Behaviour parity: a tool that fires on a trigger word shows as a drop on the seed, and nothing else does."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from made_up import chance, dataset, history, run, seed, synthetic

from anchorset.core.case import Case
from anchorset.core.ports import Embedder
from anchorset.core.run import Result
from anchorset.core.trust import Parity, Signal, TrustReport
from anchorset.trust.report.parity import FEWEST, told
from anchorset.trust.report.report import report
from anchorset.trust.report.spoken import class_of, refuses, text_of

CASES = dataset(100, 2, ("mutation", "redteam"))


def parity(embedder: Embedder, cases: Sequence[Case], **how: Callable[[Case], object]) -> TrustReport:
    return report(history(embedder, cases, runs=[run(cases, lambda case: 1.0, **how)]))


def of(found: TrustReport, behaviour: str, bucket: str) -> Parity:
    return next(one for one in found.parity if (one.behaviour, one.bucket) == (behaviour, bucket))


def signal(found: TrustReport) -> Signal:
    return next(one for one in found.signals if one.id == "parity")


def test_a_tool_called_on_a_trigger_word_fires_less_often_on_the_seed_and_the_sentence_says_by_how_much(embedder):
    """Users say `refund` in a third of their messages, the generator nearly always: the bot reacts to the word."""
    real = [seed(at, expected="approve") for at in range(150)]
    made = [
        synthetic(at, parent, text=f"{parent.text} {'please refund it' if chance('r', at) < 0.9 else 'please'}")
        for at, parent in enumerate(real)
    ]
    cases = [*real, *made]
    found = parity(embedder, cases, tools=lambda case: ["issue_refund"] if "refund" in case.text else [])
    tool = of(found, "tool:issue_refund", "mutation")
    seeds = sum("refund" in case.text for case in real) / len(real)
    synthetics = sum("refund" in case.text for case in made) / len(made)
    assert tool.seed == pytest.approx(seeds)
    assert tool.other == pytest.approx(synthetics)
    assert tool.sure
    assert tool.high < 0
    assert f"fired {100 * (1 - seeds / synthetics):.0f} % less often on the seed than on mutation cases" in tool.says
    assert signal(found).answer == "no"
    assert "issue_refund" in signal(found).evidence


def test_a_target_that_treats_both_alike_is_not_accused(embedder):
    found = parity(
        embedder, CASES, tools=lambda case: ["refund"] if chance("t", case.id) < 0.4 else [],
        says=lambda case: "approve" if chance("s", case.id) < 0.6 else "ask",
    )  # fmt: skip
    assert signal(found).answer == "yes"
    assert not any(one.sure for one in found.parity)


def test_red_team_may_differ(embedder):
    found = parity(embedder, CASES, says=lambda case: "block" if case.bucket == "redteam" else "approve")
    assert of(found, "class:block", "redteam").sure
    assert signal(found).answer == "yes"


def test_a_tool_that_no_run_recorded_is_not_a_tool_that_never_fired(embedder):
    found = parity(embedder, CASES, says=lambda case: "approve")
    assert not any(one.behaviour.startswith("tool") for one in found.parity)


def test_one_tool_is_told_once(embedder):
    found = parity(embedder, CASES, tools=lambda case: ["refund"] if case.bucket == "seed" else [])
    assert {one.behaviour for one in found.parity if one.behaviour.startswith("tool")} == {"tool:refund"}
    assert "fired only on the seed, not on mutation cases" in of(found, "tool:refund", "mutation").says.replace(
        "seed not", "seed, not"
    )


def test_errors_and_refusals_are_rates_too(embedder):
    def says(case: Case) -> str:
        long = f"Thank you for the message about {case.text}. We look into it and write to you tomorrow, number"
        return f"I'm sorry, but I can't help with {case.text}" if case.bucket == "seed" else long

    found = parity(embedder, CASES, says=says)
    refusal = of(found, "refusal", "mutation")
    assert (refusal.seed, refusal.other, refusal.sure) == (1.0, 0.0, True)
    assert "refusals came only on the seed" in refusal.says


def test_length_is_compared_as_a_ratio(embedder):
    found = parity(embedder, CASES, says=lambda case: "word " * (40 if case.bucket == "seed" else 20) + case.id)
    length = of(found, "length", "mutation")
    assert length.difference == pytest.approx(42 / 22 - 1)  # a word is added to both
    assert "longer on the seed" in length.says
    assert "41 against 21 words" in length.says


def test_too_few_cases_on_a_side_are_not_compared(embedder):
    few = dataset(FEWEST - 1, 2, ("mutation",))
    found = parity(embedder, few, says=lambda case: "approve")
    assert found.parity == ()
    assert (signal(found).answer, bool(signal(found).todo)) == ("unknown", True)


def test_each_behaviour_is_told_once_for_all_synthetic_cases(embedder):
    cases = dataset(100, 2, ("mutation", "remix", "redteam"))
    found = parity(embedder, cases, tools=lambda case: ["refund"] if case.bucket != "seed" else [])
    listed = told([one for one in found.parity if one.flagged])
    assert [(one.behaviour, one.bucket) for one in listed] == [("tool:refund", "synthetic")]


@pytest.mark.parametrize(
    "text",
    [
        "I'm sorry, but I can't help with that.",
        "I’m not able to help with this request.",
        "Das kann ich leider nicht beantworten.",
        "As an AI language model, I do not hold opinions.",
        "That is against our policy.",
    ],
)
def test_refusals_are_recognised(text):
    assert refuses(text)


@pytest.mark.parametrize("text", ["Sorry for the wait! Your refund is on its way.", "You can't lose it.", "deny", ""])
def test_apologies_and_answers_are_no_refusals(text):
    assert not refuses(text)


def test_answers_are_read_from_objects_and_classes_from_short_answers():
    def row(output: object) -> Result:
        return Result(run="q_1", case="c_1", content="x", target="bot", version="1", repeat=0, output=output)

    assert text_of(row({"action": "approve", "note": 3})) == "approve"
    assert text_of(row({"steps": [1]})) == '{"steps": [1]}'
    assert text_of(row(None)) is None
    assert class_of("  Approve \n") == "approve"
    assert class_of("x" * 41) is None
    assert class_of("  ") is None
