"""Workspaces that ask in batches: copies of one, and what is read of them afterwards."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from batch_desk import Live
from workspaces import fingerprint

from anchorset.core.config import ModelSpec
from anchorset.core.ports import ChatModel
from anchorset.core.workbench import Workbench
from anchorset.pipeline.models import Chosen, RunAsker
from anchorset.pipeline.produce.batching import Exported
from anchorset.pipeline.produce.production import Made, Order, produce_into
from anchorset.pipeline.workspace import Workspace, open_workspace

WRITER, JUDGE = "openai:gpt-5-mini", "anthropic:claude-sonnet-4-5"
ORDER = Order(technique="prompted", more=15)
BENCH: list[Workbench] = []


def copied(seeded: Path, folder: Path, *, judge: str | None = None, writer: str = WRITER) -> Workspace:
    """A copy of the workspace that names these models."""
    shutil.copytree(seeded, folder)
    models = {"generator": {"model": writer}, **({"judge": {"model": judge}} if judge else {})}
    file = folder / "anchorset.yaml"
    file.write_text(file.read_text(encoding="utf-8") + f"\nmodels: {json.dumps(models)}\n", encoding="utf-8")
    workspace = open_workspace(folder)
    if not BENCH:
        BENCH.append(workspace.bench)
    workspace.__dict__["bench"] = BENCH[0]  # loaded once for all tests
    return workspace


def lines(done: Exported) -> list[dict[str, Any]]:
    return [json.loads(line) for one in done.files for line in one.path.read_text(encoding="utf-8").splitlines()]


def written(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def live(workspace: Workspace, models: dict[str, Live]) -> Made:
    """The same order, asked one by one."""

    def asker(run: str, asked: Chosen) -> RunAsker:
        names = [spec.model for spec in (asked.generator, asked.judge) if spec.model != "none"]
        opened: dict[str, tuple[ChatModel, ModelSpec]] = {
            name: (models.setdefault(name, Live(name)), ModelSpec(model=name)) for name in names
        }
        return RunAsker(workspace, opened, run=run, budget_usd=None)

    return produce_into(workspace, ORDER, asker=asker, whole=True)


def without_cost(folder: Path) -> dict[str, list[str]]:
    """The mirrors, but for what answers cost: a batch's is half."""
    found = fingerprint(folder)
    rows = [json.loads(row) for row in found.pop("candidates/runs.jsonl")]
    for row in rows:
        for name in ("usd", "estimate"):
            row.pop(name)
    return found | {"candidates/runs.jsonl": [json.dumps(row) for row in rows]}


def ended(folder: Path) -> dict[str, Any]:
    rows = (folder / "candidates" / "runs.jsonl").read_text(encoding="utf-8").splitlines()
    return dict(json.loads(rows[-1]))
