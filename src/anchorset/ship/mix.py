"""The largest set in the declared mix, and which cases are in it.

What this module does not know: who decided about a case, and splits.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor

from anchorset.core.case import Case
from anchorset.core.config import GENERATED
from anchorset.core.dataset import ShareOf
from anchorset.core.errors import ConfigError, UsageError, nearest
from anchorset.core.hashing import draw
from anchorset.core.numbers import counted
from anchorset.core.numbers import share as told
from anchorset.core.provenance import REAL_BUCKETS
from anchorset.core.quota import largest_remainder, level
from anchorset.ship.eligible import counts_for_gates, stratum

WITHIN = 0.02
"""How far a bucket may be off its share, 0-1."""
EPSILON = 1e-9
SINGLE = (*REAL_BUCKETS, "mutation", "redteam", "grounded", "conversation", "trajectory", *GENERATED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixed:
    """The cases of a version."""

    cases: list[Case]
    shares: dict[str, ShareOf]
    notes: tuple[str, ...]
    """What limited the size, what was left out or relaxed."""


def mixed(
    cases: Sequence[Case],
    mix: Mapping[str, float],
    *,
    axes: Sequence[str],
    size: int | None = None,
    relax: bool = False,
    before: Collection[str] = (),
) -> Mixed:
    """The largest set within 2 points of every share, cells filled evenly; `size` caps it.

    `relax`: up to `size` cases (all, without one) as near to the shares as what is there allows. Red team never gets
    more than its share. `before`: ids of the version before, which stay in before others come.
    Raises ConfigError for a bucket we do not know, UsageError when not one case fits.
    """
    pools = _pools(cases, mix)
    shares, notes = _shares(mix, pools)
    there = {name: len(pools[name]) for name in shares}
    most = min(size or sum(there.values()), sum(there.values()))
    if relax:
        counts = _near(shares, there, most)
        off = [name for name in shares if abs(counts[name] / max(1, sum(counts.values())) - shares[name]) > WITHIN]
        if off:
            notes.append(f"MIX RELAXED: {', '.join(sorted(off))} more than 2 points off the declared share")
    else:
        counts = _largest(shares, there, most, rounded=False)
        if not any(counts.values()):
            counts = _largest(shares, there, most, rounded=True)
            notes.append("too few cases to hold every share within 2 points: within one case instead")
        if sum(counts.values()) < most:
            notes.append(_limit(shares, there, sum(counts.values()), most))
    total = sum(counts.values())
    if not total:
        raise UsageError(
            f"no case fits the mix {dict(mix)!r}: {there or 'none of its buckets has a case'}; "
            "review more candidates, or give another `--mix`"
        )
    chosen = [case for name in sorted(counts) for case in _chosen(pools[name], counts[name], axes, before)]
    return Mixed(
        cases=chosen, notes=tuple(notes),
        shares={
            name: ShareOf(wanted=round(share, 6), got=round(counts[name] / total, 6), available=there[name])
            for name, share in shares.items()
        },
    )  # fmt: skip


def _pools(cases: Sequence[Case], mix: Mapping[str, float]) -> dict[str, list[Case]]:
    for name in mix:
        if name not in (*SINGLE, "generated"):
            raise ConfigError(f"the mix names {name!r}, which is no bucket; {nearest(name, (*SINGLE, 'generated'))}")
    pools: dict[str, list[Case]] = {name: [] for name in mix}
    for case in cases:
        name = str(case.bucket)
        if name not in mix and name in GENERATED:
            name = "generated"
        if name in pools:
            pools[name].append(case)
    return pools


def _shares(mix: Mapping[str, float], pools: Mapping[str, Sequence[Case]]) -> tuple[dict[str, float], list[str]]:
    """The shares that add up to 1 over buckets that have a case, and what was left out."""
    there = {name: share for name, share in mix.items() if share > 0 and pools[name]}
    gone = sorted(name for name, share in mix.items() if share > 0 and not pools[name])
    whole = sum(there.values())
    notes = [f"no case of {', '.join(gone)}: left out, the other shares grow to fill the whole"] if gone else []
    return {name: share / whole for name, share in there.items()}, notes


def _bounds(name: str, share: float, there: int, total: int, *, rounded: bool) -> tuple[int, int]:
    """Fewest and most cases of a bucket in a set of `total`. `rounded`: one case may be more than two points."""
    above = 0 if name == "redteam" and share < 1 else WITHIN
    low = max(0, ceil((share - WITHIN) * total - EPSILON))
    high = floor((share + above) * total + EPSILON)
    if rounded:
        low, high = min(low, floor(share * total)), max(high, low if above else 0)
    return low, min(there, high)


def _largest(shares: Mapping[str, float], there: Mapping[str, int], most: int, *, rounded: bool) -> dict[str, int]:
    for total in range(most, 0, -1):
        bounds = {name: _bounds(name, share, there[name], total, rounded=rounded) for name, share in shares.items()}
        if all(low <= high for low, high in bounds.values()) and (
            sum(low for low, _ in bounds.values()) <= total <= sum(high for _, high in bounds.values())
        ):
            return _within(shares, bounds, total)
    return dict.fromkeys(shares, 0)


def _within(shares: Mapping[str, float], bounds: Mapping[str, tuple[int, int]], total: int) -> dict[str, int]:
    """Whole numbers inside the bounds that add up to `total`, as near to the shares as they can be."""
    exact = largest_remainder(total, shares)
    counts = {name: min(max(exact[name], bounds[name][0]), bounds[name][1]) for name in shares}
    while (off := total - sum(counts.values())) != 0:
        step = 1 if off > 0 else -1
        free = [
            name for name in counts if (counts[name] < bounds[name][1] if off > 0 else counts[name] > bounds[name][0])
        ]
        name = min(free, key=lambda one: (step * (counts[one] - shares[one] * total), one))
        counts[name] += step
    return counts


def _near(shares: Mapping[str, float], there: Mapping[str, int], most: int) -> dict[str, int]:
    """As near to the shares as `most` cases can be: what one bucket lacks, the others give. Red team gives nothing."""
    total = most
    while total:
        high = {
            name: min(there[name], floor(share * total + EPSILON)) if name == "redteam" and share < 1 else there[name]
            for name, share in shares.items()
        }
        if sum(high.values()) >= total:
            return _within(shares, {name: (0, high[name]) for name in shares}, total)
        total = sum(high.values())
    return dict.fromkeys(shares, 0)


def _limit(shares: Mapping[str, float], there: Mapping[str, int], total: int, most: int) -> str:
    """The bucket that keeps the set from growing, and what would help."""
    name = min(shares, key=lambda one: (there[one] / max(shares[one] - WITHIN, EPSILON), one))
    if shares[name] <= WITHIN:
        name = min(shares, key=lambda one: (there[one] / shares[one], one))
    return (
        f"{name} is the limit: {counted(there[name], 'case', 'is')} {told(there[name] / max(1, total))} of {total:,}, "
        f"the mix asks for {told(shares[name])}, and {most:,} could ship; add {name} cases, lower its share, or go "
        "past it with `--size N --relax-mix`"
    )


def _chosen(pool: Sequence[Case], count: int, axes: Sequence[str], before: Collection[str]) -> list[Case]:
    """`count` cases, cells as even as they allow; in a cell what was in before, then what a person saw, then by lot."""
    cells: dict[str, list[Case]] = {}
    for case in pool:
        cells.setdefault(stratum(case, axes)[1], []).append(case)
    known = set(before)
    dealt = level(count, {cell: len(inside) for cell, inside in cells.items()})

    def rank(case: Case) -> tuple[bool, bool, int, str]:
        return case.id not in known, not counts_for_gates(case), draw("ship", case.id), case.id

    return [case for cell in sorted(cells) for case in sorted(cells[cell], key=rank)[: dealt[cell]]]
