"""Splits by cluster: what descends from one group of seeds never stands on two sides, and a case keeps its side.

What this module does not know: likeness of texts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from anchorset.core.case import Case
from anchorset.core.errors import InputError, UsageError
from anchorset.core.hashing import draw
from anchorset.core.numbers import share

FEW_CLUSTERS = 20
"""Clusters under which one may be large."""
LARGEST = 0.10
"""Share of the rows that one cluster may have, 0-1."""


def split(cases: Sequence[Case], shares: Mapping[str, float], *, before: Mapping[str, str]) -> list[Case]:
    """The cases, each with its split. Every case has its cluster already.

    A cluster goes where most of it was `before` (case id -> split); a new one where its buckets are missed most, in an
    order drawn from its name. Raises UsageError for shares that are none, InputError when one cluster has over a tenth
    of the rows (from 20 clusters up).
    """
    whole = sum(shares.values())
    if not shares or whole <= 0 or min(shares.values()) < 0:
        raise UsageError(f"the splits are {dict(shares)!r}; write them as `eval=80,holdout=20`")
    clusters: dict[str, list[Case]] = {}
    for case in cases:
        clusters.setdefault(case.cluster or case.id, []).append(case)
    _refuse_large(clusters, len(cases))
    missed = {
        (name, bucket): n * share / whole
        for bucket, n in Counter(str(case.bucket) for case in cases).items()
        for name, share in shares.items()
    }
    home: dict[str, str] = {}
    order = sorted(
        clusters, key=lambda one: (not any(case.id in before for case in clusters[one]), draw("split", one), one)
    )
    for cluster in order:
        inside = clusters[cluster]
        was = Counter(before[case.id] for case in inside if before.get(case.id) in shares)
        buckets = Counter(str(case.bucket) for case in inside)
        if was:
            chosen = min(was, key=lambda name: (-was[name], name))
        else:
            chosen = max(
                sorted(shares), key=lambda name: sum(n * missed[name, bucket] for bucket, n in buckets.items())
            )
        home[cluster] = chosen
        for bucket, n in buckets.items():
            missed[chosen, bucket] -= n
    return [case.model_copy(update={"split": home[case.cluster or case.id]}) for case in cases]


def _refuse_large(clusters: Mapping[str, Sequence[Case]], rows: int) -> None:
    name, inside = max(clusters.items(), key=lambda item: (len(item[1]), item[0]), default=("", []))
    if len(clusters) >= FEW_CLUSTERS and len(inside) > LARGEST * rows:
        raise InputError(
            f"cluster {name} has {len(inside):,} of {rows:,} rows ({share(len(inside) / rows)}, {share(LARGEST)} may "
            "be), so the version would mostly ask one thing. Reject some of its cases, or ingest more seeds."
        )
