"""persona: a message for one cell in the voice of one person.

What the person says for certain of how they write (capitals, marks, emoji) is in the style of each line; what is left
(knowledge, patience, trade) is told in words.
What this module does not know: other techniques.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anchorset.core.errors import UsageError
from anchorset.core.hashing import draw
from anchorset.core.inert import fenced
from anchorset.core.persona import Persona
from anchorset.produce.asking.languages import language_name
from anchorset.produce.asking.prompted import drawn, spoken
from anchorset.produce.asking.request import Method, Scene, Slot

EXAMPLES = 3
LONGEST = 600
"""Characters of a text that is shown; the rest is cut."""

_EXPERTISE = {
    "novice": "knows little of such products: uses everyday words, sometimes the wrong ones, and misses what matters",
    "intermediate": "has used such products for a while and knows the usual words",
    "expert": "knows such products well: names things exactly, leaves out the obvious, asks the point",
}
_PATIENCE = {
    "none": "has no patience left: demands, interrupts, may be rude",
    "low": "is impatient: short, pressing",
    "medium": "is patient as long as things move",
    "high": "is patient: gives time and detail without being asked",
}
_FORMALITY = {
    "none": "writes as to a friend",
    "low": "writes casually",
    "medium": "writes neutrally",
    "high": "writes formally, in whole sentences",
}
_VERBOSITY = {
    "none": "says the bare minimum",
    "low": "says little",
    "medium": "says what is needed",
    "high": "tells more than is needed, beside the point too",
}
_EMOJI = {"none": "never uses emoji", "occasional": "uses an emoji now and then", "frequent": "uses emoji a lot"}
_PUNCTUATION = {"none": "leaves punctuation out", "plain": "punctuates plainly", "heavy": "piles up marks: !!, ??, …"}
_CASE = {"lower": "types all in lower case", "sentence": "capitalises as one should", "upper": "types in capitals"}


def traits(persona: Persona) -> list[str]:
    """What is said of a person, a line each; nothing about what is not known."""
    who, how = persona.attributes, persona.communication
    found = [
        who.background and f"background: {who.background}",
        who.expertise and _EXPERTISE[who.expertise],
        who.patience and _PATIENCE[who.patience],
        how.formality and _FORMALITY[how.formality],
        how.verbosity and _VERBOSITY[how.verbosity],
        how.case and _CASE[how.case],
        how.punctuation and _PUNCTUATION[how.punctuation],
        how.emoji and _EMOJI[how.emoji],
        persona.language and f"writes in {language_name(persona.language)}",
        persona.locale and f"lives where the locale is {persona.locale}: its money, dates, places and spelling",
    ]
    return [one for one in found if one]


def _told(scene: Scene, slots: tuple[Slot, ...]) -> Mapping[str, Any]:
    persona = scene.order.persona
    if persona is None:
        raise UsageError(
            f"the brief for {scene.order.brief.cell!r} asks for the persona {scene.order.brief.persona!r}, which is "
            "not there; add its file to `personas/`, or use the technique `prompted`"
        )
    start = draw(scene.order.random_seed, scene.order.brief.id, "examples") + scene.turn * EXAMPLES
    shown = [
        persona.examples[(start + at) % len(persona.examples)] for at in range(min(EXAMPLES, len(persona.examples)))
    ]
    return {
        "slots": [{"n": slot.n, "style": spoken(slot), "topic": slot.topic} for slot in slots],
        "persona": {
            "name": persona.name,
            "description": persona.description,
            "traits": traits(persona),
            "examples": [fenced(text[:LONGEST], "real") for text in shown],
        },
    }


PERSONA = Method(name="persona", technique="persona", rewrites=False, criteria=False, slot=drawn, values=_told)
