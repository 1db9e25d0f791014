"""Ways to judge the answers in each cell, proposed by the model that writes; a person decides what becomes of them.

What this module does not know: prompts, and how proposals are shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from inspect import getdoc
from typing import Any

from anchorset.core.ask import Ask, Fault, Spent
from anchorset.core.config import EvaluatorSpec
from anchorset.core.errors import AnchorsetError, ConfigError, PendingError, UsageError
from anchorset.core.hashing import short_hash
from anchorset.core.inert import short, visible
from anchorset.infra.db import runs as run_rows
from anchorset.pipeline.models import chosen
from anchorset.pipeline.plan.failing import told
from anchorset.pipeline.plan.mapping import Mapped, map_seeds
from anchorset.pipeline.produce.judge import Consent, asker_for
from anchorset.pipeline.produce.writing import Options, settings_for
from anchorset.pipeline.workspace import Workspace
from anchorset.produce.asking.propose import Proposal, proposal_ask, propose
from anchorset.produce.asking.settings import Failure
from anchorset.trust.run.evaluators.catalogue import EVERY, open_evaluators
from anchorset.trust.run.targets.templates import named_in

EACH = 3
"""Proposals for a cell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """What the model proposed. Nothing of it is in force."""

    model: str
    at: str
    cells: dict[str, tuple[Proposal, ...] | Fault]
    """Cell -> proposals, the most telling first, or why there are none."""
    failures: str | None
    """The run whose failures were told; None: there was none."""
    ready: tuple[str, ...]
    """Evaluators among them that can stand in the configuration by their name alone."""
    spent: Spent = field(default_factory=Spent)
    notes: tuple[str, ...] = ()

    @property
    def pending(self) -> PendingError | None:
        """Why cells are still to be asked about; None: all were."""
        waiting = [one for one in self.cells.values() if isinstance(one, Fault) and not one.final]
        if not waiting:
            return None
        return PendingError(
            f"{len(waiting):,} of {len(self.cells):,} cells were not asked about ({waiting[0].cause}: "
            f"{short(waiting[0].message)}); the same command again asks only for those.",
            cause="budget" if waiting[0].cause == "budget" else "interrupted",
        )

    def report(self) -> dict[str, Any]:
        """The machine form, which is also what is written as YAML."""
        return {
            "evaluators": list(self.ready),
            "proposals": [
                {"cell": cell, **_said(one)}
                for cell, found in self.cells.items()
                for one in ([found] if isinstance(found, Fault) else found or [None])
            ],
        }  # fmt: skip

    def yaml(self) -> str:
        """A file to paste from: `evaluators` as the configuration has it, then every proposal with its reason."""
        import yaml

        heads = [
            f"Proposed by {self.model} at {self.at}. Nothing of it is in force: read it, and paste what you approve.",
            *([f"What failed in {self.failures} was told."] if self.failures else []),
            "`evaluators` can stand in anchorset.yaml as it is; one that needs settings of yours is only listed below.",
            "`criteria` belong to cases, or for all of them to `rubric: {criteria: [...]}`; `columns` to `extra`.",
        ]
        told = self.report()
        parts = [yaml.safe_dump({name: told[name]}, sort_keys=False, allow_unicode=True, width=100) for name in told]
        return "".join(f"# {visible(head)}\n" for head in heads) + "".join(parts)


def propose_for(workspace: Workspace, *, run: str | None = None, consent: Consent | None = None) -> Proposed:
    """Asks the model that writes how answers should be judged, one request a cell of the grid.

    `run`: a run of a target whose failures are told; None: the newest in which something failed. Raises UsageError
    when no model is configured, or the run is not there.
    """
    models = chosen(workspace)
    if not models.writes:
        raise UsageError(
            "`models.generator` is 'none', and proposals are a model's; name one in anchorset.yaml (`provider:model`)."
        )
    mapped = map_seeds(workspace)
    run, failures = _failures(workspace, mapped, run)
    cells = {name: dict(values) for name, values in mapped.map.cells.items()}
    known = {one.code: (getdoc(one) or one.code).splitlines()[0] for one in EVERY}
    settings = settings_for(workspace, models, Options())
    given: dict[str, Any] = {
        "settings": settings, "evaluators": known, "variables": _variables(workspace),
        "rubric": workspace.folder.rubric, "n": EACH,
    }  # fmt: skip
    asks = partial(_asks, cells, failures, given)
    order = "k_" + short_hash(["propose", [ask.key for ask in asks()]])
    what = "the product's context, the rubric and a few cases that failed, with why"
    with asker_for(
        workspace, [models.generator], run=order, consent=consent or Consent(), what=what, asks=asks
    ) as asker:  # fmt: skip
        found = propose(asker, list(cells.values()), failures=failures, **given)
    named = {one.evaluator for proposals in found if not isinstance(proposals, Fault) for one in proposals}
    return Proposed(
        model=models.generator.model, at=workspace.now(), cells=dict(zip(cells, found, strict=True)), failures=run,
        ready=tuple(name for name in known if name in named and _stands_alone(workspace, name)), spent=asker.spent,
        notes=tuple(note for note in models.notes if "generator" in note),
    )  # fmt: skip


def _asks(
    cells: Mapping[str, Mapping[str, str]], failures: Mapping[str, Sequence[Failure]], given: Mapping[str, Any]
) -> list[Ask]:
    return [proposal_ask(values, failures=failures.get(name, ()), **given) for name, values in cells.items()]


def _failures(
    workspace: Workspace, mapped: Mapped, run: str | None
) -> tuple[str | None, Mapping[str, tuple[Failure, ...]]]:
    """The run, and cell -> what failed there."""
    if run is not None:
        return run, told(workspace, mapped, run)
    with workspace.store.reading() as connection:
        heads = run_rows.heads(connection)
    for head in reversed(heads):
        with suppress(UsageError):
            return head.run, told(workspace, mapped, head.run)
    return None, {}


def _variables(workspace: Workspace) -> list[str]:
    """What the prompts of the targets show of a case, and the bodies of their requests."""
    found: set[str] = set()
    for spec in workspace.config.targets.values():
        if spec.chat is not None and spec.chat.prompt is not None:
            with suppress(OSError, UnicodeDecodeError):
                found.update(named_in((workspace.path / spec.chat.prompt).read_text(encoding="utf-8")))
        if spec.http is not None:
            for text in _texts(spec.http.body):
                found.update(named_in(text))
    return sorted(found - {"input"})


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _texts(inner)


def _stands_alone(workspace: Workspace, name: str) -> bool:
    """Whether the evaluator needs no settings. What it needs beside them (a judge) its own message says."""
    if name == "rubric":
        return True
    try:
        open_evaluators(
            [EvaluatorSpec(name=name)], folder=workspace.path, environ={}, embedder=workspace.bench.embedder
        )  # fmt: skip
    except ConfigError:
        return False
    except AnchorsetError:
        return True
    return True


def _said(one: Proposal | Fault | None) -> dict[str, Any]:
    if one is None:
        return {"none": "what the model proposed names no evaluator that there is"}
    if isinstance(one, Fault):
        return {"none": f"{one.cause}: {short(one.message)}"}
    told = {
        "evaluator": one.evaluator, "why": one.why, "expected": one.expected, "criteria": list(one.criteria),
        "columns": {column.name: column.about for column in one.columns},
    }  # fmt: skip
    return {name: value for name, value in told.items() if value}
