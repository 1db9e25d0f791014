"""Workspaces for tests: the bundled example, unpacked and driven by the command line in real processes."""

from __future__ import annotations

import contextlib
import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from anchorset.pipeline.example import LOGS, MAPPING

COMMAND = [sys.executable, "-c", "from anchorset.ui.cli.main import run; run()"]


def start(folder: Path, *words: str) -> subprocess.Popen[str]:
    """The command, running in a process group of its own."""
    return subprocess.Popen(
        [*COMMAND, *words],
        cwd=folder,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def command(folder: Path, *words: str, code: int = 0) -> str:
    """The command, run to its end; stdout."""
    done = subprocess.run([*COMMAND, *words], cwd=folder, text=True, capture_output=True, timeout=300, check=False)
    assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout


def kill_after(folder: Path, seconds: float, *words: str) -> bool:
    """Starts the command and kills it -9 with all it started; True when it was still running."""
    process = start(folder, *words)
    time.sleep(seconds)
    alive = process.poll() is None
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    return alive


def example(folder: Path) -> Path:
    """The bundled example with its seeds."""
    command(folder.parent, "init", folder.name, "--example", "refund-bot")
    command(folder, "ingest", LOGS, "--map", MAPPING)
    return folder


def filled(folder: Path, *, rejected_every: int = 5, name: str = "filled.csv") -> Path:
    """The candidates that wait, exported and decided by a rule."""
    command(folder, "review", "export", "waiting.csv")
    return decided(folder, rejected_every=rejected_every, name=name)


def decided(folder: Path, *, rejected_every: int = 5, name: str = "filled.csv") -> Path:
    """The sheet `waiting.csv`, decided by a rule."""
    with (folder / "waiting.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for at, row in enumerate(rows):
        row["decision"] = "reject" if at % rejected_every == 0 else "approve"
        row["reason"] = "unrealistic" if at % rejected_every == 0 else ""
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, rows[0].keys())
        table.writeheader()
        table.writerows(rows)
    return folder / name


TIMES = ("at", "started_at", "made_at", "seconds")


def fingerprint(folder: Path) -> dict[str, list[str]]:
    """Every mirror's rows without times, and every version's digest: what must not depend on how often a thing died."""
    found: dict[str, list[str]] = {}
    for kind in ("seeds", "candidates", "reviews", "runs"):
        for path in sorted((folder / kind).glob("*.jsonl")):
            rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
            if path.name == "runs.jsonl" and kind == "candidates":
                rows = [row for row in rows if row["state"] != "begun"]
            listed = [json.dumps(_timeless(row), sort_keys=True) for row in rows]
            found[f"{kind}/{path.name}"] = sorted(listed) if kind == "runs" else listed
    for path in sorted((folder / "datasets").glob("*/*/manifest.json")):
        found[str(path.relative_to(folder))] = [json.loads(path.read_text(encoding="utf-8"))["digest"]]
    return found


def _timeless(value: object) -> object:
    if isinstance(value, dict):
        return {name: _timeless(inner) for name, inner in value.items() if name not in TIMES}
    if isinstance(value, list):
        return [_timeless(inner) for inner in value]
    return value


def in_store(folder: Path) -> dict[str, object]:
    """What the store counts."""
    found = json.loads(command(folder, "status", "--json"))
    return {name: found[name] for name in ("real", "candidates", "by_technique", "by_cell", "datasets")}
