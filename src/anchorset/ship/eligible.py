"""Which cases may ship: real ones, those a reviewer kept, and, when asked for, those a sample stands for.

What this module does not know: the mix, and how decisions are given.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from anchorset.core.case import Case
from anchorset.core.errors import InputError
from anchorset.core.hashing import canonical
from anchorset.core.numbers import share as told
from anchorset.core.provenance import REAL_BUCKETS
from anchorset.infra.stats.intervals import wilson

SAMPLE_LIMIT = 0.65
"""A stratum is accepted when the lower limit of its survival is over this, 0-1."""
FEW = 20
"""Decisions under which a stratum says too little alone, and its technique is asked."""
KEPT = ("approved", "edited")

Stratum = tuple[str, str]
"""(technique, cell)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligible:
    """What may ship."""

    cases: list[Case]
    sampled: int
    """Undecided candidates that a sample of their stratum stands for; they have the status `sampled`."""
    unreviewed: int
    """Undecided candidates that nobody and nothing stands for."""
    refused: dict[Stratum, str]
    """Strata whose sample did not carry them -> why."""


def eligible(
    real: Iterable[Case],
    candidates: Sequence[Case],
    *,
    axes: Sequence[str],
    sample: bool = False,
    sample_limit: float = SAMPLE_LIMIT,
    allow_unreviewed: bool = False,
) -> Eligible:
    """Real cases that nobody rejected, and candidates that were kept; the two switches add undecided ones.

    sample: all undecided candidates of a (technique, cell) whose decided ones survive with a lower 95 % limit over
    `sample_limit`; with fewer than 20 decisions the whole technique is asked instead.
    Raises InputError when one id has two expected answers among what may ship.
    """
    chosen = [case for case in real if case.status != "rejected"]
    chosen += [case for case in candidates if case.status in KEPT]
    undecided = [case for case in candidates if case.status == "passed"]
    accepted, refused = _accepted(candidates, axes, sample_limit) if sample else (set(), {})
    sampled = [case for case in undecided if stratum(case, axes) in accepted]
    chosen += [case.model_copy(update={"status": "sampled"}) for case in sampled]
    rest = [case for case in undecided if stratum(case, axes) not in accepted] if allow_unreviewed else []
    return Eligible(cases=_one_an_id([*chosen, *rest]), sampled=len(sampled), unreviewed=len(rest), refused=refused)


def counts_for_gates(case: Case) -> bool:
    """Whether a gate counts the case: real, or kept by a person. What was only sampled or never seen is left out."""
    return case.bucket in REAL_BUCKETS or case.status in KEPT


def is_unreviewed(case: Case) -> bool:
    """Whether the case is synthetic and nobody and no sample stands for it."""
    return case.status == "passed" and not _is_real(case)


def stratum(case: Case, axes: Sequence[str]) -> Stratum:
    return str(case.bucket), ",".join(f"{axis}={case.metadata.get(axis)}" for axis in axes) or "all"


def _accepted(candidates: Iterable[Case], axes: Sequence[str], limit: float) -> tuple[set[Stratum], dict[Stratum, str]]:
    decided: Counter[tuple[Stratum, bool]] = Counter()
    strata: set[Stratum] = set()
    for case in candidates:
        strata.add(stratum(case, axes))
        if case.status in KEPT or (case.status == "rejected" and case.reviews):
            decided[stratum(case, axes), case.status in KEPT] += 1
    accepted: set[Stratum] = set()
    refused: dict[Stratum, str] = {}
    for one in sorted(strata):
        kept, n = decided[one, True], decided[one, True] + decided[one, False]
        where = f"{one[0]} in {one[1]}"
        if n < FEW:
            mine = [other for other in strata if other[0] == one[0]]
            kept = sum(decided[other, True] for other in mine)
            n = sum(decided[other, True] + decided[other, False] for other in mine)
            where = f"{one[0]} as a whole ({one[1]} has under {FEW} decisions)"
        low = wilson(kept, n)[0] if n else 0.0
        if low > limit:
            accepted.add(one)
        else:
            refused[one] = f"{where}: {kept} of {n} survived, lower limit {told(low)}; over {told(limit)} is needed"
    return accepted, refused


def _one_an_id(cases: Sequence[Case]) -> list[Case]:
    """One row an id. The same question under other labels stands once; with another answer it is a conflict.

    A real case stands before a synthetic one that asks the same, so that no copy takes an anchor out; what a person
    edited stands before what was only approved. Among equals the records decide, so that the order of arrival cannot.
    """
    found: dict[str, Case] = {}
    conflicts: list[str] = []
    for case in sorted(cases, key=_standing):
        first = found.setdefault(case.id, case)
        if first.expected != case.expected and None not in (first.expected, case.expected):
            conflicts.append(f"{case.id} ({first.expected!r} and {case.expected!r})")
        elif first.expected is None and case.expected is not None and _is_real(first) == _is_real(case):
            found[case.id] = case
    if conflicts:
        shown = "; ".join(conflicts[:5]) + (f"; and {len(conflicts) - 5} more" if len(conflicts) > 5 else "")
        raise InputError(
            f"{len(conflicts)} cases have two expected answers: {shown}. Reject or edit one of each "
            "(`anchorset cases show ID`); a version with both would pass nobody."
        )
    return list(found.values())


def _standing(case: Case) -> tuple[str, int, bool, str]:
    """Of one id the smallest stands."""
    place = REAL_BUCKETS.index(case.bucket) if _is_real(case) else len(REAL_BUCKETS)
    return case.id, place, case.status != "edited", canonical(case.model_dump(by_alias=True))


def _is_real(case: Case) -> bool:
    return case.bucket in REAL_BUCKETS
