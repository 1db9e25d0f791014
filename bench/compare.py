"""How long `compare` takes on a million result rows, as a whole process.

    python bench/compare.py [--rows 1000000] [--repeats 2] [--format csv|jsonl] [--keep FILE]

Makes the rows (two systems, one case in six a seed, two slice columns and one free-text column),
runs the comparison in a fresh interpreter, and prints wall seconds and the peak resident memory of that process.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

RUN = """
import sys
from anchorset.trust.compare.compare import compare
found = compare(sys.argv[1], "A", ["B"])[0]
print(found.verdict, found.overall.n, len(found.slices), len(found.line()))
"""


def made(n_rows: int, repeats: int) -> Iterator[dict[str, object]]:
    """`n_rows` rows (rounded down to whole cases) of two systems."""
    random.seed(7)
    for number in range(n_rows // (2 * repeats)):
        root = number // 6
        bucket = "seed" if number % 6 == 0 else random.choice(["mutation", "mutation", "remix", "redteam"])
        rate = random.betavariate(2, 1)
        case = {
            "case_id": f"c_{number:012x}",
            "bucket": bucket,
            "root": f"r_{root}",
            "intent": f"intent {root % 15}",
            "language": random.choice(["en", "de", "fr"]),
        }
        for system in ("A", "B"):
            for repeat in range(repeats):
                passed = random.random() < rate - 0.01 * (system == "B")
                answer = f"answer {random.random()}, and some more words as answers have them"
                yield {"system": system, "repeat": repeat, "passed": int(passed), **case, "answer": answer}


def write(path: Path, rows: Iterator[dict[str, object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        if path.suffix == ".jsonl":
            file.writelines(json.dumps(row) + "\n" for row in rows)
            return
        first = next(rows)
        writer = csv.DictWriter(file, list(first))
        writer.writeheader()
        writer.writerow(first)
        writer.writerows(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description="time compare on many rows")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=2, help="rows of one case and system")
    parser.add_argument("--format", choices=("csv", "jsonl"), default="csv")
    parser.add_argument("--keep", type=Path, help="write the rows here and leave them")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = options.keep or Path(folder) / f"rows.{options.format}"
        write(path, made(options.rows, options.repeats))
        start = time.perf_counter()
        command = [sys.executable, "-c", RUN, str(path)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        seconds = time.perf_counter() - start
        megabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        size = path.stat().st_size / 1e6
    rows = f"{options.rows:,} rows, {size:.0f} MB {options.format}"
    print(f"{rows}: {seconds:.1f} s, {megabytes:.0f} MB peak ({done.stdout.strip()})")


if __name__ == "__main__":
    main()
