"""A dataset version's own audit: its synthetic cases against its seed. What the trust report counts words by.

What this module does not know: how a signal is measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from anchorset.core.case import Case
from anchorset.core.errors import NothingKeptError
from anchorset.infra.formats.writing import write_text
from anchorset.pipeline.ship.datasets import read_dataset
from anchorset.pipeline.workspace import Workspace
from anchorset.trust.audit.page import html
from anchorset.trust.audit.report import AuditReport
from anchorset.trust.report.population import population
from anchorset.trust.report.vocabulary import audited


def audit_version(workspace: Workspace, ref: str | None, *, page: Path | None = None) -> AuditReport:
    """Is the synthetic part of this version wearing a costume? Red team is left out: it is meant to differ.

    Raises NothingKeptError when the version has no seed, or nothing synthetic.
    """
    found = audit_cases(workspace, read_dataset(workspace.folder, ref).cases)
    if page is not None:
        write_text(page, html(found))
    return found


def audit_cases(workspace: Workspace, cases: Sequence[Case]) -> AuditReport:
    """The same for cases that were read already."""
    config = workspace.config
    found = audited(
        population(cases), workspace.bench.embedder, key_terms=config.constraints.key_terms,
        random_seed=config.random_seed,
    )  # fmt: skip
    if found is None:
        raise NothingKeptError(
            "the version has no seed, or no synthetic case but red team: an audit holds one against the other"
        )
    return found
