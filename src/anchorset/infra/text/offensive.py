"""Offensive words and threats, spelt plainly or disguised, with how bad each is.

Angry customers swear mildly and are right to be in an eval; slurs, sexual insults and threats are another matter.
The word list is ours, modest and in rot13. What this module does not know: context beyond the phrase.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, cast, get_args

Severity = Literal["mild", "sexual", "slur", "threat"]


@dataclass(frozen=True, slots=True)
class Offence:
    """One offensive stretch of a text, by code point offsets."""

    severity: Severity
    start: int
    end: int
    text: str


_SEVERITIES: tuple[Severity, ...] = get_args(Severity)
_LETTERS = {
    "a": "@4àáâãäåаα", "b": "в", "c": "ç¢с", "e": "3éèêëеε", "g": "9", "h": "н", "i": "1íìîïіι", "k": "κк", "n": "ñ",
    "o": "0óòôõöоο", "p": "р", "s": "$5ѕ", "t": "7", "u": "úùûüυ", "x": "х", "y": "у",
}  # fmt: skip
"""What stands in for a letter: leetspeak, accents, Cyrillic and Greek look-alikes."""
_PLAIN = str.maketrans(
    {disguise: letter for letter, disguises in _LETTERS.items() for disguise in disguises}
    | {chr(65 + n): chr(97 + n) for n in range(26)}
    | {chr(first + n): chr(97 + n) for n in range(26) for first in (0xFF21, 0xFF41)}
    | {"’": "'"}
)
"""One character for one, so that offsets stay."""
_ENDINGS = "(?:s|es|ed|er|ers|in|ing|y|ty|head|heads|face)?"
_REPEATS = "{0,9}"
"""Bounded: two unbounded repeats of one letter side by side would make the time quadratic."""
_BETWEEN = r"[ .\-_*]{1,2}"


def offences(text: str) -> list[Offence]:
    """Every offensive stretch, in order, never overlapping; of two that overlap the worse stays."""
    plain = text.translate(_PLAIN)
    found: list[Offence] = []
    ask_phrases = False
    for match in _words().finditer(plain):
        if match.lastgroup == "gate":
            ask_phrases = True
        elif (severity := _severity(match, text)) is not None:
            ask_phrases = True
            found.append(Offence(severity, match.start(), match.end(), text[match.start() : match.end()]))
    if ask_phrases:
        for severity, phrase in _phrases():
            found += (Offence(severity, m.start(), m.end(), text[m.start() : m.end()]) for m in phrase.finditer(plain))
    if not found:
        return found
    harmless = [match.span() for match in _harmless().finditer(plain)]
    kept: list[Offence] = []
    for one in sorted(found, key=lambda one: (-_SEVERITIES.index(one.severity), one.start)):
        if not any(start < one.end and one.start < end for start, end in harmless) and not any(
            other.start < one.end and one.start < other.end for other in kept
        ):
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)


def _severity(match: re.Match[str], text: str) -> Severity | None:
    """None for a name (`Dick`), for a number (`455`) and for letters that are spelt out but say nothing."""
    kind, written = match.lastgroup or "", text[match.start() : match.end()]
    if kind == "spelt":
        again = _words().fullmatch("".join(filter(str.isalpha, match.group())))
        kind = (again.lastgroup if again else None) or "gate"
    if kind in ("gate", "spelt"):
        return None
    if kind.endswith("_name") and written[0].isupper():
        return None
    digits = sum(map(str.isdigit, written))
    if digits and (digits * 2 > len(written) or len(written) <= 3):
        return None
    return cast(Severity, kind.split("_")[0])


@cache
def _words() -> re.Pattern[str]:
    """All words in one pass. The group's name is the severity, with `_name` for words that are also names."""
    listed: dict[str, tuple[list[str], list[str]]] = {}
    for severity, word, *marks in _rows("offensive_words.tsv"):
        mark = "".join(marks)
        listed.setdefault(severity + "_name" * ("~" in mark), ([], []))["+" in mark].append(word)
    groups = [
        f"(?P<{name}>" + "|".join(filter(None, (_trie(bare), _trie(open_) + _ENDINGS if open_ else ""))) + ")"
        for name, (bare, open_) in listed.items()
    ]
    gate = next(pattern for kind, pattern, *_ in _rows("offensive_phrases.tsv") if kind == "gate")
    groups += [
        f"(?P<gate>{_trie(gate.split('|'), exact=True)})",
        rf"(?P<spelt>[a-z](?:{_BETWEEN}[a-z](?![a-z])){{2,12}})",
    ]
    return re.compile(rf"(?<![a-z])(?:{'|'.join(groups)})(?![a-z])")


@cache
def _phrases() -> list[tuple[Severity, re.Pattern[str]]]:
    return [
        (kind, re.compile(pattern.replace(" ", r"\s{1,3}")))
        for kind, pattern, *_ in _rows("offensive_phrases.tsv")
        if kind in _SEVERITIES
    ]


@cache
def _harmless() -> re.Pattern[str]:
    return re.compile(next(pattern for kind, pattern, *_ in _rows("offensive_phrases.tsv") if kind == "harmless"))


def _rows(name: str) -> Iterator[list[str]]:
    for line in (files(__package__) / name).read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            first, second, *rest = line.split("\t")
            yield [first, codecs.decode(second, "rot13"), *rest]


def _trie(words: list[str], *, exact: bool = False) -> str:
    """A pattern for any of `words` that tries each shared beginning once. Unless `exact`, letters may be repeated."""
    heads: dict[str, list[str]] = {}
    for word in words:
        heads.setdefault(word[:1], []).append(word[1:])
    ends = heads.pop("", None) is not None
    branches = [(_letter(head, exact=exact)) + _trie(tails, exact=exact) for head, tails in heads.items()]
    if not branches:
        return ""
    body = "|".join(branches)
    return f"(?:{body})?" if ends else f"(?:{body})" if len(branches) > 1 else body


def _letter(letter: str, *, exact: bool) -> str:
    if exact:
        return letter
    if letter in "aeiou":
        # `f*ck`, `sh!t`: marks count inside a word only, for `!` ends many sentences
        return f"[{letter}*{'!|' * (letter == 'i')}]{letter}{_REPEATS}"
    return f"[li]{letter}{_REPEATS}" if letter == "l" else f"{letter}{letter}{_REPEATS}"
