"""From result rows to verdicts: read, check, pair, measure, decide.

What this module does not know: how a verdict is shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import numpy as np

from anchorset.core.errors import UsageError
from anchorset.core.judge import MIN_KAPPA, JudgeCalibration
from anchorset.core.provenance import REAL_BUCKETS, SEED
from anchorset.core.result import Comparison, Measure, Purpose, worst
from anchorset.infra.stats.multiplicity import holm
from anchorset.trust.compare.buckets import by_bucket, by_slice, flips, in_buckets, measure, seed_against_synthetic
from anchorset.trust.compare.mix import weighted
from anchorset.trust.compare.pairing import Table, checked, pair
from anchorset.trust.compare.rows import Source, read_rows
from anchorset.trust.compare.verdict import MAX_DROP, decide, without_provenance

M = TypeVar("M", bound=Measure)


def compare(
    source: Source,
    baseline: str,
    candidates: Sequence[str],
    *,
    purpose: Purpose = "gate",
    max_drop: float = MAX_DROP,
    random_seed: int = 7,
    mix: Mapping[str, float] | None = None,
    judge: JudgeCalibration | None = None,
    candidate_family: str | Mapping[str, str | None] | None = None,
    notes: Sequence[str] = (),
) -> list[Comparison]:
    """A seed-anchored verdict for each candidate, in the order given.

    source: a CSV, TSV, JSONL or JSON file of result rows, promptfoo results, or mappings with the same columns:
    `case_id`, `system`, `passed` or `score` (0-1), and where known `bucket`, `root`, `repeat`, `dataset`; every other
    column with at most 20 values is a slice. max_drop: the largest fall of the seed's rate that is accepted, 0-1.
    purpose `smoke` measures and gives no verdict. `random_seed` is felt only where a permutation test is sampled.
    mix: bucket -> share; `overall` is weighted to it, `generated` standing for all that a generator wrote. None: every
    case weighs the same. judge: what is known about the judge that scored the rows; candidate_family: the model family
    of the candidates, or of each by name: where both are one family, see `verdict.decide`. notes: what the caller has
    to say about the rows, said first.
    p values are adjusted by Holm over slices and candidates beside the plain ones; verdicts use 95 % intervals.

    Raises UsageError for unknown systems and options, InputError for what cannot be read, PairingError (with the first
    20 faults and their count) for missing or duplicate pairs, unusable scores and mixed dataset versions.
    """
    if not 0 < max_drop < 1:
        raise UsageError(f"max_drop is {max_drop!r}; a share between 0 and 1 is expected, 0.05 is five points")
    if isinstance(candidates, str) or not candidates:
        raise UsageError(f"candidates are {candidates!r}; a list with the name of at least one system is expected")
    table = checked(read_rows(source), systems=[baseline, *candidates])
    given = candidate_family
    families = given if isinstance(given, Mapping) else dict.fromkeys(candidates, given)
    asked: dict[str, Any] = {"purpose": purpose, "max_drop": max_drop, "random_seed": random_seed, "mix": mix}
    asked |= {"judge": judge, "said_before": notes}
    found = [_comparison(table, baseline, one, family=families.get(one), **asked) for one in candidates]
    return _adjusted(found)


def _comparison(
    table: Table,
    baseline: str,
    candidate: str,
    *,
    purpose: Purpose,
    max_drop: float,
    random_seed: int,
    mix: Mapping[str, float] | None,
    judge: JudgeCalibration | None,
    family: str | None,
    said_before: Sequence[str],
) -> Comparison:
    pairs, notes = pair(table, baseline=baseline, candidate=candidate)
    settings: dict[str, Any] = {"binary": table.binary, "max_drop": max_drop, "random_seed": random_seed}
    declared = None if mix is None else weighted(pairs, mix)
    weights = declared.weights if declared else None
    counted = np.ones(len(pairs.ids), dtype=bool) if weights is None else weights > 0
    artificial = ~in_buckets(pairs, REAL_BUCKETS)
    buckets, changed = by_bucket(pairs, **settings), flips(pairs)
    slices, said = by_slice(pairs, **settings)
    seed = next((found for found in buckets if found.bucket == SEED), None)
    synthetic = measure(pairs, artificial, **settings) if artificial.any() else None
    interaction = seed_against_synthetic(pairs)
    verdict, reasons = decide(
        seed=seed, synthetic=synthetic, interaction=interaction, max_drop=max_drop, judge=judge, candidate_family=family
    )
    said += [*(declared.notes if declared else ()), *_judged(judge, family)]
    pooled = float((pairs.delta * pairs.repeats).sum() / pairs.repeats.sum())
    return Comparison(
        verdict=None if purpose == "smoke" else verdict,
        reasons=() if purpose == "smoke" else reasons,
        baseline=baseline,
        candidate=candidate,
        purpose=purpose,
        max_drop=max_drop,
        binary=table.binary,
        buckets=buckets,
        overall=measure(pairs, counted, weights=weights, **settings),
        mix=declared.shares if declared else None,
        synthetic=synthetic,
        without_provenance=without_provenance(delta=pooled, rows=int(pairs.repeats.sum()), max_drop=max_drop),
        interaction=interaction,
        mde=seed.mde if seed else None,
        slices=slices,
        flips={one.bucket: changed[one.bucket] for one in buckets},
        notes=(*said_before, *table.rows.notes, *table.notes, *_others(table, baseline, candidate), *notes, *said),
        judge=judge,
        candidate_family=family,
    )


def _others(table: Table, baseline: str, candidate: str) -> list[str]:
    others = sorted(set(table.system.values) - {baseline, candidate})
    named = ", ".join(map(repr, others[:5])) + (" …" if len(others) > 5 else "")
    return [f"{len(others)} other systems in the rows: {named}"] if others else []


def _judged(judge: JudgeCalibration | None, family: str | None) -> list[str]:
    """What a judge leaves open that no rule decides by."""
    if judge is None:
        return []
    if judge.family is None or family is None:
        unknown = f"the judge {judge.name}" if judge.family is None else "the candidate"
        return [f"the model family of {unknown} is not known: whether judge and candidate are kin was not looked at"]
    if judge.family == family and judge.low is not None and judge.low >= MIN_KAPPA:
        return [
            f"the judge {judge.name} is of the candidate's family, {family}, and agrees with people at kappa "
            f"{judge.kappa:.2f} ({judge.low:.2f} to {judge.high:.2f}): it is heard"
        ]
    return []


def _adjusted(comparisons: list[Comparison]) -> list[Comparison]:
    """Holm over four families, each across all candidates: buckets, slices, the pooled synthetic, and overall."""
    buckets = iter(holm([one.p for found in comparisons for one in found.buckets]))
    slices = iter(holm([one.p for found in comparisons for one in found.slices]))
    pooled = iter(holm([found.synthetic.p for found in comparisons if found.synthetic]))
    overall = iter(holm([found.overall.p for found in comparisons]))
    return [
        found.model_copy(
            update={
                "buckets": tuple(_with(one, next(buckets)) for one in found.buckets),
                "slices": tuple(_with(one, next(slices)) for one in found.slices),
                "synthetic": _with(found.synthetic, next(pooled)) if found.synthetic else None,
                "overall": _with(found.overall, next(overall)),
            }
        )
        for found in comparisons
    ]


def _with(found: M, p_holm: float) -> M:
    return found.model_copy(update={"p_holm": p_holm})


def machine(comparisons: Sequence[Comparison]) -> dict[str, Any]:
    """The machine form: of one candidate its comparison; of several the worst one, with all under `comparisons`."""
    form = worst(comparisons).model_dump(mode="json")
    if len(comparisons) > 1:
        form["comparisons"] = [found.model_dump(mode="json") for found in comparisons]
    return form
