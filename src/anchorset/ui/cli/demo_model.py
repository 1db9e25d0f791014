"""The demo's step with a language model: a few candidates of each technique that a model writes, and what they cost.

What this module does not know: the other steps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from anchorset.core.config import ModelSpec
from anchorset.core.provenance import Technique
from anchorset.infra.folder.scaffold import add_models
from anchorset.pipeline.models import Agree
from anchorset.pipeline.produce.estimating import dry_run
from anchorset.pipeline.produce.production import Made, Order, produce_into
from anchorset.pipeline.status import status_of
from anchorset.pipeline.workspace import Workspace, open_workspace
from anchorset.ui.cli.ledger import ledger_lines
from anchorset.ui.cli.made_words import raise_stopped, report, spent_lines

PARTS: tuple[Technique, ...] = ("prompted", "persona", "redteam")
EACH = 8
"""Candidates of each: at most a request for every one of them, and one to the judge."""

Tell = Callable[..., None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Writers:
    """The models of a demo."""

    model: str
    judge: str
    base_url: str | None
    agree: Agree | None


def written(workspace: Workspace, writers: Writers, tell: Tell) -> tuple[Workspace, list[dict[str, Any]]]:
    """The workspace with the models in its configuration, and the machine form of what they made.

    A part that was done in a demo before is not done again; one that was broken off goes on.
    Raises MachineError when a model cannot be asked.
    """
    workspace = _configured(workspace, writers)
    name = workspace.config.models.generator.model
    tell("", f"4b. Produce with {name}: prompted, persona and red-team candidates, {EACH} of each, judged by "
             f"{'nobody' if writers.judge == 'none' else writers.judge}.")  # fmt: skip
    done = sum(run.state == "done" and run.models.get("generator") is not None for run in _runs(workspace))
    agree = _once(writers.agree)
    made = []
    for technique in PARTS[done:]:
        order = Order(more=EACH, technique=technique)
        _, estimate = dry_run(workspace, options=order.options, **order.of_plan)
        tell(*(f"  expected: {line}" for line in (estimate.lines() if estimate else ())))
        made.append(one := produce_into(workspace, order, agree=agree))
        _told(one, tell)
        raise_stopped(one, workspace.config.budget_usd)
    if not made:
        tell("nothing to do: a demo before has made them")
    return workspace, [report(one) for one in made]


def _configured(workspace: Workspace, writers: Writers) -> Workspace:
    if workspace.config.models.generator == ModelSpec():
        add_models(workspace.path, writers.model, writers.judge, writers.base_url)
        again = open_workspace(workspace.path, progress=workspace.progress)
        workspace.close()
        return again
    return workspace


def _runs(workspace: Workspace) -> list[Any]:
    return list(status_of(workspace).production)


def _told(made: Made, tell: Tell) -> None:
    if made.produced is not None:
        heads = [line for line in ledger_lines(made.produced) if not line.startswith(("  moved", "  short"))]
        tell(*heads, *spent_lines(made.spent))


def _once(agree: Agree | None) -> Agree | None:
    """Asks the first time; a yes holds for the parts that follow."""
    if agree is None:
        return None
    said: list[bool] = []

    def asked(question: str) -> bool:
        if not said:
            said.append(agree(f"{question}, for each of {len(PARTS)} parts"))
        return said[0]

    return asked
