"""The same facts as another country writes them, and a greeting from there.

What this module does not know: the language of the message; greetings in other languages are added to any.
"""

from __future__ import annotations

import re

from anchorset.produce.dice import Dice
from anchorset.produce.operators.entity import MONTHS, whole
from anchorset.produce.operators.operator import Change, Spans, TextOperator
from anchorset.produce.operators.words import ended, free, pairs, swapped

_MONTH = "|".join(MONTHS)
_ISO = re.compile(r"(?<![\w/-])(\d{4})-(\d{2})-(\d{2})(?![\w/-])")
_LITTLE = re.compile(rf"(?<![\w/-])(\d{{1,2}})(?:st|nd|rd|th)? ({_MONTH})(?:,? (\d{{4}}))?(?!\w)")
_MIDDLE = re.compile(rf"\b({_MONTH}) (\d{{1,2}})(?:st|nd|rd|th)?(?:,? (\d{{4}}))?(?![\w:])")
_SLASHED = re.compile(r"(?<![\w/-])(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})(?![\w/-])")
_NUMBER = re.compile(
    r"(?<![\w.,/:-])\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?(?![\w/:-]|[.,]\d)|(?<![\w.,/:-])\d+\.\d{1,2}(?![\w/:-]|[.,]\d)"
)
_MARKED = re.compile(r"(?<![\w.,])([$€£])\s?(\d[\d,]*(?:\.\d+)?)(?![\w%]|[.,]\d)")
_TRAILED = re.compile(
    r"(?<![\w.,$€£/-])(\d[\d,]*(?:\.\d+)?)\s?([$€£]|dollars|euros|pounds|usd|eur|gbp)(?!\w)", re.IGNORECASE
)
_CLOCK12 = re.compile(r"(?<![\w:.])(1[0-2]|[1-9])(?::([0-5]\d))? ?([ap])\.?m\b\.?", re.IGNORECASE)
_CLOCK24 = re.compile(r"(?<![\w:.])([01]?\d|2[0-3]):([0-5]\d)(?![\w:]| ?[ap]\.?m)", re.IGNORECASE)
_WORDS = {"$": ("USD", "dollars"), "€": ("EUR", "euros"), "£": ("GBP", "pounds")}
_MARKS = {"usd": "$", "dollars": "$", "eur": "€", "euros": "€", "gbp": "£", "pounds": "£"}
_SPELLINGS = pairs(
    """
    color=colour favorite=favourite canceled=cancelled canceling=cancelling traveling=travelling
    traveled=travelled center=centre organization=organisation recognize=recognise recognized=recognised
    apologize=apologise authorize=authorise authorized=authorised unauthorized=unauthorised honor=honour
    labeled=labelled gray=grey license=licence defense=defence program=programme realize=realise
    realized=realised customize=customise catalog=catalogue fulfill=fulfil inquiry=enquiry inquire=enquire
    neighbor=neighbour behavior=behaviour finalize=finalise finalized=finalised modernize=modernise
    prioritize=prioritise vacation=holiday apartment=flat cellphone=mobile mom=mum zip=postcode
    """
)
_EITHER = {
    **_SPELLINGS,
    **{other: (word,) for word, others in _SPELLINGS.items() for other in others if other != "flat"},
}
_GREETINGS = (
    "Hola,", "Bonjour,", "Hallo,", "Ciao,", "Namaste,", "Salut,", "Olá,", "Salaam,", "Dzień dobry,", "Buenas tardes,",
    "Merhaba,", "Guten Tag,", "Konnichiwa,", "Habari,",
)  # fmt: skip
_CLOSINGS = (
    "Gracias!", "Merci!", "Danke!", "Grazie!", "Dziękuję!", "Obrigado!", "Shukran!", "Tak!", "Merci d'avance",
    "Muchas gracias", "Vielen Dank", "Arigato!", "Asante!",
)  # fmt: skip


def date_format(text: str, dice: Dice, spans: Spans) -> Change | None:
    """The same day written another way; a date that could be read two ways is left alone.

    >>> date_format(t := "I ordered on 5 March 2025", Dice(1), protected(t))
    ('I ordered on 2025-03-05', "'5 March 2025' -> '2025-03-05'")
    """
    if not spans:  # every number is protected: there is none
        return None
    for pattern, way in (
        (_ISO, _from_iso),
        (_LITTLE, _from_little),
        (_MIDDLE, _from_middle),
        (_SLASHED, _from_slashed),
    ):
        match = pattern.search(text)
        if match and whole(spans, *match.span()):
            new = way(match, dice)
            if new and new != match.group():
                return _put(text, match, new)
    return None


def _from_iso(match: re.Match[str], dice: Dice) -> str | None:
    year, month, day = (int(part) for part in match.groups())
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    name = MONTHS[month - 1]
    return dice.pick((f"{day} {name} {year}", f"{name} {day}, {year}", f"{day} {name[:3]} {year}"))


def _from_little(match: re.Match[str], dice: Dice) -> str | None:
    day, month, year = match.groups()
    tail = f", {year}" if year else ""
    forms = [f"{month} {int(day)}{tail}"]
    if year and 1 <= int(day) <= 31:
        forms.append(f"{year}-{MONTHS.index(month) + 1:02d}-{int(day):02d}")
    return dice.pick(forms)


