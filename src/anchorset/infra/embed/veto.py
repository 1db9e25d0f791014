"""What two texts must agree on before they may be called the same: numbers, dates, entities, negation.

Plain rules over words, in microseconds, because vectors and edit distances see none of it: "block my card" and
"unblock my card" are as near as two texts can be. English first; months, weekdays and negators of German, French,
Spanish, Italian, Portuguese, Dutch and Russian are known too. It errs toward difference, except that a slip of the
keyboard (two letters swapped, one doubled) in a name or a negator is no difference.
What this module does not know: meaning, distances, thresholds.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.distance import OSA

from anchorset.infra.embed.veto_words import (
    ALSO_PLAIN_WORDS,
    CAPITAL_PRONOUNS,
    CURRENCY,
    DATE_WORDS,
    NEGATORS,
    NUMBER_WORDS,
    OPPOSITE_PREFIXES,
    OPPOSITES,
    ORDINALS,
)

Difference = Literal["number", "date", "entity", "negation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What one text says that another must say too."""

    words: frozenset[str]
    """All words, casefolded, apostrophes taken out."""
    numbers: tuple[str, ...]
    """Values in canonical writing, sorted: `40`, `1000.5`. Number words from two up count, units do not."""
    dates: frozenset[str]
    """Months (`m5`), weekdays (`d1` is Monday), relative days, and whole dates (`2026-05-01`)."""
    entities: frozenset[str]
    """Names (capitals inside a sentence), identifiers, addresses and quoted phrases, casefolded."""
    currencies: frozenset[str]
    negations: int
    """How many negators stand in the text."""


def differs_in(a: str, b: str) -> Difference | None:
    """The first of date, number, entity, negation in which two texts differ; None when they agree in all four.

    Negation includes opposites that stand in each other's place: lock and unlock, before and after, up and down.
    "$40" equals "40 dollars", "don't" equals "do not", "2" equals "two", and `PIN` equals `pin`.
    """
    return difference(facts(a), facts(b))


def difference(a: Facts, b: Facts) -> Difference | None:
    """`differs_in` for texts whose facts are already known."""
    if a.dates != b.dates:
        return "date"
    if a.numbers != b.numbers and not _only_one_in_words(a, b):
        return "number"
    if a.currencies and b.currencies and a.currencies != b.currencies:
        return "entity"
    if a.words == b.words and a.entities == b.entities:
        return None if a.negations == b.negations else "negation"
    if _missing(a, b) or _missing(b, a):
        return "entity"
    if a.negations != b.negations or _opposed(a.words - b.words, b.words - a.words):
        return "negation"
    return None


