"""Files of results as the tools write them: small, and with one bad row each where a test asks for it."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

AT = "2026-11-20T10:00:00+00:00"
Json = dict[str, Any]


def written(path: Path, value: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return path


def lines(path: Path, rows: Iterable[Any]) -> Path:
    return written(path, "".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows))


def promptfoo(*results: Any) -> Json:
    return {
        "evalId": "eval-1", "config": {}, "shareableUrl": None,
        "results": {"version": 3, "timestamp": "2026-11-20T10:00:00Z", "prompts": [], "results": list(results)},
    }  # fmt: skip


def promptfoo_result(
    question: str, *, success: bool, provider: str = "openai:gpt-4o", test: int = 0, **more: Any
) -> Json:
    return {
        "promptIdx": 0, "testIdx": test, "success": success, "score": float(success), "failureReason": 0,
        "vars": {"question": question}, "provider": {"id": provider, "label": ""},
        "prompt": {"raw": f"Answer: {question}", "label": "Answer: {{question}}"},
        "response": {"output": f"about {question}"}, "latencyMs": 1500, "cost": 0.002,
        "gradingResult": {
            "pass": success, "score": float(success),
            "componentResults": [
                {"pass": success, "score": float(success), "reason": "said so", "assertion": {"type": "llm-rubric"}}
            ],
        },
        "testCase": {"vars": {"question": question}, "metadata": {}}, "metadata": {}, **more,
    }  # fmt: skip


def inspect_sample(id: Any, question: Any, value: Any, *, epoch: int = 1, **more: Any) -> Json:
    return {
        "id": id, "epoch": epoch, "input": question, "target": "yes", "metadata": {"bucket": "seed"},
        "messages": [
            {"role": "user", "content": question if isinstance(question, str) else "…"},
            {"role": "assistant", "content": "", "tool_calls": [
                {"id": "1", "function": "lookup", "arguments": {}, "type": "function"}
            ]},
        ],
        "output": {"model": "m", "choices": [{"message": {"role": "assistant", "content": "an answer"}}]},
        "scores": {"match": {"value": value, "answer": "A", "explanation": "compared"}}, "total_time": 2.5, **more,
    }  # fmt: skip


def inspect_head(**more: Any) -> Json:
    return {
        "version": 2, "status": "success",
        "eval": {"task": "suite", "model": "anthropic/claude-3-5-haiku", "dataset": {"name": "cases"}}, **more,
    }  # fmt: skip


def eval_file(path: Path, samples: Iterable[Json | bytes], *, head: Json | None = None) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("_journal/start.json", json.dumps(head or inspect_head()))
        for number, sample in enumerate(samples):
            if isinstance(sample, bytes):
                archive.writestr(f"samples/bad{number}_epoch_1.json", sample)
            else:
                archive.writestr(f"samples/{sample['id']}_epoch_{sample['epoch']}.json", json.dumps(sample))
        archive.writestr("summaries.json", "[]")
        archive.writestr("header.json", json.dumps(head or inspect_head()))
    return path


def deepeval_case(name: str, question: str, *, success: bool, score: Any = None, **more: Any) -> Json:
    return {
        "name": name, "input": question, "actualOutput": "an answer", "expectedOutput": "yes", "success": success,
        "metricsData": [{
            "name": "Answer Relevancy", "threshold": 0.5, "success": success,
            "score": float(success) if score is None else score, "reason": "it fits", "strictMode": False,
            "evaluationModel": "gpt-4.1", "error": None, "evaluationCost": 0.001,
        }],
        "runDuration": 3.0, "completionTime": 1.0, "order": 0, **more,
    }  # fmt: skip


def lm_eval_row(id: Any, question: str, **more: Any) -> Json:
    return {
        "doc_id": id, "doc": {"question": question, "subject": "bank"}, "target": "4",
        "arguments": {"gen_args_0": {"arg_0": f"Question: {question}", "arg_1": {"until": ["\n"]}}},
        "resps": [["4"]], "filtered_resps": ["4"], "filter": "strict-match", "metrics": ["exact_match"],
        "doc_hash": "d" + str(id), "prompt_hash": "p", "target_hash": "t", "exact_match": 1.0, **more,
    }  # fmt: skip


def garak_attempt(seq: int, prompt: str, scores: dict[str, list[Any]], *, status: int = 2, **more: Any) -> Json:
    outputs = [
        {"text": f"answer {number}", "lang": "en"} for number in range(max(map(len, scores.values()), default=1))
    ]
    said = {"turns": [{"role": "user", "content": {"text": prompt, "lang": "en"}}], "notes": {}}
    return {
        "entry_type": "attempt", "uuid": f"u{seq}", "seq": seq, "status": status, "probe_classname": "dan.Dan",
        "prompt": said, "outputs": outputs, "detector_results": scores, "notes": {}, "goal": "misbehave", **more,
    }  # fmt: skip


def garak_hit(attempt: str, number: int, prompt: Any, detector: str) -> Json:
    return {
        "goal": "leak", "prompt": prompt, "output": {"text": "leaked"}, "triggers": None, "score": 1.0, "run_id": "r",
        "attempt_id": attempt, "attempt_seq": 0, "attempt_idx": number, "generator": "openai gpt-4o",
        "probe": "sysprompt.X", "detector": detector, "generations_per_prompt": 5,
    }  # fmt: skip
