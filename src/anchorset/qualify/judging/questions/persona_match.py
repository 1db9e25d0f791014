"""The check `persona.match`.

What this module does not know: how the voice was put on.
"""

from __future__ import annotations

from anchorset.core.case import Case
from anchorset.core.inert import short
from anchorset.core.persona import Persona
from anchorset.core.provenance import Synthetic
from anchorset.qualify.judging.question import Question, Scene

LONGEST = 600
"""Characters of a description that are shown."""


class PersonaMatch(Question):
    """The words fit the persona they were ordered for, without playing it.

    What it looks at: expertise, patience, formality, length and the other attributes of the persona's file.
    Why it matters: a slice by persona says nothing when every persona sounds alike, or like a bad actor.
    Example that fails: persona `novice` asking about `idempotency keys of the refund endpoint`.
    How to fix it: reject it in review; when many are flagged, give the persona examples that real users wrote.
    """

    code = "persona.match"
    version = 1
    field = "persona"
    asks = (
        "Might this person have written it? No, when the words contradict what is said of the person, and no, when "
        "they are a caricature: every trait at once, or a trait announced instead of shown. One message need not show "
        "every trait."
    )
    otherwise = "no persona"

    def applies(self, case: Case, scene: Scene) -> bool:
        return _persona(case, scene) is not None

    def words(self, case: Case, scene: Scene) -> str:
        persona = _persona(case, scene)
        assert persona is not None  # it applies
        return f"The case was ordered in the voice of {described(persona)} {self.asks}"


def _persona(case: Case, scene: Scene) -> Persona | None:
    origin = case.provenance
    return scene.personas.get(origin.persona or "") if isinstance(origin, Synthetic) else None


def described(persona: Persona) -> str:
    """`"novice" (First order. expertise: novice, patience: low).`"""
    traits = [
        f"{name}: {value}"
        for part in (persona.attributes, persona.communication)
        for name, value in part.model_dump(exclude_none=True).items()
    ]
    said = short(" ".join(filter(None, (persona.description.strip(), ", ".join(traits)))), LONGEST)
    return f'"{persona.name}" ({said}).' if said else f'"{persona.name}".'
