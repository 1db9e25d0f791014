"""Eight reviewers at once, as quick as they can: what each was told is what files and store say, killed or not."""

from __future__ import annotations

import signal
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from crowd import Client, Running, at_once, crowd, stands, stored, written
from review_room import build

from anchorset.core.errors import MachineError
from anchorset.pipeline.workspace import Workspace, open_workspace
from anchorset.ui.web.desk import Desk

pytestmark = pytest.mark.enable_socket


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def database(request: pytest.FixtureRequest) -> str | None:
    if request.param == "sqlite":
        return None
    return str(request.getfixturevalue("postgresql").database())


def compared(folder: Path, database: str | None, clients: list[Client], *, in_flight: int) -> int:
    """Holds every client's notes against the mirrors and the stores; how many words there are."""
    kept = stored(folder, database)
    assert kept == stored(folder, None), "a store made anew from the files says the same"
    for one in clients:
        assert one.faults == []
        lines = written(folder, one.name)
        assert lines[: len(one.said)] == one.said, f"{one.name} was told otherwise"
        assert len(lines) - len(one.said) <= in_flight
        left, there = stands(lines), kept.get(one.name, [])
        assert sorted(map(str, left)) == sorted(map(str, there))
    return sum(len(one.said) for one in clients)


def test_what_eight_were_told_is_kept_when_the_server_is_killed_under_them(
    tmp_path: Path, database: str | None
) -> None:
    folder = tmp_path / "ws"
    build(folder, texts=400)
    clients = crowd(folder)
    server = Running(folder, database=database)
    try:
        threads = at_once(clients, server.port, 30)
        until = time.monotonic() + 20
        while time.monotonic() < until and min(len(one.said) for one in clients) < 2:
            time.sleep(0.05)
        server.stop(signal.SIGKILL)
        for thread in threads:
            thread.join()
    finally:
        server.stop(signal.SIGKILL)
    assert compared(folder, database, clients, in_flight=1) >= 16


def test_a_store_that_refuses_for_a_while_loses_and_doubles_nothing(tmp_path: Path, database: str | None) -> None:
    folder = tmp_path / "ws"
    build(folder)
    room = open_workspace(folder, database=database)
    desk = Desk(room)

    def decide(request: str) -> dict[str, Any]:
        shown = desk.next("kim", "candidates", wanted=None)["case"]
        return desk.decide(
            "kim", "candidates", id=shown["id"], content=shown["content"], decision="approve", reason=None,
            changes=None, request=request,
        )  # fmt: skip

    first = decide("request-1")["decided"]
    refusing(room, True)
    for work in (lambda: decide("request-2"), lambda: desk.undo("kim", "candidates", request="request-3")):
        with pytest.raises(MachineError):
            work()
    refusing(room, False)
    second = decide("request-2")["decided"]
    assert desk.undo("kim", "candidates", request="request-3")["undone"]["content"] == second["content"]
    room.close()
    assert [row[:2] for row in written(folder, "kim")] == [
        (first["content"], "approve"), (second["content"], "approve"), (second["content"], "undo"),
    ]  # fmt: skip
    assert stored(folder, database) == stored(folder, None)


def refusing(room: Workspace, on: bool) -> None:
    """Lets the store refuse verdicts, in and out; the files know nothing of it."""
    if room.store.local:
        refused = [f"CREATE TRIGGER no_{word} BEFORE {word} ON verdicts BEGIN SELECT RAISE(ABORT, 'no'); END"
                   for word in ("insert", "delete")]  # fmt: skip
        allowed = [f"DROP TRIGGER no_{word}" for word in ("insert", "delete")]
    else:
        refused = ["ALTER TABLE verdicts RENAME TO away"]
        allowed = ["ALTER TABLE away RENAME TO verdicts"]
    with room.store.writing() as connection:
        for statement in refused if on else allowed:
            connection.exec_driver_sql(statement)


@pytest.mark.slow
def test_eight_at_once_for_a_minute_lose_nothing(tmp_path: Path, database: str | None) -> None:
    folder = tmp_path / "ws"
    build(folder, texts=8_000)
    clients = crowd(folder)
    server = Running(folder, database=database)
    try:
        for thread in at_once(clients, server.port, 60):
            thread.join()
    finally:
        complaints = server.stop()
    n = compared(folder, database, clients, in_flight=0)
    seconds = sorted(second for one in clients for second in one.seconds)
    sys.stderr.write(f"{n / 60:.0f} a second; p95 {seconds[int(len(seconds) * 0.95)] * 1000:.0f} ms\n")
    assert "locked" not in complaints
    assert n > 60, "eight together manage one a second and more, whatever runs beside them"
