"""tau-bench trajectories as result rows, one per task, system and trial.

    python tools/tau_rows.py --data $ANCHORSET_DATA/tau_bench_trajectories/gpt-4o-airline.jsonl \
        --baseline 0,1 --candidate 2,3 -o rows.csv

The trials named after --baseline become system A, those after --candidate system B: one model against itself, so that
nothing should differ. A task passes when its reward is 1, and is its own root: trials of one task are one cluster.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from pathlib import Path


def rows(data: Path, baseline: list[int], candidate: list[int]) -> list[dict[str, object]]:
    """Result rows with the columns of `anchorset compare`. `repeat` is the place of the trial in its list."""
    if data.is_dir():
        data = next(iter(sorted(data.glob("*.jsonl"))))
    found: list[dict[str, object]] = []
    for line in data.read_text(encoding="utf-8").splitlines():
        run = json.loads(line)
        for system, trials in (("A", baseline), ("B", candidate)):
            if run["trial"] in trials:
                task = f"task-{run['task_id']:02d}"
                found.append(
                    {
                        "case_id": task,
                        "system": system,
                        "passed": int(run["reward"] == 1.0),
                        "bucket": "seed",
                        "root": task,
                        "repeat": trials.index(run["trial"]),
                    }
                )
    return found


def _trials(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def main() -> None:
    parser = argparse.ArgumentParser(description="tau-bench trajectories as result rows")
    parser.add_argument("--data", type=Path, required=True, help="the .jsonl file, or the folder that holds it")
    parser.add_argument("--baseline", type=_trials, default=[0, 1], help="trials of system A, default 0,1")
    parser.add_argument("--candidate", type=_trials, default=[2, 3], help="trials of system B, default 2,3")
    parser.add_argument("-o", "--out", type=Path, help="CSV file; standard output when left out")
    options = parser.parse_args()
    if len(options.baseline) != len(options.candidate):
        parser.error(f"--baseline {options.baseline} and --candidate {options.candidate}: name as many on each side")
    found = rows(options.data, options.baseline, options.candidate)
    with options.out.open("w", newline="", encoding="utf-8") if options.out else sys.stdout as out:
        writer = csv.DictWriter(out, list(found[0]))
        writer.writeheader()
        writer.writerows(found)


if __name__ == "__main__":
    main()
