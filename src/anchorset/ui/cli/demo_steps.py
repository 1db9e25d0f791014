"""The steps of the demo: the whole path of a workspace, and beside it a naive set that fools whoever has no seed.

What this module does not know: what will come out.
"""

from __future__ import annotations

import csv
import itertools
import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from anchorset.core.case import Case
from anchorset.core.config import Models, ModelSpec
from anchorset.core.filter import Filter
from anchorset.core.ports import Progress
from anchorset.core.provenance import Synthetic
from anchorset.core.result import Comparison
from anchorset.core.workbench import Workbench
from anchorset.examples.refund_bot.bots import current, next
from anchorset.examples.refund_bot.decisions import decided
from anchorset.examples.refund_bot.naive import naive_rows
from anchorset.infra.folder.config_file import NAME
from anchorset.infra.formats.case_files import RECORDS, write_cases
from anchorset.map.words import lines as map_lines
from anchorset.pipeline import files
from anchorset.pipeline.example import LOGS, MAPPING, unpack
from anchorset.pipeline.models import Chosen
from anchorset.pipeline.plan.mapping import map_seeds
from anchorset.pipeline.plan.planning import plan_next
from anchorset.pipeline.produce.production import Made, Order, produce_into
from anchorset.pipeline.review.reviewing import export_lane, import_lane, review_status
from anchorset.pipeline.seeds import ingest_into
from anchorset.pipeline.ship.report import report as version_report
from anchorset.pipeline.ship.shipping import Version, ship_version, verify_version
from anchorset.pipeline.status import status_of
from anchorset.pipeline.trust import comparing
from anchorset.pipeline.trust.results import compare_runs
from anchorset.pipeline.trust.runs import Ran, run_target
from anchorset.pipeline.trust.trusting import trust_report
from anchorset.pipeline.workspace import Workspace, open_workspace
from anchorset.plan.words import lines as plan_lines
from anchorset.trust.audit.words import summary as audit_lines
from anchorset.trust.compare.words import summary as compare_lines
from anchorset.trust.report.words import machine as trust_form
from anchorset.trust.report.words import summary as trust_lines
from anchorset.ui.cli.dataset_words import version_lines
from anchorset.ui.cli.demo_model import Writers, written
from anchorset.ui.cli.ledger import intake_lines, ledger_lines, set_lines
from anchorset.ui.cli.review_words import status_lines
from anchorset.ui.cli.terminal import say

EXAMPLE, DATASET = "refund-bot", "refund-bot"
AXES = ("user_type", "policy")
REVIEWER = "a rule of the example"
SHOWN = 4
"""Failing signals, behaviours and gaps named on the terminal."""
BOTS: dict[str, Callable[[str], str]] = {"current": current, "next": next}

Tell = Callable[..., None]


def run(
    folder: Path, *, size: int, random_seed: int, progress: Progress, machine: bool, writers: Writers | None = None
) -> dict[str, Any]:
    """Runs all steps in `folder`, which becomes a workspace, and returns the machine form of what came out.

    In a folder where the demo ran before, every step goes on from what is there. `writers`: the models that write some
    candidates too; None: everything is made without one. Raises MachineError when one of them cannot be asked.
    """
    started = time.monotonic()

    def tell(*lines: str) -> None:
        say(*lines, machine=machine)

    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / NAME).exists():
        unpack(EXAMPLE, folder)
    workspace = open_workspace(folder, progress=progress)
    made = _produced(workspace, size, random_seed, tell)
    by_model: list[dict[str, Any]] = []
    if writers is not None:
        workspace, by_model = written(workspace, writers, tell)
    _reviewed(workspace, tell)
    version = _shipped(workspace, tell)
    runs = _ran(workspace, tell)
    tell("", "8. Compare: does the new bot hold what the old one could? The seed has the veto.")
    (verdict,) = compare_runs(workspace, DATASET, baseline="current", candidates=["next"], random_seed=random_seed)
    comparing.write_comparisons([verdict], html=folder / "compare.html")
    tell(*_without_slices(compare_lines(verdict)))
    tell("", "9. Trust: can these numbers be trusted?")
    trusted = trust_report(workspace, DATASET, page=folder / "trust.html")
    tell(*_until_blank(trust_lines(trusted)))
    naive = _naive(workspace, random_seed, tell)
    seconds = time.monotonic() - started
    tell(
        "",
        f"done in {seconds:.0f} s. Open {folder / 'compare.html'} and {folder / 'trust.html'} first, then "
        f"{folder / 'naive' / 'compare.html'} and {folder / 'naive' / 'audit.html'}.",
        f"The workspace is {folder}: go on in it with `anchorset -w {folder} status`.",
    )
    return {
        "grow": {"ledger": _ledger(workspace, made)},
        **({"models": by_model} if writers is not None else {}),
        "review": review_status(workspace).survival.report(),
        "dataset": version_report(version.manifest),
        "runs": {ran.head.target: ran.ledger.model_dump() for ran in runs},
        "compare": verdict.model_dump(mode="json"),
        "trust": trust_form(trusted),
        **naive,
        "seconds": round(seconds, 1),
    }


