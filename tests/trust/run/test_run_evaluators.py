"""What each evaluator lets pass, what it refuses, and when it does not judge."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchorset.core.errors import ConfigError
from anchorset.core.run import Score
from anchorset.trust.run.answer import Answer
from anchorset.trust.run.evaluators.catalogue import EVERY
from anchorset.trust.run.evaluators.numeric import Numeric


def judge(
    workspace, spec: Any, expected: Any, output: Any, *, tools: Any = None, embedder: Any = None, **case: Any
) -> Score:
    evaluators = workspace.evaluators(spec, embedder=embedder)

    async def once() -> Score:
        try:
            (score,) = await evaluators.judge(
                workspace.seed("asked", expected=expected, **case), Answer(output=output, tools=tools)
            )
            return score
        finally:
            await evaluators.means.close()

    return asyncio.run(once())


@pytest.mark.parametrize(
    ("spec", "expected", "output", "passed"),
    [
        ("exact", "yes", " yes\n", True),
        ("exact", "yes", "Yes", False),
        ({"exact": {"ignore_case": True}}, "STRASSE", "straße", True),
        ({"exact": {"trim": False}}, "yes", "yes ", False),
        ("exact", "caf\u00e9", "cafe\u0301", True),
        ("exact", {"a": [1, 2.0]}, {"a": [1.0, 2]}, True),
        ("exact", {"a": True}, {"a": 1}, False),
        ("exact", [1, 2], [2, 1], False),
        ("exact", "5", 5, True),
        ("exact", 0, False, False),
        ("exact", "yes", None, False),
        ("exact", None, "anything", None),
        ("contains", "approved", "Your refund is approved.", True),
        ("contains", "approved", "Approved.", False),
        ({"contains": {"ignore_case": True}}, "approved", "Approved.", True),
        ("contains", ["a", "b"], "only a", False),
        ({"contains": {"mode": "any"}}, ["a", "b"], "only b", True),
        ({"contains": {"text": "30 days"}}, None, "within 30 days", True),
        ({"contains": {"text": ["x", "y"]}}, "ignored", "x y", True),
        ("contains", None, "a", None),
        ("contains", "", "a", None),
        ("contains", 30, {"days": 30}, True),
        ({"regex": {"pattern": "T-[0-9]{6}"}}, None, "ticket T-123456.", True),
        ({"regex": {"pattern": "T-[0-9]{6}", "whole": True}}, None, "ticket T-123456", False),
        ({"regex": {"pattern": "sorry", "absent": True}}, None, "So sorry", False),
        ("regex", "^ref.nd$", "refund", True),
        ("regex", "(", "refund", None),
        ("regex", None, "refund", None),
        ("numeric", 1200, "That is $1,200.00 in all.", True),
        ("numeric", "12.5", "12.50", True),
        ("numeric", 12.5, "12", False),
        ({"numeric": {"absolute": 0.5}}, 12.5, "12", True),
        ({"numeric": {"relative": 0.1}}, 100, "about 91", True),
        ("numeric", 5, "between 3 and 5", True),
        ({"numeric": {"which": "first"}}, 3, "between 3 and 5", True),
        ({"numeric": {"decimal": ","}}, 1200.5, "1.200,50 €", True),
        ("numeric", -4, "it fell by −4", True),
        ("numeric", 12, "10-12 days", True),
        ("numeric", 4, "GPT4 said so", False),
        ("numeric", 4, 4, True),
        ("numeric", 4, True, False),
        ("numeric", True, "1", None),
        ("numeric", "soon", "4", None),
        ("numeric", None, "4", None),
        ("numeric", 4, "1e999 and 4", True),
    ],
)
def test_an_evaluator_says(workspace, spec: Any, expected: Any, output: Any, passed: bool | None) -> None:
    assert judge(workspace, spec, expected, output).passed is passed


SCHEMA = {"type": "object", "required": ["action"], "properties": {"action": {"enum": ["refund", "ask"]}}}


@pytest.mark.parametrize(
    ("settings", "output", "passed"),
    [
        ({}, '{"action": "refund"}', True),
        ({}, {"action": "ask"}, True),
        ({}, '{"action": "shout"}', False),
        ({}, 'Sure! {"action": "refund"}', False),
        ({}, "[" * 100_000, False),
        ({}, '```json\n{"action": "ask"}\n```', False),
        ({"fenced": True}, '```json\n{"action": "ask"}\n```', True),
        ({"fenced": True}, '{"action": "ask"}', True),
    ],
)
def test_a_json_schema_is_held_against_the_answer(workspace, settings: Any, output: Any, passed: bool) -> None:
    score = judge(workspace, {"json_schema": {"schema": SCHEMA} | settings}, None, output)
    assert score.passed is passed
    assert (score.why is None) is passed


def test_a_schema_file_is_part_of_the_version(workspace) -> None:
    file = workspace.folder / "form.json"
    versions = []
    for schema in (SCHEMA, {"type": "string"}):
        file.write_text(json.dumps(schema))
        versions += workspace.evaluators({"json_schema": {"file": "form.json"}}).versions
    assert len(set(versions)) == 2


def test_a_reference_to_elsewhere_is_not_fetched(workspace) -> None:
    score = judge(workspace, {"json_schema": {"schema": {"$ref": "http://127.0.0.1:9/x.json"}}}, None, {"a": 1})
    assert score.passed is None
    assert "could not be held" in (score.why or "")


@pytest.mark.parametrize(
    "spec",
    [
        {"regex": {"pattern": "(a+)+$", "timeout_seconds": 0.5}},
        {"json_schema": {"schema": {"type": "string", "pattern": "(a+)+$"}, "timeout_seconds": 0.5}},
    ],
)
def test_a_catastrophic_pattern_is_not_judged_and_does_not_hang(workspace, spec: Any) -> None:
    begun, text = time.monotonic(), "a" * 60 + "!"
    score = judge(workspace, spec, None, text if "regex" in spec else json.dumps(text))
    assert score.passed is None
    assert "0.5 seconds" in (score.why or "")
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize(
    ("settings", "wanted", "called", "passed"),
    [
        ({}, ["a", "b"], ("a", "x", "b"), True),
        ({}, ["a", "b"], ("b", "a"), False),
        ({}, ["a", "a"], ("a",), False),
        ({"only": True}, ["a", "b"], ("a", "x", "b"), False),
        ({"mode": "set"}, ["a", "b"], ("b", "x", "a"), True),
        ({"mode": "set", "only": True}, ["a", "b"], ("b", "a", "a"), False),
        ({"mode": "never"}, ["a"], ("b",), True),
        ({"mode": "never"}, ["a"], ("b", "a"), False),
        ({"mode": "never"}, None, (), True),
        ({"mode": "never"}, None, ("b",), False),
        ({}, [], (), True),
        ({}, [], ("a",), False),
        ({}, [{"name": "a", "arguments": {}}], ("a",), True),
        ({}, "a", ("a",), True),
        ({"tools": ["a"]}, ["b"], ("a",), True),
        ({}, ["a"], None, None),
        ({}, None, ("a",), None),
        ({}, [1], ("a",), None),
    ],
)
def test_tool_calls_are_compared_by_name(workspace, settings: Any, wanted: Any, called: Any, passed: Any) -> None:
    extra = {} if wanted is None else {"expected_tools": wanted}
    assert judge(workspace, {"tool_call": settings}, None, "done", tools=called, extra=extra).passed is passed


def test_similarity_passes_a_paraphrase_and_refuses_small_talk(workspace, embedder) -> None:
    spec = {"similarity": {"threshold": 0.5}}
    close = judge(workspace, spec, "your refund was approved", "the refund is approved", embedder=embedder)
    far = judge(workspace, spec, "your refund was approved", "lovely weather in spring", embedder=embedder)
    assert (close.passed, far.passed) == (True, False)
    assert close.score is not None
    assert far.score is not None
    assert 0 <= far.score < close.score <= 1
    assert judge(workspace, spec, "refund", "", embedder=embedder).passed is None


def test_similarity_without_an_embedder_is_refused(workspace) -> None:
    with pytest.raises(ConfigError, match="needs an embedder"):
        workspace.evaluators("similarity")


GRADES = """
import os, time
def grade(case, answer):
    what = answer["output"]
    if what == "throw": raise KeyError("policy")
    if what == "exit": os._exit(2)
    if what == "hang": time.sleep(60)
    return {"yes": True, "no": False, "none": None, "half": 0.5, "low": 0.4, "text": "fine", "over": 3,
            "full": {"passed": False, "score": 0.9, "why": case["input"]}, "odd": {"pass": True}}[what]
