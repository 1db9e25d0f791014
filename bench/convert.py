"""Rows a second of every conversion, both ways, with lineage; of plain reading, and of ingest.

    python bench/convert.py --data PATH [--rows 10000]

Texts are banking77's, chats are multidogo's. Each conversion is checked: what comes back is byte for byte what went.
`ratio` is against our own records in the same run; a row's cost is mostly its validation and its two hashes.
"""

from __future__ import annotations

import argparse
import csv
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from anchorset.core.case import Case
from anchorset.infra.formats.case_files import FORMATS, RECORDS, read_cases, write_cases
from anchorset.infra.formats.rows import open_rows
from anchorset.ingest.mapping import parse
from anchorset.ingest.stage import ingest

T = TypeVar("T")
TURNS = "conversation=conversationId,turn=turnNumber,input=utterance,metadata.intent=intent"


def timed(work: Callable[[], T], repeats: int = 3) -> tuple[T, float]:
    """The result, and the best repeat in CPU seconds of this process, so that other work does not count."""
    best = float("inf")
    for _ in range(repeats):
        start = time.process_time()
        result = work()
        best = min(best, time.process_time() - start)
    return result, best


def conversions(cases: list[Case], what: str, folder: Path) -> None:
    layouts = [(RECORDS, "jsonl")] + [(name, layout) for name, format in FORMATS.items() for layout in format.layouts]
    print(f"\n{len(cases):,} {what}   write rows/s  ratio   read rows/s  ratio   bytes a row  same bytes back")
    base: tuple[float, float] | None = None
    for name, layout in layouts:
        path = folder / f"{what}-{name}.{layout}"
        _, wrote = timed(lambda path=path, name=name: write_cases(cases, path, name))
        back, read = timed(lambda path=path, name=name: read_cases(path, name))
        same = [case.line() for case in back.cases] == [case.line() for case in cases]
        base = base or (wrote, read)
        size = path.stat().st_size / len(cases)
        print(
            f"{name + ' ' + layout:22} {len(cases) / wrote:12,.0f}  {base[0] / wrote:5.2f}  "
            f"{len(cases) / read:12,.0f}  {base[1] / read:5.2f}  {size:12,.0f}  {'yes' if same else 'NO'}"
        )


def reading(folder: Path, rows: int) -> None:
    path = folder / "big.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["id", "text", "category"])
        table.writerows([i, f"I am still waiting on my card {i}, please help", "card_arrival"] for i in range(rows))

    def plain() -> int:
        with path.open(newline="", encoding="utf-8") as file:
            return sum(1 for _ in csv.DictReader(file))

    _, theirs = timed(plain)
    _, ours = timed(lambda: sum(1 for _ in open_rows(path).rows))
    print(f"\nreading a CSV of {rows:,} rows: {rows / ours:,.0f} rows/s; csv.DictReader {rows / theirs:,.0f} rows/s")
    print("   (ours looks through the file for its encoding and its SHA-256 first, and sets bad rows aside)")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--data", type=Path, default=os.environ.get("ANCHORSET_DATA"), help="folder of real data")
    options.add_argument("--rows", type=int, default=10_000, help="texts to convert")
    chosen = options.parse_args()
    if chosen.data is None:
        options.error("name the folder of real data: --data PATH, or ANCHORSET_DATA")
    texts_file, turns_file = chosen.data / "banking77" / "train.csv", chosen.data / "multidogo" / "airline_test.tsv"
    for scrub in (False, True):
        found, seconds = timed(
            lambda scrub=scrub: ingest(texts_file, mapping=parse("input=text,metadata.intent=category"), scrub=scrub)
        )
        said = "with" if scrub else "without"
        print(
            f"ingest of {found.counts.read:,} rows {said} scrubbing: {seconds:.2f} s, "
            f"{found.counts.read / seconds:,.0f} rows/s"
        )
    chats, _ = timed(lambda: ingest(turns_file, mapping=parse(TURNS)), repeats=1)
    with tempfile.TemporaryDirectory() as name:
        reading(Path(name), 1_000_000)
        conversions(found.cases[: chosen.rows], "texts", Path(name))
        conversions(chats.cases, "chats", Path(name))


if __name__ == "__main__":
    main()
