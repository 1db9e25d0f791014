"""The verbs of a workspace: what each prints for machines, where `-w` may stand, and how each says no."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from anchorset.pipeline.example import LOGS, MAPPING
from anchorset.ui.cli.main import run as entry

LEDGER = {
    "target", "requested", "passed", "rejected", "failed", "pending", "short", "rejected_by", "failed_by", "pending_by",
}  # fmt: skip
SHAPES: dict[tuple[str, ...], set[str]] = {
    ("ingest", LOGS, "--map", MAPPING): {"read", "kept", "folded", "grouped", "refused", "refused_file", "pii"},
    ("plan",): {"target", "briefs", "cells", "warnings", "cost", "power"},
    ("produce",): {"ledger", "by_technique", "by_cell", "usd", "seconds"},
    ("produce", "--dry-run", "--more", "3"): {"target", "briefs", "cells", "warnings", "cost", "power"},
    ("status",): {"ledger", "by_technique", "by_cell"},
    ("review", "status"): {
        "pending", "approved", "edited", "rejected", "skipped", "survival", "by_axis", "by_technique",
    },
    ("review", "next"): {"case", "left"},
    ("review", "next", "--lane", "seeds"): {"case", "left"},
    ("cases", "list"): {"total", "cases"},
    ("ship", "shop"): {
        "name", "version", "digest", "rows", "by_bucket", "by_split", "unreviewed", "sampled", "warnings",
    },
    ("datasets", "list"): {"datasets"},
    ("datasets", "show", "refund-bot"): {
        "name", "version", "digest", "rows", "by_bucket", "by_split", "unreviewed", "sampled", "warnings",
    },
    ("datasets", "verify", "refund-bot"): {"ok", "problems"},
    ("personas", "list"): {"personas"},
    ("results", "list"): {"runs", "judges"},
    ("run", "refund-bot", "--target", "current"): {"run", "dataset", "target", "version", "ledger", "passed"},
    ("trust",): {"questions", "signals"},
    ("map",): set(),
    ("doctor",): {"ok", "findings"},
    ("doctor", "--explain"): {"settings"},
    ("doctor", "--rebuild"): {"rows", "notes"},
}  # fmt: skip


def command(folder: Path, *words: str) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sys, "argv", ["anchorset", "-w", str(folder), *words])
        with pytest.raises(SystemExit) as left:
            entry()
    assert left.value.code == 0, words


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example with some candidates, decided and shipped: never changed, only copied."""
    folder = tmp_path_factory.mktemp("cli") / "ws"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sys, "argv", ["anchorset", "init", str(folder), "--example", "refund-bot"])
        with pytest.raises(SystemExit):
            entry()
    command(folder, "ingest", str(folder / LOGS), "--map", MAPPING)
    command(folder, "produce", "--count", "30")
    command(folder, "ship", "refund-bot", "--allow-unreviewed")
    return folder


