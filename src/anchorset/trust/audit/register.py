"""Register: the habits of writing that give a costume away: full stops, capitals, courtesy, emoji.

What this module does not know: what is written about, and how a habit is recognised.
"""

from __future__ import annotations

import numpy as np

from anchorset.core.numbers import share
from anchorset.infra.text.register import register as habits_of
from anchorset.trust.audit.features import MAX_CHARACTERS, Floats
from anchorset.trust.audit.ground import Ground, first
from anchorset.trust.audit.null import Measured
from anchorset.trust.audit.report import Trait

_FLOOR = 0.08

HABITS: dict[str, tuple[str, tuple[str, ...]]] = {
    "punctuation": ("end with a punctuation mark", ("ends_punctuated",)),
    "capitals": ("begin with a capital letter", ("starts_upper",)),
    "shouting": ("are all in capitals", ("all_caps",)),
    "politeness": ("say please, thanks or the like", ("polite",)),
    "greeting": ("greet or sign off", ("greeting", "sign_off")),
    "emoji": ("hold an emoji or a typed face", ("emoji",)),
    "questions": ("hold a question mark", ("questions",)),
    "exclamations": ("hold an exclamation mark", ("exclamations",)),
    "commas": ("hold a comma", ("commas",)),
    "contractions": ("hold a contraction such as don't", ("contractions",)),
    "slang": ("hold slang or a left-out apostrophe", ("slang", "apostrophes_left_out", "repeated_letters")),
}
"""Habit -> how it is said of cases, and the columns of which one above zero shows it."""


def columns(texts: tuple[str, ...]) -> tuple[tuple[str, ...], Floats]:
    """Names and (n, columns) of everything the register knows of each text."""
    return habits_of([text[:MAX_CHARACTERS] for text in texts])


def register(ground: Ground, names: tuple[str, ...], values: Floats) -> tuple[list[Measured], tuple[Trait, ...]]:
    """`register.*`: the share of cases that show each habit; names and values from `columns`."""
    shows = np.stack(
        [values[:, [names.index(one) for one in wanted]].max(axis=1) > 0 for _, wanted in HABITS.values()], axis=1
    ).astype(np.float32)
    real, synthetic = ground.labels.shares(shows)
    signals, traits = [], []
    for at, (name, (habit, _)) in enumerate(HABITS.items()):
        signals.append(_habit(ground, name, habit, real[at], synthetic[at], shows[:, at]))
        traits.append(Trait(name=habit, real=first(real[at]), synthetic=first(synthetic[at])))
    return signals, tuple(traits)


def _habit(ground: Ground, name: str, habit: str, real: Floats, synthetic: Floats, shows: Floats) -> Measured:
    ours, theirs = first(real), first(synthetic)
    telling = shows if theirs > ours else 1 - shows
    return Measured(
        name=f"register.{name}", statistic=synthetic - real, tail="both", floor=_FLOOR, value=theirs, reference=ours,
        as_value=lambda difference: min(1.0, max(0.0, ours + difference)),
        why=f"{share(theirs)} of the synthetic cases {habit}, {share(ours)} of the real ones.",
        examples=ground.holding(telling, synthetic=True),
    )  # fmt: skip
