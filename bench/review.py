"""The review page over HTTP, its server a process of its own: milliseconds of one request, as the browser waits for it.

    python -m bench.review --data DATA [--candidates 100000] [--runs 200]

The workspace is made here: the 10,003 questions of Banking77 as seeds, in 77 cells, and candidates of every technique
that are those questions with a few words moved, with findings. `while vectors are made` is right after the start, when
every case is embedded in the background. Goals: next under 30 ms (95 %), filters under 150 ms.
"""

from __future__ import annotations

import argparse
import csv
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

from anchorset.core.case import Case
from anchorset.core.finding import Finding
from anchorset.core.provenance import Observed, Step, Synthetic
from anchorset.pipeline.workspace import open_workspace

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "ui" / "web"))
CHECKS = ("distance.band", "duplicate.near", "costume.opening", "format.length")
TECHNIQUES = ("redteam", "persona", "persona", "persona", "remix", *("mutation",) * 15)
PERSONAS = ("novice", "expert", "frustrated")
LEVELS = ("easy", "medium", "hard", "adversarial")
FILTERS = (
    {"bucket": "persona"}, {"cell": "intent=card_arrival"}, {"status": "approved"}, {"check": "distance.band"},
    {"persona": "novice"}, {"difficulty": "hard"}, {"text": "arriv"}, {"axis": "intent=card_arrival"},
    {"decided": "true"}, {"reviewer": "r0"}, {},
)  # fmt: skip
LIKE = ({"like": "where is my new card"}, {"like": "top up failed", "bucket": "mutation", "within": 0.4})


def seeds(file: Path) -> list[Case]:
    with file.open(encoding="utf-8", newline="") as stream:
        return [
            Case(
                kind="text", input=row["text"], expected="answer", metadata={"intent": row["category"]},
                provenance=Observed(source="production", origin="train.csv sha256:00", original_id=str(n)),
            )
            for n, row in enumerate(csv.DictReader(stream))
        ]  # fmt: skip


def candidates(real: list[Case], n: int) -> Iterator[Case]:
    dice = random.Random(7)
    for nth in range(n):
        seed = real[nth % len(real)]
        words = seed.text.split()
        for _ in range(1 + nth // len(real)):
            at, to = dice.randrange(len(words)), dice.randrange(len(words))
            words[at], words[to] = words[to], words[at]
        technique = dice.choice(TECHNIQUES)
        made = Synthetic(
            source="synthetic", technique=technique, label="bench", random_seed=7, run="r_bench",
            parents=(seed.id,), roots=(seed.id,), persona=dice.choice(PERSONAS) if technique == "persona" else None,
            operators=(Step(operator="word.swap", relation="invariant"),),
        )  # fmt: skip
        findings = tuple(
            Finding(
                check=name,
                version=1,
                says="flag" if dice.random() < 0.06 else "pass",
                score=round(dice.random(), 3),
                threshold=0.5,
            )
            for name in CHECKS
        )
        yield Case(
            kind="text", input=f"{' '.join(words)} {nth}", expected="answer", metadata=seed.metadata, provenance=made,
            findings=findings, status="passed", difficulty=LEVELS[nth % 4],
        )  # fmt: skip


def build(folder: Path, data: Path, n: int) -> None:
    real = seeds(data / "banking77" / "train.csv")
    intents = sorted({str(one.metadata["intent"]) for one in real})
    axes = ", ".join(f'"{intent}": about it' for intent in intents)
    (folder / "anchorset.yaml").write_text(f"name: bench\ndimensions:\n  intent: {{{axes}}}\n", encoding="utf-8")
    for name, cases in (("seeds/a.jsonl", real), ("candidates/r_bench.jsonl", candidates(real, n))):
        (folder / name).parent.mkdir()
        with (folder / name).open("wb") as stream:
            stream.writelines(one.line().encode() + b"\n" for one in cases)
    open_workspace(folder).close()


def timed(name: str, n: int, work: Callable[[int], object]) -> None:
    took = []
    for nth in range(n):
        began = time.perf_counter()
        work(nth)
        took.append((time.perf_counter() - began) * 1000)
    took.sort()
    print(f"{name:<44}{statistics.median(took):>9.1f}{took[int(0.95 * (n - 1))]:>9.1f}{took[-1]:>9.1f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, type=Path)
    parser.add_argument("--candidates", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=200)
    given = parser.parse_args()
    from crowd import Running, crowd

    with tempfile.TemporaryDirectory() as name:
        folder, began = Path(name), time.perf_counter()
        build(folder, given.data, given.candidates)
        print(f"{given.candidates:,} candidates read into the store in {time.perf_counter() - began:.0f} s")
        (one,) = crowd(folder, 1)
        server = Running(folder)
        one.port = server.port

        def ask(path: str, **query: object) -> dict[str, object]:
            told = one.ask("GET", f"{path}?{urlencode(query)}")
            assert told is not None, (one.faults, one.refusals)
            return told

        def decide(nth: int) -> None:
            case = shown[nth]
            said = {"request": f"request-{nth:06d}", "case": case["id"], "content": case["content"]}
            assert one.ask("POST", "/decide", {**said, "decision": "approve"}) is not None, one.faults

        shown: list[dict[str, str]] = []

        def following(nth: int) -> None:
            case = ask("/next", beside=[shown[-1]["id"]] if shown else [], page="bench")["case"]
            assert isinstance(case, dict)
            shown.append(case)

        try:
            began = time.perf_counter()
            ask("/status")
            print(
                f"first answer after {time.perf_counter() - began:.1f} s\n{'':<44}{'median':>9}{'95 %':>9}{'most':>9}"
            )
            ask("/cases", like="where is my card")  # has every case embedded
            timed("next, while vectors are made", min(100, given.runs), following)
            while (done := ask("/cases", like="card"))["embedded"] != done["of"]:
                time.sleep(1)
            timed("next", given.runs, following)
            timed("decide", given.runs, decide)
            for kind, queries in (("filter", FILTERS), ("likeness", LIKE)):
                for query in queries:
                    said = ", ".join(f"{key} {value}" for key, value in query.items()) or "none"
                    timed(f"{kind}: {said}", max(20, given.runs // 10), lambda _, query=query: ask("/cases", **query))
            timed("progress", 20, lambda _: ask("/status"))
            print(f"the server holds {server.megabytes():.0f} MB")
        finally:
            one.close()
            server.stop()


if __name__ == "__main__":
    main()
