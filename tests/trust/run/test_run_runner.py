"""The runner: order, resume, cached answers, stopping, and a ledger that adds up."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from processes import gone, until

from anchorset.core.errors import ConfigError, InputError, UsageError
from anchorset.core.run import Result
from anchorset.trust.run.answer import Answer, from_row
from anchorset.trust.run.head import run_head
from anchorset.trust.run.run import run, run_cases


def test_rows_come_back_in_the_order_asked_whatever_lands_first(workspace) -> None:
    (workspace.folder / "naps.py").write_text(
        "import time\ndef nap(text):\n    time.sleep(float(text))\n    return text\n"
    )
    cases, landed = workspace.cases("0.3", "0.01", "0.02"), []
    rows = workspace.run(
        cases, workspace.target(python="naps:nap", concurrency=3), on_result=lambda row: landed.append(row.output)
    )
    assert [row.output for row in rows] == ["0.3", "0.01", "0.02"]
    assert landed[-1] == "0.3"


def test_every_case_is_asked_once_before_any_is_asked_again(workspace) -> None:
    rows = workspace.run(workspace.cases("a", "b"), workspace.target(python="bots:echo"), repeats=3)
    assert [(row.output, row.repeat) for row in rows] == [
        ("a", 0), ("b", 0), ("a", 1), ("b", 1), ("a", 2), ("b", 2)
    ]  # fmt: skip


def test_what_is_done_is_not_asked_again(workspace) -> None:
    cases, target = workspace.cases("a", "b", "c"), workspace.target(python="bots:pid")
    first = workspace.run(cases[:2], target)
    rest = workspace.run(cases, target, done={(row.content, row.repeat) for row in first})
    assert [row.output for row in rest] == ["c"]
    assert len((workspace.folder / "pids").read_text().split()) == 3
    assert workspace.run(cases, target, done={(row.content, row.repeat) for row in first + rest}) == ()


def test_a_cached_answer_is_judged_again_and_not_asked_again(workspace) -> None:
    cases, target = workspace.cases("a", "b"), workspace.target(python="bots:pid")
    kept = {(row.content, row.repeat): row for row in workspace.run(cases[:1], target)}

    def cached(case, repeat: int) -> Answer | None:
        row = kept.get((case.content, repeat))
        return None if row is None else from_row(row)

    rows = workspace.run(cases, target, cached=cached, evaluators=workspace.evaluators({"contains": {"text": "a"}}))
    assert [row.passed for row in rows] == [True, False]
    assert len((workspace.folder / "pids").read_text().split()) == 2


def test_a_failed_row_is_no_answer_to_keep(workspace) -> None:
    rows = workspace.run(workspace.cases("throw", "fine"), workspace.target(python="bots:odd"))
    assert [from_row(row) is None for row in rows] == [True, False]


def test_a_run_id_hangs_on_what_is_run_and_not_on_when(workspace) -> None:
    target, evaluators = workspace.target(python="bots:echo"), workspace.evaluators("exact")

    def head(**changed: object):
        given = {
            "dataset": "bank@1.0.0", "digest": "d", "cases": 2, "target": target, "evaluators": evaluators,
            "repeats": 1, "started_at": "2026-01-01T00:00:00Z",
        } | changed  # fmt: skip
        return run_head(**given)

    same = head(started_at="2027-01-01T00:00:00Z", dataset="bank@1.0.1", cases=3)
    assert same.run == head().run
    others = [
        head(digest="e"), head(repeats=2), head(evaluators=workspace.evaluators({"exact": {"ignore_case": True}})),
        head(target=workspace.target(python="bots:later")),
        head(target=workspace.target(python="bots:echo", version="2")),
    ]  # fmt: skip
    assert len({head().run, *(one.run for one in others)}) == 6


def test_two_cases_of_one_content_are_refused(workspace) -> None:
    with pytest.raises(InputError, match="there twice"):
        workspace.run(workspace.cases("a", "a"), workspace.target(python="bots:echo"))


def test_a_row_that_cannot_be_kept_stops_the_run(workspace) -> None:
    def full(row: Result) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        workspace.run(workspace.cases(*"abcdef"), workspace.target(python="bots:pid", concurrency=2), on_result=full)
    assert all(gone(int(pid)) for pid in (workspace.folder / "pids").read_text().split())


def test_inside_a_loop_the_sync_door_says_which_to_take(workspace) -> None:
    target, evaluators = workspace.target(python="bots:echo"), workspace.evaluators("exact")
    head = run_head(
        dataset="b@1", digest="d", cases=1, target=target, evaluators=evaluators, repeats=1, started_at="2026-01-01"
    )
    cases = workspace.cases("a")

    async def inside() -> tuple[Result, ...]:
        with pytest.raises(UsageError, match="run_cases"):
            run(cases, target, evaluators, head=head)
        return await run_cases(cases, target, evaluators, head=head)

    (row,) = asyncio.run(inside())
    assert row.passed


def test_no_thread_outlives_the_run(workspace) -> None:
    before = threading.active_count()
    workspace.run(workspace.cases("a", "throw"), workspace.target(python="bots:odd"))
    assert threading.active_count() == before


def test_an_answer_already_given_is_judged_when_the_run_is_cancelled(workspace) -> None:
    (workspace.folder / "grades.py").write_text(
        "import time\ndef slow(case, answer):\n    time.sleep(0.6)\n    return True\n"
    )
    (workspace.folder / "mixed.py").write_text(
        "import time\ndef bot(text):\n    time.sleep(60 if text == 'hang' else 0)\n    return text\n"
    )
    evaluators = workspace.evaluators({"python": {"function": "grades:slow"}})
    target, landed = workspace.target(python="mixed:bot", concurrency=2), []
    cases = workspace.cases("quick", "hang", "never")
    head = run_head(
        dataset="b@1", digest="d", cases=3, target=target, evaluators=evaluators, repeats=1, started_at="2026-01-01"
    )

    async def stopped() -> None:
        going = asyncio.create_task(run_cases(cases, target, evaluators, head=head, on_result=landed.append))
        await asyncio.sleep(0.6)
        going.cancel()
        await going

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(stopped())
    assert [row.output for row in landed] == ["quick"]
    ledger = workspace.ledger(landed, 3)
    assert (ledger.answered, ledger.pending) == (1, 2)


def test_an_unknown_evaluator_or_setting_names_the_nearest(workspace) -> None:
    with pytest.raises(ConfigError, match="did you mean 'contains'"):
        workspace.evaluators("contain")
    with pytest.raises(ConfigError, match=r"evaluators\.contains.*did you mean 'ignore_case'"):
        workspace.evaluators({"contains": {"ignorecase": True}})


SCRIPT = """
import os, sys
from pathlib import Path
from anchorset.core.case import Case
from anchorset.core.config import EvaluatorSpec, TargetSpec
from anchorset.core.provenance import Observed
from anchorset.core.run import Result
from anchorset.trust.run.evaluators.catalogue import open_evaluators
from anchorset.trust.run.head import run_head
from anchorset.trust.run.run import run
from anchorset.trust.run.targets.catalogue import open_target

