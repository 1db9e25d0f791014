"""A workspace over its life: made anew, torn, read-only, full, shared by two; and what each verb leaves."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from workspaces import COMMAND, decided, fingerprint, start

from anchorset.pipeline.example import LOGS, MAPPING
from anchorset.ui.cli.main import run as cli

SIZE = ("--size", "120")
LIMIT = (
    "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
    "resource.setrlimit(resource.RLIMIT_FSIZE, ({n}, {n}));"
    "from anchorset.ui.cli.main import run; run()"
)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example with everything that can be said in it: never changed, only copied."""
    root = tmp_path_factory.mktemp("lived")
    command(root, "init", "ws", "--example", "refund-bot")
    folder = root / "ws"
    command(folder, "ingest", LOGS, "--map", MAPPING)
    made = answer(folder, "produce", *SIZE)
    command(folder, "review", "export", "waiting.csv")
    decided(folder)
    command(folder, "review", "import", "filled.csv", "--reviewer", "kim")
    first, second = (case["id"] for case in answer(folder, "cases", "list", "--status", "approved")["cases"][:2])
    command(folder, "cases", "tag", first, "policy=remorse", "--reviewer", "kim")
    command(folder, "review", "edit", second, "--criterion", "asks first", "--reviewer", "zoe")
    command(folder, "ship", "refund-bot")
    run = answer(folder, "run", "refund-bot", "--target", "current")["run"]
    command(folder, "review", "export", "answers.csv", "--lane", "answers", "--run", run, "-n", "4")
    graded(folder / "answers.csv")
    command(folder, "review", "import", "answers.csv", "--lane", "answers", "--reviewer", "kim")
    seed = answer(folder, "cases", "list", "--bucket", "seed", "--limit", "1")["cases"][0]["id"]
    command(
        folder, "outcome", "refund-bot", "--candidate", "current", "--decision", "reject", "--reason", "off_policy",
        "--case", seed, "--promote", "regression", "--reviewer", "kim",
    )  # fmt: skip
    command(folder, "produce", "--more", "3", "--technique", "redteam")
    last = answer(folder, "status")["production_runs"][-1]["run"]
    assert last != made["run"]
    command(folder, "cases", "quarantine", last, "--why", "too loud", "--reviewer", "kim")
    return folder


@pytest.fixture
def ws(lived: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(lived, tmp_path / "ws"))


def command(folder: Path, *words: str) -> str:
    """The command, run in this process to a good end; stdout."""
    shown, said = io.StringIO(), io.StringIO()
    with (
        pytest.MonkeyPatch.context() as patched, contextlib.redirect_stdout(shown), contextlib.redirect_stderr(said)
    ):  # fmt: skip
        patched.chdir(folder)
        patched.setattr(sys, "argv", ["anchorset", *words])
        with pytest.raises(SystemExit) as left:
            cli()
    assert left.value.code == 0, (words, shown.getvalue(), said.getvalue())
    return shown.getvalue()


def answer(folder: Path, *words: str) -> dict[str, Any]:
    found = json.loads(command(folder, *words, "--json"))
    assert isinstance(found, dict)
    return found


def in_store(folder: Path) -> dict[str, Any]:
    """What the store counts."""
    found = answer(folder, "status")
    return {name: found[name] for name in ("real", "candidates", "by_technique", "by_cell", "datasets", "aside")}


def graded(path: Path) -> None:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, rows[0].keys())
        table.writeheader()
        table.writerows({**row, "passed": "yes"} for row in rows)


def everything(folder: Path) -> dict[str, Any]:
    """All that the store answers, in an order of its own."""
    listed = answer(folder, "cases", "list", "--limit", "10000")["cases"]
    return {
        "cases": sorted(listed, key=json.dumps), "status": answer(folder, "status"),
        "review": answer(folder, "review", "status"), "results": answer(folder, "results", "list"),
        "personas": answer(folder, "personas", "list"), "dataset": answer(folder, "datasets", "show", "refund-bot"),
    }  # fmt: skip


def one_sentence(done: subprocess.CompletedProcess[str], code: int) -> None:
    assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
    assert done.stderr.startswith("anchorset: ")
    assert done.stderr.count("\n") == 1, done.stderr


def test_all_that_was_said_survives_a_store_made_anew(ws: Path) -> None:
    before = everything(ws)
    assert {case["status"] for case in before["cases"]} >= {"approved", "edited", "rejected", "pending"}
    assert any(str(case["aside"]).startswith("quarantined: too loud") for case in before["cases"])
    assert before["status"]["real"]["regression"] == 1
    command(ws, "doctor", "--rebuild")
    assert everything(ws) == before
    shutil.rmtree(ws / ".anchorset")
    assert everything(ws) == before


