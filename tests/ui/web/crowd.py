"""The page as a process of its own, and a crowd of reviewers who decide as quickly as they can over HTTP."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from anchorset.infra.db import said as said_rows
from anchorset.pipeline.workspace import open_workspace
from anchorset.ui.web.reviewers import invite

COMMAND = [sys.executable, "-c", "from anchorset.ui.cli.main import run; run()"]


class Running:
    """`anchorset review` for a team."""

    WORDS: tuple[str, ...] = ("--host", "0.0.0.0")

    def __init__(self, folder: Path, *, database: str | None = None) -> None:
        environ = os.environ | ({"ANCHORSET_DATABASE": database} if database else {})
        self.process = subprocess.Popen(
            [*COMMAND, "review", "--no-open", *self.WORDS], cwd=folder, text=True, env=environ,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        assert self.process.stdout is not None
        found = re.search(r"(http://[^/]*:(\d+)/)\S*", self.process.stdout.readline())
        if found is None:
            raise AssertionError(self.process.communicate())
        self.url, self.base, self.port = found.group(), found.group(1), int(found.group(2))

    def stop(self, how: int = signal.SIGINT) -> str:
        """Ends it; what it complained of."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, how)
        return self.process.communicate(timeout=30)[1]

    def megabytes(self) -> float:
        """What it holds in memory now."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1000


class Alone(Running):
    """`anchorset review` for one person on this machine."""

    WORDS = ("--reviewer", "kim")


class Client:
    """One person's program: sends its token with each request, and notes what it was told."""

    def __init__(self, name: str, token: str) -> None:
        self.name, self.token, self.port = name, token, 0
        self.said: list[tuple[str, str, str | None, str | None]] = []
        """(content, decision or `undo`, reason, at) of every answer that said that it was kept."""
        self.seconds: list[float] = []
        self.faults: list[str] = []
        self.refusals: list[str] = []
        """Such as of a case that somebody edited since it was shown."""
        self.over = False
        """Whether the server has gone."""
        self._connection: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any] | None:
        """The answer; None when the server is gone, or refused."""
        try:
            if self._connection is None:
                self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            self._connection.request(
                method, f"/api{path}", None if body is None else json.dumps(body),
                {"authorization": f"Bearer {self.token}", "content-type": "application/json"},
            )  # fmt: skip
            answer = self._connection.getresponse()
            told = json.loads(answer.read())
        except (OSError, http.client.HTTPException, ValueError):
            self.over = True
            return None
        if answer.status != 200:
            kept = self.refusals if answer.status in (400, 409) else self.faults
            kept.append(f"{method} {path} {answer.status} {told}")
            return None
        return dict(told)

    def review(self, until: float) -> None:
        """Decides, takes back and puts off, until the time is up or the server is gone."""
        try:
            self._review(until)
        finally:
            self.close()

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()

    def _review(self, until: float) -> None:
        dice, nth = random.Random(self.name), 0
        while time.monotonic() < until and not self.over:
            nth += 1
            request = f"{self.name}-{nth:06d}"
            if dice.random() < 0.12 and self._stack():
                self._keep(self._timed("/undo", {"request": request}), again=dice.random() < 0.2, request=request)
                continue
            shown = self.ask("GET", "/next?" + urlencode({"bucket": "persona"}))
            case = shown and shown["case"]
            if case is None:
                continue
            if dice.random() < 0.1:
                self.ask("POST", dice.choice(["/skip", "/later"]), {"case": case["id"]})
                continue
            word = dice.choices(["approve", "reject", "edit"], [6, 3, 1])[0]
            said = {
                "request": request, "case": case["id"], "content": case["content"], "decision": word,
                "reason": "unrealistic" if word == "reject" else None,
                "changes": {"criteria": [f"{self.name} {nth}"]} if word == "edit" else None,
            }  # fmt: skip
            self._keep(self._timed("/decide", said), again=dice.random() < 0.2, request=request, said=said)

    def _timed(self, path: str, body: dict[str, Any]) -> dict[str, Any] | None:
        began = time.monotonic()
        told = self.ask("POST", path, body)
        if told is not None:
            self.seconds.append(time.monotonic() - began)
        return told

    def _keep(
        self, told: dict[str, Any] | None, *, again: bool, request: str, said: dict[str, Any] | None = None
    ) -> None:
        if told is None:
            return
        if "undone" in told:
            self.said.append((told["undone"]["content"], "undo", None, None))
        else:
            one = told["decided"]
            self.said.append((one["content"], one["decision"], one["reason"], one["at"]))
        if again:  # as after an answer that got lost
            self.ask("POST", "/decide" if said else "/undo", said or {"request": request})

    def _stack(self) -> list[tuple[str, str, str | None, str | None]]:
        return stands(self.said)


def stands(said: list[tuple[str, str, str | None, str | None]]) -> list[tuple[str, str, str | None, str | None]]:
    """What is left of words of which some were taken back, in their order."""
    left: list[tuple[str, str, str | None, str | None]] = []
    for one in said:
        if one[1] == "undo":
            assert left.pop()[0] == one[0]
        else:
            left.append(one)
    return left


def crowd(folder: Path, people: int = 8) -> list[Client]:
    """Reviewers with a token each."""
    return [Client(f"r{n}", invite(folder / ".anchorset", f"r{n}", "reviewer")) for n in range(people)]


def at_once(clients: list[Client], port: int, seconds: float) -> list[threading.Thread]:
    """All of them, begun."""
    for one in clients:
        one.port = port
    until = time.monotonic() + seconds
    threads = [threading.Thread(target=one.review, args=(until,)) for one in clients]
    for one in threads:
        one.start()
    return threads


def written(folder: Path, name: str) -> list[tuple[str, str, str | None, str | None]]:
    """What the mirror of one reviewer says, as a client notes it. Every line is theirs."""
    path = folder / "reviews" / f"{name}.jsonl"
    found: list[tuple[str, str, str | None, str | None]] = []
    with contextlib.suppress(FileNotFoundError):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if row["says"] == "undo":
                assert row["reviewer"] == name
                found.append((row["content"], "undo", None, None))
            else:
                said = row["decision"]
                assert said["reviewer"] == name
                found.append((row["content"], said["decision"], said.get("reason"), said["at"]))
    return found


def stored(folder: Path, database: str | None) -> dict[str, list[tuple[str, str, str | None, str | None]]]:
    """Reviewer -> the verdicts that the store has of them, in their order."""
    room = open_workspace(folder, database=database)
    found: dict[str, list[tuple[str, str, str | None, str | None]]] = {}
    with room.store.reading() as connection:
        for one in said_rows.verdicts(connection):
            said = one.decision
            found.setdefault(said.reviewer, []).append((one.content, said.decision, said.reason, said.at))
    room.close()
    return found
