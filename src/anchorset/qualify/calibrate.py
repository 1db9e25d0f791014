"""A judge held against people: what it says of candidates on which reviewers have decided.

A judge that agrees with people too little may point at candidates; it may not throw them away.
What this module does not know: how the judge was asked, and where decisions are kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from anchorset.core.case import Case
from anchorset.core.decision import Decision, RejectReason, standing
from anchorset.core.finding import Finding
from anchorset.core.hashing import draw
from anchorset.core.judge import JudgeCalibration
from anchorset.core.provenance import Synthetic
from anchorset.core.quota import largest_remainder
from anchorset.infra.stats.agreement import cohen_kappa
from anchorset.qualify.judging.catalogue import YES_NO
from anchorset.qualify.judging.judging import UNANSWERED

REASONS: Mapping[str, frozenset[RejectReason]] = {
    "plausible.judge": frozenset(("unrealistic", "caricature", "other")),
    "persona.match": frozenset(("caricature",)),
    "cell.judge": frozenset(),
    "context.sufficient": frozenset(("not_enough_context",)),
    "expected.unambiguous": frozenset(("ambiguous_expected",)),
    "grounding.answer": frozenset(("off_policy",)),
}
"""Check code -> the reasons of a rejection with which people say what the check asks.

A rejection for another reason is no label for the check: who rejects a duplicate has not said that it is plausible. No
reason says that a case lies in the wrong cell, so nothing is learnt about `cell.judge`, and it only flags.
"""


def calibrate(
    judgements: Mapping[str, Sequence[Finding]],
    decisions: Mapping[str, Sequence[Decision]],
    *,
    judge: str,
    prompt: str | None = None,
    family: str | None = None,
    clusters: Mapping[str, str] | None = None,
) -> dict[str, JudgeCalibration]:
    """Check code -> how far the judge agrees with people, for each question that is answered with yes or no.

    judgements: content -> the judge's findings on it. decisions: content -> what reviewers decided, the last word of
    each. Approved and edited is fine; rejected is not, for the checks that the reason names (`REASONS`). Contents whose
    reviewers disagree, or who rejected for another reason, are counted as unlabelled. Where the question did not apply
    nothing is counted. `judge` and `prompt` name what was calibrated: `Judging` trusts no other.
    Kappa: Cohen's with a 95 % interval; None when no judgement has a label, or nobody ever said no. `clusters`: content
    -> key of what is no independent evidence (a root); None: each content is.
    """
    return {
        question.code: _one(
            question.code, judgements, decisions, clusters or {}, judge=judge, prompt=prompt, family=family
        )
        for question in YES_NO
    }


def _one(
    code: str, judgements: Mapping[str, Sequence[Finding]], decisions: Mapping[str, Sequence[Decision]],
    clusters: Mapping[str, str], *, judge: str, prompt: str | None, family: str | None,
) -> JudgeCalibration:  # fmt: skip
    said: list[bool] = []
    labels: list[bool] = []
    keys: list[str] = []
    not_judged = unlabelled = 0
    for content, findings in sorted(judgements.items()):
        finding = next((one for one in findings if one.check == code), None)
        if finding is None or (finding.says == "not_run" and not (finding.evidence or "").startswith(UNANSWERED)):
            continue
        label = label_of(code, decisions.get(content, ()))
        if finding.says == "not_run":
            not_judged += 1
        elif label is None:
            unlabelled += 1
        else:
            said.append(finding.says == "pass")
            labels.append(label)
            keys.append(clusters.get(content, content))
    kappa = cohen_kappa(said, labels, clusters=keys) if said else None
    return JudgeCalibration(
        judge=judge, strategy=prompt, family=family, items=len(set(keys)), n=len(said), not_judged=not_judged,
        unlabelled=unlabelled,
        accuracy=sum(one == other for one, other in zip(said, labels, strict=True)) / len(said) if said else None,
        kappa=kappa.value if kappa else None, low=kappa.low if kappa else None, high=kappa.high if kappa else None,
    )  # fmt: skip


def label_of(code: str, decisions: Iterable[Decision]) -> bool | None:
    """What people say to the question of this check: True it is fine, False it is not; None: they do not say."""
    decided = list(decisions)
    word = standing(decided)
    if word == "passed":
        return None
    if word != "rejected":
        return True
    return False if REASONS.get(code, frozenset()) & {one.reason for one in decided} else None


def sample(decided: Iterable[Case], n: int, *, random_seed: int = 7) -> list[Case]:
    """At most `n` of the synthetic cases that people have decided on, for a judge to be held against.

    Strata are decision and technique, each with its share (largest remainder): a sample with more rejections than there
    are would have another kappa. Which cases of a stratum is drawn by content, so the order of `decided` does not
    matter and a larger `n` asks little twice. Cases on which reviewers disagree are left out.
    """
    strata: dict[str, list[Case]] = defaultdict(list)
    for case in {case.content: case for case in decided}.values():
        word = standing(case.reviews)
        if word != "passed" and isinstance(case.provenance, Synthetic):
            kept = "rejected" if word == "rejected" else "kept"
            strata[f"{kept}, {case.provenance.technique}"].append(case)
    if not strata or n <= 0:
        return []
    total = sum(map(len, strata.values()))
    seats = largest_remainder(min(n, total), {name: float(len(cases)) for name, cases in strata.items()})
    chosen = [
        case
        for name, cases in sorted(strata.items())
        for case in sorted(cases, key=lambda case: draw(random_seed, case.content))[: seats.get(name, 0)]
    ]
    return sorted(chosen, key=lambda case: draw(random_seed, case.content))
