"""Where the cases of results come from, and the rows that `compare` takes made of results and that.

What this module does not know: statistics, and where results and cases are kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from anchorset.core.case import Case, Scalar
from anchorset.core.decision import standing
from anchorset.core.errors import NothingKeptError, PairingError
from anchorset.core.provenance import REAL_BUCKETS
from anchorset.core.run import Result
from anchorset.trust.compare.rows import SHOWN, listed

UNKNOWN = "unknown"
KEPT = ("approved", "edited")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLineage:
    """What a comparison has to know of a case."""

    bucket: str
    root: str
    """The cluster: cases with one root are one piece of evidence."""
    dataset: str | None = None
    """`name@version`; None: not said."""
    content: str | None = None
    """What results must have judged; None: not known, so not held against them."""
    judgeable: bool = True
    """Whether the case says what a good answer is: False when it has neither expected nor criteria."""
    gates: bool = True
    """Whether a person stands behind it: a real case, or one approved or edited. Sampled and unreviewed ones do not."""
    slices: Mapping[str, Scalar] = field(default_factory=dict)


def lineage_of(case: Case, *, dataset: str | None = None) -> CaseLineage:
    """The lineage of a case: its cluster is the root (else its first root, else itself), its metadata the slices."""
    last = {one.reviewer: one for one in case.reviews}
    slices: dict[str, Scalar] = dict(case.metadata)
    if case.difficulty is not None:
        slices.setdefault("difficulty", case.difficulty)
    return CaseLineage(
        bucket=case.bucket,
        root=case.cluster or next(iter(case.roots), case.id),
        dataset=dataset,
        content=case.content,
        judgeable=case.expected is not None or bool(case.criteria),
        gates=case.bucket in REAL_BUCKETS or (standing(last.values()) if last else case.status) in KEPT,
        slices=slices,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ForCompare:
    """Rows for `compare`, and what was left out, aloud."""

    rows: list[dict[str, Any]]
    notes: list[str]
    systems: tuple[str, ...]
    """Names of the systems in the rows, in alphabetical order."""


def rows_for_compare(
    results: Iterable[Result],
    lineage: Mapping[str, CaseLineage],
    *,
    systems: Sequence[str] | None = None,
    everything: bool = False,
) -> ForCompare:
    """One row a result, with bucket, root, dataset and slices of its case: what `compare` takes.

    The system is the target's name; `target@version` where one target has rows of several versions. systems: those to
    compare, None for all. A case that one of them could not be judged on is left out of all of them, and counted by
    bucket; so is a synthetic case that nobody approved, unless `everything`. A case without lineage is in bucket
    `unknown`, on its own. `passed` is compared where any row has it, else the scores.
    Raises PairingError when a result judged another content than the case has now, NothingKeptError when no case is
    left.
    """
    taken = list(results)
    versions: dict[str, set[str]] = {}
    for row in taken:
        versions.setdefault(row.target, set()).add(row.version)
    many = {target for target, found in versions.items() if len(found) > 1}
    named = [(f"{row.target}@{row.version}" if row.target in many else row.target, row) for row in taken]
    if systems is not None:
        named = [(system, row) for system, row in named if system in systems]
    _refuse_other_contents(named, lineage)
    by_word = any(row.passed is not None for _, row in named)
    unjudged = {row.case for _, row in named if (row.passed if by_word else row.score) is None}
    cases = {row.case for _, row in named}
    alone = {id for id in cases if id not in lineage}
    ungated = set() if everything else {id for id in cases - alone if not lineage[id].gates}
    out = []
    columns = sorted({name for id in cases - alone for name in lineage[id].slices} - _TAKEN)
    datasets = {lineage[id].dataset for id in cases - alone}
    # Nobody knows the case, but its row is of the run: where all others are of one version, so is it.
    only = next(iter(datasets)) if len(datasets) == 1 else None
    for system, row in named:
        if row.case in unjudged or row.case in ungated:
            continue
        known = lineage.get(row.case)
        dataset = known.dataset if known else only
        out.append({
            "case_id": row.case, "system": system, "repeat": row.repeat,
            "passed" if by_word else "score": row.passed if by_word else row.score,
            "bucket": known.bucket if known else UNKNOWN, "root": known.root if known else row.case,
            **({"dataset": dataset} if dataset else {}),
            **{name: known.slices.get(name) if known else None for name in columns},
        })  # fmt: skip
    notes = [
        *_left_out(unjudged, cases, lineage), *_ungated(ungated - unjudged, lineage), *_alone(alone - unjudged),
        *_failed(row for _, row in named if row.case not in unjudged and row.case not in ungated),
    ]  # fmt: skip
    if not out:
        said = "; ".join(notes) or "there are no results"
        raise NothingKeptError(f"no case is left to compare ({said}). Give the cases an expected or criteria, run them")
    return ForCompare(rows=out, notes=notes, systems=tuple(sorted({system for system, _ in named})))


_TAKEN = {"case_id", "system", "repeat", "passed", "score", "bucket", "root", "dataset"}


def _refuse_other_contents(named: Sequence[tuple[str, Result]], lineage: Mapping[str, CaseLineage]) -> None:
    said = []
    for system, row in named:
        known = lineage.get(row.case)
        if known is not None and known.content is not None and row.content and row.content != known.content:
            said.append(f"case {row.case!r}, system {system!r}: judged {row.content!r}, the case is {known.content!r}")
    if said:
        what = "results of other contents than their cases have now"
        raise PairingError(listed(what, said[:SHOWN], count=len(said), way_out="run these cases again"))


def _left_out(unjudged: set[str], cases: set[str], lineage: Mapping[str, CaseLineage]) -> list[str]:
    """`112 of 184 seed cases have no expected and no criteria: …`, a line a bucket and cause."""
    total = Counter(_bucket(id, lineage) for id in cases)
    empty = Counter(_bucket(id, lineage) for id in unjudged if id in lineage and not lineage[id].judgeable)
    other = Counter(_bucket(id, lineage) for id in unjudged if not (id in lineage and not lineage[id].judgeable))
    notes = []
    for bucket in sorted(total, key=lambda name: (name not in REAL_BUCKETS, name)):
        of = f"of {total[bucket]:,} {bucket} cases"
        if empty[bucket]:
            notes.append(f"{empty[bucket]:,} {of} have no expected and no criteria: nobody could judge them")
        if other[bucket]:
            notes.append(f"{other[bucket]:,} {of} were not judged in every system: left out of all")
    return notes


def _bucket(id: str, lineage: Mapping[str, CaseLineage]) -> str:
    return lineage[id].bucket if id in lineage else UNKNOWN


def _ungated(ids: set[str], lineage: Mapping[str, CaseLineage]) -> list[str]:
    if not ids:
        return []
    counts = Counter(_bucket(id, lineage) for id in ids)
    said = ", ".join(f"{name} {count:,}" for name, count in sorted(counts.items()))
    return [f"{len(ids):,} synthetic cases that nobody approved (sampled or unreviewed) do not gate: {said}"]


def _alone(ids: set[str]) -> list[str]:
    if not ids:
        return []
    first = ", ".join(map(repr, sorted(ids)[:5]))
    return [
        f"{len(ids):,} cases have no lineage here: bucket `{UNKNOWN}`, which never counts as seed; the first: {first}"
    ]


def _failed(rows: Iterable[Result]) -> list[str]:
    causes = Counter(row.cause for row in rows if row.cause not in (None, "not_judged"))
    if not causes:
        return []
    said = ", ".join(f"{cause} {count:,}" for cause, count in sorted(causes.items(), key=str))
    return [f"{causes.total():,} answers are errors and count as failed: {said}"]
