"""The steps of the demo: grow, audit twice, run both bots, compare.

What this module does not know: what will come out.
"""

from __future__ import annotations

import csv
import itertools
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from anchorset.core.case import Case
from anchorset.core.lineage import with_clusters
from anchorset.core.provenance import Synthetic
from anchorset.core.result import Comparison
from anchorset.core.workbench import Workbench
from anchorset.examples.refund_bot.bots import current, next
from anchorset.examples.refund_bot.naive import naive_rows
from anchorset.examples.refund_bot.seeds import seeds_path
from anchorset.infra.formats.case_files import RECORDS, write_cases
from anchorset.pipeline import comparing, files
from anchorset.trust.audit.words import summary as audit_lines
from anchorset.trust.compare.words import summary as compare_lines
from anchorset.ui.cli.ledger import ledger_lines, set_lines, taken_lines
from anchorset.ui.cli.terminal import say

AXES = ("user_type", "policy")
MAPPING = "id=id,input=text,expected=expected,observed_at=at," + ",".join(f"metadata.{axis}={axis}" for axis in AXES)
SHOWN = 4
"""Failing signals named on the terminal."""
BOTS: dict[str, Callable[[str], str]] = {"current": current, "next": next}


def run(folder: Path, *, size: int, random_seed: int, bench: Workbench, machine: bool) -> dict[str, Any]:
    """Runs all steps, writes their files into `folder`, and returns the machine form of what came out."""
    started = time.monotonic()
    folder.mkdir(parents=True, exist_ok=True)

    def tell(*lines: str) -> None:
        say(*lines, machine=machine)

    tell("1. Grow: messages of a refund bot, written by us, become checked candidates. No model, no network.")
    cases = folder / "cases.jsonl"
    grown = files.grow(
        seeds_path(), size=size, bench=bench, mapping=MAPPING, axes=AXES, random_seed=random_seed, out=cases
    )
    tell(*taken_lines(grown.taken, seeds_path()), *ledger_lines(grown.made), *set_lines(grown.set_findings))

    tell("", "2. Audit: are the candidates wearing a costume?")
    seeds_file = folder / "seeds.jsonl"
    seeds = with_clusters(grown.cases[: grown.n_seeds], grown.mapped.groups)
    write_cases(seeds, seeds_file, RECORDS)
    grown_audit = files.audit(seeds_file, cases, bench=bench, html=folder / "audit-grown.html", random_seed=random_seed)
    tell(*_short(audit_lines(grown_audit)))

    tell("", "3. Audit a naive set: polite, one template, one word.")
    naive = [_naive_case(row, number) for number, row in enumerate(naive_rows())]
    naive_file = folder / "naive.jsonl"
    write_cases(naive, naive_file, RECORDS)
    naive_audit = files.audit(
        seeds_file, naive_file, bench=bench, html=folder / "audit-naive.html", random_seed=random_seed
    )
    tell(*_short(audit_lines(naive_audit)))

    tell("", "4. Run both bots on every case that has an expected answer.")
    results = {name: folder / f"results-{name}.csv" for name in ("naive", "mixed", "grown")}
    write_results(results["naive"], naive)
    write_results(results["mixed"], [*seeds, *naive])
    write_results(results["grown"], grown.cases)
    tell("wrote " + ", ".join(map(str, results.values())))

    def verdict(name: str, page: str | None = None) -> Comparison:
        (found,) = comparing.compare(
            results[name], baseline="current", candidates=["next"], random_seed=random_seed,
            html=folder / page if page else None,
        )  # fmt: skip
        tell(*_without_slices(compare_lines(found)))
        return found

    tell("", "5. Compare on the naive rows alone, as a team without a seed would.")
    alone = verdict("naive")
    tell("", "6. Compare again, with the seed beside them.")
    mixed = verdict("mixed", "compare.html")
    tell("", "7. And with the grown candidates in their place: they side with the seed.")
    anchored = verdict("grown", "compare-grown.html")

    seconds = time.monotonic() - started
    tell(
        "",
        f"done in {seconds:.0f} s. Open {folder / 'compare.html'} first, then {folder / 'audit-naive.html'} "
        f"and {folder / 'audit-grown.html'}; the cases are in {cases}.",
    )
    return {
        "grow": {"ledger": grown.made.ledger.report()},
        "audit_grown": grown_audit.model_dump(mode="json"),
        "audit_naive": naive_audit.model_dump(mode="json"),
        "compare_naive": alone.model_dump(mode="json"),
        "compare": mixed.model_dump(mode="json"),
        "compare_grown": anchored.model_dump(mode="json"),
        "seconds": round(seconds, 1),
    }


def _without_slices(lines: Sequence[str]) -> list[str]:
    """The lines up to the slices, which the page shows better."""
    return list(itertools.takewhile(lambda line: not line.startswith("slice "), lines))


def _short(lines: Sequence[str]) -> list[str]:
    """The verdict and each failing signal in a line; the page has the measures and examples."""
    kept = [line for line in lines if line.startswith(("FAIL", "pass"))]
    left_out = max(0, len(kept) - SHOWN - 1)
    more = [f"… and {left_out} more failing signals on the page"] if left_out else []
    return [lines[0], *kept[:SHOWN], *more, *kept[-1:]] if len(kept) > SHOWN else [lines[0], *kept]


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
