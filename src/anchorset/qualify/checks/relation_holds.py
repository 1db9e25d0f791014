from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from anchorset.core.finding import Finding, OnHit
from anchorset.core.provenance import Step, Synthetic
from anchorset.infra.embed.veto import Difference, difference, facts
from anchorset.qualify.batch import Batch, found, not_run

MEANING_KEPT = 0.5
"""Cosine to the parent under which an `invariant` mutation is flagged. Typos alone cost a static embedder 0.3."""

ADDING = ("sentence.", "register.", "turns.", "locale.", "word.filler")
"""Operators that put words beside the parent's: with them facts may be added, but none may be lost."""


class RelationHolds:
    """A mutation does to its parent what its operators say.

    What it looks at: first numbers, dates, entities and negation, which must be the parent's under `invariant` (an
    operator that adds words may add to them, and lose none); then meaning, as the cosine to the parent (under 0.5
    flags).
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
            lost = _lost(parent.text, batch.texts[row], origin.operators)
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


def _lost(before: str, after: str, steps: Sequence[Step]) -> Difference | None:
    """What of the parent's facts is not the candidate's; None when all of them hold."""
    one, other = facts(before), facts(after)
    what = difference(one, other)
    if what is None or not any(step.operator.startswith(ADDING) for step in steps):
        return what
    kept = (
        Counter(one.numbers) <= Counter(other.numbers)
        and one.dates <= other.dates
        and one.entities <= other.entities | other.words
        and one.negations <= other.negations
    )
    return None if kept else what
