"""How one message is written: length, capitals, marks, manners, first word. Measured on real ones, ordered of a model.

A style is always that of one real message, never put together from averages: so what is ordered has the seeds' own
distribution, and short messages stay as careless as short messages are.
What this module does not know: what a message says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from pydantic import JsonValue

from anchorset.core.persona import Persona
from anchorset.infra.text.register import NAMES, register
from anchorset.infra.text.vocabulary import words

Capitals = Literal["sentence", "small_start", "lower", "upper"]

_COLUMN = {name: at for at, name in enumerate(NAMES)}
_FEW_SEEDS = 3
"""A first word is ordered when at least so many seeds, and 1 in 100, begin with it: a rarer one may be a name."""
_ONE_IN = 100
_CASES = {"lower": ("lower",), "upper": ("upper",), "sentence": ("sentence",)}
_MARKS = re.compile(r"[.!?…]+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """The manner of one message."""

    length: int | None = None
    """In `unit`; None: it is not said."""
    unit: Literal["words", "characters"] = "words"
    """Characters where the script has no spaces between words."""
    sentences: int = 1
    capitals: Capitals = "sentence"
    ends: Literal["", ".", "?", "!", "…"] = ""
    """The mark at the end."""
    marks: bool = False
    """Repeated ones, `??` or `!!!`."""
    greets: bool = False
    polite: bool = False
    signs_off: bool = False
    emoji: bool = False
    slang: bool = False
    careless: bool = False
    """Apostrophes left out: `dont`."""
    lines: bool = False
    """Written on several lines."""
    opening: str | None = None
    """The first word, where it is a common one."""

    @property
    def recorded(self) -> dict[str, JsonValue]:
        """What is kept in provenance: all that is not as usual, and the length."""
        plain = Style()
        return {name: getattr(self, name) for name in self.__slots__ if getattr(self, name) != getattr(plain, name)}

    @property
    def phrase(self) -> str:
        """What a prompt says of it. Greeting, thanks, slang and emoji are only named where there are any."""
        parts = [self._how_long(), _CAPITALS[self.capitals]]
        if self.opening:
            parts.append(f"first word {self.opening!r}")
        elif self.greets:
            parts.append("begins with a greeting")
        if self.polite:
            parts.append("says please or thanks")
        if self.slang:
            parts.append("chat slang")
        if self.careless:
            parts.append("apostrophes left out")
        if self.emoji:
            parts.append("an emoji")
        if self.signs_off:
            parts.append("signs off at the end")
        if self.lines:
            parts.append("on several lines")
        parts.append(_ENDS[self.ends])
        if self.marks:
            parts.append("repeated marks (?? or !!) somewhere")
        return ", ".join(part for part in parts if part)

    def _how_long(self) -> str:
        if self.length is None:
            return ""
        unit = self.unit if self.length != 1 else self.unit[:-1]
        about = "" if self.length <= 4 else "about "
        sentences = f" in {self.sentences} sentences" if self.sentences > 1 else ""
        return f"{about}{self.length} {unit}{sentences}"


_CAPITALS: Mapping[Capitals, str] = {
    "sentence": "", "small_start": "small first letter", "lower": "all lower case", "upper": "ALL CAPITALS",
}  # fmt: skip
_ENDS = {"": "no mark at the end", ".": "full stop at the end", "?": "question mark at the end",
         "!": "exclamation mark at the end", "…": "trails off with dots"}  # fmt: skip


def styles_of(texts: Sequence[str]) -> list[Style]:
    """The style of each text, in order. First words are those that several of these texts share."""
    _, matrix = register(texts)
    said = [words(text) for text in texts]
    firsts: dict[str, int] = {}
    for one in said:
        if one:
            firsts[one[0]] = firsts.get(one[0], 0) + 1
    least = max(_FEW_SEEDS, len(texts) / _ONE_IN)
    found = []
    for text, row, one in zip(texts, matrix.tolist(), said, strict=True):
        first = one[0] if one and firsts[one[0]] >= least and one[0].isalpha() else None
        found.append(_style(text, row, len(one), first))
    return found


def _style(text: str, row: Sequence[float], n_words: int, first: str | None) -> Style:
    value = {name: row[at] for name, at in _COLUMN.items()}
    by_words = int(value["words"])
    unspaced = n_words > 3 * max(1, by_words)
    return Style(
        length=len(text.strip()) if unspaced else by_words,
        unit="characters" if unspaced else "words",
        sentences=max(1, int(value["sentences"])),
        capitals=_capitals(text, value),
        ends=_end(text),
        marks=value["repeated_marks"] > 0 and not text.rstrip().endswith("..."),
        greets=value["greeting"] > 0,
        polite=value["polite"] > 0,
        signs_off=value["sign_off"] > 0 and n_words > 3,
        emoji=value["emoji"] > 0,
        slang=value["slang"] > 0,
        careless=value["apostrophes_left_out"] > 0,
        lines=value["newlines"] > 0,
        opening=first,
    )  # fmt: skip


def _capitals(text: str, value: Mapping[str, float]) -> Capitals:
    if text.lower() == text.upper():  # a script without capitals, or no letter at all
        return "sentence"
    if value["all_caps"]:
        return "upper"
    if value["all_lower"]:
        return "lower"
    first = text.strip()[:1]
    return "small_start" if first.islower() else "sentence"


def _end(text: str) -> Literal["", ".", "?", "!", "…"]:
    found = _MARKS.search(text.rstrip().replace("？", "?").replace("！", "!").replace("。", "."))
    if found is None:
        return ""
    mark = found.group()
    if "?" in mark:
        return "?"
    if "!" in mark:
        return "!"
    return "…" if "…" in mark or len(mark) > 1 else "."


def fitting(styles: Sequence[Style], persona: Persona) -> list[Style]:
    """The styles that this person could have, as real people of that kind have them; else all, made to fit.

    What the persona says nothing of stays as the seeds have it.
    """
    tests = _tests(persona)
    kept = list(styles)
    for test in tests:
        kept = [style for style in kept if test(style)] or kept
    return [_made_to_fit(style, persona) for style in kept]


def _tests(persona: Persona) -> list[Callable[[Style], bool]]:
    how = persona.communication
    tests: list[Callable[[Style], bool]] = []
    if how.case in _CASES:
        tests.append(lambda style: style.capitals in _CASES[how.case or ""])
    if how.emoji is not None and how.emoji != "occasional":
        tests.append(lambda style: style.emoji == (how.emoji == "frequent"))
    if how.punctuation == "none":
        tests.append(lambda style: not style.ends)
    if how.punctuation == "heavy":
        tests.append(lambda style: style.marks or style.ends == "!")
    if how.formality in ("none", "low"):
        tests.append(lambda style: not style.signs_off)
    if how.formality == "high":
        tests.append(lambda style: not (style.slang or style.careless or style.marks))
    return tests


def _made_to_fit(style: Style, persona: Persona) -> Style:
    """What the persona says for certain, where no seed had it."""
    how = persona.communication
    changed = style
    if how.case == "lower":
        changed = replace(changed, capitals="lower")
    elif how.case == "upper":
        changed = replace(changed, capitals="upper")
    elif how.case == "sentence" and changed.capitals != "sentence":
        changed = replace(changed, capitals="sentence")
    if how.emoji in ("none", "frequent"):
        changed = replace(changed, emoji=how.emoji == "frequent")
    if how.punctuation == "none":
        changed = replace(changed, ends="", marks=False)
    elif how.punctuation == "heavy" and not changed.marks:
        changed = replace(changed, marks=True)
    if how.formality == "high":
        changed = replace(changed, slang=False, careless=False)
    return changed


def by_verbosity(styles: Sequence[Style], persona: Persona) -> list[Style]:
    """The shorter half of the styles for who says little, the longer half for who says much; None and medium: all."""
    verbosity = persona.communication.verbosity
    if verbosity in (None, "medium") or len(styles) < 4:
        return list(styles)
    lengths = sorted(style.length or 0 for style in styles)
    middle = lengths[len(lengths) // 2]
    if verbosity == "high":
        return [style for style in styles if (style.length or 0) >= middle]
    return [style for style in styles if (style.length or 0) <= middle]
