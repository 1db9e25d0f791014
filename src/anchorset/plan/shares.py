"""The mix of a finished dataset: which bucket makes which share, and which technique stands for `generated`.

What this module does not know: cells.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from anchorset.core.config import Config
from anchorset.core.errors import ConfigError, UsageError, nearest
from anchorset.core.numbers import share as told
from anchorset.core.provenance import REAL_BUCKETS, Technique
from anchorset.core.quota import largest_remainder

WITH_MODEL: tuple[Technique, ...] = ("prompted", "persona")
"""Techniques that ask a model."""
ORDER: tuple[Technique, ...] = (
    "mutation", "remix", "redteam", "prompted", "persona", "grounded", "conversation", "template", "trajectory",
)  # fmt: skip
MOST_REDTEAM = 0.5
"""Share of a finished dataset beyond which attacks are refused: the set would no longer be about its users."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One line of the mix."""

    bucket: str
    share: float
    """0-1, renormalised over the buckets that can have a case."""
    count: int
    """Cases of the finished dataset."""
    available: int | None
    """Real cases that are there; None for a technique."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """Shares that add up to 1, and what was said on the way."""

    shares: tuple[Share, ...]
    notes: tuple[str, ...]
    size: int
    reachable: int
    """Largest dataset of exactly this mix: what the scarcest real bucket allows, at most `size`."""

    @property
    def techniques(self) -> dict[Technique, int]:
        """Technique -> candidates that shall survive."""
        counts = {share.bucket: share.count for share in self.shares}
        return {name: counts[name] for name in ORDER if counts.get(name)}

    @property
    def synthetic(self) -> dict[Technique, float]:
        """Technique -> share of the finished dataset, 0-1."""
        shares = {share.bucket: share.share for share in self.shares}
        return {name: shares[name] for name in ORDER if name in shares}


def mix_of(config: Config, *, size: int, available: Mapping[str, int], known: Collection[str], has_model: bool) -> Mix:
    """The mix of the configuration, with what cannot be had taken out and said.

    `available`: real bucket -> cases. `known`: techniques that can be carried out. `has_model`: whether a generator
    is configured. Raises ConfigError for a name that is neither bucket nor technique, a mix that adds up to 0, or more
    than half attacks; UsageError for a technique that is not there.
    """
    if size < 1:
        raise UsageError(f"the size is {size}; 1 or more is needed (`--size 1000`)")
    notes: list[str] = []
    weights: dict[str, float] = {}
    for name, share in config.mix.items():
        for bucket, weight in _buckets(name, share, config, known, has_model, notes).items():
            weights[bucket] = weights.get(bucket, 0.0) + weight
    weights = {bucket: weight for bucket, weight in weights.items() if weight > 0}
    if not weights:
        raise ConfigError(f"the mix {dict(config.mix)!r} adds up to 0; give at least one share over 0")
    absent = [bucket for bucket in REAL_BUCKETS if bucket in weights and not available.get(bucket)]
    weights = {bucket: weight for bucket, weight in weights.items() if bucket not in absent}
    if not weights:
        raise UsageError(
            f"the mix asks for {', '.join(absent)} alone and there is no such case; ingest some, or name a technique"
        )
    if absent:
        notes.append(
            f"the mix asks for {' and '.join(absent)}, and there is no such case: left out, the other shares grow to "
            "fill the whole"
        )
    whole = sum(weights.values())
    if len(weights) > 1 and weights.get("redteam", 0) > MOST_REDTEAM * whole:
        raise ConfigError(
            f"the mix gives redteam {told(weights['redteam'] / whole)} of the dataset; at most {told(MOST_REDTEAM)} "
            "may be attacks, for users mostly do not attack. Lower its share"
        )
    counts = largest_remainder(size, weights)
    shares = tuple(
        Share(
            bucket=bucket, share=weights[bucket] / whole, count=counts[bucket],
            available=available.get(bucket, 0) if bucket in REAL_BUCKETS else None,
        )
        for bucket in sorted(weights, key=(*REAL_BUCKETS, *ORDER).index)
    )  # fmt: skip
    reachable, scarce = _reachable(shares, size)
    if scarce:
        notes.append(
            f"{scarce.bucket} has {scarce.available:,} of {scarce.count:,} cases: at this mix the largest dataset has "
            f"{reachable:,} of {size:,}; ingest {scarce.count - (scarce.available or 0):,} more, lower its share, or "
            "relax the mix when you ship"
        )
    return Mix(shares=shares, notes=tuple(notes), size=size, reachable=reachable)


def _buckets(
    name: str, share: float, config: Config, known: Collection[str], has_model: bool, notes: list[str]
) -> dict[str, float]:
    """What one line of the mix stands for, and a note where that is not what it says."""
    if name in REAL_BUCKETS or share <= 0:
        return {name: share} if name in REAL_BUCKETS else {}
    able = [one for one in WITH_MODEL if has_model and one in known]
    if name == "generated":
        if able:
            use = [one for one in able if one != "persona" or config.personas] or able
            return {one: share / len(use) for one in use}
        return _remix(name, share, has_model, notes)
    if name in WITH_MODEL and name not in able:
        return _remix(name, share, has_model, notes)
    if name not in ORDER:
        names = (*REAL_BUCKETS, "generated", *known)
        raise ConfigError(f"`mix` names {name!r}, which is no bucket and no technique; {nearest(name, names)}")
    if name not in known:
        raise UsageError(f"`mix` asks for {name!r}, which is not here; known: {', '.join(sorted(known))}")
    return {name: share}


def _remix(name: str, share: float, has_model: bool, notes: list[str]) -> dict[str, float]:
    why = "prompted and persona are not here" if has_model else "no generator is configured"
    said = f"{why}, so {name} means remix: seed clauses recombined, in bucket remix, not a model's words"
    if said not in notes:
        notes.append(said)
    return {"remix": share}


def _reachable(shares: Collection[Share], size: int) -> tuple[int, Share | None]:
    reachable, scarce = size, None
    for share in shares:
        if share.available is not None and share.available < share.count:
            fits = int(share.available / share.share + 1e-9)
            if fits < reachable:
                reachable, scarce = fits, share
    return reachable, scarce
