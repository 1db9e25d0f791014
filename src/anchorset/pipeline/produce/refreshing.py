"""What candidates were made from, as it stands now, and those that it has left behind put aside.

What this module does not know: how candidates are made.
"""

from __future__ import annotations

from pathlib import Path

from anchorset.core.filter import Filter
from anchorset.core.said import Refresh
from anchorset.infra.db import said as said_rows
from anchorset.pipeline.workspace import Workspace
from anchorset.produce.asking.templates import prompt_hashes
from anchorset.qualify.staleness import inputs_of, stale


def inputs_now(workspace: Workspace) -> dict[str, str]:
    """What candidates can depend on -> its hash: context, axes, personas, prompts, red-team policies, documents."""
    folder = workspace.folder
    return inputs_of(
        workspace.config, folder.personas,
        prompts=prompt_hashes(folder.prompts()),
        policies={Path(name).name: digest for name, digest in folder.texts("redteam/*.y*ml").items()},
        documents={name.removeprefix("docs/"): digest for name, digest in folder.texts("docs/**/*").items()},
    )  # fmt: skip


def put_stale_aside(workspace: Workspace) -> dict[str, str]:
    """Candidates that something they were made from has left behind -> why. They do not count any more."""
    with workspace.store.reading() as connection:
        runs = said_rows.production_runs(connection)
    real = [case for case in workspace.cases(Filter(real=True, counting=True)) if case.status != "rejected"]
    found = stale(
        workspace.cases(Filter(real=False, counting=True), findings=False), seeds=real,
        inputs_then={one.run: one.inputs for one in runs},
        inputs_now=inputs_now(workspace),
    )  # fmt: skip
    if found:
        row = Refresh(stale=found, runs=tuple(one.run for one in runs), at=workspace.now())
        workspace.append("reviews/refresh.jsonl", [row])
    return found
