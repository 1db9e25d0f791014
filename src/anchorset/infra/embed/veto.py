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
    dates, rest = _whole_dates(text)
    numbers: list[str] = []
    entities: set[str] = set()
    words: list[str] = []
    capitalised: list[str] = []
    currencies = {CURRENCY[sign] for sign in rest if sign in CURRENCY}
    starts_sentence = True
    previous_digit = False
    for match in _TOKEN.finditer(rest):
        token = match.group()
        if token in ".!?\n":
            starts_sentence = True
            continue
        first = token[0]
        if first.isdigit() or (first in "+-" and token[-1].isdigit()):
            value, suffix = _value(token)
            if suffix and suffix not in ORDINALS and any(c.isdigit() for c in suffix):
                entities.add(token.casefold())
            else:
                numbers.append(value)
            previous_digit, starts_sentence = True, False
            continue
        word = token.replace("'", "").replace("’", "").casefold()
        if any(c in "@/_" or c.isdigit() for c in token) or "." in token:
            entities.add(word)
        elif (date := DATE_WORDS.get(word)) and (
            word not in ALSO_PLAIN_WORDS or previous_digit or _digit_follows(rest, match.end())
        ):
            dates.add(date)
        elif word in NUMBER_WORDS:
            numbers.append(NUMBER_WORDS[word])
        elif first.isupper() and not starts_sentence and word not in CAPITAL_PRONOUNS:
            capitalised.append(word)
        currencies.update({CURRENCY[word]} if word in CURRENCY else ())
        words.append(word)
        previous_digit = starts_sentence = False
    # A shouted or Title Case text says nothing about names.
    if len(capitalised) <= max(2, len(words) // 2):
        entities.update(capitalised)
    entities.update(" ".join(quoted.casefold().split()) for pair in _QUOTED.findall(rest) for quoted in pair if quoted)
    return Facts(
        words=frozenset(words),
        numbers=tuple(sorted(numbers)),
        dates=frozenset(dates),
        entities=frozenset(entities),
        currencies=frozenset(currencies),
        negations=sum(map(NEGATORS.__contains__, words)),
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


def _missing(a: Facts, b: Facts) -> bool:
    """Whether an entity of `a` is nowhere in `b`, not even misspelt by a slip."""
    for entity in a.entities:
        if entity in b.entities or entity in b.words or all(part in b.words for part in entity.split()):
            continue
        if not entity.isalpha() or not any(slip(entity, word) for word in b.words - a.words):
            return True
    return False


def _opposed(only_a: frozenset[str], only_b: frozenset[str]) -> bool:
    """Whether a word stands against its own opposite: lock and unlock, before and after."""
    pairs = ((only_a, only_b), (only_b, only_a))
    return any(prefix + word in other for some, other in pairs for word in some for prefix in OPPOSITE_PREFIXES) or any(
        frozenset((word, other)) in OPPOSITES for word in only_a for other in only_b
    )


def _only_one_in_words(a: Facts, b: Facts) -> bool:
    """`1` on one side and the word `one`, which is usually a pronoun and so no number, on the other."""
    left, right = Counter(a.numbers), Counter(b.numbers)
    return (left - right, right - left) in ((Counter({"1": 1}), Counter()), (Counter(), Counter({"1": 1}))) and (
        "one" in a.words or "one" in b.words
    )


def _whole_dates(text: str) -> tuple[set[str], str]:
    """The dates written in figures, and the text without them."""
    dates: set[str] = set()

    def take(match: re.Match[str]) -> str:
        parts = [part.lstrip("0") or "0" for part in re.split(r"[-/.]", match.group())]
        dates.add("-".join(parts if len(parts[0]) == 4 else reversed(parts)))
        return " "

    return dates, _FIGURE_DATE.sub(take, text)


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


def _digit_follows(text: str, end: int) -> bool:
    return any(c.isdigit() for c in text[end : end + 3])


_TOKEN = re.compile(
    r"[^\W\d_][\w'’]*(?:[@/._-][\w@/._-]*\w)+"  # addresses, paths, identifiers with joints
    r"|(?<![\w.])[+-]?\d(?:[.,]?\d)*[^\W_]*"  # numbers, with what is glued to them
    r"|[^\W_](?:[\w'’]*\w)?"  # words
    r"|[.!?\n]"
)
_FIGURE_DATE = re.compile(r"(?<!\d)(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2}))(?!\d)")
_QUOTED = re.compile(r"[\"“„«]([^\"”“»\n]{1,80})[\"”“»]|(?<!\w)'([^'\n]{1,80})'(?!\w)")
