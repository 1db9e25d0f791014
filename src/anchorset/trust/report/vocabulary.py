"""Words: are the key terms spread as in the seed, which ones leaked, and does another case still say something new?

All three are read off an audit of this version, so that both say the same.
What this module does not know: how an audit measures.
"""

from __future__ import annotations

from collections.abc import Sequence

from anchorset.core.ports import Embedder
from anchorset.core.trust import Answer, Question, Signal, TermShare
from anchorset.trust.audit.audit import audit
from anchorset.trust.audit.entropy import LIMIT
from anchorset.trust.audit.report import AuditReport
from anchorset.trust.audit.report import Signal as Measured
from anchorset.trust.report.phrases import joined, listed
from anchorset.trust.report.population import Population

TERMS = 20


def audited(of: Population, embedder: Embedder, *, key_terms: Sequence[str], random_seed: int) -> AuditReport | None:
    """The audit of the synthetic cases but red team against the seed; None when one side has no text."""
    sides = []
    for where in (of.seed, of.usual):
        rows = [row for row in where.nonzero()[0].tolist() if of.cases[row].text.strip()]
        if not rows:
            return None
        sides.append(rows)
    real, synthetic = sides
    return audit(
        [of.cases[row].text for row in real], [of.cases[row].text for row in synthetic], embedder=embedder,
        key_terms=key_terms, random_seed=random_seed,
        real_groups=[of.names[row] for row in real], synthetic_groups=[of.names[row] for row in synthetic],
        synthetic_slices=[of.cases[row].bucket for row in synthetic],
    )  # fmt: skip


def vocabulary(found: AuditReport | None, *, seeds: int) -> Question:
    """Is the entropy of the key terms within 15 % of the seed's?"""
    entropy = _signal(found, "key_terms.entropy")
    if found is None or entropy is None or entropy.value is None or not entropy.reference:
        why = entropy.why if entropy else "There are no synthetic cases, or no seed, to count words in."
        return Question(
            id="vocabulary", answer="unknown", evidence=why,
            todo="Ingest more real cases, or name `constraints.key_terms`." if seeds else "Ingest real cases first.",
        )  # fmt: skip
    change = entropy.value / entropy.reference - 1
    answer: Answer = "no" if entropy.status == "fail" else "unknown" if abs(change) > LIMIT else "yes"
    leaked = _signal(found, "terms.leaked")
    says_leaked = leaked.why if leaked is not None and leaked.status == "fail" else ""
    chance = (
        "Outside 15 %, but two samples of one crowd could differ as much at these sizes." if answer == "unknown" else ""
    )
    fewer = (
        "The synthetic cases sit on a few words"
        if change < 0
        else "The synthetic cases scatter over more words than users do"
    )
    return Question(
        id="vocabulary", answer=answer, evidence=joined(entropy.why, chance, says_leaked), value=change,
        todo="" if answer == "yes" else "Make or ingest more cases and look again." if answer == "unknown"
        else f"{fewer}: look at the leaked words, and steer the briefs away from them (`constraints.vocabulary`).",
    )  # fmt: skip


def saturation(found: AuditReport | None) -> Signal:
    """Does one more synthetic case still add something?"""
    whole = _signal(found, "saturation")
    if found is None or whole is None or whole.value is None:
        return Signal(
            id="saturation", answer="unknown", evidence="There are too few cases to measure it.",
            todo="Make more cases, or ingest more real ones.",
        )  # fmt: skip
    full = [one for one in found.signals if one.name.startswith("saturation:") and one.status == "warn"]
    slices = f"Repeating themselves: {listed(one.name.partition(':')[2] for one in full)}." if full else ""
    answer: Answer = "unknown" if whole.status == "unknown" else "no" if whole.status == "fail" or full else "yes"
    return Signal(
        id="saturation", answer=answer, evidence=joined(whole.why, slices), value=whole.value,
        todo="" if answer == "yes" else "Ask which gap is to be filled before making more: further cases repeat. "
        "Ingest new seeds, or open a cell that is empty.",
    )  # fmt: skip


def terms(found: AuditReport | None) -> tuple[TermShare, ...]:
    """The words that synthetic cases hold more often than the seed, the clearest first."""
    if found is None:
        return ()
    return tuple(
        TermShare(term=one.term, seed=one.real, synthetic=one.synthetic, z=one.z)
        for one in found.pictures.terms[:TERMS]
    )


def _signal(found: AuditReport | None, name: str) -> Measured | None:
    return next((one for one in found.signals if one.name == name), None) if found else None