def _from_middle(match: re.Match[str], dice: Dice) -> str | None:
    month, day, year = match.groups()
    return f"{int(day)} {month}{f' {year}' if year else ''}"


def _from_slashed(match: re.Match[str], dice: Dice) -> str | None:
    one, two, year = match.groups()
    if not (1 <= min(int(one), int(two)) <= 12 < max(int(one), int(two)) <= 31):
        return None
    return f"{two}/{one}/{year}"


def number_format(text: str, dice: Dice, spans: Spans) -> Change | None:
    """1,200.50 as 1.200,50: clear to the one who writes it, not always to the one who reads it.

    >>> number_format(t := "the fee was 1,200.50", Dice(1), protected(t))
    ('the fee was 1.200,50', "'1,200.50' -> '1.200,50'")
    """
    if not spans:  # every number is protected: there is none
        return None
    found = [match for match in _NUMBER.finditer(text) if whole(spans, *_with_mark(match))]
    if not found:
        return None
    match = dice.pick(found)
    return _put(text, match, match.group().translate(str.maketrans(",.", ".,")))


def _with_mark(match: re.Match[str]) -> tuple[int, int]:
    """A number with the currency before or behind it: what is protected as one amount."""
    text, start, end = match.string, *match.span()
    start -= text[max(0, start - 1) : start] in ("$", "€", "£")
    follows = re.match(r"\s?(?:[$€£%]|\w+)", text[end : end + 10])
    return start, end + (follows.end() if follows else 0)


def currency_format(text: str, dice: Dice, spans: Spans) -> Change | None:
    """$50 as 50 USD or 50 dollars, and back.

    >>> currency_format(t := "I was charged $50", Dice(1), protected(t))
    ('I was charged 50$', "'$50' -> '50$'")
    """
    if not spans:  # every number is protected: there is none
        return None
    match = _MARKED.search(text)
    if match and whole(spans, *match.span()):
        code, word = _WORDS[match[1]]
        return _put(text, match, dice.pick((f"{match[2]} {code}", f"{match[2]} {word}", f"{match[2]}{match[1]}")))
    match = _TRAILED.search(text)
    if match and whole(spans, *match.span()):
        return _put(text, match, _MARKS.get(match[2].lower(), match[2]) + match[1])
    return None


def clock(text: str, dice: Dice, spans: Spans) -> Change | None:
    """3pm as 15:00, and back.

    >>> clock(t := "call me at 3pm", Dice(1), protected(t))
    ('call me at 15:00', "'3pm' -> '15:00'")
    """
    if not spans:  # every number is protected: there is none
        return None
    match = _CLOCK12.search(text)
    if match and whole(spans, *match.span()):
        hour = int(match[1]) % 12 + (12 if match[3].lower() == "p" else 0)
        return _put(text, match, f"{hour}:{match[2] or '00'}")
    match = _CLOCK24.search(text)
    if match and whole(spans, *match.span()):
        hour, minutes = int(match[1]), "" if match[2] == "00" else f":{match[2]}"
        return _put(text, match, f"{(hour - 1) % 12 + 1}{minutes}{'pm' if hour >= 12 else 'am'}")
    return None


def _put(text: str, match: re.Match[str], new: str) -> Change | None:
    old = match.group()
    return None if new == old else (text[: match.start()] + new + text[match.end() :], f"{old!r} -> {new!r}")


def spelling(text: str, dice: Dice, spans: Spans) -> Change | None:
    """American for British, British for American.

    >>> spelling("what color is my canceled card", Dice(1), [])
    ('what color is my cancelled card', "'canceled' -> 'cancelled'")
    """
    return swapped(text, dice, spans, _EITHER)


def greeting(text: str, dice: Dice, spans: Spans) -> Change | None:
    """Hello or thanks in another language.

    >>> greeting("Where is my card?", Dice(1), [])
    ('Where is my card? Merci!', None)
    """
    body = text.strip()
    if not body:
        return None
    if dice.below(2) or body[:3].lower() in ("hi ", "hi,", "hel", "hey", "dea"):
        return f"{ended(body)} {dice.pick(_CLOSINGS)}", None
    keep = body[:2].isupper() or body.startswith(("I ", "I'")) or (spans and not free(spans, 0, 1))
    return f"{dice.pick(_GREETINGS)} {body if keep else body[0].lower() + body[1:]}", None


OPERATORS = (
    TextOperator(
        name="locale.date", level="locale", relation="invariant", weight=4, apply=date_format, touches_protected=True
    ),
    TextOperator(
        name="locale.currency",
        level="locale",
        relation="invariant",
        weight=4,
        apply=currency_format,
        touches_protected=True,
    ),
    TextOperator(
        name="locale.clock", level="locale", relation="invariant", weight=4, apply=clock, touches_protected=True
    ),
    TextOperator(
        name="locale.number", level="locale", relation="unknown", weight=2, apply=number_format, touches_protected=True
    ),
    TextOperator(name="locale.spelling", level="locale", relation="invariant", weight=5, apply=spelling),
    TextOperator(name="locale.greeting", level="locale", relation="invariant", weight=4, apply=greeting),
)
