"""prompted: a message for one cell of the grid, in nobody's voice in particular.

What this module does not know: other techniques.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anchorset.core.case import Case
from anchorset.core.hashing import draw
from anchorset.produce.asking.book import in_turn
from anchorset.produce.asking.request import Method, Scene, Slot


def drawn(scene: Scene, n: int, attempt: int, parent: Case | None) -> Slot:
    """A style of the seeds and a topic, each in its turn."""
    order, settings = scene.order, scene.settings
    styles = scene.book.styles(order, order.brief.language or settings.language)
    seed = order.random_seed, order.brief.id
    style = styles[in_turn(draw(*seed, "style"), len(styles), attempt)] if styles else None
    topic = settings.topic
    if topic is None and settings.topics:
        topic = settings.topics[in_turn(draw(*seed, "topic"), len(settings.topics), attempt)]
    return Slot(n=n, attempt=attempt, style=style, topic=topic)


def _told(scene: Scene, slots: tuple[Slot, ...]) -> Mapping[str, Any]:
    return {"slots": [{"n": slot.n, "style": spoken(slot), "topic": slot.topic} for slot in slots]}


def spoken(slot: Slot) -> str:
    """The manner of a line, in words; without seeds nothing can be said of it but that it be short."""
    return slot.style.phrase if slot.style is not None else "short, as people type"


PROMPTED = Method(
    name="prompted", technique="prompted", rewrites=False, criteria=False, slot=drawn, values=_told
)  # fmt: skip
