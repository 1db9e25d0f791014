"""The declared mix as weights of cases: what "overall" means when a bucket was made larger or smaller than declared.

What this module does not know: statistics, and where the mix was declared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from anchorset.core.config import GENERATED
from anchorset.core.errors import UsageError
from anchorset.trust.compare.pairing import Floats, Pairs

GENERATED_SHARE = "generated"
"""One share for all of prompted, persona, remix and template, by the number of their cases."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighted:
    """Weights of the cases under a mix."""

    weights: Floats
    """(n_cases,) from 0; their sum is the number of cases."""
    shares: dict[str, float]
    """Bucket of the rows -> share, 0-1, summing to 1."""
    notes: list[str]


def weighted(pairs: Pairs, mix: Mapping[str, float]) -> Weighted:
    """The weights that give every bucket its share of `mix` (weights from 0, only proportions count).

    A share without a case is left out and the others are renormalised, aloud; a bucket without a share weighs nothing,
    aloud. Raises UsageError for shares that are no numbers from 0, and when no case has a share.
    """
    wrong = {name: share for name, share in mix.items() if not (isinstance(share, (int, float)) and 0 <= share < 1e300)}
    if wrong:
        name, share = next(iter(wrong.items()))
        raise UsageError(f"the mix gives {name!r} the share {share!r}; give a number from 0, `seed: 30`")
    cases = np.bincount(pairs.bucket.codes, minlength=len(pairs.bucket.values)).tolist()
    counts = {name: n for name, n in zip(pairs.bucket.values, cases, strict=True) if n}
    members = {name: _members(name, mix, counts) for name in mix}
    total = sum(mix[name] for name, inside in members.items() if inside)
    if total <= 0:
        raise UsageError(
            f"the mix {dict(mix)!r} gives no share to any bucket of the rows ({', '.join(sorted(counts))}); "
            "name one of them, or compare without a mix"
        )
    shares: dict[str, float] = {}
    for of, inside in members.items():
        together = sum(counts[name] for name in inside)
        for name in inside:
            shares[name] = mix[of] / total * counts[name] / together
    per_case = [len(pairs.ids) * shares.get(name, 0.0) / counts.get(name, 1) for name in pairs.bucket.values]
    return Weighted(
        weights=np.array(per_case)[pairs.bucket.codes],
        shares={name: share for name, share in shares.items() if share > 0},
        notes=_notes(mix, members, counts, shares),
    )


def _members(share: str, mix: Mapping[str, float], counts: Mapping[str, int]) -> list[str]:
    """The buckets of the rows that a share of the mix stands for; `generated` takes those not named themselves."""
    if share == GENERATED_SHARE and share not in counts:
        return [name for name in GENERATED if name in counts and name not in mix]
    return [share] if share in counts else []


def _notes(
    mix: Mapping[str, float], members: Mapping[str, list[str]], counts: Mapping[str, int], shares: Mapping[str, float]
) -> list[str]:
    notes = []
    if empty := [name for name, inside in members.items() if mix[name] > 0 and not inside]:
        notes.append(f"no case of {', '.join(map(repr, empty))} was judged: the other shares of the mix were raised")
    if idle := [name for name in sorted(counts) if shares.get(name, 0.0) == 0]:
        said = ", ".join(f"{name!r} ({counts[name]:,} cases)" for name in idle)
        notes.append(f"not in the declared mix, so without weight in `overall`: {said}")
    return notes
