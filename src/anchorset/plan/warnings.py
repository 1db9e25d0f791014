"""What a plan should not be carried out without hearing first: a code and a sentence each.

What this module does not know: how a warning is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Code = Literal[
    "seed_small", "grid_large", "redteam_heavy", "no_golden", "one_persona", "voice_absent", "mix_near", "mix_far",
    "family_shared", "axis_idle", "cell_saturated", "axis_values_few", "survival_low", "survival_high",
]  # fmt: skip

ENOUGH_GROUPS = 50
"""Groups of seeds from which a comparison can be anchored."""
PER_GROUP = 10
"""Candidates of one group beyond which a further one mostly repeats it."""


@dataclass(frozen=True, slots=True)
class Warned:
    """One thing to hear before going on."""

    code: Code
    message: str


def warnings(*, groups: int, size: int) -> list[Warned]:
    """What is wrong with making `size` candidates from `groups` groups of seeds; empty when nothing is."""
    found = []
    if groups < ENOUGH_GROUPS:
        found.append(
            Warned(
                "seed_small",
                f"the seed has {groups:,} groups of messages; {ENOUGH_GROUPS} are needed to decide a comparison",
            )
        )
    if size > PER_GROUP * groups:
        found.append(
            Warned(
                "cell_saturated",
                f"{size:,} candidates from {groups:,} groups are {size / groups:.0f} of each: beyond {PER_GROUP} they "
                "mostly repeat one another; ingest more messages rather than growing these further",
            )
        )
    return found
