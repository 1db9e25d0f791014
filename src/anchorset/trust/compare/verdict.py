"""The rules: what the seed, the synthetic cases and their difference say about a release.

What this module does not know: how a delta or an interval was computed.
"""

from __future__ import annotations

from anchorset.core.judge import MIN_KAPPA, JudgeCalibration
from anchorset.core.result import Interaction, Measure, Reason, Unprovenanced, Word
from anchorset.trust.compare.words import interval, p_value, points

ANCHOR_GROUPS = 50
"""Fewer independent seed groups than this anchor nothing."""

MAX_DROP = 0.05
ALPHA = 0.05
HAIR = 1e-9
"""-5 of 100 is a drop of 0.05 whatever the last bit of the sum says."""


def decide(
    *,
    seed: Measure | None,
    synthetic: Measure | None,
    interaction: Interaction | None,
    max_drop: float,
    judge: JudgeCalibration | None = None,
    candidate_family: str | None = None,
) -> tuple[Word, tuple[Reason, ...]]:
    """The verdict, and the reasons: the first set it, further rules that hold add theirs.

    1. fewer than 50 seed groups: INCONCLUSIVE `unanchored`, unless rule 2 holds
    2. upper(seed) < 0 and seed delta ≤ -max_drop: BLOCK `seed_drop`
    3. interaction p < 0.05, synthetic delta > 0 ≥ seed delta, lower(seed) ≤ -max_drop: BLOCK `diverged`;
       with lower(seed) > -max_drop it is a warning
    4. lower(seed) > -max_drop: PASS `held`
    5. else INCONCLUSIVE `power`

    Judge and candidate of one model family, and the lower limit of the judge's kappa with people under 0.4: a PASS
    becomes INCONCLUSIVE `collusion`, any other verdict stays with the reason beside it. A judge of the family that
    was never held against people is a warning.
    """
    groups = seed.clusters if seed else 0
    reasons: list[Reason] = []
    dropped = seed is not None and seed.high < 0 and seed.delta <= -max_drop + HAIR
    holds = seed is not None and seed.low > -max_drop + HAIR
    if groups < ANCHOR_GROUPS and not dropped:
        reasons.append(_unanchored(seed))
    if dropped and seed is not None:
        reasons.append(_seed_drop(seed, max_drop))
    if _diverged(seed, synthetic, interaction) and seed and synthetic and interaction:
        reasons.append(_disagreement(seed, synthetic, interaction, holds=holds))
    if holds and seed is not None and groups >= ANCHOR_GROUPS:
        reasons.insert(0, _held(seed, max_drop))
    if not reasons and seed is not None:
        reasons.append(_power(seed, max_drop))
    shared = _collusion(judge, candidate_family)
    if shared is not None:
        reasons.insert(0 if reasons[0].weight == "passes" and shared.weight == "undecided" else len(reasons), shared)
    verdicts: dict[str, Word] = {"blocks": "BLOCK", "passes": "PASS", "undecided": "INCONCLUSIVE"}
    return verdicts[reasons[0].weight], tuple(reasons)


def _diverged(seed: Measure | None, synthetic: Measure | None, interaction: Interaction | None) -> bool:
    if seed is None or synthetic is None or interaction is None:
        return False
    return interaction.p < ALPHA and synthetic.delta > HAIR and seed.delta <= HAIR


def _collusion(judge: JudgeCalibration | None, candidate_family: str | None) -> Reason | None:
    if judge is None or judge.family is None or judge.family != candidate_family:
        return None
    who = f"the judge {judge.name} is of the candidate's family, {judge.family}"
    if judge.kappa is None or judge.low is None or judge.high is None:
        return Reason(
            code="collusion",
            weight="warns",
            message=f"{who}, and was never held against people's labels: it may favour its own. "
            "Grade a sample of the answers by hand, or take a judge of another family.",
        )
    if judge.low >= MIN_KAPPA:
        return None
    return Reason(
        code="collusion",
        weight="undecided",
        message=f"{who}, and agrees with people at kappa {judge.kappa:.2f} (95 % interval {judge.low:.2f} to "
        f"{judge.high:.2f}, {judge.n:,} judgements): {MIN_KAPPA} or more is not shown, so it may favour its own. "
        "Label more of its judgements, or take a judge of another family.",
    )


def _unanchored(seed: Measure | None) -> Reason:
    found = f"only {seed.clusters} seed groups" if seed else "there is no seed case"
    return Reason(
        code="unanchored",
        weight="undecided",
        message=f"{found}; {ANCHOR_GROUPS} groups are needed, for only real cases anchor a verdict. "
        "Give real cases bucket `seed`, and their near-duplicate group as `root`.",
    )


def _seed_drop(seed: Measure, max_drop: float) -> Reason:
    few = f", on only {seed.clusters} groups" if seed.clusters < ANCHOR_GROUPS else ""
    return Reason(
        code="seed_drop",
        weight="blocks",
        message=f"the seed fell by {points(-seed.delta, signed=False)} ({interval(seed)}{few}): "
        f"more than the {points(max_drop, signed=False)} allowed, and not by chance.",
    )


def _disagreement(seed: Measure, synthetic: Measure, interaction: Interaction, *, holds: bool) -> Reason:
    apart = f"synthetic {points(synthetic.delta)}, seed {points(seed.delta)}, p {p_value(interaction.p)}"
    return Reason(
        code="diverged",
        weight="warns" if holds else "blocks",
        message=f"synthetic and seed cases disagree ({apart}): trust the seed"
        + (", which holds. The synthetic cases flatter the candidate." if holds else "."),
    )


def _held(seed: Measure, max_drop: float) -> Reason:
    return Reason(
        code="held",
        weight="passes",
        message=f"the seed moved by {points(seed.delta)} ({interval(seed)}): "
        f"a fall of {points(max_drop, signed=False)} or more is ruled out.",
    )


def _power(seed: Measure, max_drop: float) -> Reason:
    sees = f", which see a drop of {points(seed.mde, signed=False)}" if seed.mde else ""
    return Reason(
        code="power",
        weight="undecided",
        message=f"the seed moved by {points(seed.delta)} ({interval(seed)}): neither a fall of "
        f"{points(max_drop, signed=False)} nor its absence is shown by {seed.clusters:,} groups{sees}. "
        f"Needed: about {seed.n_needed:,} seed groups.",
    )


def without_provenance(*, delta: float, rows: int, max_drop: float) -> Unprovenanced:
    """All rows pooled, no interval: pass if the delta is above -max_drop. `rows`: of one system."""
    ships = delta > -max_drop + HAIR
    said = "shipped" if ships else "blocked"
    return Unprovenanced(
        verdict="PASS" if ships else "BLOCK",
        delta=delta,
        n=rows,
        message=f"a gate without provenance would have {said}: {points(delta)} on {rows:,} rows",
    )
