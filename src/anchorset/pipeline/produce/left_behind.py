"""Which candidates something they were made from has left behind, without putting them aside.

What this module does not know: what is done about it.
"""

from __future__ import annotations

from dataclasses import replace

from anchorset.core.filter import Filter
from anchorset.infra.db import said as said_rows
from anchorset.infra.folder.workspace_folder import Folder
from anchorset.pipeline.produce.refreshing import inputs_now
from anchorset.pipeline.workspace import Workspace
from anchorset.qualify.staleness import stale


def stale_now(workspace: Workspace) -> dict[str, str]:
    """Id -> why, for the candidates that count, by what lies in the folder now."""
    anew = replace(workspace, folder=Folder(workspace.path))  # what this process has read may have changed since
    with workspace.store.reading() as connection:
        runs = said_rows.production_runs(connection)
    real = [case for case in workspace.cases(Filter(real=True, counting=True)) if case.status != "rejected"]
    return stale(
        workspace.cases(Filter(real=False, counting=True), findings=False), seeds=real,
        inputs_then={one.run: one.inputs for one in runs}, inputs_now=inputs_now(anew),
    )  # fmt: skip


def stale_by_persona(workspace: Workspace, name: str) -> int:
    """Candidates that a change of this persona has left behind."""
    return sum(why.startswith(f"persona:{name} ") for why in stale_now(workspace).values())
