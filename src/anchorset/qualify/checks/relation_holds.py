from __future__ import annotations

from anchorset.core.finding import Finding, OnHit
from anchorset.core.provenance import Synthetic
from anchorset.infra.embed.veto import differs_in
from anchorset.qualify.batch import Batch, found, not_run

MEANING_KEPT = 0.5
"""Cosine to the parent under which an `invariant` mutation is flagged. Typos alone cost a static embedder 0.3."""


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
            if (
                not isinstance(origin, Synthetic)
                or origin.technique != "mutation"
                or len(parents) != 1
                or any(step.relation != "invariant" for step in origin.operators)
            ):
                findings.append(not_run(self, "nothing is claimed to be kept"))
                continue
            parent = parents[0]
            lost = differs_in(parent.text, batch.texts[row])
            if lost is not None:
                findings.append(found(self, True, evidence=f"{lost} is not the parent's"))
                continue
            likeness = float(batch.vectors[row] @ batch.crowd.vectors[batch.crowd.position[parent.id]])
            findings.append(
                found(
                    self, likeness < MEANING_KEPT, score=likeness, threshold=MEANING_KEPT, on_hit="flag",
                    evidence=f"far from its parent {parent.id}",
                )
            )  # fmt: skip
        return findings
