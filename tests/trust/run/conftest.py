"""A workspace with misbehaving bots, and one call that runs cases through the real runner."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from anchorset.core.case import Case
from anchorset.core.config import Config, TargetSpec
from anchorset.core.run import Result, RunLedger, run_ledger
from anchorset.trust.run.evaluators.catalogue import Evaluators, open_evaluators
from anchorset.trust.run.head import run_head
from anchorset.trust.run.run import run
from anchorset.trust.run.targets.catalogue import open_target
from anchorset.trust.run.targets.target import Target

BOTS = """
import asyncio, ctypes, os, sys, time

def echo(text):
    return text

async def later(text):
    await asyncio.sleep(0.001)
    return {"output": text, "usd": 0.5}

def pid(text):
    with open("pids", "a") as file:
        file.write(f"{os.getpid()}\\n")
    time.sleep(0.05)
    return text

def odd(text):
    print("noise on stdout " * 100, flush=True)
    sys.stderr.write("noise on stderr \\ud800")
    os.write(1, b"raw noise")
    what = text.split()[0]
    if what == "hang": time.sleep(60)
    if what == "spin":
        while True: pass
    if what == "exit": os._exit(7)
    if what == "segfault": ctypes.string_at(0)
    if what == "throw": raise ValueError("no \\x1b[31m such order")
    if what == "huge": return "é" * 5_000_000
    if what == "object": return object()
    if what == "nan": return {"output": float("nan")}
    if what == "nothing": return None
    if what == "surrogate": return "a\\ud800b"
    if what == "leave": sys.exit(3)
    if what == "close": os.closerange(0, 200)
    if what == "tool": return {"output": "done", "tools": [{"name": "refund", "arguments": {"order": 4}}], "usd": 0.01}
    if what == "deep":
        value = 1
        for _ in range(900): value = [value]
        return value
    if what == "child":
        if os.fork() == 0: time.sleep(60)
        os._exit(9)
    return text
"""


class Workspace:
    """A folder, and what a run in it needs."""

    def __init__(self, folder: Path, seed: Callable[..., Case]) -> None:
        self.folder, self.seed = folder, seed
        (folder / "bots.py").write_text(BOTS, encoding="utf-8")

    def cases(self, *texts: str) -> list[Case]:
        """Real cases whose expected answer is their own text."""
        return [self.seed(text, expected=text) for text in texts]

    def target(self, environ: dict[str, str] | None = None, **spec: Any) -> Target:
        environ = {**os.environ, **(environ or {})}
        return open_target("bot", {"bot": TargetSpec(**spec)}, folder=self.folder, environ=environ)

    def evaluators(self, *specs: str | dict[str, Any], embedder: Any = None) -> Evaluators:
        named = Config.model_validate({"name": "made-up", "evaluators": specs}).evaluators
        return open_evaluators(named, folder=self.folder, environ=os.environ, embedder=embedder)

    def run(
        self,
        cases: Sequence[Case],
        target: Target,
        *,
        evaluators: Evaluators | None = None,
        repeats: int = 1,
        **more: Any,
    ) -> tuple[Result, ...]:
        evaluators = evaluators or self.evaluators("exact")
        head = run_head(
            dataset="bank@1.0.0", digest="d", cases=len(cases), target=target, evaluators=evaluators, repeats=repeats,
            started_at="2026-01-01T00:00:00Z",
        )  # fmt: skip
        rows = run(cases, target, evaluators, head=head, **more)
        for row in rows:
            assert Result.read(row.line(), where="row") == row  # every row can be kept and read again
        return rows

    def ledger(self, rows: Sequence[Result], wanted: int) -> RunLedger:
        return run_ledger(rows, wanted=wanted)


@pytest.fixture
def workspace(tmp_path: Path, make_seed: Callable[..., Case]) -> Workspace:
    return Workspace(tmp_path, make_seed)
