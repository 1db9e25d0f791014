"""A workspace's decided cases into the next dataset version; versions compared, proved and exported.

What this module does not know: how a version is chosen, and how anything is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from anchorset.core.case import Case
from anchorset.core.dataset import Manifest, parse_ref
from anchorset.core.errors import UsageError
from anchorset.core.filter import Filter
from anchorset.core.hashing import short_hash
from anchorset.core.numbers import share as told
from anchorset.core.provenance import SEED
from anchorset.infra.formats.case_files import write_cases
from anchorset.map.stage import groups_of
from anchorset.pipeline.review.reviewing import review_status
from anchorset.pipeline.ship.datasets import Dataset, read_dataset, version_path
from anchorset.pipeline.workspace import Workspace
from anchorset.qualify.staleness import inputs_of
from anchorset.ship.compared import Diff, compared
from anchorset.ship.eligible import SAMPLE_LIMIT
from anchorset.ship.stage import SPLITS, Order, Shipped, ship
from anchorset.ship.verify import Problem, stale, verify
from anchorset.ship.write import write_version


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What shipping came to."""

    shipped: Shipped
    manifest: Manifest
    """Of the version that stands now: the new one, or the one before when nothing has changed."""
    path: Path
    is_new: bool


def ship_version(
    workspace: Workspace,
    name: str,
    *,
    mix: Mapping[str, float] | None = None,
    size: int | None = None,
    relax_mix: bool = False,
    splits: Mapping[str, float] | None = None,
    sample: bool = False,
    sample_limit: float = SAMPLE_LIMIT,
    allow_unreviewed: bool = False,
) -> Version:
    """The next version of `name`, written, unless nothing has changed."""
    config = workspace.config
    with workspace.exclusive("ship"):
        real = workspace.cases(Filter(real=True, counting=True))
        candidates = workspace.cases(Filter(real=False, counting=True))
        seeds = sorted((case for case in real if case.bucket == SEED), key=lambda case: case.id)
        embedder = workspace.bench.embedder
        groups = groups_of(seeds, embedder.embed([case.text for case in seeds]))
        before = _before(workspace, name)
        shipped = ship(
            real, candidates, groups=groups, embedder=embedder,
            before=(before.manifest, before.cases) if before else None,
            order=Order(
                name=name, mix=mix or config.mix, axes=config.axes, size=size or config.size, relax_mix=relax_mix,
                splits=splits or SPLITS, sample=sample, sample_limit=sample_limit, allow_unreviewed=allow_unreviewed,
                owner=config.owner, licence=config.licence, lock=lock_of(workspace, real),
            ),
        )  # fmt: skip
        if before is not None and not shipped.is_new:
            return Version(shipped=shipped, manifest=before.manifest, path=before.path, is_new=False)
        path, manifest = write_version(
            workspace.folder.datasets, shipped, made_at=workspace.now(), about=config.context,
            survival=[
                (technique, "no decision yet" if found.rate is None else f"{told(found.rate)} of {found.decided:,}")
                for technique, found in review_status(workspace).by_technique.items()
            ],
            gaps=shipped.refused,
        )  # fmt: skip
    return Version(shipped=shipped, manifest=manifest, path=path, is_new=True)


def _before(workspace: Workspace, name: str) -> Dataset | None:
    parsed, version = parse_ref(name)
    if version is not None:
        raise UsageError(f"{name!r} names a version; the next number follows from what changed, so give {parsed!r}")
    there = workspace.folder.versions(parsed)
    return read_dataset(workspace.folder, there[-1]) if there else None


def lock_of(workspace: Workspace, real: list[Case]) -> dict[str, str]:
    """What a version is made from -> its digest: tells a version that has gone stale from one that was touched."""
    config = workspace.config
    return {
        "seeds": short_hash(sorted({(case.id, case.content) for case in real})),
        "config": short_hash(config.model_dump(mode="json", include={"dimensions", "cells", "grid", "constraints"})),
        "rubric": short_hash(workspace.folder.rubric),
        **{name: digest for name, digest in inputs_of(config, workspace.folder.personas).items() if name == "context"},
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What was found of one version."""

    ref: str
    problems: list[Problem]
    stale: list[str]
    """What went into it and is another now; no fault of the version."""


def verify_version(workspace: Workspace, ref: str | None) -> Verified:
    """The version held against its manifest."""
    path = version_path(workspace.folder, ref)
    real = workspace.cases(Filter(real=True))
    texts = {case.id: case.text for case in real}
    problems = verify(path, embedder=workspace.bench.embedder, texts=texts)
    standing = workspace.cases(Filter(real=True, counting=True))
    old = [] if problems else stale(read_dataset(workspace.folder, ref).manifest, lock_of(workspace, standing))
    return Verified(ref=f"{path.parent.name}@{path.name}", problems=problems, stale=old)


def diff_versions(workspace: Workspace, first: str, second: str) -> Diff:
    """What `second` changes against `first`."""
    return compared(read_dataset(workspace.folder, first).cases, read_dataset(workspace.folder, second).cases)


def export_version(workspace: Workspace, ref: str | None, out: Path, format: str) -> tuple[int, tuple[str, ...]]:
    """The rows of a version in any format of cases: (how many, notes)."""
    dataset = read_dataset(workspace.folder, ref)
    return len(dataset.cases), tuple(write_cases(dataset.cases, out, format))
