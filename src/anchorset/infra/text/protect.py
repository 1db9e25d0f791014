"""What no rewrite may touch, and the facts a rewrite must keep.

What this module does not know: who rewrites.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_HINT = re.compile(r"[0-9\"#$/<@`{\[]")
"""One cheap look that says "nothing to protect" about most messages. ASCII only: a wider class costs thrice that."""
_PROTECTED = re.compile(
    r"\{\{[^{}]{0,200}\}\}|\$\{[^{}]{0,200}\}|\{\w{1,60}\}|\[[A-Z]+(?:_[A-Z]+)*_\d+\]"  # templates
    r"|</?[A-Za-z][^<>]{0,200}>"  # markup
    r"|```[\s\S]{0,20000}?```|`[^`\n]{1,500}`"  # code
    r"|\"[^\"\n]{1,300}\"|“[^”\n]{1,300}”|«[^»\n]{1,300}»"  # quoted
    r"|(?<!\w)(?:https?://|www\.)[^\s<>\"]{1,2000}(?<![.,;:!?)])"  # URLs
    r"|(?<![\w.+\-])[\w.+\-]{1,64}@[\w\-]{1,63}(?:\.[\w\-]{1,63}){1,8}"  # e-mails
    r"|(?<!\w)[@#]\w{1,60}(?:-\w{1,60}){0,4}"  # handles, order ids
    r"|(?<!\w)(?:\d{1,2}(?:st|nd|rd|th)?[ ./\-])?(?:of )?"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
    r" \d{1,4}(?:st|nd|rd|th)?(?:,? \d{4})?(?!\w)"  # 12 May 2026, May 12th
    r"|(?:[$€£¥₹]|\b(?:usd|eur|gbp|chf|inr|rs)\.?) ?\d[\d.,]{0,20}\d?[km]?(?!\w)"  # amounts
    r"|(?<!\w)\w{0,30}?\d(?:\w|[.,:/\-–](?=\w)){0,60}"  # anything with a digit
    r"(?: ?(?:%|€|£|\$|eur\b|usd\b|gbp\b|am\b|pm\b|°[cf]?))?"
    r"|(?<!\w)(?:mon|tues|wednes|thurs|fri|satur|sun)day(?!\w)",
    re.IGNORECASE,
)


def protected(text: str) -> list[tuple[int, int]]:
    """(start, end) of every stretch to be left as it is, in order: numbers, dates, amounts, order ids, e-mails, URLs,
    placeholders, templates, quotations, code. Code point offsets, end exclusive; linear in the length of the text.
    """
    if text.isascii() and "day" not in text and "DAY" not in text and "www." not in text and not _HINT.search(text):
        return []
    return [match.span() for match in _PROTECTED.finditer(text)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a paraphrase has to say too."""

    numbers: tuple[str, ...]
    """In order, grouping commas removed, number words up to twelve as digits."""
    dates: tuple[str, ...]
    """Dates, weekdays and relative days, lower case."""
    entities: tuple[str, ...]
    """E-mails, URLs, ids with letters and digits, and capitalised words inside a sentence, lower case."""
    negated: bool
    """An odd number of negations: `not`, `never`, `without`, `…n't`."""


_DATES = re.compile(
    r"\b(?:\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}"
    r"|(?:\d{1,2}(?:st|nd|rd|th)? )?(?:january|february|march|april|june|july|august|september"
    r"|october|november|december"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)(?=\.? \d))\.?(?: \d{1,4}(?:st|nd|rd|th)?)?(?:,? \d{4})?"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|today|tomorrow|yesterday|tonight)\b",
    re.IGNORECASE,
)
_ENTITIES = re.compile(
    r"(?:https?://|www\.)[^\s<>\"]{1,2000}|(?<![\w.+\-])[\w.+\-]{1,64}@[\w\-]{1,63}(?:\.[\w\-]{1,63}){1,8}"
    r"|\[[A-Z]+(?:_[A-Z]+)*_\d+\]"
    r"|#\w{1,60}|\b(?=\w{0,30}\d)(?=\w{0,30}[A-Za-z])\w{2,60}(?:-\w{1,60}){0,4}|(?<=[\w,;] )[A-Z][a-z]{2,30}\b"
)
_NUMBERS = re.compile(r"(?<![\w])\d+(?:[.,]\d+)*")
_SPELT = {
    word: str(number)
    for number, word in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
    )
    if word != "one"  # mostly a pronoun: "the blue one"
}
_SPELT_NUMBER = re.compile(rf"\b(?:{'|'.join(_SPELT)})\b", re.IGNORECASE)
_NEGATION = re.compile(
    r"\b(?:not|no|never|none|nothing|nobody|cannot|without|neither|nor|dont|doesnt|didnt|cant|couldnt|wont|wouldnt|isnt|arent|"
    r"wasnt|werent|hasnt|havent|hadnt|shouldnt|nicht|kein\w{0,2}|ne|pas|jamais|nunca|non|niet|geen)\b|n['’]t\b",
    re.IGNORECASE,
)


def facts(text: str) -> Facts:
    """The numbers, dates, entities and polarity of `text`. English patterns, a few negations of other languages."""
    dates = tuple(match.group().lower() for match in _DATES.finditer(text))
    rest = _DATES.sub(" ", text)
    entities = tuple(match.group().lower() for match in _ENTITIES.finditer(rest))
    rest = _ENTITIES.sub(" ", rest)
    spelt = _SPELT_NUMBER.sub(lambda match: _SPELT[match.group().lower()], rest)
    numbers = tuple(match.group().replace(",", "") for match in _NUMBERS.finditer(spelt))
    return Facts(numbers=numbers, dates=dates, entities=entities, negated=len(_NEGATION.findall(text)) % 2 == 1)
