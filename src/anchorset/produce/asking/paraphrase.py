"""paraphrase: the same said by somebody else. A mutation whose operator is a model; relation: invariant.

That numbers, dates, entities and negation are kept is asked here and measured by the gate (`relation.holds`).
What this module does not know: the other operators.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from anchorset.core.case import Case
from anchorset.core.inert import fenced
from anchorset.produce.asking.persona import LONGEST
from anchorset.produce.asking.prompted import drawn, spoken
from anchorset.produce.asking.request import Method, Scene, Slot
from anchorset.produce.message import message_of

OPERATOR = "paraphrase"


def _drawn(scene: Scene, n: int, attempt: int, parent: Case | None) -> Slot:
    """Another real message's habits of typing, and the length and mood of this one."""
    slot = drawn(scene, n, attempt, parent)
    own = scene.book.sound(parent) if parent is not None else None
    style = slot.style
    if style is not None and own is not None:
        loud = "upper" in (style.capitals, own.style.capitals)
        asks = "?" in (style.ends, own.style.ends)
        style = replace(
            own.style,
            capitals=own.style.capitals if loud else style.capitals,
            ends=own.style.ends if asks else style.ends,
            slang=style.slang,
            careless=style.careless,
            opening=None,
        )
    return replace(slot, style=style, topic=None, parent=parent)


def _told(scene: Scene, slots: tuple[Slot, ...]) -> Mapping[str, Any]:
    told = []
    for slot in slots:
        message = message_of(slot.parent) if slot.parent is not None else None
        told.append(
            {"n": slot.n, "style": spoken(slot), "seed": fenced(message[0][:LONGEST] if message else "", "real")}
        )
    return {"slots": told}


PARAPHRASE = Method(name="paraphrase", technique="mutation", rewrites=True, criteria=False, slot=_drawn, values=_told)
