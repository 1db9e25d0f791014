"""The steps of the demo: grow, audit twice, run both bots, compare.

What this module does not know: what will come out.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from anchorset import pipeline
from anchorset.core.case import Case
from anchorset.core.provenance import Synthetic
from anchorset.core.workbench import Workbench
from anchorset.examples.refund_bot.bots import current, next
from anchorset.examples.refund_bot.naive import naive_rows
from anchorset.examples.refund_bot.seeds import seeds_path
from anchorset.infra.formats.case_files import RECORDS, write_cases
from anchorset.trust.audit.words import summary as audit_lines
from anchorset.trust.compare.words import summary as compare_lines
from anchorset.ui.cli.ledger import ledger_lines, set_lines, taken_lines
from anchorset.ui.cli.terminal import say

AXES = ("user_type", "policy")
MAPPING = "id=id,input=text,expected=expected,observed_at=at," + ",".join(f"metadata.{axis}={axis}" for axis in AXES)
BOTS: dict[str, Callable[[str], str]] = {"current": current, "next": next}


def run(folder: Path, *, size: int, random_seed: int, bench: Workbench, machine: bool) -> dict[str, Any]:
    """Runs all steps, writes their files into `folder`, and returns the machine form of what came out."""
    started = time.monotonic()
    folder.mkdir(parents=True, exist_ok=True)

    def tell(*lines: str) -> None:
        say(*lines, machine=machine)

    tell("1. Grow: messages of a refund bot, written by us, become checked candidates. No model, no network.")
    cases = folder / "cases.jsonl"
    grown = pipeline.grow(
        seeds_path(), size=size, bench=bench, mapping=MAPPING, axes=AXES, random_seed=random_seed, out=cases
    )
    tell(*taken_lines(grown.taken), *ledger_lines(grown.made), *set_lines(grown.set_findings))

    tell("", "2. Audit: are the candidates wearing a costume?")
    seeds_file = folder / "seeds.jsonl"
    write_cases(grown.cases[: grown.n_seeds], seeds_file, RECORDS)
    healthy = pipeline.audit(seeds_file, cases, bench=bench, html=folder / "audit-grown.html", random_seed=random_seed)
    tell(*audit_lines(healthy))

    tell("", "3. Audit a naive set: polite, one template, one word.")
    naive = [_naive_case(row, number) for number, row in enumerate(naive_rows())]
    naive_file = folder / "naive.jsonl"
    write_cases(naive, naive_file, RECORDS)
    costume = pipeline.audit(
        seeds_file, naive_file, bench=bench, html=folder / "audit-naive.html", random_seed=random_seed
    )
    tell(*audit_lines(costume))

    tell("", "4. Run both bots on every case that has an expected answer.")
    everything = folder / "results.csv"
    naive_only = folder / "results-naive.csv"
    write_results(everything, [*grown.cases, *naive])
    write_results(naive_only, naive)
    tell(f"wrote {everything} and {naive_only}")

    tell("", "5. Compare on the naive rows alone, as a team without a seed would.")
    (alone,) = pipeline.compare(naive_only, baseline="current", candidates=["next"], random_seed=random_seed)
    tell(*compare_lines(alone))

    tell("", "6. Compare with the seed.")
    (verdict,) = pipeline.compare(
        everything, baseline="current", candidates=["next"], random_seed=random_seed, html=folder / "compare.html"
    )
    tell(*compare_lines(verdict))

    seconds = time.monotonic() - started
    tell(
        "",
        f"done in {seconds:.0f} s. Open {folder / 'compare.html'} first, then {folder / 'audit-naive.html'} "
        f"and {folder / 'audit-grown.html'}; the cases are in {cases}.",
    )
    return {
        "grow": {"ledger": grown.made.ledger.report()},
        "audit_grown": healthy.model_dump(mode="json"),
        "audit_naive": costume.model_dump(mode="json"),
        "compare_naive": alone.model_dump(mode="json"),
        "compare": verdict.model_dump(mode="json"),
        "seconds": round(seconds, 1),
    }


def write_results(path: Path, cases: Sequence[Case]) -> None:
    """A row per case and bot, scored by exact match; a case without an expected answer is left out."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["case_id", "system", "passed", "bucket", "root", *AXES])
        for case in cases:
            if case.expected is None:
                continue
            for name, bot in BOTS.items():
                passed = int(bot(case.text) == case.expected)
                slices = [case.metadata.get(axis, "") for axis in AXES]
                rows.writerow([case.id, name, passed, case.bucket, case.cluster or case.id, *slices])


def _naive_case(row: Any, number: int) -> Case:
    origin = Synthetic(
        source="synthetic", technique="template", label=f"synth-template-{number:03}", random_seed=0, run="r_naive"
    )
    return Case(
        kind="text", input=row["text"], expected=row["expected"], provenance=origin,
        metadata={axis: row[axis] for axis in AXES},
    )  # fmt: skip
