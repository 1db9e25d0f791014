"""Which voices a configuration asks for: read from personas, and from what the values of the axes are called.

What this module does not know: which voices the seeds have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from anchorset.core.config import Config
from anchorset.core.persona import Persona

ASKED = {
    "angry": re.compile(r"\b(?:angry|anger|furious|frustrat\w*|escalat\w*|rude|hostile|outraged|irate|upset)", re.I),
    "lower": re.compile(r"\b(?:lower[ -]?case|all[ -]lower|no capitals)\b", re.I),
    "caps": re.compile(r"\b(?:all[ -]?caps|shout\w*|upper[ -]?case)\b", re.I),
    "emoji": re.compile(r"\bemojis?\b", re.I),
    "slang": re.compile(r"\b(?:slang|teen\w*|texting|sms)\b", re.I),
    "terse": re.compile(r"\b(?:terse|curt|three words|one word|telegraphic|short messages)\b", re.I),
}
"""Voice -> what asks for it."""

_DENIED = re.compile(r"\b(?:no|not|never|without|isn't|doesn't)\W+(?:\w+\W+){0,2}$", re.I)

NAMES = {
    "angry": "an angry register (exclamations, repeated marks, capitals)", "lower": "all lower case",
    "caps": "all capitals", "emoji": "emoji", "slang": "slang", "terse": "four words or fewer",
    "unpunctuated": "no mark at the end",
}  # fmt: skip


def asked(config: Config, personas: Mapping[str, Persona]) -> dict[str, list[str]]:
    """Voice -> who asks for it (`persona frustrated`, `user_type=angry_escalator`), in the order of the file."""
    found: dict[str, list[str]] = {}
    for who, voice in _asked(config, personas):
        listed = found.setdefault(voice, [])
        if who not in listed:
            listed.append(who)
    return found


def _asked(config: Config, personas: Mapping[str, Persona]) -> Iterator[tuple[str, str]]:
    for name, weight in config.personas.items():
        if weight <= 0:
            continue
        persona = personas.get(name)
        yield from ((f"persona {name}", voice) for voice in _read(f"{name} {persona.description if persona else ''}"))
        if persona:
            yield from ((f"persona {name}", voice) for voice in _style(persona))
    for axis in config.axes:
        for value, meaning in config.dimensions[axis].items():
            yield from ((f"{axis}={value}", voice) for voice in _read(f"{value} {meaning.about}"))


def _read(text: str) -> Iterator[str]:
    text = text.replace("_", " ")
    for voice, pattern in ASKED.items():
        if any(not _DENIED.search(text[: match.start()]) for match in pattern.finditer(text)):
            yield voice


def _style(persona: Persona) -> Iterator[str]:
    how = persona.communication
    if how.case in ("lower", "upper"):
        yield "lower" if how.case == "lower" else "caps"
    if how.emoji in ("occasional", "frequent"):
        yield "emoji"
    if how.punctuation == "none":
        yield "unpunctuated"
    if persona.attributes.patience == "none":
        yield "angry"