@pytest.fixture
def ws(shipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = Path(shutil.copytree(shipped, tmp_path / "ws"))
    monkeypatch.chdir(folder)
    return folder


def sentence(shown: Any, code: int, *parts: str) -> None:
    assert shown.code == code, shown
    assert shown.out == ""
    assert shown.err.startswith("anchorset: ")
    assert shown.err.count("\n") == 1, shown.err
    assert not [part for part in parts if part not in shown.err], shown.err


@pytest.mark.parametrize("words", SHAPES, ids=" ".join)
def test_machines_get_one_object_with_the_keys_they_know(anchorset, ws: Path, words: tuple[str, ...]) -> None:
    shown = anchorset(*words, "--json")
    assert shown.code == 0, shown.err
    found = json.loads(shown.out)
    assert shown.out.count("\n") == 1
    assert SHAPES[words] <= set(found)
    if found.get("ledger") and "wanted" not in found["ledger"]:
        assert set(found["ledger"]) >= LEDGER
    if words == ("trust",):
        assert {row["id"] for row in found["questions"]} == {
            "provenance", "together", "survival", "vocabulary", "families",
        }  # fmt: skip
        assert {row["answer"] for row in found["questions"]} <= {"yes", "no", "unknown"}
        assert all(row["todo"] for row in found["questions"] if row["answer"] != "yes")


@pytest.mark.parametrize("place", ["before", "after", "long", "inside"])
def test_the_workspace_is_named_before_or_after_the_verb_or_is_where_one_stands(
    anchorset, ws: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.chdir(ws / "personas" if place == "inside" else tmp_path)
    words: dict[str, tuple[object, ...]] = {
        "before": ("-w", ws, "cases", "list", "--json"), "after": ("cases", "list", "-w", ws, "--json"),
        "long": (f"--workspace={ws}", "cases", "list", "--json"), "inside": ("cases", "list", "--json"),
    }  # fmt: skip
    assert json.loads(anchorset(*words[place]).out)["total"] > 0


@pytest.mark.parametrize("verb", ["map", "plan", "produce", "qualify", "status", "trust", "doctor", "review status"])
def test_where_no_workspace_is_one_sentence_says_how_to_make_one(anchorset, tmp_path: Path, verb: str) -> None:
    sentence(anchorset("-w", tmp_path, *verb.split()), 2, str(tmp_path), "anchorset init", "-w DIR")


def test_a_key_that_is_not_known_names_file_line_and_the_nearest(anchorset, ws: Path) -> None:
    path = ws / "anchorset.yaml"
    n = path.read_text(encoding="utf-8").count("\n") + 1
    with path.open("a", encoding="utf-8") as file:
        file.write("budgt_usd: 3\n")
    sentence(anchorset("status"), 2, f"anchorset.yaml line {n}", "`budgt_usd`", "did you mean 'budget_usd'?")
    shown = anchorset("doctor", "--json")
    assert (shown.code, json.loads(shown.out)["ok"]) == (1, False)


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("cases show c_nowhere", ["'c_nowhere'", "cases list"]),
        ("cases list --bucket sead", ["'sead'", "did you mean 'seed'?"]),
        ("cases list --status aproved", ["did you mean 'approved'?"]),
        ("cases tag c_ policy", ["'policy'", "policy=delay"]),
        ("cases quarantine r_none", ["'r_none'"]),
        ("cases export out.jsonl --bucket golden", ["no case fits"]),
        ("review approve c_nowhere --reviewer kim", ["'c_nowhere'"]),
        ("review reject c_nowhere --reason ugly --reviewer kim", ["c_nowhere"]),
        ("review export x.csv --lane answers", ["--run"]),
        ("review import nowhere.csv --reviewer kim", ["nowhere.csv"]),
        ("produce --technique mutaton", ["did you mean 'mutation'?"]),
        ("produce --persona expert:many", ["--persona", "number"]),
        ("ship refund-bot@1.0.0", ["names a version"]),
        ("ship ../evil", ["evil"]),
        ("datasets show other", ["'other'", "refund-bot"]),
        ("datasets show refund-bot@9.9.9", ["refund-bot@1.0.0"]),
        ("datasets verify nothing", ["'nothing'"]),
        ("personas show nobody", ["'nobody'"]),
        ("run refund-bot --target nxt", ["'nxt'", "next"]),
        ("results import nowhere.json", ["nowhere.json"]),
        ("results baseline refund-bot --target current", ["refund-bot"]),
        ("outcome refund-bot --candidate next --decision reject --reviewer kim", ["reason"]),
        ("init .", ["there already"]),
        ("init other --example refund-boat", ["did you mean 'refund-bot'?"]),
        ("ingest nowhere.csv --map input=text", ["nowhere.csv"]),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_exit_2(anchorset, ws: Path, words: str, parts: list[str]) -> None:
    before = sorted(str(path) for path in ws.rglob("*") if ".anchorset" not in path.parts)
    sentence(anchorset(*words.split()), 2, *parts)
    assert sorted(str(path) for path in ws.rglob("*") if ".anchorset" not in path.parts) == before


def test_one_changed_byte_in_a_version_is_exit_1_and_names_the_row(anchorset, ws: Path) -> None:
    path = ws / "datasets" / "refund-bot" / "1.0.0" / "cases.jsonl"
    lines = path.read_bytes().split(b"\n")
    lines[2] = lines[2].replace(b'"kind":"text"', b'"kind":"tex "', 1)
    path.write_bytes(b"\n".join(lines))
    shown = anchorset("datasets", "verify", "refund-bot", "--json")
    assert shown.code == 1
    assert any(str(problem["row"]).startswith("line 3 ") for problem in json.loads(shown.out)["problems"])


def test_rows_that_cannot_be_taken_are_named_and_exit_1_and_the_others_are_kept(anchorset, ws: Path) -> None:
    anchorset("review", "export", "x.jsonl")
    rows = [json.loads(line) for line in (ws / "x.jsonl").read_text(encoding="utf-8").splitlines()]
    rows = [{**row, "decision": "approve"} for row in rows]
    rows[1] |= {"decision": "perhaps"}
    rows[2] |= {"content": "0000000000000000"}
    (ws / "x.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    shown = anchorset("review", "import", "x.jsonl", "--reviewer", "kim", "--json")
    found = json.loads(shown.out)
    assert (shown.code, found["taken"], [row["line"] for row in found["refused"]]) == (1, len(rows) - 2, [2, 3])


def test_an_interrupt_keeps_what_was_made_and_exits_130(
    anchorset: Callable[..., Any], ws: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("anchorset.pipeline.status.status_of", interrupted)
    shown = anchorset("status")
    assert (shown.code, shown.out) == (130, "")
    assert "kept" in shown.err
