"""Names where somebody introduces themselves, and postal addresses by street. Precision before recall.

What this module does not know: a list of names. A name that nobody introduces stays.
"""

from __future__ import annotations

import re

from anchorset.infra.text.span import Found, Span
from anchorset.infra.text.stopwords import STOP_WORDS

_WORD = r"[^\W\d_][^\W\d_'’\-]{0,30}(?:['’\-][^\W\d_]{1,30}){0,3}"
_NAMES = re.compile(rf"{_WORD}\.?(?: {_WORD}){{0,3}}")
_INTRODUCED = re.compile(
    r"(?<!\w)(?:my (?:full |first |last |legal )?name(?:'s|’s| is| was|:)|name\s?:|the name(?:'s|’s| is)"
    r"|name on (?:the )?(?:account|card|booking|order)(?: is|:)|(?:i am|i'm|i’m) called|mein name ist"
    r"|ich hei(?:ß|ss)e"
    r"|je m['’]appelle|mi nombre es|me llamo|mi chiamo|(?:o )?meu nome [eé]|mijn naam is|nazywam si[eę]|jag heter)"
    r"\s{1,3}(?=[^\W\d_])",
    re.IGNORECASE,
)
_AFTER_NAMES = (
    "wrong incorrect misspelled misspelt spelled spelt different listed showing missing required invalid "
    "changed still account card order number email phone address booking please hi hello dear sir madam "
    "thanks thank customer user new old correct right printed registered displayed unknown also sorry waiting "
    "trying having looking calling writing confirmation reservation ticket flight telephone mobile company "
    "password username amount from with city state zip date"
)
_NOT_NAMES = STOP_WORDS["en"] | frozenset(_AFTER_NAMES.split())
_STREET = re.compile(
    r"(?<![\w.,/\-])\d{1,6}[A-Za-z]?,? (?:[NSEW]\.? |North |South |East |West )?(?:[A-Z0-9][\w'’.\-]{0,30} ){1,4}"
    r"(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Way|Place|Pl|Square|Sq|Terrace|Parkway|Pkwy|"
    r"Highway|Hwy|Crescent|Close|Circle|Streets|Alley|Mews|Grove|Gardens)\b\.?"
    r"(?:,? (?:Apt|Apartment|Suite|Ste|Unit|Flat|Floor)\.? ?#?\w{1,6})?"
)
_STRASSE = re.compile(
    r"(?<!\w)[A-ZÄÖÜ][\wäöüß\-]{1,30}(?:straße|strasse|str\.|weg|allee|gasse|platz|straat|laan|vej|gatan|gata|veien) "
    r"\d{1,4}[a-zA-Z]?(?!\w)"
)


def names(text: str) -> Found:
    """The one to three words after `my name is` and its like, in ten languages."""
    for introduced in _INTRODUCED.finditer(text):
        yield from _name_at(text, introduced.end())


def _name_at(text: str, at: int) -> Found:
    match = _NAMES.match(text, at)
    if match is None:
        return
    said = match.group().split(" ")
    capitals = said[0][:1].isupper()
    kept: list[str] = []
    for word in said[:3]:
        if word.lower().rstrip(".") in _NOT_NAMES or (capitals and not word[:1].isupper()):
            break
        kept.append(word)
        if word.endswith(".") and len(word) > 2:
            break
    if not capitals:
        kept = kept[:2]
    name = " ".join(kept).rstrip(".")
    if len(name) > 1:
        yield Span("name", at, at + len(name), name, "introduced")


def streets(text: str) -> Found:
    for pattern in (_STREET, _STRASSE):
        for match in pattern.finditer(text):
            yield Span("address", match.start(), match.end(), match.group(), "street")
