"""`anchorset batch`: what is said, what the machine form holds, and the exit codes."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from batch_desk import Desk, batch_desk, result

from anchorset.pipeline.example import LOGS, MAPPING

ORDER = ("--technique", "prompted", "--more", "6", "--model", "openai:gpt-5-mini")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("batch") / "ws"


@pytest.fixture
def room(home: Path, tmp_path: Path, anchorset) -> Path:
    """A workspace with some seeds of the example."""
    if not home.exists():
        anchorset("init", home, "--example", "refund-bot")
        rows = (home / LOGS).read_text(encoding="utf-8").splitlines()
        (home / "some.jsonl").write_text("\n".join(rows[::4]) + "\n", encoding="utf-8")
        assert anchorset("ingest", home / "some.jsonl", "--map", MAPPING, "-w", home).code == 0
    return Path(shutil.copytree(home, tmp_path / "ws"))


@pytest.fixture
def desk(socket_enabled: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    with batch_desk() as running:
        monkeypatch.setenv("OPENAI_API_KEY", "sk-made-up")
        monkeypatch.setenv("OPENAI_BASE_URL", running.openai)
        yield running


def test_requests_out_results_in_until_the_run_is_over(anchorset, room: Path, tmp_path: Path) -> None:
    requests, results = tmp_path / "requests.jsonl", tmp_path / "results.jsonl"
    shown = anchorset("batch", "export", requests, *ORDER, "-w", room)
    assert shown.code == 0
    assert "wrote 6 requests for openai:gpt-5-mini" in shown.out
    assert "anchorset batch import" in shown.out
    assert "  short " not in shown.out
    rows = [json.loads(line) for line in requests.read_text().splitlines()]
    results.write_text("".join(json.dumps(result(line)) + "\n" for line in rows[1:]) + "nonsense\n")
    shown = anchorset("batch", "import", results, "-w", room)
    assert shown.code == 0
    assert "read 6 lines: 5 answers taken, 1 not readable" in shown.out
    assert "results.jsonl line 6" in shown.out
    assert "open questions: 1" in shown.out
    assert "anchorset produce" in shown.out
    results.write_text(json.dumps(result(rows[0])) + "\n")
    shown = anchorset("batch", "import", results, "-w", room, "--json")
    report = json.loads(shown.out)
    assert report["import"] | {"again": {}} == {
        "lines": 1, "taken": 1, "refused": 0, "again": {}, "known": 0, "unknown": 0, "unread": 0,
    }  # fmt: skip
    ledger = report["ledger"]
    assert ledger["requested"] == ledger["passed"] + ledger["rejected"] + ledger["failed"] + ledger["pending"]
    assert report["over"] == (report["open"] == 0)


def test_submit_and_collect_say_what_is_out(anchorset, room: Path, tmp_path: Path, desk: Desk) -> None:
    assert anchorset("batch", "export", tmp_path / "r.jsonl", *ORDER, "-w", room).code == 0
    desk.status = "running"
    shown = anchorset("batch", "submit", "-w", room)
    assert shown.code == 0
    assert "sent 6 questions to openai:gpt-5-mini as batch_1 (at most about $" in shown.out
    shown = anchorset("batch", "submit", "--json", "-w", room)
    assert (json.loads(shown.out)["sent"], json.loads(shown.out)["out"]) == ([], 6)
    shown = anchorset("batch", "export", tmp_path / "r2.jsonl", "-w", room)
    assert "wrote nothing" in shown.out
    assert not (tmp_path / "r2.jsonl").exists()
    shown = anchorset("batch", "collect", "-w", room)
    assert (shown.code, shown.out.strip()) == (
        0, "batch_1 (openai:gpt-5-mini, 6 questions) is running: 0 of 6 done; collect again later",
    )  # fmt: skip
    desk.breaks = True
    shown = anchorset("batch", "collect", "-w", room)
    assert shown.code == 4
    assert "could not be looked at" in shown.err
    desk.breaks, desk.status, desk.how = False, "ended", {0: "expired"}
    shown = anchorset("batch", "collect", "-w", room, "--json")
    assert shown.code == 0
    (batch,) = json.loads(shown.out)["batches"]
    assert (batch["state"], batch["import"]["taken"], batch["import"]["again"]) == ("ended", 5, {"timeout": 1})
    assert "batch_1" in shown.err
    assert anchorset("batch", "collect", "-w", room).out.strip() == "no batch is out"


def test_refusals_are_one_sentence_and_their_code(anchorset, room: Path, tmp_path: Path, monkeypatch) -> None:
    shown = anchorset("batch", "export", tmp_path / "r.jsonl", "-w", room)
    assert (shown.code, "no language model" in shown.err) == (2, True)
    shown = anchorset("batch", "import", tmp_path / "nowhere.jsonl", "-w", room)
    assert (shown.code, "cannot be read" in shown.err) == (2, True)
    assert anchorset("batch", "export", tmp_path / "r.jsonl", *ORDER, "-w", room).code == 0
    shown = anchorset("batch", "submit", "-w", room)
    assert (shown.code, "OPENAI_API_KEY" in shown.err) == (4, True)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-made-up")
    shown = anchorset("batch", "submit", "-w", room)
    assert (shown.code, "nobody agreed" in shown.err) == (2, True)
    shown = anchorset("batch", "submit", "--yes", "-w", room)
    assert shown.code == 4
    assert "api.openai.com, at most about $" in shown.err
    assert "ANCHORSET_NO_MODELS" in shown.err
    assert "sk-made-up" not in shown.err
