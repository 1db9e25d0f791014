"""Candidates written by a language model over HTTP: a server that misbehaves, kills, budgets, wrong keys, Ctrl-C.

Everything is driven by the command line, what is killed in a process of its own; what was really asked is counted at
the server.
"""

from __future__ import annotations

import io
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from server import ModelServer, model_server
from workspaces import COMMAND, example, fingerprint, start

from anchorset.ui.cli.main import run

pytestmark = pytest.mark.enable_socket
MODEL, FAMILY = "openai-compatible:qwen3:8b", "qwen"
PRODUCE = ("produce", "--technique", "prompted", "--more", "60", "--json")
POWER_CUT = """
import os
from contextlib import contextmanager
from pathlib import Path
from anchorset.infra.db.open import Store
from anchorset.ui.cli.main import run
writing, kept, log = Store.writing, [], Path(".anchorset/store.sqlite-wal")
@contextmanager
def until_the_lights_go_out(self, *, durable=False):
    with writing(self, durable=durable) as connection:
        yield connection
        if durable and len(kept) == 3:
            os.truncate(log, kept[-1])
            os._exit(137)
    if durable:
        kept.append(log.stat().st_size)
Store.writing = until_the_lights_go_out
run()
"""
"""The command, until the fourth time that answers are kept: they have come and are not committed, and what the disk was
not forced to hold since the third time is gone."""
FAULTS = {"limited": 0.05, "limited_silent": 0.05, "error": 0.05, "cut": 0.02, "retry_after": 0.1}
"""Those that another try puts right: 10 % 429, 5 % 500, 2 % cut."""
IN_FLIGHT = 4


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example with its seeds, and no candidate yet."""
    return example(tmp_path_factory.mktemp("models") / "ws")


@pytest.fixture
def server() -> Iterator[ModelServer]:
    """One whose answers hang on the question alone, so that runs can be held against each other."""
    with model_server(steady=True) as running:
        yield running


def prepared(seeded: Path, folder: Path, *, server: ModelServer | None = None, **spec: object) -> Path:
    """A copy of the workspace that asks this server."""
    shutil.copytree(seeded, folder)
    asked(folder, **({"model": MODEL, "base_url": server.base_url} if server else {}), **spec)
    return folder


def asked(folder: Path, **spec: object) -> None:
    """Writes the generator down, in place of the one before."""
    file = folder / "anchorset.yaml"
    kept = [line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("models: ")]
    models = {"generator": {"max_in_flight": IN_FLIGHT, **spec}}
    file.write_text("\n".join([*kept, f"models: {json.dumps(models)}", ""]), encoding="utf-8")


class Ran(NamedTuple):
    code: int
    report: dict[str, Any]
    said: str


def ran(folder: Path, *words: str, **environ: str) -> Ran:
    """`produce`, run to its end in this process, whatever that is; on stdout stands one JSON object or nothing."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.chdir(folder)
        patch.setattr(sys, "argv", ["anchorset", *(words or PRODUCE)])
        for name, value in environ.items():
            patch.setenv(name, value)
        with pytest.raises(SystemExit) as left:
            run()
    assert "Traceback" not in err.getvalue(), err.getvalue()
    return Ran(left.value.code, json.loads(out.getvalue()) if out.getvalue() else {}, err.getvalue())


def balanced(ledger: dict[str, Any]) -> bool:
    return bool(
        ledger["requested"] == ledger["passed"] + ledger["rejected"] + ledger["failed"] + ledger["pending"]
        and ledger["pending"] == sum(ledger["pending_by"].values())
    )


