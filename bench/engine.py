"""The engine against a server of our own: wall time against what is possible, CPU, memory, requests wasted.

    python -m bench.engine [--runs 3] [--peer NAME=PYTHON ...]

Every run is a process of its own, with the server in another. Answers are validated and on the disk (SQLite in WAL
mode, synchronous=FULL) before they count. `possible` is requests x latency / in flight, with a real limit (requests -
burst) / rate; the server adds 2-5 %. `raw` is aiohttp alone, which asks once and keeps nothing: the floor of this
machine at this moment. `lost` are questions without all their items: for us those whose second round failed too
(counted as malformed, the text kept), for the others whatever they drop. A peer is `openai`, `datadesigner` or
`distilabel`, with the interpreter of an environment that has it; `--peers` times the openai SDK of this one. Imports
are not timed.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "infra" / "llm"))
N, LATENCY = 2000, 0.2
PATIENCE = 120.0
"""Seconds after which a run is called off."""
MIX = {"limited": 0.10, "error": 0.05, "malformed": 0.05, "cut": 0.02}
LIMIT = {"per_minute": 12_000, "burst": 64}
QUIET = {**LIMIT, "headers": False}
CASES: dict[str, tuple[int, dict[str, Any], float]] = {
    "no faults, 64 in flight": (64, {}, -(-N // 64) * LATENCY),
    "no faults, 256 in flight": (256, {}, -(-N // 256) * LATENCY),
    "10 % 429, 5 % 500, 5 % malformed, 2 % cut": (64, MIX, -(-N // 64) * LATENCY),
    "12,000 a minute, told in headers": (64, LIMIT, (N - 64) / 200),
    "12,000 a minute, not told": (64, QUIET, (N - 64) / 200),
}
HEAD = ("", "wall s", "x possible", "CPU s/1k", "peak MB", "requests", "wasted %", "lost")


def measured(python: str, who: str, in_flight: int, settings: dict[str, Any]) -> dict[str, float]:
    """One run of `_engine_runs.py`: what it prints, what the process used, what the server counted."""
    from server import model_server

    with model_server(latency=LATENCY, items=3, **settings) as server, tempfile.TemporaryDirectory() as folder:
        script = Path(__file__).with_name("_engine_runs.py")
        words = [python, str(script), who, server.base_url, str(N), str(in_flight), folder]
        process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env={**os.environ, "OPENAI_API_KEY": "x"})
        assert process.stdout is not None
        alarm = threading.Timer(PATIENCE, process.kill)
        alarm.start()
        said = process.stdout.read()
        alarm.cancel()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = status
        stats = server.stats()
    if status:
        return {"failed": 1.0}
    told = json.loads(said.splitlines()[-1])
    twice = sum(count - 1 for count in stats["answered_by"].values() if count > 1)
    return {
        "wall": told["seconds"], "cpu": told["cpu"] / N * 1000, "rss": used.ru_maxrss / 1024,
        "requests": stats["requests"], "wasted": (stats["requests"] - N) / N * 100, "lost": told["lost"],
        "twice": twice,
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--peer", action="append", default=[], help="NAME=PYTHON: openai, datadesigner, distilabel")
    parser.add_argument("--peers", action="store_true", help="time the openai SDK of this environment too")
    given = parser.parse_args()
    who = {"anchorset": sys.executable, "raw": sys.executable} | ({"openai": sys.executable} if given.peers else {})
    who |= dict(peer.split("=", 1) for peer in given.peer)
    print(f"{HEAD[0]:<44}" + "".join(f"{word:>12}" for word in HEAD[1:]))
    for title, (in_flight, settings, possible) in CASES.items():
        print(f"{title} (possible: {possible:.1f} s)")
        for name, python in who.items():
            runs = [measured(python, name, in_flight, settings) for _ in range(given.runs)]
            if any("failed" in run for run in runs):
                print(f"  {name:<42}  did not finish")
                continue
            middle = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
            print(
                f"  {name:<42}{middle['wall']:>12.2f}{middle['wall'] / possible:>12.2f}{middle['cpu']:>12.2f}"
                f"{middle['rss']:>12.0f}{middle['requests']:>12.0f}{middle['wasted']:>12.1f}{middle['lost']:>12.0f}"
                + (f"   asked again though answered: {middle['twice']:.0f}" if middle["twice"] else ""),
                flush=True,
            )


if __name__ == "__main__":
    main()