@pytest.mark.parametrize(
    "how",
    [
        "no database",
        "a page overwritten",
        *(pytest.param(how, marks=pytest.mark.slow) for how in ("cut in half", "empty")),
    ],
)
def test_a_damaged_store_costs_nothing(ws: Path, how: str) -> None:
    before, store = in_store(ws), ws / ".anchorset" / "store.sqlite"
    data = store.read_bytes()
    store.write_bytes(
        {
            "no database": b"\0garbage" * 500, "cut in half": data[: len(data) // 2],
            "a page overwritten": data[:8200] + b"\xff" * 4000 + data[12200:], "empty": b"",
        }[how]
    )  # fmt: skip
    done = subprocess.run([*COMMAND, "status"], cwd=ws, text=True, capture_output=True, check=False)
    if done.returncode:
        one_sentence(done, 4)
        assert "doctor --rebuild" in done.stderr
    command(ws, "doctor", "--rebuild")
    assert in_store(ws) == before


@pytest.mark.parametrize("mirror", ["seeds", "candidates", "reviews", "runs"])
def test_a_torn_last_line_is_put_aside_and_nothing_else_is_lost(ws: Path, mirror: str) -> None:
    before = in_store(ws)
    path = max((ws / mirror).glob("*.jsonl"), key=lambda path: path.stat().st_size)
    whole, torn = path.read_bytes(), b'{"says":"verdict","la'
    path.write_bytes(whole + torn)
    done = subprocess.run([*COMMAND, "status", "--json"], cwd=ws, text=True, capture_output=True, check=True)
    assert f"{mirror}/{path.name}: its last line has no end" in done.stderr
    assert in_store(ws) == before
    assert path.read_bytes() == whole + torn  # looking changes nothing


def test_the_next_writer_moves_a_torn_line_out_of_the_way(ws: Path) -> None:
    path = ws / "reviews" / "kim.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"says":"tag","ca')
    id = answer(ws, "cases", "list", "--status", "passed", "--limit", "1")["cases"]
    first = (id or answer(ws, "cases", "list", "--limit", "1")["cases"])[0]["id"]
    command(ws, "cases", "tag", first, "user_type=power_user", "--reviewer", "kim")
    assert path.read_bytes().startswith(whole + b'{"says":"tag","case":')
    assert (ws / ".anchorset" / "torn" / "reviews" / "kim.jsonl").read_bytes() == b'{"says":"tag","ca\n'


def test_a_line_that_cannot_be_read_is_named_with_its_file_and_number(ws: Path) -> None:
    path = ws / "reviews" / "kim.jsonl"
    n = path.read_bytes().count(b"\n") + 1
    with path.open("ab") as file:
        file.write(b'{"says":"shout"}\n')
    done = subprocess.run([*COMMAND, "status"], cwd=ws, text=True, capture_output=True, check=False)
    one_sentence(done, 2)
    assert f"reviews/kim.jsonl line {n}" in done.stderr


def test_two_who_write_at_once_both_land(ws: Path) -> None:
    ids = [case["id"] for case in answer(ws, "cases", "list", "--status", "approved", "--limit", "12")["cases"]]
    people = ("ann", "ben", "cem")
    working = [start(ws, "review", "approve", *ids, "--reviewer", name) for name in people]
    for one in working:
        _, said = one.communicate(timeout=120)
        assert one.returncode == 0, said
    reviewers = answer(ws, "review", "status")["reviewers"]
    assert {name: reviewers[name] for name in people} == dict.fromkeys(people, len(ids))
    before = in_store(ws)
    command(ws, "doctor", "--rebuild")
    assert in_store(ws) == before


@pytest.mark.parametrize("verb", [("produce", "--more", "40"), ("review", "import", "filled.csv", "--reviewer", "lee")])
def test_a_full_disk_is_one_sentence_and_what_was_there_stays(ws: Path, verb: tuple[str, ...]) -> None:
    before, mirrors = in_store(ws), fingerprint(ws)
    shutil.rmtree(ws / ".anchorset")
    command(ws, "status")
    small = [sys.executable, "-c", LIMIT.format(n=30_000), *verb]
    one_sentence(subprocess.run(small, cwd=ws, text=True, capture_output=True, check=False), 4)
    now = fingerprint(ws)
    assert all(now[name][: len(rows)] == rows for name, rows in mirrors.items() if not name.startswith("runs/"))
    assert in_store(ws)["real"] == before["real"]
    command(ws, *verb)


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux to make a folder read-only for everybody")
def test_a_read_only_workspace_is_one_sentence_and_stays_as_it_is(ws: Path) -> None:
    before = fingerprint(ws)
    if os.geteuid() == 0:
        if subprocess.run(["mount", "--bind", ws, ws], check=False, capture_output=True).returncode:
            pytest.skip("no permission to mount")
        try:
            subprocess.run(["mount", "-o", "remount,ro,bind", ws], check=True, capture_output=True)
            done = subprocess.run(
                [*COMMAND, "-w", str(ws), "produce", "--more", "5"], text=True, capture_output=True, check=False
            )
        finally:
            subprocess.run(["umount", ws], check=True)
    else:
        for path in (ws, *ws.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
        done = subprocess.run([*COMMAND, "produce", "--more", "5"], cwd=ws, text=True, capture_output=True, check=False)
        for path in (ws, *ws.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
    one_sentence(done, 4)
    assert "writable" in done.stderr
    assert fingerprint(ws) == before
    command(ws, "status")


def test_counts_add_up_in_every_run(ws: Path) -> None:
    status = answer(ws, "status")
    for run in status["production_runs"]:
        ledger = run["ledger"]
        for part in (ledger, *ledger["by_technique"].values(), *ledger["by_cell"].values()):
            parts = ("passed", "rejected", "failed", "pending")
            assert part["requested"] == sum(part[name] for name in parts), run["run"]
            assert part["rejected"] == sum(part["rejected_by"].values())
        listed = answer(ws, "cases", "list", "--run", run["run"], "--limit", "10000")["total"]
        assert listed >= ledger["passed"]
    by_technique = [sum(found.values()) for found in status["by_technique"].values()]
    by_cell = [sum(found.values()) for found in status["by_cell"].values()]
    assert sum(by_technique) == sum(by_cell) == sum(status["candidates"].values())


def test_what_is_done_is_not_done_again(ws: Path) -> None:
    command(ws, "produce", *SIZE)  # what was quarantined or rejected is made up for
    before = fingerprint(ws)
    again = answer(ws, "produce", *SIZE)
    assert (again["run"], again["ledger"]["requested"]) == (None, 0)
    assert answer(ws, "ingest", LOGS, "--map", MAPPING)["kept"] == 0
    assert answer(ws, "review", "import", "filled.csv", "--reviewer", "kim")["taken"] == 0
    assert answer(ws, "run", "refund-bot", "--target", "current")["fresh"] == 0
    assert fingerprint(ws) == before


def test_shipping_twice_makes_one_version(ws: Path) -> None:
    first, second = answer(ws, "ship", "bank"), answer(ws, "ship", "bank")
    assert (first["new"], second["new"]) == (True, False)
    assert first["digest"] == second["digest"]
    assert answer(ws, "datasets", "verify", "bank")["ok"]


def test_importing_results_twice_adds_nothing(ws: Path) -> None:
    cases = answer(ws, "cases", "list", "--status", "approved", "--limit", "20")["cases"]
    rows = ["case_id,system,passed", *(f"{case['id']},other,{at % 2}" for at, case in enumerate(cases))]
    (ws / "r.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    assert answer(ws, "results", "import", "r.csv")["kept"] == len(cases)
    before = fingerprint(ws)
    answer(ws, "results", "import", "r.csv")
    assert fingerprint(ws) == before


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("personas/frustrated.yaml", "promised a solution twice", "promised a solution three times"),
        ("anchorset.yaml", "name: refund-bot", "name: refund-bot"),
    ],
)
def test_what_a_change_left_behind_is_put_aside_and_made_anew(ws: Path, path: str, old: str, new: str) -> None:
    text = (ws / path).read_text(encoding="utf-8")
    assert old in text
    (ws / path).write_text(text.replace(old, new), encoding="utf-8")
    mine = answer(ws, "cases", "list", "--persona", "frustrated", "--limit", "1000")["total"]
    made = answer(ws, "produce", *SIZE, "--refresh")
    if old == new:
        assert made["refreshed"] == {}
        return
    assert mine
    assert made["refreshed"]
    assert set(made["refreshed"].values()) == {"persona:frustrated has changed"}
    assert made["ledger"]["passed"] > 0
    before = in_store(ws)
    command(ws, "doctor", "--rebuild")
    assert in_store(ws) == before
    assert answer(ws, "produce", *SIZE, "--refresh")["refreshed"] == {}