"""


@pytest.mark.parametrize(
    ("output", "passed", "score", "why"),
    [
        ("yes", True, None, None),
        ("no", False, None, None),
        ("none", None, None, None),
        ("half", True, 0.5, None),
        ("low", False, 0.4, None),
        ("full", False, 0.9, "asked"),
        ("text", None, None, "returned 'fine'"),
        ("over", None, None, "returned 3"),
        ("odd", None, None, "returned {'pass': True}"),
        ("throw", None, None, "KeyError: 'policy'"),
        ("exit", None, None, "exit code 2"),
        ("hang", None, None, "0.5 seconds"),
    ],
)
def test_a_function_of_the_workspace_judges(workspace, output: str, passed: Any, score: Any, why: Any) -> None:
    (workspace.folder / "grades.py").write_text(GRADES)
    said = judge(workspace, {"python": {"function": "grades:grade", "timeout_seconds": 0.5}}, None, output)
    assert (said.passed, said.score) == (passed, score)
    assert (why or "") in (said.why or "")


def test_a_judging_functions_code_is_part_of_its_version(workspace) -> None:
    file, versions = workspace.folder / "grades.py", []
    for code in (GRADES, GRADES + "\n# changed\n"):
        file.write_text(code)
        versions += workspace.evaluators({"python": {"function": "grades:grade"}}).versions
    assert len(set(versions)) == 2


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ({"regex": {"pattern": "("}}, "no pattern"),
        ({"contains": {"text": ""}}, "empty"),
        ({"contains": {"text": []}}, "empty"),
        ({"contains": {"mode": "some"}}, "mode"),
        ({"json_schema": {}}, "exactly one"),
        ({"json_schema": {"file": "none.json"}}, "none.json"),
        ({"json_schema": {"schema": {"type": "strnig"}}}, "strnig"),
        ({"tool_call": {"mode": "never", "only": True}}, "contradict"),
        ({"python": {"function": "nowhere:grade"}}, "nowhere"),
        ({"python": {}}, "function"),
        ({"numeric": {"absolute": -1}}, "absolute"),
    ],
)
def test_settings_that_cannot_be_used_are_refused_at_once(workspace, spec: Any, said: str) -> None:
    with pytest.raises(ConfigError, match="evaluators") as error:
        workspace.evaluators(spec)
    assert said in str(error.value)


def test_an_empty_list_of_evaluators_is_refused(workspace) -> None:
    with pytest.raises(ConfigError, match="nothing would be judged"):
        workspace.evaluators()


def test_two_of_a_kind_sign_differently_and_the_row_is_their_conjunction(workspace) -> None:
    evaluators = workspace.evaluators({"contains": {"text": "a"}}, {"contains": {"text": "b"}}, "exact")
    case = workspace.seed("only a")
    (row,) = workspace.run([case], workspace.target(python="bots:echo"), evaluators=evaluators)
    assert [score.evaluator for score in row.scores] == ["contains", "contains#2", "exact"]
    assert [score.passed for score in row.scores] == [True, False, None]
    assert (row.passed, row.score, row.cause) == (False, 0.5, None)


def test_a_row_that_nobody_could_judge_is_neither_passed_nor_failed(workspace) -> None:
    (row,) = workspace.run([workspace.seed("no expected answer")], workspace.target(python="bots:echo"))
    assert (row.passed, row.score, row.cause) == (None, None, "not_judged")
    assert workspace.ledger([row], 1).not_judged == 1


def test_every_evaluator_says_what_why_example_and_fix() -> None:
    for evaluator in EVERY:
        for part in ("What it looks at:", "Why it matters:", "Example that fails:", "How to fix it:"):
            assert part in (evaluator.__doc__ or ""), evaluator.code


@given(number=st.floats(-1e12, 1e12, allow_nan=False), before=st.sampled_from(["", "it is ", "$", "= ", "(", "3 and "]))
def test_a_number_written_out_is_found_again(number: float, before: str) -> None:
    found = Numeric()._number(f"{before}{number!r} in all")
    assert found == pytest.approx(number)