def candidates(folder: Path) -> list[dict[str, Any]]:
    return [
        json.loads(line)
        for path in sorted((folder / "candidates").glob("r_*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]


def kept_answers(folder: Path) -> int:
    """Replies in the store."""
    with closing(sqlite3.connect(folder / ".anchorset" / "store.sqlite")) as store:
        if not store.execute("select 1 from sqlite_master where name = 'answers'").fetchone():
            return 0
        return int(store.execute("select count(*) from answers where kind = 'reply'").fetchone()[0])


def test_faults_of_a_server_cost_no_candidate_and_no_second_answer(seeded: Path, tmp_path: Path) -> None:
    with model_server(**FAULTS, malformed=0.05) as server:
        folder = prepared(seeded, tmp_path / "ws", server=server, max_in_flight=16)
        made = ran(folder, "produce", "--technique", "prompted", "--more", "150", "--json")
        stats = server.stats()
    assert made.code == 0, made.said
    assert balanced(made.report["ledger"])
    assert made.report["ledger"]["passed"] == 150
    assert stats["requests"] > stats["answered"] > 30
    assert {"limited", "error", "malformed"} <= set(stats["kinds"])
    assert set(stats["answered_by"].values()) == {1}, "nothing that had an answer was asked for again"
    assert made.report["models"]["answers"] == stats["answered"] + stats["kinds"]["malformed"]
    rows = candidates(folder)
    assert len(rows) == made.report["ledger"]["passed"] + made.report["ledger"]["rejected"]
    for row in rows:
        origin = row["provenance"]
        assert (origin["model"], origin["family"]) == (MODEL, FAMILY)
        assert origin["prompt"].startswith("prompted@")
        assert origin["anchors"]
        assert origin["technique"] == "prompted"


class Undisturbed(NamedTuple):
    """What a run that nobody disturbed asked and left."""

    bodies: set[str]
    """Of the requests."""
    mirrors: dict[str, list[str]]


@pytest.fixture(scope="module")
def undisturbed(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    """One run, against which those that were broken off are held."""
    with model_server(steady=True) as server:
        folder = prepared(seeded, tmp_path_factory.mktemp("undisturbed") / "ws", server=server)
        made = ran(folder)
        assert made.code == 0, made.said
        return Undisturbed(set(server.stats()["answered_by"]), fingerprint(folder))


def until(server: ModelServer, what: str, least: int) -> None:
    for _ in range(1200):
        if server.stats()[what] >= least:
            return
        time.sleep(0.02)
    raise AssertionError(f"{what} stayed under {least}: {server.stats()}")


def killed_and_again(folder: Path, server: ModelServer, undisturbed: Undisturbed, answered: int, later: float) -> int:
    """Kills a run `later` seconds after so many answers, and runs it again: the same end, and only what is missing was
    asked. Returns the replies kept when it was killed."""
    server.change(reset=True)
    running = start(folder, *PRODUCE)
    until(server, "answered", answered)
    time.sleep(later)
    with suppress(ProcessLookupError):
        os.killpg(running.pid, signal.SIGKILL)
    running.communicate()
    time.sleep(0.6)  # what was on its way arrives at nobody
    kept = kept_answers(folder)
    server.change(reset=True)
    if '"state":"done"' not in (folder / "candidates" / "runs.jsonl").read_text(encoding="utf-8"):
        assert ran(folder).code == 0  # of a run that is over the same command makes sixty more
    stats = server.stats()
    assert set(stats["answered_by"]) <= undisturbed.bodies
    assert stats["answered"] == len(undisturbed.bodies) - kept, (answered, later)
    assert fingerprint(folder) == undisturbed.mirrors, (answered, later)
    return kept


def test_a_run_that_is_killed_asks_only_what_is_missing_and_ends_the_same(
    seeded: Path, undisturbed: Undisturbed, server: ModelServer, tmp_path: Path
) -> None:
    server.change(latency=0.5, **FAULTS)
    folder = prepared(seeded, tmp_path / "ws", server=server)
    assert 0 < killed_and_again(folder, server, undisturbed, IN_FLIGHT + 1, 0.1) < len(undisturbed.bodies)


@pytest.mark.slow
def test_a_power_cut_between_an_answer_and_its_commit_costs_those_answers_alone(
    seeded: Path, undisturbed: Undisturbed, server: ModelServer, tmp_path: Path
) -> None:
    server.change(latency=0.2)
    folder = prepared(seeded, tmp_path / "ws", server=server)
    words = [sys.executable, "-c", POWER_CUT, *PRODUCE]
    cut = subprocess.run(words, cwd=folder, capture_output=True, timeout=60, check=False)
    assert cut.returncode == 137, cut.stderr
    time.sleep(0.6)  # what was on its way arrives at nobody
    kept, answered = kept_answers(folder), server.stats()["answered"]
    assert 3 <= kept < answered <= kept + 2 * IN_FLIGHT
    server.change(reset=True)
    assert ran(folder).code == 0
    assert server.stats()["answered"] == len(undisturbed.bodies) - kept
    assert fingerprint(folder) == undisturbed.mirrors


@pytest.mark.slow
def test_a_run_that_is_killed_at_ten_random_moments_ends_the_same(
    seeded: Path, undisturbed: Undisturbed, server: ModelServer, tmp_path: Path
) -> None:
    server.change(latency=0.5, **FAULTS)
    drawn = random.Random("produce with a model")
    kept = [
        killed_and_again(
            prepared(seeded, tmp_path / f"{nth}", server=server), server, undisturbed,
            drawn.randrange(len(undisturbed.bodies) - 1), drawn.uniform(0, 0.5),
        )
        for nth in range(10)
    ]  # fmt: skip
    assert sum(0 < n < len(undisturbed.bodies) for n in kept) >= 3, kept


def test_a_budget_ends_the_run_before_it_is_crossed_and_a_higher_one_goes_on(
    seeded: Path, server: ModelServer, tmp_path: Path
) -> None:
    environ = {"OPENAI_BASE_URL": server.base_url, "OPENAI_API_KEY": "made-up"}
    words = ("produce", "--technique", "prompted", "--more", "150", "--json", "--budget")
    for name in ("free", "tight"):
        asked(prepared(seeded, tmp_path / name), model="openai:gpt-5")
    free, tight = tmp_path / "free", tmp_path / "tight"
    assert ran(free, *words, "10", **environ).code == 0
    answered = server.stats()["answered"]
    server.change(reset=True)

    over = ran(tight, *words, "0.05", **environ)
    assert over.code == 4
    assert balanced(over.report["ledger"])
    assert over.report["ledger"]["pending_by"].get("budget", 0) > 0
    assert set(over.report["ledger"]["pending_by"]) == {"budget"}
    assert 0.02 < over.report["usd"] <= 0.05
    assert "Raise `budget_usd`" in over.said
    assert 0 < over.report["models"]["answers"] == server.stats()["answered"] < answered

    more = ran(tight, *words, "10", **environ)
    assert more.code == 0, more.said
    assert server.stats()["answered"] == answered, "nothing was paid for twice"
    assert fingerprint(tight) == fingerprint(free)


def test_a_wrong_key_is_one_sentence_and_the_right_one_goes_on(
    seeded: Path, undisturbed: Undisturbed, server: ModelServer, tmp_path: Path
) -> None:
    server.change(key="the-right-one")
    folder = prepared(seeded, tmp_path / "ws", server=server, api_key="SHOP_KEY")
    wrong = ran(folder, SHOP_KEY="the-wrong-one")
    assert wrong.code == 4
    assert [line for line in wrong.said.splitlines() if "does not know the key" in line] == [
        wrong.said.splitlines()[-1]
    ]
    assert "the-wrong-one" not in wrong.said
    assert wrong.report["trouble"]
    assert wrong.report["ledger"]["failed"] == 0
    assert wrong.report["ledger"]["pending"] > 0
    assert server.stats()["requests"] <= 2 * IN_FLIGHT, "it is not asked sixty times"
    right = ran(folder, SHOP_KEY="the-right-one")
    assert right.code == 0, right.said
    assert fingerprint(folder) == undisturbed.mirrors

    unset = prepared(seeded, tmp_path / "unset", server=server, api_key="SHOP_KEY")
    asked(unset, model="openai:gpt-5")
    none = ran(unset)
    assert (none.code, none.report) == (4, {})
    assert "OPENAI_API_KEY is not set" in none.said


@pytest.mark.slow
def test_a_server_that_goes_down_ends_the_run_and_another_one_goes_on(
    seeded: Path, undisturbed: Undisturbed, server: ModelServer, tmp_path: Path
) -> None:
    folder = prepared(seeded, tmp_path / "ws", server=server)
    asked(folder, model=MODEL, base_url="http://127.0.0.1:9/v1")
    gone = ran(folder)
    assert gone.code == 4
    assert gone.report["ledger"]["pending"] > 0
    assert gone.report["ledger"]["failed"] == 0
    asked(folder, model=MODEL, base_url=server.base_url)
    assert ran(folder).code == 0
    assert fingerprint(folder) == undisturbed.mirrors


def begun(folder: Path, *words: str) -> subprocess.Popen[str]:
    """The command on its way, that hears Ctrl-C whatever its parents do."""
    hears = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    return subprocess.Popen(
        [sys.executable, "-c", hears + COMMAND[-1], *(words or PRODUCE)], cwd=folder, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip


def test_ctrl_c_waits_for_what_is_on_its_way_and_the_same_command_goes_on(
    seeded: Path, undisturbed: Undisturbed, server: ModelServer, tmp_path: Path
) -> None:
    folder = prepared(seeded, tmp_path / "ws", server=server)
    server.change(latency=0.5)
    running = begun(folder)
    until(server, "answered", IN_FLIGHT)
    os.kill(running.pid, signal.SIGINT)
    out, said = running.communicate(timeout=60)
    assert running.returncode == 130, said
    report = json.loads(out)
    assert balanced(report["ledger"])
    assert set(report["ledger"]["pending_by"]) == {"interrupted"}
    assert "what was finished is kept" in said
    stats = server.stats()
    assert kept_answers(folder) == stats["answered"] == stats["requests"] < len(undisturbed.bodies)
    server.change(latency=0)
    assert ran(folder).code == 0
    stats = server.stats()
    assert set(stats["answered_by"]) == undisturbed.bodies
    assert set(stats["answered_by"].values()) == {1}
    assert fingerprint(folder) == undisturbed.mirrors


@pytest.mark.slow
def test_ctrl_c_twice_leaves_at_once_with_everything_that_came(
    seeded: Path, server: ModelServer, tmp_path: Path
) -> None:
    folder = prepared(seeded, tmp_path / "ws", server=server)
    running = begun(folder)
    until(server, "answered", IN_FLIGHT)
    server.change(hang=1.0)
    time.sleep(0.5)
    kept = kept_answers(folder)
    os.kill(running.pid, signal.SIGINT)
    time.sleep(0.5)
    assert running.poll() is None, "once: it waits for what hangs"
    pressed = time.monotonic()
    os.kill(running.pid, signal.SIGINT)
    _, said = running.communicate(timeout=60)
    assert time.monotonic() - pressed < 8
    assert running.returncode == 130, said
    assert "Traceback" not in said
    assert kept_answers(folder) >= kept


def test_without_consent_nothing_leaves_and_the_switch_forbids_even_with_it(
    seeded: Path, server: ModelServer, tmp_path: Path
) -> None:
    folder = prepared(seeded, tmp_path / "ws")
    asked(folder, model="openai:gpt-5")
    environ = {"OPENAI_API_KEY": "made-up"}
    silent = ran(folder, **environ)
    assert (silent.code, silent.report) == (2, {})
    assert "api.openai.com" in silent.said
    assert "nothing was sent" in silent.said
    agreed = ran(folder, *PRODUCE, "--yes", **environ)
    assert agreed.code == 4
    assert "ANCHORSET_NO_MODELS" in agreed.said
    assert agreed.report["ledger"]["pending"] > 0
    assert "made-up" not in agreed.said


def test_a_judge_of_another_family_is_asked_about_every_candidate(
    seeded: Path, server: ModelServer, tmp_path: Path
) -> None:
    folder = prepared(seeded, tmp_path / "ws", server=server)
    file = folder / "anchorset.yaml"
    judge = {"model": "openai-compatible:llama3.2", "base_url": server.base_url}
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('models: {"generator"', f'models: {{"judge": {json.dumps(judge)}, "generator"'))
    made = ran(folder, "produce", "--technique", "prompted", "--more", "20", "--json")
    assert made.code == 0, made.said
    judged = [found for row in candidates(folder) for found in row["findings"] if found["check"] == "plausible.judge"]
    assert judged
    assert all(found["says"] != "not-run" for found in judged)
