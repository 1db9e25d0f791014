"""The audit's operating curve: how often it says healthy, drifted, inconclusive, on sets whose answer is known.

    python tools/audit_curve.py --data FOLDER [--sizes 25,50,150] [--draws 100] [--sets banking77,…] [--random-seed 7]

Prints one row a set and size. Halves of one real crowd should be healthy; human against model text should be drifted.
FOLDER holds the public sets named in docs/trust.md. A size is skipped where a set has too few different texts.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from anchorset.core.hashing import draw
from anchorset.infra.embed.choose import open_embedder
from anchorset.trust.audit.audit import audit

Side = list[str]


def banking77(folder: Path) -> tuple[Side, Side | None]:
    return [row["text"] for row in _csv(folder / "banking77/train.csv")], None


def multidogo(folder: Path) -> tuple[Side, Side | None]:
    return [row["utterance"] for row in _csv(folder / "multidogo/airline_dev.tsv", "\t")], None


def snips(folder: Path) -> tuple[Side, Side | None]:
    found = []
    for path in sorted((folder / "snips").glob("*.json")):
        for rows in json.loads(path.read_text(encoding="utf-8", errors="replace")).values():
            found += ["".join(part["text"] for part in row["data"]) for row in rows]
    return found, None


def self_instruct(folder: Path) -> tuple[Side, Side | None]:
    return [row["instruction"] for row in _jsonl(folder / "self_instruct/seed_tasks.jsonl")], None


def taskmaster(folder: Path) -> tuple[Side, Side | None]:
    path = folder / "taskmaster4_coffee/dialogues.jsonl"
    said = [turn for row in _jsonl(path) for turn in row.get("utterances", row.get("turns", []))]
    return [
        turn["text"] for turn in said if str(turn.get("speaker", "")).upper().startswith(("USER", "CUSTOMER"))
    ], None


def written_evals(folder: Path) -> tuple[Side, Side | None]:
    return _questions(folder, "human"), _questions(folder, "lm")


def written_evals_human(folder: Path) -> tuple[Side, Side | None]:
    return _questions(folder, "human"), None


def passages_3(folder: Path) -> tuple[Side, Side | None]:
    return _passages(folder, "xsum_gpt-3.5-turbo.raw_data.json")


def passages_4(folder: Path) -> tuple[Side, Side | None]:
    return _passages(folder, "xsum_gpt-4.raw_data.json")


def _questions(folder: Path, side: str) -> Side:
    rows = _jsonl(folder / "model_written_evals" / side / "survival-instinct.jsonl")
    asked = (re.sub(r"^\s*question\s*:?", "", row["question"], flags=re.I) for row in rows)
    return [re.split(r"\n\s*(?:Choices:|\(A\))", text)[0].strip() for text in asked]


def _passages(folder: Path, name: str) -> tuple[Side, Side | None]:
    pairs = json.loads((folder / "human_vs_llm_passages" / name).read_text(encoding="utf-8"))
    return pairs["original"], pairs["sampled"]


def _csv(path: Path, delimiter: str = ",") -> Iterable[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter=delimiter)


def _jsonl(path: Path) -> Iterable[dict]:
    with path.open(encoding="utf-8") as file:
        yield from (json.loads(line) for line in file if line.strip())


SETS: dict[str, Callable[[Path], tuple[Side, Side | None]]] = {
    "banking77": banking77, "multidogo": multidogo, "snips": snips, "self_instruct": self_instruct,
    "taskmaster": taskmaster, "written_evals_human": written_evals_human, "written_evals": written_evals,
    "passages_gpt3.5": passages_3, "passages_gpt4": passages_4,
}  # fmt: skip


def drawn(real: Side, other: Side | None, size: int, rng: random.Random) -> tuple[Side, Side] | None:
    """Two halves of `real` when there is no other set, else one sample of each; None when there are too few."""
    if other is None:
        if len(real) < 2 * size:
            return None
        both = rng.sample(real, 2 * size)
        return both[:size], both[size:]
    if min(len(real), len(other)) < size:
        return None
    return rng.sample(real, size), rng.sample(other, size)


def main() -> None:
    """Prints the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, required=True)
    options.add_argument("--sizes", default="25,50,100,150,250,500,1000")
    options.add_argument("--draws", type=int, default=100)
    options.add_argument("--sets", default=",".join(SETS))
    options.add_argument("--random-seed", type=int, default=7)
    options.add_argument("--signals", action="store_true", help="name the failing signals of each row")
    given = options.parse_args()
    embedder = open_embedder("static")
    print("| set | what | n a side | healthy | drifted | inconclusive | seconds an audit |")
    print("|---|---|---|---|---|---|---|")
    for name in given.sets.split(","):
        real, other = SETS[name](given.data)
        if other is not None:
            # Draws of different texts: a set that repeats itself would be told by its repetitions alone.
            real, other = list(dict.fromkeys(real)), list(dict.fromkeys(other))
        for size in map(int, given.sizes.split(",")):
            words, failing, start = Counter(), Counter(), time.perf_counter()
            for at in range(given.draws):
                sides = drawn(real, other, size, random.Random(draw(given.random_seed, name, size, at)))
                if sides is None:
                    break
                report = audit(*sides, embedder=embedder, random_seed=at)
                words[report.verdict] += 1
                failing.update(signal.name for signal in report.signals if signal.status == "fail")
            if not words:
                continue
            seconds = (time.perf_counter() - start) / words.total()
            what = "human against model" if other is not None else "halves of one crowd"
            print(
                f"| {name} | {what} | {size} | {words['healthy']} | {words['drifted']} | {words['inconclusive']} "
                f"| {seconds:.2f} |",
                flush=True,
            )
            if given.signals:
                print("|  |", ", ".join(f"{signal} {n}" for signal, n in failing.most_common()), "|", flush=True)


if __name__ == "__main__":
    main()
