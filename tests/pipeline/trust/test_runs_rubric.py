"""Answers judged by a language model: kept, asked once, paid within the budget; and its family in verdicts."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from rehearsed import answer, command, configured, scripted
from server import model_server

from anchorset.pipeline.workspace import open_workspace

MET = {"c1": {"why": "it decides the same", "met": True}}
MISSED = {"c1": {"why": "it decides otherwise", "met": False}}
KIN = "scripted:claude-said.jsonl"
"""A script whose name is of a family."""


@pytest.fixture
def ws(reviewed: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(reviewed, tmp_path / "ws"))


def judged_by(ws: Path, model: str, **targets: object) -> None:
    configured(ws, models={"judge": model}, evaluators=["rubric"], **({"targets": targets} if targets else {}))


def rows(ws: Path, run: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (ws / "runs" / f"{run}.jsonl").read_text(encoding="utf-8").splitlines()]


def test_a_run_with_a_rubric_has_the_judges_word_on_every_answer_and_asks_once(ws: Path) -> None:
    judged_by(ws, scripted(ws, "judge.jsonl", [{"match": ".", "json": MET}]))
    ran = answer(ws, "run", "refund-bot", "--target", "current")
    assert ran["judges"] == {"rubric": "scripted:judge.jsonl"}
    assert ran["ledger"]["pending"] == 0
    judged = [row for row in rows(ws, ran["run"]) if row["passed"] is not None]
    assert ran["passed"] == len(judged) > 50
    scripted(ws, "judge.jsonl", [{"match": ".", "error": "auth"}])
    assert answer(ws, "run", "refund-bot", "--target", "current")["fresh"] == 0


def test_a_judge_that_cannot_be_asked_costs_no_answer_of_the_target(ws: Path) -> None:
    (ws / "counted.py").write_text(
        "from pathlib import Path\n"
        "def reply(text):\n"
        "    with Path('asked.txt').open('a') as file:\n"
        "        file.write('x')\n"
        "    return 'decline'\n"
    )
    target = {"python": "counted:reply", "version": "1", "family": "rules", "concurrency": 1}
    judged_by(ws, scripted(ws, "judge.jsonl", [{"match": ".", "error": "auth"}]), counted=target)
    broken = command(ws, "run", "refund-bot", "--target", "counted", "--json", code=4)
    assert "wait for their judge" in broken.err or "wait for the judge" in broken.err
    assert json.loads(broken.out)["ledger"]["answered"] == 0
    asked = len((ws / "asked.txt").read_text())
    assert asked > 0
    scripted(ws, "judge.jsonl", [{"match": ".", "json": MISSED}])
    ran = answer(ws, "run", "refund-bot", "--target", "counted")
    assert ran["ledger"]["pending"] == 0
    assert ran["passed"] == 0
    assert ran["reused"] >= 1
    assert len((ws / "asked.txt").read_text()) == ran["ledger"]["wanted"]


def test_answers_that_wait_are_no_rows_and_outlive_the_store(ws: Path) -> None:
    judged_by(ws, scripted(ws, "judge.jsonl", [{"match": ".", "error": "auth"}]))
    command(ws, "run", "refund-bot", "--target", "current", code=4)
    assert (ws / "runs" / "unjudged.jsonl").exists()
    (ws / ".anchorset" / "store.sqlite").unlink()
    scripted(ws, "judge.jsonl", [{"match": ".", "json": MET}])
    assert answer(ws, "run", "refund-bot", "--target", "current")["reused"] >= 1


def test_a_judge_of_the_targets_family_is_said_and_stops_a_pass(ws: Path) -> None:
    scripted(ws, KIN.removeprefix("scripted:"), [{"match": ".", "json": MET}])
    bots = {name: {"python": f"bots:{name}", "version": "1", "family": "claude"} for name in ("current", "next")}
    judged_by(ws, KIN, **bots)
    assert "are one family" in command(ws, "run", "refund-bot", "--target", "current").out
    ran = answer(ws, "run", "refund-bot", "--target", "next")
    assert any("anthropic-claude" in note for note in ran["notes"])
    shown = command(ws, "compare", "refund-bot", "--baseline", "current", "--candidate", "next", code=3)
    assert "collusion" in shown.out
    report = answer(ws, "trust", "refund-bot")
    families = next(one for one in report["questions"] if one["id"] == "families")
    assert families["answer"] == "no"
    assert "Judge and target are both anthropic-claude" in families["evidence"]


def test_a_rubric_may_name_a_judge_of_its_own(ws: Path) -> None:
    scripted(ws, "own.jsonl", [{"match": ".", "json": MET}])
    configured(ws, evaluators=[{"rubric": {"model": "scripted:own.jsonl"}}])
    assert answer(ws, "run", "refund-bot", "--target", "current")["judges"] == {"rubric": "scripted:own.jsonl"}


def test_without_a_judge_a_rubric_says_which_key_is_missing(ws: Path) -> None:
    configured(ws, evaluators=["rubric"])
    assert "models.judge" in command(ws, "run", "refund-bot", "--target", "current", code=2).err
    assert not (ws / "runs" / "heads.jsonl").exists()


def test_nobody_agreed_so_no_answer_leaves_the_machine(ws: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANCHORSET_NO_MODELS")
    configured(
        ws, evaluators=["rubric"],
        models={"judge": {"model": "openai-compatible:m", "base_url": "http://judge.example.com/v1"}},
    )  # fmt: skip
    said = command(ws, "run", "refund-bot", "--target", "current", code=2).err
    assert "every case with the answer of the target to the judge to judge.example.com" in said
    room = open_workspace(ws)
    assert not (room.path / "runs" / "heads.jsonl").exists()
    room.close()


@pytest.mark.enable_socket
def test_a_judge_behind_a_server_that_misbehaves_loses_no_answer_and_is_asked_once_each(ws: Path) -> None:
    with model_server(steady=True, limited=0.1, error=0.05, cut=0.02) as server:
        spec = {"model": "openai-compatible:qwen3:8b", "base_url": server.base_url}
        configured(ws, models={"judge": spec}, evaluators=["rubric"])
        ran = answer(ws, "run", "refund-bot", "--target", "current")
        assert ran["ledger"]["pending"] == 0
        assert ran["ledger"]["answered"] > 50
        asked = server.stats()
        assert max(asked["answered_by"].values()) == 1
        assert answer(ws, "run", "refund-bot", "--target", "current")["fresh"] == 0
        assert server.stats() == asked


def test_the_budget_ends_a_run_with_its_answers_kept_and_more_goes_on(
    ws: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged_by(ws, scripted(ws, "judge.jsonl", [{"match": ".", "json": MET}]))
    monkeypatch.setattr("anchorset.infra.llm.prices.usd", lambda _model, used: used.input * 1e-6 + used.output * 1e-6)
    ended = command(ws, "run", "refund-bot", "--target", "current", "--budget", "0.02", "--json", code=4)
    said = json.loads(ended.out)
    assert said["stopped"] == "budget"
    assert said["ledger"]["answered"] > 0
    assert said["ledger"]["pending"] > 0
    assert 0 < said["judge_usd"] <= 0.02
    again = answer(ws, "run", "refund-bot", "--target", "current", "--budget", "5")
    assert again["ledger"]["pending"] == 0
    assert again["ledger"]["answered"] > said["ledger"]["answered"]
