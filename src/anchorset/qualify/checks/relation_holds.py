from __future__ import annotations

from anchorset.core.finding import Finding, OnHit
from anchorset.core.provenance import Synthetic
from anchorset.infra.text.protect import Facts, facts
from anchorset.qualify.batch import Batch, found, not_run

MEANING_KEPT = 0.5
"""Cosine to the parent under which an `invariant` mutation is looked at again. Typos alone cost a static embedder 0.3."""


class RelationHolds:
    """A mutation does to its parent what its operators say.

    What it looks at: first numbers, dates, entities and negation, which must be the parent's under `invariant`; then
    meaning, as the cosine to the parent (under 0.5 flags).
    Why it matters: `expected` is kept under `invariant`, so a lost "not" makes the reference answer wrong.
    Example that fails: `I did get my card` from `I did not get my card`, said to be invariant.
    How to fix it: report the operator; the candidate is replaced by another.
    """

    code = "relation.holds"
    version = 1
    on_hit: OnHit = "reject"

    def look(self, batch: Batch) -> list[Finding]:
        findings = []
        for row, case in enumerate(batch.cases):
            origin, parents = case.provenance, batch.parents(row)
            kept = isinstance(origin, Synthetic) and origin.technique == "mutation" and len(parents) == 1
            if not kept or any(step.relation != "invariant" for step in origin.operators):  # type: ignore[union-attr]
                findings.append(not_run(self, "nothing is claimed to be kept"))
                continue
            parent = parents[0]
            lost = _lost(facts(parent.text), facts(batch.texts[row]))
            if lost:
                findings.append(found(self, True, evidence=lost))
                continue
            likeness = float(batch.vectors[row] @ batch.crowd.vectors[batch.crowd.position[parent.id]])
            findings.append(
                found(
                    self, likeness < MEANING_KEPT, score=likeness, threshold=MEANING_KEPT, on_hit="flag",
                    evidence=f"far from its parent {parent.id}",
                )
            )  # fmt: skip
        return findings


def _lost(before: Facts, after: Facts) -> str | None:
    if before.negated != after.negated:
        return "a negation came or went"
    for kind in ("numbers", "dates", "entities"):
        one, other = set(getattr(before, kind)), set(getattr(after, kind))
        if one != other:
            return f"{kind} differ: {', '.join(map(str, sorted(one ^ other)[:3]))}"
    return None
