"""A program as target: one JSON object in, an answer out, killed with all it started."""

from __future__ import annotations

import sys
import time

import pytest
from processes import gone, until

from anchorset.core.errors import ConfigError

PROGRAM = """
import json, os, signal, subprocess, sys, time
told = json.load(sys.stdin)
what = told["input"].split()[0]
if what == "stubborn":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    child = subprocess.Popen(["sleep", "60"])
    open("child", "w").write(str(child.pid))
    time.sleep(60)
if what == "fails":
    sys.stderr.write("no database\\n"); sys.exit(3)
if what == "killed": os.kill(os.getpid(), signal.SIGKILL)
if what == "huge": sys.stdout.write("x" * 10_000_000)
elif what == "endless":
    while True: sys.stdout.write("x" * 10_000)
elif what == "loud":
    sys.stderr.write("e" * 10_000_000); print(told["input"])
elif what == "bytes": sys.stdout.buffer.write(b"fine \\xff\\xfe")
elif what == "silent": pass
elif what == "json": print(json.dumps({"output": {"a": 1}, "tools": ["look"], "usd": 0.2}))
elif what == "brace": print("{not json")
elif what == "leaves":
    subprocess.Popen(["sleep", "60"]); print(told["input"])
elif what == "keys": print(",".join(sorted(told)))
else: print(told["input"])
"""


@pytest.fixture
def program(workspace):
    (workspace.folder / "bot.py").write_text(PROGRAM)
    return [sys.executable, "bot.py"]


@pytest.mark.parametrize(
    ("what", "cause", "said"),
    [
        ("fails", "exception", "exited with code 3 and said on stderr: no database"),
        ("killed", "exception", "SIGKILL"),
        ("huge", "too_large", "more"),
        ("endless", "too_large", "more"),
        ("bytes", "garbage", "no UTF-8 (byte 5)"),
        ("silent", "garbage", "nothing on stdout"),
    ],
)
def test_a_program_that_fails_costs_its_row(workspace, program, what: str, cause: str, said: str) -> None:
    rows = workspace.run(workspace.cases(what, "good"), workspace.target(command=program, timeout_seconds=20))
    assert rows[0].cause == cause
    assert said in (rows[0].error or "")
    assert rows[1].passed


def test_a_program_that_ignores_sigterm_is_gone_with_its_children(workspace, program) -> None:
    (row,) = workspace.run(workspace.cases("stubborn"), workspace.target(command=program, timeout_seconds=1))
    assert row.cause == "timeout"
    pid = int((workspace.folder / "child").read_text())
    until(lambda: gone(pid), 5)


def test_what_a_program_leaves_running_does_not_hold_the_answer(workspace, program) -> None:
    begun = time.monotonic()
    (row,) = workspace.run(workspace.cases("leaves"), workspace.target(command=program, timeout_seconds=20))
    assert row.passed
    assert time.monotonic() - begun < 10


def test_json_with_output_is_read_and_other_text_is_the_answer(workspace, program) -> None:
    rows = workspace.run(workspace.cases("json", "brace", "plain text", "loud"), workspace.target(command=program))
    assert (rows[0].output, rows[0].tools, rows[0].usd) == ({"a": 1}, ("look",), 0.2)
    assert [row.output for row in rows[1:]] == ["{not json", "plain text", "loud"]


def test_a_program_is_not_shown_labels_or_expected_tools(workspace, program) -> None:
    (row,) = workspace.run(workspace.cases("keys"), workspace.target(command=program))
    assert row.output == "context,input,messages,system,tools"


def test_a_program_need_not_read_its_input(workspace) -> None:
    case = workspace.seed("x" * 2_000_000, expected="yes")
    (row,) = workspace.run([case], workspace.target(command=["sh", "-c", "echo yes"]))
    assert row.passed


def test_a_program_that_is_not_there_is_refused(workspace) -> None:
    for command in (["no-such-program"], ["./bots.py"]):
        with pytest.raises(ConfigError, match=r"targets\.bot\.command"):
            workspace.target(command=command)
