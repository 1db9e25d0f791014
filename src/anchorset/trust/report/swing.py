"""How often would the verdict be another one, had other users been sampled? The cluster bootstrap of the verdict.

What this module does not know: the rules of a verdict. It asks for one a redrawn sample.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from anchorset.core.hashing import draw
from anchorset.core.numbers import share
from anchorset.core.result import Interaction, Measure
from anchorset.core.trust import Signal
from anchorset.infra.stats.interaction import interaction
from anchorset.infra.stats.paired import paired_difference
from anchorset.trust.compare.verdict import decide
from anchorset.trust.report.moves import Step
from anchorset.trust.report.phrases import amount
from anchorset.trust.report.points import case_means
from anchorset.trust.report.population import Mask, Population

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]

SAMPLES = 200
STEADY = 0.20
"""Share of redrawn samples with another verdict from which it is called unsteady."""


def swing(step: Step | None, of: Population, *, max_drop: float, random_seed: int) -> Signal:
    """Does the newest verdict hold when whole clusters are drawn anew (Efron and Tibshirani 1993, chapter 8)?"""
    seed = step.found.bucket("seed") if step else None
    if step is None or seed is None or step.found.verdict is None:
        return Signal(
            id="swing", answer="unknown", evidence="No two target versions were compared on the seed.",
            todo="Run two versions of the application on this dataset.",
        )  # fmt: skip
    where = f"{step.found.verdict} from {step.before.name} to {step.after.name}"
    if any(reason.code == "unanchored" for reason in step.found.reasons):
        return Signal(
            id="swing", answer="unknown", evidence=f"{where}: {amount(seed.clusters, 'seed group')} give no verdict.",
            todo="Ingest more real cases first.",
        )  # fmt: skip
    words = _redrawn(step, seed, of, max_drop=max_drop, random_seed=random_seed)
    others = {word: n for word, n in words.items() if word != step.found.verdict}
    flips = sum(others.values()) / SAMPLES
    named = ", ".join(f"{word} {share(n / SAMPLES)}" for word, n in sorted(others.items()))
    return Signal(
        id="swing", answer="no" if flips >= STEADY else "yes", value=flips,
        evidence=f"{where}: {share(flips)} of {SAMPLES} redrawn samples say something else{named and f' ({named})'}.",
        todo="Do not read this verdict as settled: more seed groups make it steadier." if flips >= STEADY else "",
    )  # fmt: skip


def _redrawn(step: Step, seed: Measure, of: Population, *, max_drop: float, random_seed: int) -> Counter[str]:
    before, after = case_means(step.before, of), case_means(step.after, of)
    rows = np.flatnonzero(~np.isnan(before) & ~np.isnan(after) & (of.seed | of.synthetic))
    _, codes = np.unique(of.cluster[rows], return_inverse=True)
    order = np.argsort(codes, kind="stable")
    members = np.split(rows[order], np.cumsum(np.bincount(codes))[:-1])
    rng = np.random.default_rng(draw(random_seed, "report", "swing"))
    words: Counter[str] = Counter()
    for _ in range(SAMPLES):
        drawn = [members[at] for at in rng.integers(0, len(members), len(members))]
        places = np.concatenate(drawn)
        # A cluster drawn twice is two clusters: that is what another sample of users would have brought.
        cluster = np.repeat(np.arange(len(drawn)), [len(one) for one in drawn])
        words[_word(before[places], after[places], cluster, of.seed[places], seed, max_drop)] += 1
    return words


def _word(before: Floats, after: Floats, cluster: Codes, real: Mask, seed: Measure, max_drop: float) -> str:
    measures: list[Measure | None] = []
    for where in (real, ~real):
        if not where.any():
            measures.append(None)
            continue
        found = paired_difference(before[where], after[where], clusters=cluster[where])
        changed = {"delta": found.delta, "low": found.low, "high": found.high, "clusters": found.clusters}
        measures.append(seed.model_copy(update=changed))
    ours, theirs = measures
    apart = None
    # Only a synthetic rise over a seed that did not rise can set the two against each other; the rest saves time.
    if ours and theirs and theirs.delta > 0 >= ours.delta:
        both = interaction(before, after, real, clusters=cluster)
        apart = Interaction(delta=both.delta, low=both.low, high=both.high, p=both.p)
    return decide(seed=ours, synthetic=theirs, interaction=apart, max_drop=max_drop)[0]
