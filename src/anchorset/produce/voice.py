"""A persona's voice put on a text without a model: style transforms that never touch what is asked.

Only what transforms can really do: capitals, punctuation, emoji, politeness, hurry, slang, filler. What else a persona
is (its age, what it knows) takes a model.
What this module does not know: cells, quotas, and what the text says.
"""

from __future__ import annotations

from anchorset.core.case import Case
from anchorset.core.persona import Persona
from anchorset.core.provenance import Step, Synthetic
from anchorset.infra.text.protect import protected
from anchorset.produce.dice import Dice
from anchorset.produce.message import message_of
from anchorset.produce.operators.operator import TextOperator
from anchorset.produce.operators.table import ALL

OCCASIONALLY = 3
"""One text in so many has the emoji of a persona that uses them occasionally."""


def transforms(persona: Persona, *, emoji: bool = False) -> tuple[TextOperator, ...]:
    """The operators that make this voice, in the order in which they are applied; none when nothing is said of it.

    `emoji`: whether it is the turn of one that comes occasionally.
    """
    how, who = persona.communication, persona.attributes
    names: list[str] = []
    if how.formality in ("none", "low"):
        names.append("register.frustrated" if who.patience == "none" else "register.blunt")
        names.append("word.contract" if how.verbosity != "low" else "word.text_style")
    elif how.formality == "high":
        names += ["word.write_out", "register.formal" if who.expertise == "expert" else "register.polite"]
    if how.verbosity == "low":
        names.append("word.drop_function")
    elif how.verbosity == "high":
        names.append("word.filler")
    names += {"none": ["emoji.remove"], "frequent": ["emoji.add"]}.get(how.emoji or "", [])
    names += ["emoji.add"] if emoji and how.emoji == "occasional" else []
    names += {"none": ["punct.strip"], "heavy": ["punct.repeated"]}.get(how.punctuation or "", [])
    names += {"lower": ["case.lower"], "upper": ["case.upper"]}.get(how.case or "", [])
    found = [ALL[name] for name in names]
    return tuple(one for one in found if isinstance(one, TextOperator) and one.relation == "invariant")


def spoken(case: Case, persona: Persona, dice: Dice) -> Case:
    """The case as this persona would write it, every step recorded; of a chat its main turn."""
    message = message_of(case)
    origin = case.provenance
    if message is None or not isinstance(origin, Synthetic):
        return case
    text, put = message
    steps: list[Step] = []
    for operator in transforms(persona, emoji=not dice.below(OCCASIONALLY)):
        changed = operator.apply(text, dice, protected(text))
        if changed is not None:
            text = changed[0]
            steps.append(operator.step(changed[1]))
    lineage = origin.model_copy(update={"persona": persona.name, "operators": (*origin.operators, *steps)})
    return case.revised(input=put(text), provenance=lineage).model_copy(update={"revision_of": None})
