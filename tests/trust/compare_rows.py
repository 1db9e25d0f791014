"""Result rows for the tests of compare: a bucket with so many passes, gains and losses."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any

Row = dict[str, Any]


def bucket(name: str, n: int, base: int, *, gained: int, lost: int, repeats: int = 1, **more: Any) -> list[Row]:
    """Rows of systems A and B: `base` of n cases pass with A; with B `lost` of these fail, `gained` others pass."""
    rows = []
    for number in range(n):
        before = number < base
        after = number >= lost if before else number < base + gained
        for system, passed in (("A", before), ("B", after)):
            for repeat in range(repeats):
                row = {"case_id": f"{name}-{number:03}", "system": system, "passed": int(passed), "bucket": name}
                rows.append({**row, "root": f"{name}-{number:03}", "repeat": repeat, **more})
    return rows


DROP = bucket("seed", 65, 26, gained=2, lost=10)
NOISY = bucket("seed", 65, 26, gained=16, lost=24)
SYNTHETIC = bucket("prompted", 153, 129, gained=9, lost=4)


def written(path: Path, rows: Iterable[Row]) -> Path:
    """The rows as a CSV file."""
    rows = list(rows)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path
