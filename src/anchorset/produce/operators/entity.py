"""The facts in a message: names, goods, places, amounts, counts, dates, order numbers, and values next to a limit.

These operators may touch protected places, and then only a whole one: never half an address or placeholder.
What this module does not know: policies; it goes one step over a limit on both sides and lets others say what follows.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from anchorset.produce.dice import Dice
from anchorset.produce.operators.operator import Change, Spans, TextOperator
from anchorset.produce.operators.words import free, like, pairs, spot, swapped

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTH = "|".join((*MONTHS, *(month[:3] for month in MONTHS)))
_AMOUNT = re.compile(
    r"(?<![\w.,])(?P<mark>[$€£¥]\s?)(?P<n>\d[\d,]*(?:\.\d+)?)(?![\w%]|[.,]\d)"
    r"|(?<![\w.,$€£/-])(?P<m>\d[\d,]*(?:\.\d+)?)"
    r"(?=\s?(?:[$€£¥]|(?:dollars?|euros?|pounds?|usd|eur|gbp|quid|bucks)\b))",
    re.IGNORECASE,
)
_LIMIT = re.compile(
    r"(?<![\w.,$€£/-])(?P<n>\d{1,3})(?P<unit>[ -]?(?:business |working |calendar )?"
    r"(?:minute|hour|day|week|month|year|night|km|mile|kg|pound|item|person|people|%))(?P<s>s?)(?![\w/])",
    re.IGNORECASE,
)
_ISO = re.compile(r"(?<![\w/-])(\d{4})-(\d{2})-(\d{2})(?![\w/-])")
_DAY_MONTH = re.compile(
    rf"(?<![\w/-])(\d{{1,2}})(?:st|nd|rd|th)? (?:of )?({_MONTH})\b(?:,? (\d{{4}})\b)?", re.IGNORECASE
)
_MONTH_DAY = re.compile(rf"\b({_MONTH})\.? (\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (\d{{4}})\b)?(?![:\w])", re.IGNORECASE)
_WEEKDAY = re.compile(rf"\b({'|'.join(_DAYS)})\b", re.IGNORECASE)
_ID = re.compile(r"(?<![\w@./:-])#?(?:[A-Z]{1,5}[-_]?)?(?=[\dA-Z-]*\d{4})[\dA-Z]{2,}(?:-[\dA-Z]+)*(?![\w@]|[./:-]\w)")
_COUNT = re.compile(
    r"(?<![\w.,$€£#/:+-])(\d{1,3})(?![\w%$€£/:]|[.,-]\d|[ -]?(?:st|nd|rd|th)\b|\s?(?:am|pm)\b)", re.IGNORECASE
)

_NAMES = (
    "Aisha", "Amara", "Ana", "Andreas", "Anjali", "Anna", "Ben", "Carlos", "Chen", "Chloe", "Daniel", "David",
    "Elena", "Emeka", "Emily", "Emma", "Fatima", "Grace", "Hannah", "Hiroshi", "Ibrahim", "Ingrid", "Isabella",
    "Jack", "James", "Jamal", "John", "Julia", "Karim", "Kate", "Kenji", "Kwame", "Laura", "Lena", "Li", "Linh",
    "Lucas", "Maria", "Mark", "Mary", "Mei", "Michael", "Mohammed", "Nadia", "Nina", "Noah", "Olga", "Oliver",
    "Omar", "Paul", "Peter", "Priya", "Rachel", "Ravi", "Robert", "Rosa", "Ryan", "Sam", "Sara", "Sarah",
    "Sofia", "Susan", "Thomas", "Tom", "Yusuf", "Zoe",
)  # fmt: skip
_KNOWN_NAMES = frozenset(name.lower() for name in _NAMES) - {"mark", "grace", "rosa", "li", "ana", "mei", "jack", "sam"}
_NAMED = re.compile(
    r"\b(?:my name is|this is|name's|i am|i'm|mr\.?|mrs\.?|ms\.?|dr\.?|dear|regards,?|hi|hello) ([A-Z][a-z]{1,14})\b"
)
_SAID = re.compile(r"[A-Z][a-z]+")
_GOODS = (
    ("laptop", "phone", "tablet", "camera", "printer", "keyboard", "monitor", "charger"),
    ("headphones", "earphones", "speakers"), ("jacket", "dress", "coat", "shirt", "sweater", "hat"),
    ("shoes", "boots", "jeans", "gloves", "trousers"), ("lamp", "chair", "desk", "sofa", "mattress", "table", "shelf"),
    ("kettle", "blender", "toaster", "vacuum"), ("backpack", "suitcase", "handbag"), ("toy", "book"),
)  # fmt: skip
_GOODS_TABLE = {word: tuple(other for other in kind if other != word) for kind in _GOODS for word in kind}
_OWNED_GOOD = re.compile(
    rf"\b(my|the|a|an|this|that|your|new) (?:new )?({'|'.join(_GOODS_TABLE)})\b(?! \w+-)", re.IGNORECASE
)
_TRADED = re.compile(
    r"\b(?:order|buy|bought|purchas|return|arriv|deliver|refund|ship|sent|send|receiv|came|broken|damaged|warranty|exchang"
    r"|replac)",
    re.IGNORECASE,
)
_COUNTRIES = (
    "France", "Germany", "Spain", "Italy", "Poland", "Portugal", "Ireland", "Canada", "Australia", "Japan", "India",
    "Brazil", "Mexico", "Turkey", "Switzerland", "Norway", "Nigeria", "Singapore", "Thailand", "Greece",
)  # fmt: skip
_CITIES = (
    "London", "Paris", "Berlin", "Madrid", "Rome", "Dublin", "Lisbon", "Vienna", "Prague", "Oslo", "Boston", "Chicago",
    "Denver", "Seattle", "Toronto", "Sydney", "Mumbai", "Lagos", "Tokyo", "Dubai",
)  # fmt: skip
_PLACES = {
    place.lower(): tuple(other for other in group if other != place)
    for group in (_COUNTRIES, _CITIES)
    for place in group
}
_CURRENCIES = pairs("usd=EUR,GBP eur=USD,GBP gbp=EUR,USD dollars=euros,pounds euros=dollars,pounds")
_THINGS = re.compile(
    r" (?:(?:new|big|small|blue|red|black|white|large|more|other|same|different) )?(?!(?:this|was|is|has|does|as|his"
    r"|its|us|yes|plus|minus|times|vs)\b)[a-z]{2,}(?:s|people|men|women|children)\b",
    re.IGNORECASE,
)


def whole(spans: Spans, start: int, end: int) -> bool:
    """True when every protected place that [start, end) touches lies inside it."""
    return all(start <= a and b <= end for a, b in spans if a < end and start < b)


def _one(pattern: re.Pattern[str], text: str, dice: Dice, spans: Spans) -> re.Match[str] | None:
    found = [match for match in pattern.finditer(text) if whole(spans, *_core(match))]
    return dice.pick(found) if found else None


def _core(match: re.Match[str]) -> tuple[int, int]:
    """Where a match stands; an amount whose currency follows takes that in, as the protected place does."""
    rest = match.string[match.end() : match.end() + 9]
    follows = re.match(r"\s?(?:[$€£¥%]|\w+)", rest)
    return match.start(), match.end() + (follows.end() if follows else 0)


def _replaced(text: str, start: int, end: int, new: str) -> Change | None:
    old = text[start:end]
    return None if new == old else (text[:start] + new + text[end:], f"{old!r} -> {new!r}")


def _number(model: str, value: float) -> str:
    """A number written as `model` is: its decimals and thousands commas."""
    decimals = len(model.partition(".")[2])
    return f"{value:,.{decimals}f}" if "," in model else f"{value:.{decimals}f}"


def amount(text: str, dice: Dice, spans: Spans) -> Change | None:
    """Another amount of money: a slip of the decimal point, or one more.

    >>> amount(t := "you charged me $120 twice", Dice(1), protected(t))
    ('you charged me $1200 twice', "'120' -> '1200'")
    """
    if not spans:  # every number and weekday is protected: there is none
        return None
    match = _one(_AMOUNT, text, dice, spans)
    if match is None:
        return None
    group = "n" if match["n"] else "m"
    value = float(match[group].replace(",", ""))
    other = dice.pick((value * 10, value * 2, value + 1, value / 10 if value >= 100 else value + 5, value * 100))
    return _replaced(text, *match.span(group), _number(match[group], other))


def boundary(text: str, dice: Dice, spans: Spans) -> Change | None:
    """One below or above: where a policy says 30 days, 29 and 31 decide.

    >>> boundary(t := "I bought it 30 days ago", Dice(1), protected(t))
    ('I bought it 29 days ago', "'30 days' -> '29 days'")
    """
    if not spans:  # every number and weekday is protected: there is none
        return None
    match = _one(_LIMIT, text, dice, spans)
    if match is None:
        return None
    value = int(match["n"])
    plain = match["unit"].lstrip()[:1].isalpha() and match["unit"].split()[-1].lower() not in ("people", "km", "kg")
    if plain and (value == 1) == bool(match["s"]):
        return None  # `3 week` and `1 days`: the number does not count this noun
    new = value + 1 if value < 2 or dice.below(2) else value - 1
    unit = match["unit"]
    if unit[-1].isalpha() and unit.lower() not in (" people", " km", " kg"):
        unit += "s" if new != 1 and "-" not in unit else ""
    if unit.lower().endswith(("person", "persons")):
        return None
    return _replaced(text, *match.span(), f"{new}{unit if unit[-1] != 's' or match['s'] or value == 1 else unit[:-1]}")


def day(text: str, dice: Dice, spans: Spans) -> Change | None:
    """Another date, or another day of the week.

    >>> day(t := "I ordered on 5 March", Dice(1), protected(t))
    ('I ordered on 1 March', "'5' -> '1'")
    """
    if not spans:  # every number and weekday is protected: there is none
        return None
    match = _one(_ISO, text, dice, spans)
    if match is not None:
        try:
            moved = date(*map(int, match.groups())) + timedelta(days=dice.pick((-30, -7, -1, 1, 7, 30)))
        except (ValueError, OverflowError):
            return None
        return _replaced(text, *match.span(), moved.isoformat())
    for pattern, group in ((_DAY_MONTH, 1), (_MONTH_DAY, 2)):
        match = _one(pattern, text, dice, spans)
        if match is not None:
            old = int(match[group])
            end = match.end(group) + (
                2 if text[match.end(group) : match.end(group) + 2] in ("st", "nd", "rd", "th") else 0
            )
            new = dice.pick([number for number in (1, 3, 9, 14, 15, 22, 27, 28) if number != old])
            return _replaced(text, match.start(group), end, f"{new}{_ordinal(new) if end > match.end(group) else ''}")
    match = _one(_WEEKDAY, text, dice, spans)
    if match is None:
        return None
    new_day = dice.pick([name for name in _DAYS if name.lower() != match.group().lower()])
    return _replaced(text, *match.span(), new_day if match.group()[0].isupper() else new_day.lower())


def _ordinal(number: int) -> str:
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10 if number // 10 != 1 else 0, "th")


def order_id(text: str, dice: Dice, spans: Spans) -> Change | None:
    """Another order number of the same form.

    >>> order_id(t := "where is order #A-48213", Dice(1), protected(t))
    ('where is order #A-48217', "'#A-48213' -> '#A-48217'")
    """
    if not spans:  # every number and weekday is protected: there is none
        return None
    match = _one(_ID, text, dice, spans)
    if match is None:
        return None
    digits = [at for at, letter in enumerate(match.group()) if letter.isdecimal()]
    new = list(match.group())
    for at in (digits[-1], digits[-1 - dice.below(min(4, len(digits)))]):
        new[at] = str((int(new[at]) + 1 + dice.below(8)) % 10)
    return _replaced(text, *match.span(), "".join(new))


def count(text: str, dice: Dice, spans: Spans) -> Change | None:
    """Another number of things.

    >>> count(t := "I ordered 2 lamps", Dice(1), protected(t))
    ('I ordered 3 lamps', "'2' -> '3'")
    """
    if not spans:  # every number and weekday is protected: there is none
        return None
    match = _one(_COUNT, text, dice, spans)
    if match is None or int(match.group()) < 2 or not _THINGS.match(text, match.end()):
        return None  # 1 would need another noun, and so would `3 week`; a number of nothing may be anything
    value = int(match.group())
    return _replaced(text, *match.span(), str(dice.pick((value + 1, value + 2, value * 2 + 1, value * 10 + 1))))


def name(text: str, dice: Dice, spans: Spans) -> Change | None:
    """Another first name; the expected answer gets the new one too.

    >>> name("Hi, my name is Maria and my card is lost", Dice(1), [])
    ('Hi, my name is Ben and my card is lost', "'Maria' -> 'Ben'")
    """
    found = _names_in(text, spans)
    if not found:
        return None
    old = dice.pick(found)
    new = dice.pick([other for other in _NAMES if other != old])
    return re.sub(rf"\b{re.escape(old)}\b", new, text), f"{old!r} -> {new!r}"


def _names_in(text: str, spans: Spans) -> list[str]:
    """Names that people said in the text, each once; none of which a place is protected."""
    said = [m.group() for m in _SAID.finditer(text) if m.group().lower() in _KNOWN_NAMES]
    said += [m[1] for m in _NAMED.finditer(text) if m[1] in _NAMES]
    taken = {m.group() for m in _SAID.finditer(text) if spans and not free(spans, *m.span())}
    return [name for name in dict.fromkeys(said) if name not in taken]


def carry_name(before: str, after: str, answer: str) -> str:
    """The answer with the new name where it had the old one."""
    words_before, words_after = (set(_SAID.findall(text)) for text in (before, after))
    gone = [word for word in words_before - words_after if word in _NAMES]
    come = [word for word in words_after - words_before if word in _NAMES]
    if len(gone) != 1 or len(come) != 1:
        return answer
    return re.sub(rf"\b{re.escape(gone[0])}\b", come[0], answer)


def product(text: str, dice: Dice, spans: Spans) -> Change | None:
    """Another thing of its kind that was ordered or sent back; what holds for one may not hold for the other.

    >>> product("my laptop came broken", Dice(1), [])
    ('my phone came broken', "'laptop' -> 'phone'")
    """
    if _GOODS_TABLE.keys().isdisjoint(text.lower().replace(".", " ").replace(",", " ").replace("?", " ").split()):
        return None
    found = [match for match in _OWNED_GOOD.finditer(text) if not spans or free(spans, *match.span())]
    if not found or not _TRADED.search(text):
        return None
    match = dice.pick(found)
    new = like(match[2], dice.pick(_GOODS_TABLE[match[2].lower()]))
    article = match[1].lower() in ("a", "an") and match.end(1) + 1 == match.start(2)
    if article and (match[1].lower() == "an") != (new[0].lower() in "aeiou"):
        return None
    return _replaced(text, *match.span(2), new)


def place(text: str, dice: Dice, spans: Spans) -> Change | None:
    """Another country or city; rules may differ there.

    >>> place("do you deliver to France?", Dice(1), [])
    ('do you deliver to Norway?', "'France' -> 'Norway'")
    """
    found = spot(text, dice, spans, _PLACES.keys())
    if found is None or not found[1][0].isupper():
        return None
    start, word = found
    return _replaced(text, start, start + len(word), like(word, dice.pick(_PLACES[word.lower()])))


def currency(text: str, dice: Dice, spans: Spans) -> Change | None:
    """Another currency for the same number.

    >>> currency(t := "I was charged $120", Dice(1), protected(t))
    ('I was charged €120', "'$' -> '€'")
    """
    found = [at for at, letter in enumerate(text) if letter in "$€£"] if spans else []
    if found:
        at = dice.pick(found)
        if all(b - a < 20 and text[a:b].strip("$€£0123456789.,- ") == "" for a, b in spans if a <= at < b):
            return _replaced(text, at, at + 1, dice.pick([mark for mark in "$€£" if mark != text[at]]))
    return swapped(text, dice, (), _CURRENCIES) if not spans else None


OPERATORS = (
    TextOperator(
        name="entity.amount", level="entity", relation="changed", weight=4, apply=amount, touches_protected=True
    ),
    TextOperator(
        name="entity.boundary", level="entity", relation="changed", weight=5, apply=boundary, touches_protected=True
    ),
    TextOperator(name="entity.date", level="entity", relation="changed", weight=4, apply=day, touches_protected=True),
    TextOperator(
        name="entity.order_id", level="entity", relation="changed", weight=3, apply=order_id, touches_protected=True
    ),
    TextOperator(
        name="entity.count", level="entity", relation="changed", weight=3, apply=count, touches_protected=True
    ),
    TextOperator(
        name="entity.currency", level="entity", relation="changed", weight=2, apply=currency, touches_protected=True
    ),
    TextOperator(
        name="entity.name",
        level="entity",
        relation="changed",
        weight=4,
        apply=name,
        carry=carry_name,
    ),
    TextOperator(name="entity.product", level="entity", relation="unknown", weight=3, apply=product),
    TextOperator(name="entity.place", level="entity", relation="unknown", weight=3, apply=place),
)
