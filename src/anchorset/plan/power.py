"""What the seed can decide, and what it cannot: the smallest drop that so many groups of seeds see.

What this module does not know: results; the share of answers that change is a guess until there are some.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from anchorset.core.numbers import counted, share
from anchorset.infra.stats.power import detectable_difference, needed_n

FLIPS = 0.10
"""Share of answers that change from one version of an application to the next, where nothing is known."""
ENOUGH_GROUPS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Power:
    """With 80 % power at 95 % confidence."""

    groups: int
    """Groups of seeds."""
    labelled_groups: int
    """Of these, with an expected answer or criteria: those that can vote."""
    mde: float | None
    """Smallest drop that all groups see when all are labelled, 0-1. None: they see none at all."""
    mde_labelled: float | None
    """Smallest drop that the labelled ones see."""
    max_drop: float
    """The drop that shall be seen, 0-1."""
    needed: int
    """Groups that see it."""
    flip_rate: float
    """Share of answers assumed to change, 0-1."""
    measured: bool
    """Whether the flip rate comes from runs."""

    def report(self) -> dict[str, Any]:
        return {
            "seed_groups": self.groups, "labelled_groups": self.labelled_groups, "mde": _rounded(self.mde),
            "mde_labelled": _rounded(self.mde_labelled), "max_drop": self.max_drop, "n_needed": self.needed,
            "flip_rate": round(self.flip_rate, 4), "flip_rate_measured": self.measured, "message": self.sentence,
        }  # fmt: skip

    @property
    def sentence(self) -> str:
        """`184 seeds see a 6.5-point drop; …`."""
        guess = "measured" if self.measured else "assumed"
        who = f"{counted(self.groups, 'group')} of seeds"
        if self.groups < ENOUGH_GROUPS:
            what = f"{who} cannot decide anything but a clear fall: {ENOUGH_GROUPS} are needed"
        elif self.mde is None:
            what = f"{who} see no drop at all"
        else:
            what = f"{who} see a {100 * self.mde:.1f}-point drop"
        more = (
            f"; for {100 * self.max_drop:g} points (`trust.max_drop`) {self.needed:,} are needed"
            if self.groups < self.needed
            else f", so {100 * self.max_drop:g} points (`trust.max_drop`) can be decided"
        )
        silent = self.groups - self.labelled_groups
        some = "None" if silent == self.groups else f"Only {self.labelled_groups:,}"
        has = "has" if silent == self.groups or self.labelled_groups == 1 else "have"
        unlabelled = (
            f". {some} of them {has} an expected answer or criteria: the others have no vote until they are reviewed"
            if silent
            else ""
        )
        return f"{what}{more} ({share(self.flip_rate)} of the answers changing, {guess}){unlabelled}"


def power_of(*, groups: int, labelled_groups: int, max_drop: float, flip_rate: float | None = None) -> Power:
    """What so many groups see. `flip_rate` (0-1): from past comparisons; None: 10 % is assumed.

    Connor (1987), as in `infra.stats.power`. A flip rate under a hundredth is raised to it: past luck is no promise.
    """
    flips = FLIPS if flip_rate is None else min(1.0, max(flip_rate, 0.01))
    return Power(
        groups=groups, labelled_groups=labelled_groups, max_drop=max_drop, flip_rate=flips,
        measured=flip_rate is not None,
        mde=detectable_difference(groups, flip_rate=flips) if groups else None,
        mde_labelled=detectable_difference(labelled_groups, flip_rate=flips) if labelled_groups else None,
        needed=max(ENOUGH_GROUPS, needed_n(max_drop, flip_rate=flips)),
    )  # fmt: skip


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
