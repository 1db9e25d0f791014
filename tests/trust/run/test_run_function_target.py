"""A Python callable as target: whatever it does costs one row."""

from __future__ import annotations

import os
import time

import pytest
from processes import gone, until

from anchorset.core.case import Message
from anchorset.core.errors import ConfigError

ODD = {
    "hang": ("timeout", "no answer after 0.7 seconds"),
    "spin": ("timeout", "no answer after 0.7 seconds"),
    "exit": ("exception", "ended with exit code 7"),
    "segfault": ("exception", "SIGSEGV"),
    "throw": ("exception", "ValueError: no [U+001B][31m such order (bots.py line "),
    "huge": ("too_large", "10,000,002 bytes"),
    "object": ("garbage", "'object'"),
    "nan": ("garbage", "no JSON value"),
    "nothing": ("garbage", "null"),
    "leave": ("exception", "SystemExit: 3"),
    "close": ("exception", "in the middle of the call"),
    "deep": ("garbage", "deeper than 64"),
    "child": ("exception", "exit code 9"),
}


def test_every_misbehaviour_costs_one_row_and_names_its_cause(workspace) -> None:
    cases = workspace.cases("first", *(f"{what} now" for what in ODD), "last")
    rows = workspace.run(cases, workspace.target(python="bots:odd", timeout_seconds=0.7, concurrency=3))
    assert [row.case for row in rows] == [case.id for case in cases]
    for row, (cause, said) in zip(rows[1:-1], ODD.values(), strict=True):
        assert row.cause == cause
        assert said in (row.error or "")
        assert (row.passed, row.score) == (False, 0.0)
    assert [row.passed for row in (rows[0], rows[-1])] == [True, True]
    ledger = workspace.ledger(rows, len(cases))
    assert (ledger.answered, ledger.failed, ledger.pending) == (2, len(ODD), 0)


def test_a_huge_answer_keeps_its_head_alone(workspace) -> None:
    (row,) = workspace.run(workspace.cases("huge"), workspace.target(python="bots:odd"))
    assert row.output == "é" * 2000


def test_a_lone_surrogate_is_replaced(workspace) -> None:
    (row,) = workspace.run(workspace.cases("surrogate"), workspace.target(python="bots:odd"))
    assert row.output == "a\ufffdb"


def test_tools_and_cost_are_reported(workspace) -> None:
    (row,) = workspace.run(workspace.cases("tool"), workspace.target(python="bots:odd"))
    assert (row.output, row.tools, row.usd) == ("done", ("refund",), 0.01)


def test_an_async_callable_is_awaited(workspace) -> None:
    (row,) = workspace.run(workspace.cases("hello"), workspace.target(python="bots:later"))
    assert (row.passed, row.usd) == (True, 0.5)


def test_chats_arrive_as_messages_and_records_as_json(workspace) -> None:
    chat = workspace.seed("x").revised(kind="chat", input=(Message(role="user", content="hi"),))
    record = workspace.seed("x").revised(kind="record", input={"order": 4})
    rows = workspace.run([chat, record], workspace.target(python="bots:echo"))
    assert [row.output for row in rows] == [[{"role": "user", "content": "hi"}], {"order": 4}]


def test_starting_a_worker_is_not_the_applications_time(workspace) -> None:
    (workspace.folder / "slow.py").write_text("import time; time.sleep(0.6)\ndef echo(text): return text\n")
    (row,) = workspace.run(workspace.cases("a"), workspace.target(python="slow:echo", timeout_seconds=0.3))
    assert row.passed
    assert row.seconds is not None
    assert row.seconds < 0.3


def test_no_worker_outlives_the_run(workspace) -> None:
    workspace.run(workspace.cases(*"abcdef"), workspace.target(python="bots:pid", concurrency=3))
    pids = {int(line) for line in (workspace.folder / "pids").read_text().split()}
    assert 1 <= len(pids) <= 3
    assert all(gone(pid) for pid in pids)


def test_what_a_killed_worker_had_started_dies_with_it(workspace) -> None:
    (workspace.folder / "nest.py").write_text(
        "import subprocess, time\n"
        "def hang(text):\n"
        "    child = subprocess.Popen(['sleep', '60'])\n"
        "    open('child', 'w').write(str(child.pid))\n"
        "    time.sleep(60)\n"
    )
    workspace.run(workspace.cases("a"), workspace.target(python="nest:hang", timeout_seconds=0.5))
    pid = int((workspace.folder / "child").read_text())
    until(lambda: gone(pid), 5)


def test_a_thousand_cases_take_seconds(workspace) -> None:
    cases = workspace.cases(*(f"case {n}" for n in range(1000)))
    target, begun = workspace.target(python="bots:echo"), time.monotonic()
    rows = workspace.run(cases, target)
    assert all(row.passed for row in rows)
    assert time.monotonic() - begun < 20  # 0.5 s on an idle core; the rest is for busy machines


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("bots", "module:function"),
        ("nowhere:bot", "No module named 'nowhere'"),
        ("bots:nobody", "nobody"),
        ("bots:os.name", "not a function"),
        ("broken:bot", "broken.py line 1"),
        ("leaves:bot", "exit code 4"),
    ],
)
def test_a_callable_that_cannot_be_loaded_is_refused_before_the_run(workspace, named: str, said: str) -> None:
    (workspace.folder / "broken.py").write_text("1/0\n")
    (workspace.folder / "leaves.py").write_text("import os; os._exit(4)\n")
    with pytest.raises(ConfigError, match=r"targets\.bot\.python") as error:
        workspace.target(python=named)
    assert said in str(error.value)


def test_no_bytecode_is_left_in_the_workspace(workspace) -> None:
    workspace.run(workspace.cases("a"), workspace.target(python="bots:echo"))
    assert not (workspace.folder / "__pycache__").exists()


def test_an_unknown_target_names_the_nearest(workspace) -> None:
    from anchorset.core.config import TargetSpec
    from anchorset.trust.run.targets.catalogue import open_target

    with pytest.raises(ConfigError, match="did you mean 'current'"):
        open_target("curent", {"current": TargetSpec(python="bots:echo")}, folder=workspace.folder, environ=os.environ)
