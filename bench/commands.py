"""Whole commands, as a user runs them: wall and CPU seconds and peak memory, median of three.

python -m bench.commands --data DATA
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROGRAM = (sys.executable, "-c", "from anchorset.ui.cli.main import run; run()")
RUNS = 3


def timed(words: tuple[str, ...], cwd: Path) -> tuple[float, float, float]:
    """(wall seconds, CPU seconds, peak MB) of one run."""
    started = time.monotonic()
    process = subprocess.Popen([*PROGRAM, *words], cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, used = os.wait4(process.pid, 0)
    process.returncode = 0
    return time.monotonic() - started, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, type=Path)
    data = parser.parse_args().data.resolve()
    bank = str(data / "banking77" / "train.csv")
    as_bank = ("--map", "input=text,metadata.intent=category")
    commands: dict[str, tuple[str, ...]] = {
        "--help": ("--help",),
        "grow 1,000 from 10,003": ("grow", bank, *as_bank, "-n", "1000", "-o", "grown.jsonl"),
        "mutate 5 of each of 10,003": ("mutate", bank, *as_bank, "-n", "5", "-o", "mutated.jsonl"),
        "dedup 10,003": ("dedup", bank, *as_bank),
        "audit 9,999 against 1,000": ("audit", bank, "grown.jsonl", "--real-field", "text"),
        "demo": ("demo", "demo"),
    }
    print(f"{'command':<28}{'wall s':>9}{'CPU s':>9}{'peak MB':>9}")
    with tempfile.TemporaryDirectory() as folder:
        for name, words in commands.items():
            wall, cpu, peak = (
                statistics.median(run) for run in zip(*(timed(words, Path(folder)) for _ in range(RUNS)), strict=True)
            )
            print(f"{name:<28}{wall:>9.2f}{cpu:>9.2f}{peak:>9.0f}", flush=True)


if __name__ == "__main__":
    main()
