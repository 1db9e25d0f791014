"""PostgreSQL as the store: workspaces apart, writers one by one, hostile texts, refusals that keep the password."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from anchorset.core.case import Case
from anchorset.core.errors import AnchorsetError, MachineError, UsageError
from anchorset.core.filter import Filter
from anchorset.core.provenance import Observed
from anchorset.infra.db import cases as case_rows
from anchorset.infra.db import postgresql as our_side
from anchorset.infra.db.open import MIGRATIONS, meta, open_database, put_meta
from anchorset.pipeline.store import open_store_of
from anchorset.pipeline.workspace import Workspace, open_workspace
from postgresql_server import PASSWORD, PostgresqlServer

COMMAND = [sys.executable, "-c", "from anchorset.ui.cli.main import run; run()"]
CONFIG = "name: shop\ndimensions:\n  policy: {delay: parcel late}\n"


def seed(text: str, **metadata: str) -> Case:
    origin = Observed(source="production", origin="logs.csv sha256:00", original_id="1")
    return Case(kind="text", input=text, metadata=metadata, provenance=origin)


def opened(folder: Path, url: str) -> Workspace:
    folder.mkdir(exist_ok=True)
    (folder / "anchorset.yaml").write_text(CONFIG, encoding="utf-8")
    return open_workspace(folder, database=url)


def told(folder: Path, url: str, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *words], cwd=folder, env=os.environ | {"ANCHORSET_DATABASE": url}, capture_output=True, text=True,
        check=False, timeout=60,
    )  # fmt: skip


@pytest.fixture
def url(postgresql: PostgresqlServer) -> str:
    return postgresql.database()


def test_two_workspaces_of_one_database_know_nothing_of_each_other(url: str, tmp_path: Path) -> None:
    here, there = opened(tmp_path / "here", url), opened(tmp_path / "there", url)
    here.append("seeds/a.jsonl", [seed("where is it?")])
    assert [len(one.cases(Filter())) for one in (here, there)] == [1, 0]
    copy = tmp_path / "copy"
    subprocess.run(["cp", "-r", here.path, copy], check=True)
    third = opened(copy, url)
    third.append("seeds/a.jsonl", [seed("is it lost?")])
    assert [len(one.cases(Filter())) for one in (here, there, third)] == [1, 0, 2]
    for one in (here, there, third):
        one.close()


def test_what_one_store_has_the_other_takes_from_the_files(url: str, tmp_path: Path) -> None:
    ours = opened(tmp_path / "ws", url)
    ours.append("seeds/a.jsonl", [seed("one")])
    local = open_workspace(tmp_path / "ws")
    assert local.store.local
    assert not ours.store.local
    local.append("seeds/a.jsonl", [seed("two")])
    ours.append("seeds/a.jsonl", [seed("three")])
    local.sync()
    assert {case.input for case in ours.cases(Filter())} == {case.input for case in local.cases(Filter())}
    assert len(ours.cases(Filter())) == 3
    assert ours.notes == local.notes == []
    assert ours.paid.local
    for one in (ours, local):
        one.close()


@pytest.mark.parametrize("name", ["a" * 50_000, "\0", "'; DROP TABLE cases; --", "%s %(x)s :y", "\u202eé😀", "\\"])
def test_any_text_fits(url: str, tmp_path: Path, name: str) -> None:
    room = opened(tmp_path / "ws", url)
    case = seed(f"say {name}", policy=name, **{f"key {name[:50]}": name})
    room.append("seeds/a.jsonl", [case])
    assert [(one.input, one.metadata) for one in room.cases(Filter())] == [(case.input, case.metadata)]
    cell = next(iter(_cells(room)))
    assert len(room.cases(Filter(cell=cell))) == 1
    assert room.cases(Filter(cell="\0", persona="\0", ids=("\0",), check="\0", run="\0", text="\0x")) == []
    room.close()


def _cells(room: Workspace) -> list[str]:
    with room.store.reading() as connection:
        return [cell for (cell,) in case_rows.counts(connection, Filter(), ["cell"])]


def test_writers_wait_for_one_another_and_readers_see_one_state(url: str) -> None:
    store = open_database(url, "anchorset_count")

    def add() -> None:
        for _ in range(20):
            with store.writing() as connection:
                put_meta(connection, "n", str(int(meta(connection, "n") or 0) + 1))

    writers = [threading.Thread(target=add) for _ in range(5)]
    for one in writers:
        one.start()
    with store.reading() as connection:
        assert meta(connection, "n") == meta(connection, "n")
    for one in writers:
        one.join()
    with store.reading() as connection:
        assert meta(connection, "n") == "100"
        put_meta_fails(store.reading)
    store.close()


def put_meta_fails(reading: Callable[[], object]) -> None:
    """Who only reads cannot write."""
    with pytest.raises(MachineError, match="read-only"), reading() as connection:
        put_meta(connection, "n", "0")


def test_an_older_store_is_made_anew_and_a_newer_one_is_refused(url: str, tmp_path: Path) -> None:
    room = opened(tmp_path / "ws", url)
    room.append("seeds/a.jsonl", [seed("one")])
    for version, rows in (("1", 0), ("999", None)):
        with room.store.writing() as connection:
            put_meta(connection, "version", version)
        if rows is None:
            with pytest.raises(MachineError, match=r"newer anchorset.*doctor --rebuild"):
                open_store_of(room.folder, url)
            continue
        again = open_store_of(room.folder, url)
        with again.reading() as connection:
            assert meta(connection, "version") == str(len(MIGRATIONS))
            assert case_rows.count(connection, Filter()) == rows
        again.close()
    room.close()
    assert told(room.path, url, "doctor", "--rebuild").returncode == 0
    found = told(room.path, url, "doctor")
    assert found.returncode == 0
    assert "store: PostgreSQL " in found.stdout
    assert PASSWORD not in found.stdout + found.stderr


def test_a_server_that_was_gone_is_met_again(postgresql: PostgresqlServer, url: str, tmp_path: Path) -> None:
    room = opened(tmp_path / "ws", url)
    room.append("seeds/a.jsonl", [seed("one")])
    postgresql.restart()
    time.sleep(our_side.IDLE_SECONDS + 0.1)
    room.append("seeds/a.jsonl", [seed("two")])
    room.sync()
    assert len(room.cases(Filter())) == 2
    room.close()


def test_refusals_are_sentences_without_the_password(postgresql: PostgresqlServer, tmp_path: Path) -> None:
    room = opened(tmp_path / "ws", postgresql.database())
    room.close()
    secret = secrets.token_hex(8)
    asked = {
        postgresql.url("nowhere"): (4, "createdb"),
        postgresql.url(password=secret): (4, "Give the right user and password"),
        postgresql.url(user="nobody-there"): (4, "Give the right user and password"),
        f"postgresql://u:{secret}@/x?host={tmp_path}": (4, "whether the server is up"),
        f"postgresql://u@/x?host={tmp_path}&password={secret}": (4, "whether the server is up"),
        f"postgresql://u:{secret}@/x?sslmode=bogus": (4, "Set the URL right"),
        f"mysql://u:{secret}@localhost/x": (2, "give a PostgreSQL one"),
        f"postgresql://u:a@{secret}@localhost/x": (2, "%40"),
        f"postgresql://u:a@b/{secret}@localhost/x": (2, "%40"),
        f"{secret}": (2, "cannot be read"),
    }
    for url, (code, way_out) in asked.items():
        with pytest.raises(AnchorsetError) as caught:
            open_store_of(room.folder, url)
        assert caught.value.exit_code == code, url
        assert way_out in str(caught.value)
        assert secret not in str(caught.value)
        assert PASSWORD not in str(caught.value)
    done = told(room.path, postgresql.url(password=secret), "status")
    assert (done.returncode, done.stderr.count("\n")) == (4, 1)
    assert secret not in done.stderr


def test_a_user_who_may_make_nothing_is_told_what_is_missing(postgresql: PostgresqlServer, url: str) -> None:
    postgresql.run("DROP ROLE IF EXISTS guest")
    postgresql.run("CREATE ROLE guest LOGIN PASSWORD 'guest'")
    name = url.rpartition("/")[2] if "host" not in url else url.split("?")[0].rpartition("/")[2]
    with pytest.raises(MachineError, match="GRANT CREATE ON DATABASE"):
        open_database(postgresql.url(name, user="guest", password="guest"), "anchorset_x")


def test_a_database_that_cannot_hold_every_letter_is_refused(postgresql: PostgresqlServer) -> None:
    postgresql.run("DROP DATABASE IF EXISTS latin")
    postgresql.run("CREATE DATABASE latin ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0")
    with pytest.raises(MachineError, match=r"LATIN1.*UTF8"):
        open_database(postgresql.url("latin"), "anchorset_x")


def test_without_its_driver_the_command_that_installs_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(MachineError, match=r"pip install 'anchorset\[postgresql\]'"):
        open_database("postgresql://u@/x?host=/nowhere", "anchorset_x")


@pytest.mark.parametrize("url", ["postgres://h/d", "postgresql://h/d", "postgresql+psycopg://h/d"])
def test_any_way_of_writing_it_means_our_driver(url: str) -> None:
    assert our_side.shown(our_side.address(url)) == "postgresql+psycopg://h/d"
    with pytest.raises(UsageError):
        our_side.address(url.replace("postgres", "oracle"))