def facts(text: str) -> Facts:
    """What `text` says in numbers, dates, entities and negation; of a text of any length, in time linear in it."""
    numbers: list[str] = []
    dates: set[str] = set()
    entities: set[str] = set()
    rest = text
    if _MAYBE_SPECIAL.search(text):
        rest = _FIGURE_DATE.sub(lambda match: _note_date(match.group(), dates), rest)
        rest = _SPECIAL.sub(lambda match: _note_special(match.group(), numbers, entities), rest)
        dates.update(DATE_WORDS[word.casefold()] for pair in _NEAR_DIGITS.findall(text) for word in pair if word)
    words = _WORD.findall(_plain(rest))
    known = frozenset(words)
    for word in known & _NUMBERS_AND_DATES:
        if word in NUMBER_WORDS:
            numbers += [NUMBER_WORDS[word]] * words.count(word)
        elif word not in ALSO_PLAIN_WORDS:
            dates.add(DATE_WORDS[word])
    capitalised: list[str] = []
    if not rest[1:].islower():
        capitalised = [word for word in _INSIDE_CAPITAL.findall(rest) if word[0].isupper()]
    # A shouted or Title Case text says nothing about names.
    if len(capitalised) <= max(2, len(words) // 2):
        names = (_plain(word) for word in capitalised)
        entities.update(name for name in names if name not in CAPITAL_PRONOUNS and name not in _NUMBERS_AND_DATES)
    if _QUOTE.search(text):
        quoted = (part for pair in _QUOTED.findall(text) for part in pair if part)
        entities.update(" ".join(_WORD.findall(_plain(part))) for part in quoted)
    return Facts(
        words=known,
        numbers=tuple(sorted(numbers)),
        dates=frozenset(dates),
        entities=frozenset(entities),
        currencies=frozenset(CURRENCY[sign] for sign in (known & _CURRENCIES).union(_SIGN.findall(text))),
        negations=sum(map(NEGATORS.__contains__, words)) if known & NEGATORS else 0,
    )


def slip(a: str, b: str) -> bool:
    """Whether two words differ by one slip of the keyboard: neighbours swapped, or a letter doubled."""
    if len(a) == len(b):
        wrong = [i for i, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
        if len(wrong) != 2 or wrong[1] != wrong[0] + 1:
            return False
        return a[wrong[0]] == b[wrong[1]] and a[wrong[1]] == b[wrong[0]]
    short, long = sorted((a, b), key=len)
    return len(long) == len(short) + 1 and any(
        long[i] == long[i - 1] and long[:i] + long[i + 1 :] == short for i in range(1, len(long))
    )


def _plain(text: str) -> str:
    return text.replace("'", "").replace("’", "").casefold()


def _missing(a: Facts, b: Facts) -> bool:
    """Whether an entity of `a` is nowhere in `b`, not even misspelt by a slip."""
    for entity in a.entities:
        if entity in b.entities or entity in b.words or all(part in b.words for part in entity.split()):
            continue
        if not entity.isalpha() or not any(_misspelt(entity, word) for word in b.words - a.words):
            return True
    return False


def _misspelt(name: str, word: str) -> bool:
    # One wrong letter in a long name is a typo; in a short one it may be another name (Iran, Iraq).
    return slip(name, word) or (len(name) >= 7 and OSA.distance(name, word, score_cutoff=1) <= 1)


def _opposed(only_a: frozenset[str], only_b: frozenset[str]) -> bool:
    """Whether a word stands against its own opposite: lock and unlock, before and after."""
    if any(not only_b.isdisjoint(OPPOSITES[word]) for word in only_a & _HAVE_OPPOSITES):
        return True
    return any(
        word.startswith(prefix) and word[len(prefix) :] in other
        for some, other in ((only_a, only_b), (only_b, only_a))
        for word in some
        if word.startswith(OPPOSITE_PREFIXES)
        for prefix in OPPOSITE_PREFIXES
    )


def _only_one_in_words(a: Facts, b: Facts) -> bool:
    """`1` on one side and the word `one`, which is usually a pronoun and so no number, on the other."""
    left, right = Counter(a.numbers), Counter(b.numbers)
    return (left - right, right - left) in ((Counter({"1": 1}), Counter()), (Counter(), Counter({"1": 1}))) and (
        "one" in a.words or "one" in b.words
    )


def _note_date(figures: str, dates: set[str]) -> str:
    parts = [part.lstrip("0") or "0" for part in re.split(r"[-/.]", figures)]
    dates.add("-".join(parts if len(parts[0]) == 4 else reversed(parts)))
    return " "


def _note_special(token: str, numbers: list[str], entities: set[str]) -> str:
    """Sort a token with digits or joints into values and identifiers; it is no word any more."""
    if token[0].isdecimal() or (token[0] in "+-" and token[1:2].isdecimal()):
        value, suffix = _value(token)
        if not any(c.isdigit() or c in "@/_-" for c in suffix):
            numbers.append(value)
            # What is glued to a value is its unit, and is read as a word: 3pm, 5gb.
            return f" {suffix} " if suffix not in ORDINALS else " "
    entities.add(_plain(token))
    return " "


def _value(token: str) -> tuple[str, str]:
    """Canonical value and what follows the digits: `1,000.50` is `1000.5`, `30th` is `30` and `th`."""
    digits = re.match(r"[+-]?[\d.,]*\d", token)
    body = digits.group() if digits else token
    suffix = token[len(body) :].casefold()
    body = body.lstrip("+")
    if re.fullmatch(r"-?\d{1,3}([,.]\d{3})+", body):
        body = re.sub(r"[.,]", "", body)
    head, dot, tail = body.replace(",", ".").rpartition(".")
    whole = (head.replace(".", "") if dot else tail) or "0"
    fraction = tail.rstrip("0") if dot else ""
    sign = "-" if whole.startswith("-") else ""
    # int() also reads the digits of other scripts; very long runs stay text, where it would be slow.
    whole = whole.lstrip("-")
    whole = str(int(whole)) if len(whole) <= 30 else whole.lstrip("0")
    return sign + whole + (f".{fraction}" if fraction else ""), suffix


_SPECIAL = re.compile(
    r"(?<!\w)[^\W\d_]+(?:[@/_]\w|\.[a-z]|\d|-\d)[\w@/.-]*(?<![.-])"  # addresses, paths, identifiers: a@b.com, x_1, A-17
    r"|(?<![\w.])[+-]?\d(?:[.,]?\d)*[\w@/-]*"  # numbers, with what is glued to them
)
# The cheap questions first: most texts have none. A pattern that begins with a plain character is searched fastest, so
# what must stand before that character is asked after it.
_MAYBE_SPECIAL = re.compile(r"[\d@/_]|\.(?<=\w\.)[a-z]")
_WORD = re.compile(r"[^\W_]+")
_INSIDE_CAPITAL = re.compile(r"\s(?<=[\w,;:)'’-]\s)\s*([^\W\d_a-z][\w'’]*)")
_FIGURE_DATE = re.compile(r"(?<!\d)(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2}))(?!\d)")
_QUOTE = re.compile(r"[\"“„«]|'(?<!\S')")
_QUOTED = re.compile(r"[\"“„«]([^\"”“»\n]{1,80})[\"”“»]|(?<!\w)'([^'\n]{1,80})'(?!\w)")
_SIGN = re.compile(r"[$€£¥₹₽]")
_HAVE_OPPOSITES = frozenset(OPPOSITES)
_CURRENCIES = frozenset(CURRENCY)
_NUMBERS_AND_DATES = NUMBER_WORDS.keys() | DATE_WORDS.keys()
# "may" and "march" are months only beside a figure.
_PLAIN = "|".join(sorted(ALSO_PLAIN_WORDS))
_NEAR_DIGITS = re.compile(rf"\d(?:st|nd|rd|th)?\s+(?:of\s+)?({_PLAIN})\b|\b({_PLAIN})\.?\s+\d", re.IGNORECASE)
