"""Is the seed large enough, and does no text stand on both sides of a split?

What this module does not know: how groups and leaks are found.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from anchorset.core.dataset import Manifest
from anchorset.core.trust import Signal
from anchorset.trust.compare.verdict import ANCHOR_GROUPS
from anchorset.trust.report.phrases import amount, joined
from anchorset.trust.report.population import Population

SHOWN = 20


def seed_size(of: Population, manifest: Manifest | None) -> Signal:
    """Are there 50 groups of seeds?"""
    seeds = int(of.seed.sum())
    groups = (manifest.seed_groups if manifest else 0) or of.count(of.seed)
    mute = sum(
        case.expected is None and not case.criteria for case, seed in zip(of.cases, of.seed, strict=True) if seed
    )
    silent = f"{mute:,} of them have neither an expected answer nor criteria, and cannot vote." if mute else ""
    if not of.cases:
        return Signal(
            id="seed_size", answer="unknown", evidence="There is no case.", todo="Ingest real cases and ship."
        )
    answer = "yes" if groups >= ANCHOR_GROUPS else "no"
    todo = (
        f"Ingest real cases for {ANCHOR_GROUPS - groups} more groups: fewer than {ANCHOR_GROUPS} anchor nothing."
        if groups < ANCHOR_GROUPS
        else "Give the silent seeds an expected answer or criteria in the lane of seeds."
        if mute
        else ""
    )
    return Signal(
        id="seed_size", answer=answer, todo=todo, value=float(groups),
        evidence=joined(f"{amount(seeds, 'seed')} in {amount(groups, 'group')}; {ANCHOR_GROUPS} are needed.", silent),
    )  # fmt: skip


def leakage(of: Population, manifest: Manifest | None, leaks: Sequence[tuple[str, str]] | None) -> Signal:
    """Does no text stand on both sides of a split?"""
    splits: dict[str, set[str]] = defaultdict(set)
    for case, name in zip(of.cases, of.names, strict=True):
        if case.split is not None:
            splits[name].add(case.split)
    named = {split for where in splits.values() for split in where}
    crossing = sorted(name for name, where in splits.items() if len(where) > 1)
    found = len(leaks) if leaks is not None else manifest.leaks if manifest else 0
    if len(named) < 2:
        return Signal(
            id="leakage", answer="unknown",
            todo="Ship with two splits or more before anything is tuned on these cases.",
            evidence="There is one split or none, so nothing can leak between splits.",
        )  # fmt: skip
    said = f"{amount(len(crossing), 'cluster')} of {len(splits):,} stand in more than one of {len(named)} splits"
    looked = leaks is not None or manifest is not None
    pairs = f"{amount(found, 'near-duplicate pair')} cross" if looked else "near-duplicate pairs were not looked for"
    bad = bool(crossing or found)
    ids = [id for pair in (leaks or ())[:SHOWN] for id in pair]
    ids += [case.id for case, name in zip(of.cases, of.names, strict=True) if name in set(crossing[:SHOWN])]
    return Signal(
        id="leakage", answer="no" if bad else "yes" if looked else "unknown", evidence=f"{said}; {pairs}.",
        todo="Ship again: splits are made by cluster, and a crossing pair loses a row." if bad
        else "" if looked else "Ship the version: the proof is made then.",
        value=float(len(crossing) + found), cases=tuple(dict.fromkeys(ids))[:SHOWN],
    )  # fmt: skip
