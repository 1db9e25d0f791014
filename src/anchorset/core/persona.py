"""A persona: who is speaking. It lives inside a cell, and gives a case its voice.

What this module does not know: files, and how a voice is put on.
"""

from __future__ import annotations

from typing import Literal

from anchorset.core.config import Name
from anchorset.core.noun import Names, Noun

Level = Literal["none", "low", "medium", "high"]


class Attributes(Noun):
    """What the person brings along; None: not said."""

    expertise: Literal["novice", "intermediate", "expert"] | None = None
    patience: Level | None = None
    background: str | None = None
    """Age, trade, technical background: one sentence."""


class Communication(Noun):
    """How the person writes; None: not said."""

    formality: Level | None = None
    verbosity: Level | None = None
    emoji: Literal["none", "occasional", "frequent"] | None = None
    punctuation: Literal["none", "plain", "heavy"] | None = None
    case: Literal["lower", "sentence", "upper"] | None = None


class Persona(Noun):
    """One file in `personas/`."""

    name: Name
    description: str = ""
    """A blurb with age, style and knowledge."""
    attributes: Attributes = Attributes()
    communication: Communication = Communication()
    language: str | None = None
    """ISO 639-1; None: the workspace's."""
    locale: str | None = None
    examples: Names = ()
    """Messages this person wrote."""
