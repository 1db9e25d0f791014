"""Does every case say where it came from?

What this module does not know: what follows from a lineage.
"""

from __future__ import annotations

from anchorset.core.case import Case
from anchorset.core.provenance import Golden, Observed
from anchorset.core.trust import Question
from anchorset.trust.report.phrases import among, amount, joined
from anchorset.trust.report.population import Population

REWRITES = ("mutation", "conversation", "trajectory")
"""Techniques that always start from a parent: without one the lineage is lost."""

SHOWN = 20


def provenance(of: Population, *, left_out: int, rows: int) -> Question:
    """Whether each case names its source: file or trace and id, author, or technique with run and parents.

    left_out: rows of the last runs whose case this version does not have, of `rows` in all.
    """
    if not of.cases:
        return Question(
            id="provenance", answer="unknown", evidence="There is no case.",
            todo="Ship a dataset version first, or name one that exists.",
        )  # fmt: skip
    missing = [(case.id, why) for case in of.cases if (why := _missing(case))]
    causes = sorted({why for _, why in missing})
    strangers = (
        f"{among(left_out, rows, 'result row')} of the last runs belong to no case of this version: they are left out."
        if left_out else ""
    )  # fmt: skip
    if missing:
        evidence = f"{among(len(missing), len(of.cases), 'case')} cannot be traced: {'; '.join(causes)}."
        todo = "Ingest these again from their source, or take them out: what cannot be traced cannot be weighed."
    else:
        counts = ", ".join(f"{name} {int((of.bucket == name).sum()):,}" for name in of.buckets)
        evidence = f"All {amount(len(of.cases), 'case')} say where they came from ({counts})."
        todo = ""
    return Question(
        id="provenance", answer="no" if missing else "yes", evidence=joined(evidence, strangers), todo=todo,
        value=1 - len(missing) / len(of.cases), cases=tuple(id for id, _ in missing[:SHOWN]),
    )  # fmt: skip


def _missing(case: Case) -> str | None:
    origin = case.provenance
    if isinstance(origin, Observed):
        if not origin.origin.strip() or not origin.original_id.strip():
            return "a real case without origin or original id"
        return None
    if isinstance(origin, Golden):
        unknown = origin.author.strip().casefold() in ("", "unknown")
        return "a golden case by nobody (rows that came without lineage)" if unknown else None
    if not origin.run.strip() or not origin.label.strip():
        return "a synthetic case without label or production run"
    if origin.technique in REWRITES and not origin.parents:
        return f"a case of technique {origin.technique} without parents"
    return None
