"""Whole verbs on plain files: one function each. Stages hand each other nouns.

What this module does not know: workspaces, how any stage does its work, and how anything is shown.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from anchorset.core.case import Case
from anchorset.core.errors import UsageError
from anchorset.core.finding import Finding
from anchorset.core.hashing import short_hash
from anchorset.core.lineage import with_clusters
from anchorset.core.plan import Plan
from anchorset.core.provenance import REAL_BUCKETS, Bucket, Relation, Synthetic
from anchorset.core.workbench import Silent, Workbench
from anchorset.infra.embed.choose import open_embedder
from anchorset.infra.embed.duplicates import Kind, NearDuplicates, near_duplicates
from anchorset.infra.formats.case_files import RECORDS, CaseFile, read_cases, write_cases
from anchorset.infra.formats.texts import texts
from anchorset.infra.formats.writing import atomic_text, refuse_overwrite, write_text
from anchorset.ingest.mapping import parse
from anchorset.ingest.refused import refused_path, write_refused
from anchorset.ingest.stage import Ingested, ingest
from anchorset.map.stage import Mapped
from anchorset.map.stage import map as map_seeds
from anchorset.plan.mix import MODEL_FREE
from anchorset.plan.stage import plan
from anchorset.plan.warnings import Warned, warnings
from anchorset.produce.engine import Produced
from anchorset.produce.mutation import mutate as mutations
from anchorset.produce.stage import needed_per_root, produce
from anchorset.qualify.crowd import Settings, crowd_of
from anchorset.qualify.gate import RunGate
from anchorset.qualify.sets import set_findings
from anchorset.trust.audit.audit import audit as audit_texts
from anchorset.trust.audit.page import html as audit_page
from anchorset.trust.audit.report import AuditReport

PER_ROOT = 5
"""Mutations of one seed that pass, unless the size needs more."""
GATE_BATCH = 1024
NOT_REAL = tuple(bucket for bucket in get_args(Bucket) if bucket not in REAL_BUCKETS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grown:
    """What `grow` made."""

    taken: Ingested
    mapped: Mapped
    plan: Plan
    made: Produced
    warnings: list[Warned]
    set_findings: list[Finding]
    cases: list[Case]
    """Seeds first, then what passed, each with its cluster."""
    seconds: float

    @property
    def n_seeds(self) -> int:
        return len(self.cases) - len(self.made.passed)


def grow(
    path: str | Path,
    *,
    size: int,
    bench: Workbench | None = None,
    mapping: str = "",
    random_seed: int = 7,
    mix: Mapping[str, float] = MODEL_FREE,
    axes: Sequence[str] | None = None,
    per_root: int | None = None,
    format: str = "auto",
    scrub: bool = True,
    settings: Settings | None = None,
    out: str | Path | None = None,
) -> Grown:
    """ingest -> map -> plan -> produce (through qualify) on one file of real messages.

    `axes` None: the first mapped `metadata.*` column is the grid. `per_root` None: as many mutations a seed as the
    size needs, 5 at least. With `out`, seeds and passed candidates are written there as case records.
    """
    started = time.monotonic()
    bench = bench or default_bench()
    named = parse(mapping) if mapping else {}
    taken = _taken(path, mapping=named, format=format, scrub=scrub)
    seeds = sorted(taken.cases, key=lambda case: case.id)  # nothing below may depend on the order of the file
    if axes is None:
        axes = [target.removeprefix("metadata.") for target in named if target.startswith("metadata.")][:1]
    vectors = bench.embedder.embed([seed.text for seed in seeds])
    mapped = map_seeds(seeds, axes=axes, vectors=vectors)
    order = plan(mapped.cells, mapped.seeds_in, size=size, mix=mix)
    crowd = crowd_of(seeds, embedder=bench.embedder, groups=mapped.groups, settings=settings, vectors=vectors)
    run = "r_" + short_hash([dict(mix), order.model_dump(mode="json"), random_seed, per_root, bench.embedder.name])
    made = produce(
        order, seeds, gate=RunGate(crowd), groups=mapped.groups, random_seed=random_seed, run=run,
        per_root=per_root or max(PER_ROOT, needed_per_root(order, seeds)), progress=bench.progress, batch=GATE_BATCH,
    )  # fmt: skip
    heard = [case.model_copy(update={"language": case.language or crowd.spoken(case.id)}) for case in taken.cases]
    cases = with_clusters([*heard, *made.passed], mapped.groups)
    if out is not None:
        write_cases(cases, out, RECORDS, source=path)
    return Grown(
        taken=taken, mapped=mapped, plan=order, made=made, cases=cases,
        warnings=warnings(groups=mapped.n_groups, size=size),
        set_findings=set_findings(made.passed, crowd=crowd, ordered=mix), seconds=time.monotonic() - started,
    )  # fmt: skip


def audit(
    real: str | Path,
    synthetic: str | Path,
    *,
    bench: Workbench | None = None,
    field: str | None = None,
    real_field: str | None = None,
    key_terms: Sequence[str] = (),
    random_seed: int = 7,
    html: str | Path | None = None,
) -> AuditReport:
    """What sets the texts of `synthetic` apart from those of `real`, and the page when it was asked for."""
    if isinstance(key_terms, str):
        raise UsageError(f"key_terms is the text {key_terms!r}; a list of words is expected: {key_terms.split(',')!r}")
    bench = bench or default_bench()
    ours = side(real, real_field or field, is_real=True)
    theirs = side(synthetic, field, is_real=False)
    report = audit_texts(
        ours.texts, theirs.texts, embedder=bench.embedder, key_terms=key_terms, random_seed=random_seed,
        real_groups=ours.groups, synthetic_groups=theirs.groups, synthetic_slices=theirs.buckets,
    )  # fmt: skip
    report = report.model_copy(update={"notes": (*ours.notes, *theirs.notes, *report.notes)})
    if html is not None:
        write_text(html, audit_page(report))
    return report


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """The texts of one side of an audit."""

    texts: list[str]
    groups: list[str] | None
    """Cluster of each text, where the file knows it: cases of one cluster are one voice."""
    buckets: list[str | None]
    """Provenance bucket of each text; None where the file does not say."""
    notes: tuple[str, ...]


def side(path: str | Path, field: str | None, *, is_real: bool) -> Side:
    """The texts of a file; of a file of case records, only the cases that belong on this side.

    Attacks stay out: they are meant to be unlike what users write, and are judged by their patterns.
    """
    said = texts(path, field)
    clusters = [row.get("cluster") for row in said.metadata]
    buckets = [row.get("bucket") for row in said.metadata]
    unwanted = NOT_REAL if is_real else (*REAL_BUCKETS, "redteam")
    keep = [bucket not in unwanted for bucket in buckets]
    if not any(keep):  # a file of one kind was put on the other side: take it at the user's word
        keep = [True] * len(buckets)
    left_out = Counter(str(bucket) for bucket, kept in zip(buckets, keep, strict=True) if not kept)
    notes = [f"{Path(path).name}: left out {n:,} of bucket {bucket}" for bucket, n in sorted(left_out.items())]
    return Side(
        texts=[text for text, kept in zip(said.texts, keep, strict=True) if kept],
        groups=[str(name) for name, kept in zip(clusters, keep, strict=True) if kept] if all(clusters) else None,
        buckets=[bucket for bucket, kept in zip(buckets, keep, strict=True) if kept],
        notes=(*said.notes, *notes),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutated:
    """What `mutate` made."""

    taken: Ingested
    written: int
    by_relation: dict[str, int]


def mutate(
    path: str | Path,
    *,
    n: int,
    out: str | Path,
    operators: str = "",
    mapping: str = "",
    random_seed: int = 7,
    format: str = "auto",
    scrub: bool = True,
) -> Mutated:
    """`n` mutations of every message, written as case records as they are made."""
    taken = _taken(path, mapping=parse(mapping) if mapping else {}, format=format, scrub=scrub)
    chosen = [name.strip() for name in operators.split(",") if name.strip()] or None
    run = "r_" + short_hash([chosen, n, random_seed])
    relations: Counter[str] = Counter()
    refuse_overwrite(path, out)
    with atomic_text(out) as file:
        for case in taken.cases:
            for made in mutations(case, n=n, operators=chosen, random_seed=random_seed, run=run):
                file.write(made.line() + "\n")
                relations[relation_of(made)] += 1
    return Mutated(taken=taken, written=relations.total(), by_relation=dict(sorted(relations.items())))


def relation_of(case: Case) -> Relation:
    """The relation of a mutation as a whole: invariant only when every step is."""
    steps = case.provenance.operators if isinstance(case.provenance, Synthetic) else ()
    relations = {step.relation for step in steps}
    return "changed" if "changed" in relations else "unknown" if "unknown" in relations else "invariant"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """A message that another one stands for."""

    case: Case
    score: float
    """Surface similarity or cosine, as `by` says, 0-1."""
    by: Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Deduplicated:
    """What `dedup` found."""

    taken: Ingested
    found: NearDuplicates
    """In rows of the messages taken."""

    @property
    def clusters(self) -> list[tuple[Case, list[Dropped]]]:
        """Each kept message that stands for others, with them."""
        cases = self.taken.cases
        return [
            (
                cases[cluster.kept],
                [
                    Dropped(case=cases[pair.j if pair.i == cluster.kept else pair.i], score=pair.score, by=pair.kind)
                    for pair in cluster.dropped
                ],
            )
            for cluster in self.found.clusters
        ]

    @property
    def kept(self) -> list[Case]:
        return [self.taken.cases[row] for row in self.found.kept]


def dedup(
    path: str | Path,
    *,
    bench: Workbench | None = None,
    threshold: float | None = None,
    mapping: str = "",
    format: str = "auto",
    out: str | Path | None = None,
) -> Deduplicated:
    """Near-duplicates in one file of messages. `threshold` None: the embedder's calibrated cosine.

    Messages are taken as they are, unscrubbed; exact duplicates are folded on the way in and counted by `taken`.
    """
    bench = bench or default_bench()
    taken = _taken(path, mapping=parse(mapping) if mapping else {}, format=format, scrub=False)
    done = Deduplicated(
        taken=taken, found=near_duplicates([case.text for case in taken.cases], bench.embedder, threshold)
    )
    if out is not None:
        write_cases(done.kept, out, RECORDS, source=path)
    return done


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted:
    """What `convert` wrote."""

    read: CaseFile
    notes: tuple[str, ...]
    """What the formats had no field for, and how it travelled."""


def convert(source: str | Path, target: str | Path, *, from_: str = "auto", to: str = "auto") -> Converted:
    """Cases from one format into another, lineage included. Raises NothingKeptError when no row is a case."""
    read = read_cases(source, from_)
    return Converted(read=read, notes=(*read.notes, *write_cases(read.cases, target, to, source=source)))


def default_bench() -> Workbench:
    """The bundled embedder, and nobody watching: what a notebook needs."""
    return Workbench(embedder=open_embedder("static"), progress=Silent())


def _taken(path: str | Path, *, mapping: Mapping[str, str], format: str, scrub: bool) -> Ingested:
    """What the file gave; what was refused is listed in `FILE.rejected.jsonl` beside it."""
    taken = ingest(path, mapping=mapping, format=format, scrub=scrub)
    if taken.refused:
        write_refused(taken.refused, refused_path(path))
    return taken
