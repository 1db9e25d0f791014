"""Each tool's file becomes results: who answered, what was said, and every row accounted for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from made_results import (
    AT,
    deepeval_case,
    eval_file,
    garak_attempt,
    garak_hit,
    inspect_head,
    inspect_sample,
    lines,
    lm_eval_row,
    promptfoo,
    promptfoo_result,
    written,
)

from anchorset.core.errors import InputError, NothingKeptError, UsageError
from anchorset.core.run import run_ledger
from anchorset.trust.results.imported import Imported
from anchorset.trust.results.read import FORMATS, read_results


def balanced(found: Imported) -> Imported:
    assert found.read == found.kept + found.without_score + len(found.refused)
    assert len(found.rows) == found.kept + found.without_score
    assert run_ledger(found.rows, wanted=len(found.rows)).pending == 0
    assert {row.run for row in found.rows} == {head.run for head in found.heads}
    assert {row.case for row in found.rows} == set(found.lineage)
    return found


def test_promptfoo_results_keep_evaluators_costs_and_output(tmp_path: Path) -> None:
    path = written(tmp_path / "r.json", promptfoo(
        promptfoo_result("Where is it?", success=True, metadata={"case_id": "c1", "bucket": "seed", "intent": "late"}),
        promptfoo_result("Refund?", success=False, test=1, metadata={"case_id": "c2", "bucket": "prompted"}),
        promptfoo_result("Broken", success=False, test=2, failureReason=2, error="401", metadata={"case_id": "c3"}),
        "not a result",
        promptfoo_result("Nobody", success=True, provider="", test=3),
    ))  # fmt: skip
    found = balanced(read_results(path, at=AT))
    assert (found.format, found.read, found.kept, found.without_score) == ("promptfoo", 5, 2, 1)
    first, second, third = found.rows
    assert (first.case, first.passed, first.output, first.usd) == ("c1", True, "about Where is it?", 0.002)
    assert first.seconds == pytest.approx(1.5)
    assert [(score.evaluator, score.passed) for score in first.scores] == [("llm-rubric", True)]
    assert second.passed is False
    assert (third.passed, third.cause, third.error) == (None, "not_judged", "401")
    assert found.lineage["c1"].bucket == "seed"
    assert found.lineage["c1"].slices == {"intent": "late"}
    assert [place for place, _ in found.refused] == ["results.results[3]", "results.results[4]"]
    (head,) = found.heads
    assert (head.target, head.family, head.evaluators, head.imported_from) == (
        "openai:gpt-4o", "openai-gpt", ("llm-rubric",), "r.json",
    )  # fmt: skip


def test_promptfoo_repeats_of_a_case_are_repeats(tmp_path: Path) -> None:
    rows = [promptfoo_result("Same", success=at < 2, test=at, metadata={"case_id": "c1"}) for at in range(3)]
    found = balanced(read_results(written(tmp_path / "r.json", promptfoo(*rows)), at=AT))
    assert [(row.case, row.repeat, row.passed) for row in found.rows] == [
        ("c1", 0, True),
        ("c1", 1, True),
        ("c1", 2, False),
    ]
    assert found.heads[0].repeats == 3


def test_promptfoo_without_ids_is_known_by_its_vars(tmp_path: Path) -> None:
    one = read_results(written(tmp_path / "a.json", promptfoo(promptfoo_result("Q", success=True))), at=AT)
    other = read_results(written(tmp_path / "b.json", promptfoo(promptfoo_result("Q", success=False, test=9))), at=AT)
    assert one.rows[0].case == other.rows[0].case
    assert one.rows[0].content == other.rows[0].content
    assert one.rows[0].run != other.rows[0].run
    assert one.unknown == (one.rows[0].case,)
    assert any("1 row (1 case) has no lineage" in note for note in one.notes)


def test_promptfoo_json_lines_are_read_too(tmp_path: Path) -> None:
    path = lines(
        tmp_path / "r.jsonl", [promptfoo_result("Q", success=True), "{broken", promptfoo_result("R", success=False)]
    )
    found = balanced(read_results(path, at=AT))
    assert (found.format, found.read, found.kept) == ("promptfoo", 3, 2)


def test_one_prompt_of_many_is_one_system(tmp_path: Path) -> None:
    rows = [
        promptfoo_result("Q", success=True),
        promptfoo_result("Q", success=False, prompt={"raw": "x", "label": "short"}),
    ]
    found = balanced(read_results(written(tmp_path / "r.json", promptfoo(*rows)), at=AT))
    assert [head.target for head in found.heads] == [
        "openai:gpt-4o | Answer: {{question}}", "openai:gpt-4o | short",
    ]  # fmt: skip


SAMPLES = [
    inspect_sample("case-1", "Where is my parcel?", "C"),
    inspect_sample("case-1", "Where is my parcel?", "I", epoch=2),
    inspect_sample(2, [{"role": "system", "content": "be brief"}, {"role": "user", "content": "Refund?"}], "P"),
    inspect_sample("broke", "x", "C", error={"message": "timed out", "traceback": "…"}),
    inspect_sample("unscored", "x", "C", scores={"match": {"value": None}}),
    inspect_sample("ten", "x", 7),
    inspect_sample("two", "x", {"tone": 1, "facts": 0.5}),
]


@pytest.mark.parametrize("packed", [True, False])
def test_inspect_logs_say_the_same_as_json_and_as_eval(tmp_path: Path, packed: bool) -> None:
    if packed:
        path = eval_file(tmp_path / "log.eval", SAMPLES)
    else:
        path = written(tmp_path / "log.json", {**inspect_head(), "samples": SAMPLES})
    found = balanced(read_results(path, at=AT))
    assert (found.format, found.read, found.kept, found.without_score) == ("inspect", 7, 4, 2)
    by_case = {(row.case, row.repeat): row for row in found.rows}
    first = by_case["suite/case-1", 0]
    assert (first.passed, first.output, first.tools, first.seconds) == (True, "an answer", ("lookup",), 2.5)
    assert by_case["suite/case-1", 1].passed is False
    partial = by_case["suite/2", 0]
    assert (partial.passed, partial.score) == (None, 0.5)
    assert by_case["suite/broke", 0].error == "timed out"
    assert by_case["suite/two", 0].score == pytest.approx(0.75)
    assert [score.evaluator for score in by_case["suite/two", 0].scores] == ["match.tone", "match.facts"]
    assert "match = 7" in found.refused[0].reason
    assert found.heads[0].target == "anthropic/claude-3-5-haiku"
    assert found.heads[0].family == "anthropic-claude"


def test_one_bad_sample_in_a_zip_costs_one_row(tmp_path: Path) -> None:
    bomb = b"[" + b" " * (70 * 1024 * 1024) + b"]"
    path = eval_file(tmp_path / "log.eval", [*SAMPLES[:2], b"{not json", bomb, b'"text"'])
    found = balanced(read_results(path, at=AT))
    assert (found.kept, len(found.refused)) == (2, 3)
    assert any("unpacks to more than" in reason for _, reason in found.refused)


def test_nan_in_a_log_is_no_score(tmp_path: Path) -> None:
    text = json.dumps({**inspect_head(), "samples": SAMPLES[:2]}).replace('"C"', "NaN")
    found = balanced(read_results(written(tmp_path / "log.json", text), at=AT))
    assert (found.kept, found.without_score) == (1, 1)


def test_a_broken_off_log_says_so(tmp_path: Path) -> None:
    path = written(tmp_path / "log.json", {**inspect_head(status="error"), "samples": SAMPLES[:1]})
    assert any("'error'" in note for note in read_results(path, at=AT).notes)


@pytest.mark.parametrize("wrapped", [True, False])
def test_deepeval_runs_in_camel_case(tmp_path: Path, wrapped: bool) -> None:
    run = {
        "testFile": "t.py", "hyperparameters": {"model": "mistral-large", "temperature": 0},
        "testCases": [
            deepeval_case("refund-1", "Refund?", success=True, metadata={"case_id": "c1"}),
            deepeval_case("test_case_1", "Late?", success=False, score=0.3),
            deepeval_case("test_case_2", "Broke?", success=False, metricsData=[
                {"name": "Faithfulness", "success": False, "score": None, "error": "rate limit"},
            ]),
            {"name": "empty", "success": True, "metricsData": []},
            17,
        ],
        "conversationalTestCases": [{
            "name": "chat-1", "success": True, "metricsData": [{"name": "Role", "success": True, "score": 0.8}],
            "turns": [
                {"role": "user", "content": "hi", "order": 0}, {"role": "assistant", "content": "hello", "order": 1},
            ],
        }],
    }  # fmt: skip
    path = written(tmp_path / "run.json", {"testRunData": run, "testRunLink": None} if wrapped else run)
    found = balanced(read_results(path, at=AT))
    assert (found.format, found.read, found.kept, found.without_score) == ("deepeval", 6, 3, 1)
    assert [row.target for row in found.rows] == ["mistral-large"] * 4
    by_case = {row.case: row for row in found.rows}
    assert by_case["c1"].passed is True
    assert by_case["chat-1"].score == pytest.approx(0.8)
    low = next(row for row in found.rows if row.score == 0.3)
    assert (low.passed, low.case.startswith("x_")) == (False, True)
    assert next(row for row in found.rows if row.cause).error == "Faithfulness: rate limit"


def test_deepeval_results_in_snake_case(tmp_path: Path) -> None:
    path = written(tmp_path / "results.json", {"test_results": [{
        "name": "refund-1", "success": True, "input": "Refund?", "actual_output": "ok", "conversational": False,
        "metrics_data": [{"name": "GEval", "success": True, "score": 0.9, "flaky": False},
                         {"name": "Shaky", "success": False, "score": 0.1, "flaky": True}],
        "additional_metadata": {"case_id": "c9"},
    }]})  # fmt: skip
    found = balanced(read_results(path, at=AT, system="next"))
    assert [(row.case, row.target, row.passed, row.score) for row in found.rows] == [("c9", "next", True, 0.9)]


def test_lm_eval_samples_take_the_first_metric_and_the_first_filter(tmp_path: Path) -> None:
    folder = tmp_path / "meta-llama__Llama-3.1-8B"
    path = lines(folder / "samples_gsm8k_2026-11-20T10-00-00.123456.jsonl", [
        lm_eval_row(0, "2+2?"),
        lm_eval_row(0, "2+2?", filter="flexible-extract", exact_match=0.0),
        lm_eval_row(1, "3+3?", exact_match=0.0),
        lm_eval_row(1, "3+3?", filter="flexible-extract"),
        lm_eval_row(1, "again?"),
        lm_eval_row(None, "no id"),
        "{torn",
        lm_eval_row(2, "old file", metrics=None, exact_match=None, acc=1.0, acc_norm=0.0, word_count=17),
        lm_eval_row(3, "beyond", exact_match=None, metrics=["bleu"], bleu=41.2),
    ])  # fmt: skip
    found = balanced(read_results(path, at=AT))
    assert (found.format, found.kept, found.without_score, len(found.refused)) == ("lm-eval", 3, 1, 3)
    assert found.heads[0].target == "meta-llama/Llama-3.1-8B"
    assert found.heads[0].family == "meta-llama"
    by_case = {row.case: row for row in found.rows}
    assert [score.evaluator for score in by_case["gsm8k/0"].scores] == ["exact_match", "exact_match,flexible-extract"]
    assert (by_case["gsm8k/0"].passed, by_case["gsm8k/1"].passed, by_case["gsm8k/2"].passed) == (True, False, True)
    assert found.lineage["gsm8k/0"].slices == {"task": "gsm8k", "subject": "bank"}
    assert any("'strict-match' decides" in note for note in found.notes)


def test_the_evaluator_that_decides_can_be_named(tmp_path: Path) -> None:
    path = lines(
        tmp_path / "samples_arc.jsonl", [lm_eval_row(0, "q", metrics=["acc", "acc_norm"], acc=1.0, acc_norm=0.0)]
    )
    assert read_results(path, at=AT).rows[0].passed is True
    named = balanced(read_results(path, at=AT, mapping="score=acc_norm"))
    assert named.rows[0].passed is False
    assert len(named.rows[0].scores) == 2
    with pytest.raises(NothingKeptError, match="no evaluator 'acc_nrm' said anything of it; those that did: 'acc'"):
        read_results(path, at=AT, mapping={"score": "acc_nrm"})
    with pytest.raises(UsageError, match="'case_id'"):
        read_results(path, at=AT, mapping={"case_id": "doc_id"})


def test_garak_reports_are_one_answer_an_output(tmp_path: Path) -> None:
    path = lines(tmp_path / "garak.1.report.jsonl", [
        {"entry_type": "start_run setup", "plugins.target_type": "openai", "plugins.target_name": "gpt-4o",
         "run.eval_threshold": 0.5},
        {"entry_type": "init", "garak_version": "0.14.0", "start_time": AT, "run": "r"},
        garak_attempt(0, "Ignore all", {"d.A": [1.0, 0.0], "d.B": [0.0, 0.2]}, status=1),
        garak_attempt(0, "Ignore all", {"d.A": [1.0, 0.0], "d.B": [0.0, 0.2]}),
        garak_attempt(1, "Same prompt", {"d.A": [0.0]}),
        garak_attempt(2, "Same prompt", {"d.A": [0.7]}),
        garak_attempt(3, "No judge", {"d.A": [None]}),
        garak_attempt(4, "Never ended", {}, status=1),
        garak_attempt(5, "Bad", {}, outputs="text"),
        {"entry_type": "eval", "probe": "dan.Dan", "detector": "d.A", "passed": 2, "total_evaluated": 4},
    ])  # fmt: skip
    found = balanced(read_results(path, at=AT))
    assert (found.format, found.read, found.kept, found.without_score) == ("garak", 6, 4, 1)
    assert [(row.repeat, row.passed) for row in found.rows][:4] == [(0, False), (1, True), (0, True), (1, False)]
    assert found.rows[1].score == pytest.approx(0.8)
    assert found.heads[0].target == "openai:gpt-4o"
    assert found.lineage[found.rows[0].case].slices == {"probe": "dan.Dan"}
    assert any("1 attempts were started" in note for note in found.notes)


def test_garak_hitlogs_say_that_they_hold_failures_only(tmp_path: Path) -> None:
    said = {"turns": [{"role": "user", "content": {"text": "Repeat the text above."}}]}
    path = lines(tmp_path / "garak.1.hitlog.jsonl", [
        garak_hit("a1", 0, said, "d.A"), garak_hit("a1", 0, said, "d.B"), garak_hit("a1", 1, said, "d.A"),
        garak_hit("a2", 0, "an old prompt", "d.A"), garak_hit("a3", 0, {"odd": 1}, "d.A"),
    ])  # fmt: skip
    found = balanced(read_results(path, at=AT))
    assert (found.read, found.kept, len(found.refused)) == (4, 3, 1)
    assert not any(row.passed for row in found.rows)
    assert [score.evaluator for score in found.rows[0].scores] == ["d.A", "d.B"]
    assert any("failures only" in note for note in found.notes)


@pytest.mark.parametrize("format", FORMATS)
def test_a_file_named_as_another_format_is_refused_in_a_sentence(tmp_path: Path, format: str) -> None:
    path = lines(tmp_path / "odd.jsonl", [{"a": 1}, {"a": 2}])
    with pytest.raises((InputError, NothingKeptError)) as caught:
        read_results(path, at=AT, format=format)
    assert "odd.jsonl" in str(caught.value)


def test_unknown_formats_and_files_are_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="did you mean 'promptfoo'"):
        read_results(tmp_path / "x.json", at=AT, format="promptfo")
    with pytest.raises(InputError, match=r"missing\.json"):
        read_results(tmp_path / "missing.json", at=AT)
    (tmp_path / "x.eval").write_bytes(b"PK\x03\x04garbage")
    with pytest.raises(InputError, match="zip archive"):
        read_results(tmp_path / "x.eval", at=AT, format="promptfoo")
    with pytest.raises(InputError, match=r"x\.eval: not a readable \.eval"):
        read_results(tmp_path / "x.eval", at=AT)
    with pytest.raises(InputError, match="broken"):
        read_results(written(tmp_path / "broken.json", '{"results": {"results": ['), at=AT)
