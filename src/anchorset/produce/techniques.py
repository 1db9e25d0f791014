"""The techniques this product has, by name. Each makes one candidate from a parent, or says that it cannot.

What this module does not know: quotas, and what becomes of a candidate.
"""

from __future__ import annotations

from collections.abc import Callable

from anchorset.core.case import Case
from anchorset.core.errors import UsageError, nearest
from anchorset.produce.dice import Dice
from anchorset.produce.mutation import mutant
from anchorset.produce.order import Order
from anchorset.produce.redteam.attack import attacker
from anchorset.produce.remix import remixer

Make = Callable[[Case, Order, Dice], Case | None]


TECHNIQUES: dict[str, Make] = {"mutation": mutant, "remix": remixer, "redteam": attacker}


def technique(name: str) -> Make:
    """The function that carries out briefs of this technique. Raises UsageError that lists the known ones."""
    if name not in TECHNIQUES:
        raise UsageError(f"there is no technique {name!r} here; {nearest(name, TECHNIQUES)}")
    return TECHNIQUES[name]