folder = Path(".")
origin = Observed(source="production", origin="made-up", original_id="1")
cases = [Case(kind="text", input=f"case {n}", expected=f"case {n}", provenance=origin) for n in range(60)]
target = open_target("bot", {"bot": TargetSpec(**eval(sys.argv[1]))}, folder=folder, environ=os.environ)
evaluators = open_evaluators([EvaluatorSpec(name="exact")], folder=folder, environ=os.environ)
head = run_head(dataset="b@1", digest="d", cases=60, target=target, evaluators=evaluators, repeats=1, started_at="2026")
kept = open("rows.jsonl", "a+")
kept.seek(0)
done = {(row.content, row.repeat) for row in (Result.read(line, where="rows") for line in kept)}

def keep(row):
    kept.write(row.line() + "\\n")
    kept.flush()

print("ready", flush=True)
try:
    run(cases, target, evaluators, head=head, done=done, on_result=keep)
except KeyboardInterrupt:
    sys.exit(130)
"""


def started(folder: Path, spec: str) -> subprocess.Popen[bytes]:
    process = subprocess.Popen([sys.executable, "-c", SCRIPT, spec], cwd=folder, stdout=subprocess.PIPE)
    assert process.stdout
    process.stdout.readline()
    return process


def rows_in(folder: Path) -> list[dict]:
    file = folder / "rows.jsonl"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def workers_of(folder: Path) -> list[int]:
    pids = folder / "pids"
    return [int(pid) for pid in pids.read_text().split()] if pids.exists() else []


COMMAND = (
    repr({"command": ["sh", "-c", "echo $$ >> pids; sleep 0.05; cat > /dev/null; echo x"], "concurrency": 3})
)  # fmt: skip
FUNCTION = repr({"python": "bots:pid", "concurrency": 3})


@pytest.mark.parametrize(
    "spec", [pytest.param(FUNCTION, id="function"), pytest.param(COMMAND, id="command", marks=pytest.mark.slow)]
)
def test_ctrl_c_keeps_what_is_done_and_the_same_run_goes_on(workspace, spec: str) -> None:
    process = started(workspace.folder, spec)
    until(lambda: len(rows_in(workspace.folder)) >= 5)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) == 130
    process.stdout.close()
    kept = len(rows_in(workspace.folder))
    assert 5 <= kept < 60
    until(lambda: all(map(gone, workers_of(workspace.folder))), 5)
    with started(workspace.folder, spec) as again:
        assert again.wait(timeout=60) == 0
    rows = rows_in(workspace.folder)
    assert len({row["content"] for row in rows}) == len(rows) == 60


@pytest.mark.parametrize(
    "spec", [pytest.param(FUNCTION, id="function"), pytest.param(COMMAND, id="command", marks=pytest.mark.slow)]
)
def test_kill_9_leaves_no_process_and_loses_no_row(workspace, spec: str) -> None:
    waits = random.Random(7)
    for _ in range(3):
        process = started(workspace.folder, spec)
        time.sleep(waits.uniform(0.05, 0.5))
        process.kill()
        process.wait()
        process.stdout.close()
        until(lambda: all(map(gone, workers_of(workspace.folder))), 5)
    with started(workspace.folder, spec) as again:
        assert again.wait(timeout=60) == 0
    rows = rows_in(workspace.folder)
    assert len({row["content"] for row in rows}) == len(rows) == 60


def test_a_hanging_target_dies_with_a_killed_runner(workspace) -> None:
    (workspace.folder / "stuck.py").write_text(
        "import os, time\ndef bot(text):\n    open('pids', 'a').write(f'{os.getpid()}\\n')\n    time.sleep(600)\n"
    )
    process = started(workspace.folder, repr({"python": "stuck:bot", "concurrency": 2}))
    pids = workspace.folder / "pids"
    until(lambda: pids.exists() and len(pids.read_text().split()) == 2)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    until(lambda: all(gone(int(pid)) for pid in pids.read_text().split()), 5)
