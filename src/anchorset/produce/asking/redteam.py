"""redteam: an attempt of one family on one policy, grown out of a seed. Families and policies take turns in the run.

What this module does not know: whether the target falls for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from anchorset.core.case import Case
from anchorset.core.hashing import draw
from anchorset.core.inert import fenced
from anchorset.produce.asking.families import Way, ways
from anchorset.produce.asking.persona import LONGEST
from anchorset.produce.asking.policy import Policy
from anchorset.produce.asking.request import Method, Scene, Slot
from anchorset.produce.message import last_message

_TRIED = 2


def pairs(policies: Sequence[Policy], random_seed: int) -> list[tuple[Way, Policy | None]]:
    """Every family with every policy that allows it, in an order in which neighbours differ in both."""
    drawn = sorted(ways(), key=lambda way: draw(random_seed, "way", way.family))
    ruled: list[Policy | None] = [*sorted(policies, key=lambda one: draw(random_seed, "policy", one.name))] or [None]
    # Diagonals: step n has family n and a policy that moves on with it, so that few attempts already cover both.
    found = []
    for lap in range(len(ruled)):
        for at, way in enumerate(drawn):
            policy = ruled[(at + lap) % len(ruled)]
            if policy is None or not policy.families or way.family in policy.families:
                found.append((way, policy))
    return found


def _drawn(scene: Scene, n: int, attempt: int, parent: Case | None) -> Slot:
    choices = pairs(scene.settings.policies, scene.order.random_seed)
    way, policy = choices[(scene.order.first + attempt) % len(choices)]
    return Slot(n=n, attempt=attempt, parent=parent, way=way, policy=policy)


def _told(scene: Scene, slots: tuple[Slot, ...]) -> Mapping[str, Any]:
    policies = {slot.policy.name: slot.policy for slot in slots if slot.policy is not None}
    return {
        "slots": [
            {
                "n": slot.n,
                "how": slot.way.how if slot.way is not None else "",
                "policy": slot.policy.name if slot.policy is not None else "",
                "seed": _seed(slot),
            }
            for slot in slots
        ],
        "policies": [
            {
                "name": policy.name,
                "rule": policy.rule,
                "tried": [fenced(text[:LONGEST], "real") for text in policy.examples[:_TRIED]],
            }
            for policy in policies.values()
        ],
    }


def _seed(slot: Slot) -> str:
    message = last_message(slot.parent) if slot.parent is not None else None
    return fenced(message[0][:LONGEST] if message else "", "real")


REDTEAM = Method(name="redteam", technique="redteam", rewrites=True, criteria=True, slot=_drawn, values=_told)