def _produced(workspace: Workspace, size: int, random_seed: int, tell: Tell) -> Made | None:
    tell("1. Ingest: messages of a refund bot, written by us, stand in for your logs. No model, no network.")
    (taken,) = ingest_into(workspace, [workspace.path / LOGS], mapping=MAPPING)
    tell(*intake_lines(taken))
    tell("", "2. Map: what the seeds do, and what is missing.")
    mapped = map_seeds(workspace)
    tell(*itertools.islice(map_lines(mapped.map), 3 + SHOWN))
    tell("", "3. Plan: which gap, how many cases, at what cost.")
    free = Chosen(generator=ModelSpec(), judge=ModelSpec())
    tell(*_heads(plan_lines(plan_next(workspace, size=size, mapped=mapped, chosen=free))))
    tell("", "4. Produce: mutation, remix in the voices of three personas, red team; each through the checks.")
    # A demo writes its models down once this step is done: it is not done again with them.
    done = workspace.config.models != Models() and any(run.state == "done" for run in status_of(workspace).production)
    made = None if done else produce_into(workspace, Order(size=size), random_seed=random_seed)
    if made is None or made.produced is None:
        tell("nothing to do: what was asked for stands already")
    else:
        tell(*_heads(ledger_lines(made.produced)), *set_lines(made.set_findings))
    return made


def _ledger(workspace: Workspace, made: Made | None) -> dict[str, Any]:
    if made is not None and made.produced is not None:
        return made.produced.ledger.report()
    return dict(status_of(workspace).production[-1].ledger)


def _reviewed(workspace: Workspace, tell: Tell) -> None:
    tell(
        "", "5. Review: here a rule of the example decides (decisions.py), nobody looked. In your project people do,",
        "   with `anchorset review next`, or `review export` for a spreadsheet and `review import`.",
    )  # fmt: skip
    waiting, filled = workspace.path / "waiting.jsonl", workspace.path / "decided.jsonl"
    if not _waits(workspace):
        tell("nothing waits: everything is decided already")
    else:
        export_lane(workspace, "candidates", waiting)
        rows = [decided(json.loads(line)) for line in waiting.read_text(encoding="utf-8").splitlines()]
        filled.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
        import_lane(workspace, "candidates", filled, reviewer=REVIEWER)
    tell(*status_lines(review_status(workspace))[: 2 + SHOWN])


def _waits(workspace: Workspace) -> bool:
    return bool(review_status(workspace).counts["passed"])


def _shipped(workspace: Workspace, tell: Tell) -> Version:
    tell("", "6. Ship: an immutable version, split by cluster, proved free of leaks.")
    version = ship_version(workspace, DATASET)
    tell(*version_lines(version.manifest))
    problems = verify_version(workspace, DATASET).problems
    tell(f"  verified: {len(problems)} problems" + ("" if version.is_new else "; nothing changed, so no new version"))
    return version


def _ran(workspace: Workspace, tell: Tell) -> list[Ran]:
    tell("", "7. Run both bots on every case.")
    found = []
    for name in BOTS:
        ran = run_target(workspace, DATASET, target=name)
        found.append(ran)
        ledger = ran.ledger
        tell(
            f"  {name}: wanted {ledger.wanted:,} = answered {ledger.answered:,} + not judged {ledger.not_judged:,} "
            f"+ failed {ledger.failed:,} + pending {ledger.pending:,}; "
            f"passed {sum(row.passed is True for row in ran.results):,}"
        )
    return found


def _naive(workspace: Workspace, random_seed: int, tell: Tell) -> dict[str, Any]:
    """What a team without a seed would have seen: 200 polite variations of one chat."""
    folder = workspace.path / "naive"
    folder.mkdir(exist_ok=True)
    seeds = workspace.cases(Filter(real=True, bucket="seed"))
    naive = [_naive_case(row, number) for number, row in enumerate(naive_rows())]
    write_cases(seeds, folder / "seeds.jsonl", RECORDS)
    write_cases(naive, folder / "naive.jsonl", RECORDS)
    tell("", "10. And what would a naive set have said? 200 polite variations of one chat: first an audit.")
    bench = Workbench(embedder=workspace.bench.embedder, progress=workspace.progress)
    audit = files.audit(
        folder / "seeds.jsonl", folder / "naive.jsonl", bench=bench, html=folder / "audit.html", random_seed=random_seed
    )
    tell(*_short(audit_lines(audit)))
    tell("", "11. Compare on the naive rows alone, as a team without a seed would, then with the seed beside them.")
    alone = _verdict(folder, "alone", naive, random_seed)
    mixed = _verdict(folder, "compare", [*seeds, *naive], random_seed)
    for found in (alone, mixed):
        tell(*_without_slices(compare_lines(found)))
    return {
        "audit_naive": audit.model_dump(mode="json"),
        "compare_naive": alone.model_dump(mode="json"),
        "compare_mixed": mixed.model_dump(mode="json"),
    }


def _verdict(folder: Path, name: str, cases: Sequence[Case], random_seed: int) -> Comparison:
    write_results(folder / f"{name}.csv", cases)
    (found,) = comparing.compare(
        folder / f"{name}.csv", baseline="current", candidates=["next"], random_seed=random_seed,
        html=folder / f"{name}.html",
    )  # fmt: skip
    return found


def _heads(lines: Sequence[str]) -> list[str]:
    """The lines without long lists: the verbs themselves show all of them."""
    kept = [line for line in lines if not line.startswith(("  moved", "  short", "  user_type"))]
    return kept


def _without_slices(lines: Sequence[str]) -> list[str]:
    """The lines up to the slices, which the page shows better."""
    return list(itertools.takewhile(lambda line: not line.startswith("slice "), lines))


def _until_blank(lines: Sequence[str]) -> list[str]:
    """The headline and the five questions; the page has the signals."""
    head = list(itertools.takewhile(bool, lines))
    return [*head, *itertools.takewhile(bool, lines[len(head) + 1 :])]


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
