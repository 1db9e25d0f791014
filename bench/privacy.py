"""Precision and recall of the privacy detectors on labelled texts, and false alarms on texts that hold next to nothing.

    python bench/privacy.py --data DIR [--misses KIND] [--hostile]

DIR holds `presidio_synth_pii/everyday.jsonl` (labelled spans), `banking77/train.csv` and `multidogo/*_dev.tsv`.
A finding counts when it overlaps a labelled span of its kind. Then 5,000 random look-alikes of each sort, seed 1: what
share of them is taken for personal data. `--hostile`: seconds for 10 MB of one unit repeated.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import time
import uuid
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from anchorset.infra.text.privacy import find

LABELS = {
    "EMAIL_ADDRESS": "email", "CREDIT_CARD": "card", "IBAN_CODE": "iban", "IP_ADDRESS": "ip", "PHONE_NUMBER": "phone",
    "US_SSN": "national_id", "STREET_ADDRESS": "address", "PERSON": "name",
}  # fmt: skip
LOOKALIKES: dict[str, Callable[[random.Random], str]] = {
    "UUID": lambda dice: str(uuid.UUID(int=dice.getrandbits(128))),
    "version": lambda dice: f"since {dice.randrange(20)}.{dice.randrange(20)}.{dice.randrange(999)} it broke",
    "four numbers": lambda dice: " ".join(str(dice.randrange(most)) for most in (99, 999, 999, 99)),
    "coordinates": lambda dice: f"{dice.uniform(-90, 90):.6f}, {dice.uniform(-180, 180):.6f}",
    "tracking number": lambda dice: f"tracking number {dice.randrange(10**15, 10**16)}",
    "order number": lambda dice: f"my order {dice.randrange(10**7, 10**10)} is late",
    "bare ten digits": lambda dice: str(dice.randrange(10**9, 10**10)),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--misses", help="a kind: print what was missed and what was wrongly found")
    parser.add_argument("--hostile", action="store_true")
    options = parser.parse_args()
    labelled(options.data / "presidio_synth_pii" / "everyday.jsonl", options.misses)
    with (options.data / "banking77" / "train.csv").open(encoding="utf-8") as file:
        alarms("banking77", [row["text"] for row in csv.DictReader(file)])
    for name in ("airline_dev", "finance_dev"):
        with (options.data / "multidogo" / f"{name}.tsv").open(encoding="utf-8") as file:
            rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            alarms(f"multidogo {name}", [row["utterance"] or "" for row in rows])
    dice = random.Random(1)
    for sort, make in LOOKALIKES.items():
        print(f"{sort}: {sum(bool(find(make(dice))) for _ in range(5000)) / 5000:.1%} taken for personal data")
    for unit in ("where is my refund, order #4481; ", "1", "1 ", "a", "+44 20 7946 0958 ") if options.hostile else ():
        start = time.process_time()
        n = len(find(unit * (10_000_000 // len(unit))))
        print(f"10 MB of {unit!r}: {time.process_time() - start:.1f} s, {n:,} found")


def labelled(path: Path, show: str | None) -> None:
    right, labels, caught, findings = Counter(), Counter(), Counter(), Counter()
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        text = row["full_text"]
        known = [
            (LABELS.get(span["entity_type"], span["entity_type"]), span["start_position"], span["end_position"])
            for span in row["spans"]
        ]
        spans = find(text)
        for kind, start, end in known:
            labels[kind] += 1
            hit = any(span.kind == kind and span.start < end and start < span.end for span in spans)
            caught[kind] += hit
            if not hit and kind == show:
                print(f"  missed {text[start:end]!r} in {text[max(0, start - 50) : end + 20]!r}")
        for span in spans:
            findings[span.kind] += 1
            meets = {kind for kind, start, end in known if span.start < end and start < span.end}
            right[span.kind] += span.kind in meets
            if span.kind not in meets and span.kind == show:
                label, around = ", ".join(meets) or "no label", text[max(0, span.start - 50) : span.end + 20]
                print(f"  wrong  {span.text!r} ({label}) in {around!r}")
    print("kind          labels  recall  findings  precision")
    for kind in sorted(set(LABELS.values())):
        recall = caught[kind] / max(1, labels[kind])
        precision = right[kind] / findings[kind] if findings[kind] else float("nan")
        print(f"{kind:12} {labels[kind]:7} {recall:7.3f} {findings[kind]:9} {precision:10.3f}")


def alarms(name: str, texts: list[str]) -> None:
    start = time.process_time()
    found = Counter(span.kind for text in texts for span in find(text))
    seconds = time.process_time() - start
    print(f"{name}: {len(texts):,} texts, {len(texts) / seconds:,.0f} texts/s, found {dict(found.most_common())}")


if __name__ == "__main__":
    main()
