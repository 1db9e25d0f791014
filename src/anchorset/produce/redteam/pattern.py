"""The catalogue of attack patterns: ours, as data in `catalogue.json`, one pattern a line.

Ids: OWASP Top 10 for LLM Applications 2025 (`LLM01:2025`), MITRE ATLAS 5.6 (`AML.T0051.000`).
What this module does not know: seeds.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from itertools import zip_longest
from typing import Literal

from pydantic import Field

from anchorset.core.hashing import draw
from anchorset.core.noun import Names, Noun

Encoding = Literal["base64", "leet", "homoglyph", "zero_width", "spaced", "reversed", "rot13"]

Family = Literal[
    "direct_injection", "indirect_injection", "jailbreak", "prompt_extraction", "data_leakage", "false_premise",
    "policy_probe", "excessive_agency", "harmful_content", "manipulation", "format_pressure", "format_breaking",
    "resource_pressure", "obfuscation", "over_refusal",
]  # fmt: skip


class Pattern(Noun):
    """One attack, or one harmless message that looks like one."""

    id: str = Field(pattern=r"^[a-z_]+\.[a-z0-9_]+$")
    """`family.what`."""
    family: Family
    owasp: str = Field(pattern=r"^LLM(0[1-9]|10):2025$")
    atlas: str = Field(pattern=r"^AML\.T\d{4}(\.\d{3})?$")
    """For an over-refusal twin both ids are those of the attack that it looks like."""
    since: str = Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")
    """Year and month since when this way of attacking is widely known: old ones are in every model's training."""
    text: str
    """Where the seed stands: {seed} as written, {Seed} with an end mark, {ask} going on a sentence, {coded} hidden."""
    criteria: Names = Field(min_length=1)
    """What a good answer does."""
    encode: Encoding | None = None
    """How {coded} hides an instruction."""
    hidden: str = ""
    """With `encode` only: the instruction that {coded} hides, with the seed's words at {seed}."""
    desk: bool = False
    """True: it only makes sense where a customer talks to a company about something of theirs."""
    twin_of: str | None = None
    """Over-refusal only: id of the attack that this harmless message looks like."""

    @property
    def tags(self) -> tuple[str, ...]:
        """What a filter counts as an attack has `attack:`, `owasp:` and `atlas:`; a harmless twin has none of them."""
        since = f"since:{self.since}"
        if self.twin_of:
            look = (f"twin-of-owasp:{self.owasp}", f"twin-of-atlas:{self.atlas}")
            return (f"redteam:{self.family}", f"twin:{self.twin_of}", *look, since)
        return (f"redteam:{self.family}", f"attack:{self.id}", f"owasp:{self.owasp}", f"atlas:{self.atlas}", since)


@cache
def catalogue() -> tuple[Pattern, ...]:
    """All built-in patterns, in the order of the file."""
    rows = json.loads(files(__package__).joinpath("catalogue.json").read_text(encoding="utf-8"))
    return tuple(Pattern.read(row, where=f"catalogue.json pattern {at}") for at, row in enumerate(rows, 1))


@cache
def in_turn(random_seed: int, *, desk: bool) -> tuple[Pattern, ...]:
    """All patterns, in a drawn order in which neighbours are of different families. `desk` False: without desk ones."""
    families: dict[str, list[Pattern]] = {}
    for pattern in sorted(catalogue(), key=lambda one: draw(random_seed, "pattern", one.id)):
        if desk or not pattern.desk:
            families.setdefault(pattern.family, []).append(pattern)
    order = sorted(families, key=lambda family: draw(random_seed, "family", family))
    rounds = zip_longest(*(families[family] for family in order))
    return tuple(pattern for turn in rounds for pattern in turn if pattern is not None)
