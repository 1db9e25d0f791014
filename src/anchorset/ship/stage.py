"""ship: decided cases become a dataset version: chosen by the mix, split by cluster, proved free of leaks, numbered.

What this module does not know: who decided, where versions lie, and what runs on one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from anchorset.core.case import Case
from anchorset.core.dataset import Manifest, bumped, dataset_digest, parse_ref, row_digest
from anchorset.core.lineage import with_clusters
from anchorset.core.numbers import counted
from anchorset.core.ports import Embedder
from anchorset.core.provenance import SEED
from anchorset.ship.compared import Diff, compared, splits_of
from anchorset.ship.eligible import SAMPLE_LIMIT, Eligible, eligible, is_unreviewed, stratum
from anchorset.ship.leaks import Leak, leaking, leaks
from anchorset.ship.mix import Mixed, mixed
from anchorset.ship.splits import split

ENOUGH_GROUPS = 50
SPLITS: Mapping[str, float] = {"eval": 80, "holdout": 20}


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is asked for."""

    name: str
    mix: Mapping[str, float]
    axes: Sequence[str] = ()
    size: int | None = None
    """At most so many rows; None: as many as the mix allows."""
    relax_mix: bool = False
    splits: Mapping[str, float] = field(default_factory=lambda: dict(SPLITS))
    sample: bool = False
    sample_limit: float = SAMPLE_LIMIT
    allow_unreviewed: bool = False
    owner: str | None = None
    licence: str | None = None
    lock: Mapping[str, str] = field(default_factory=dict)
    """What went in -> its digest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipped:
    """A version, not written yet."""

    cases: list[Case]
    """In the order of their ids, each with cluster and split."""
    manifest: Manifest
    """Without files, lines, time and seal, which writing adds."""
    diff: Diff
    """Against the version before; all added in the first one."""
    refused: tuple[str, ...]
    """Strata whose sample did not carry them, in words."""
    leaked: tuple[tuple[str, str], ...]
    """(id taken out, why; the reason begins with the id)."""

    @property
    def is_new(self) -> bool:
        """False: nothing is different from the version before, and none is to be made."""
        return self.diff.bump is not None


def ship(
    real: Sequence[Case],
    candidates: Sequence[Case],
    *,
    order: Order,
    groups: Mapping[str, str],
    embedder: Embedder,
    before: tuple[Manifest, Sequence[Case]] | None = None,
) -> Shipped:
    """The next version of `order.name`.

    `real`: seeds, regressions, goldens. `candidates`: synthetic cases of any status that count. `groups`: seed id ->
    group id, for seeds that have near-duplicates. `before`: the version before, whose rows stay in and on their side.
    The same cases and order give the same rows and digest, whatever their order.
    Raises ConfigError, UsageError (nothing fits, no such name) and InputError (label conflict, a cluster too large).
    """
    parse_ref(order.name)
    may = eligible(
        real, candidates, axes=order.axes, sample=order.sample, sample_limit=order.sample_limit,
        allow_unreviewed=order.allow_unreviewed,
    )  # fmt: skip
    rows_before = before[1] if before else ()
    texts = {case.id: case.text for case in (*real, *candidates)}
    stayed = {case.id for case in rows_before}
    gone: dict[str, Leak] = {}
    while True:  # what a leak takes out another case may replace, and the mix holds to the end
        chosen = mixed(
            [case for case in may.cases if case.id not in gone], order.mix, axes=order.axes, size=order.size,
            relax=order.relax_mix, before=stayed,
        )  # fmt: skip
        rows = with_clusters(sorted(chosen.cases, key=lambda case: case.id), groups)
        rows = split(rows, order.splits, before=splits_of(rows_before))
        crossing = leaking(rows, embedder=embedder, texts=texts, stays=stayed)
        if not crossing:
            break
        gone |= crossing
    diff = compared(rows_before, rows)
    manifest = _manifest(rows, order, may, chosen, diff, before[0] if before else None, len(gone), groups)
    return Shipped(
        cases=rows, manifest=manifest, diff=diff,
        refused=tuple(may.refused[key] for key in sorted(may.refused)),
        leaked=tuple((id, gone[id].against(id)) for id in sorted(gone)),
    )  # fmt: skip


def proof(cases: Sequence[Case], *, embedder: Embedder, texts: Mapping[str, str]) -> list[str]:
    """What crosses the splits of these rows, in words; empty when nothing does."""
    return [leak.sentence() for leak in leaks(cases, embedder=embedder, texts=texts)]


def _manifest(
    rows: Sequence[Case], order: Order, may: Eligible, chosen: Mixed, diff: Diff, before: Manifest | None, leaked: int,
    groups: Mapping[str, str],
) -> Manifest:  # fmt: skip
    digests = {case.id: row_digest(case) for case in rows}
    bump = "first" if before is None else diff.bump or "patch"
    seeds = {groups.get(case.id, case.id) for case in rows if case.bucket == SEED}
    unreviewed = sum(is_unreviewed(case) for case in rows)
    mute = sum(case.expected is None and not case.criteria for case in rows if case.bucket == SEED)
    warnings = list(chosen.notes)
    if unreviewed:
        rows_are = "ROW IS" if unreviewed == 1 else "ROWS ARE"
        warnings.append(f"{unreviewed:,} {rows_are} UNREVIEWED: nobody decided, so gates do not count them")
    if len(seeds) < ENOUGH_GROUPS:
        warnings.append(f"{counted(len(seeds), 'group')} of seeds; {ENOUGH_GROUPS} are needed to decide a comparison")
    if mute:
        warnings.append(f"{counted(mute, 'seed', 'has')} no expected answer and no criteria, and cannot vote")
    if leaked:
        warnings.append(f"{counted(leaked, 'case', 'was')} taken out: alike a case in another split")
    return Manifest(
        name=order.name,
        version="1.0.0" if before is None else bumped(before.version, bump),
        digest=dataset_digest(digests),
        bump=bump,
        why="the first version" if before is None else diff.sentence(),
        previous=None if before is None else before.version,
        made_at="",
        owner=order.owner,
        licence=order.licence,
        files={},
        rows=digests,
        by_bucket=_counted(str(case.bucket) for case in rows),
        by_split=_counted(case.split or "" for case in rows),
        by_cell=_counted(stratum(case, order.axes)[1] for case in rows),
        mix=chosen.shares,
        unreviewed=unreviewed,
        sampled=sum(case.status == "sampled" for case in rows),
        clusters=len({case.cluster for case in rows}),
        seed_groups=len(seeds),
        lock=dict(order.lock),
        warnings=tuple(warnings),
    )


def _counted(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items()))
