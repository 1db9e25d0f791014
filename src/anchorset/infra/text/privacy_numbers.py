"""Numbers of money: payment cards and bank accounts, each with its checksum.

What this module does not know: phone numbers and ids.
"""

from __future__ import annotations

import re

from anchorset.infra.text.digits import GAP, digits_of, luhn, mod_97
from anchorset.infra.text.span import Found, Span

_RUN = re.compile(rf"(?<![\w.\-])\d(?:{GAP}{{0,2}}\d){{11,}}(?!\w|[.,]\d|-[0-9a-fA-F]{{4}})")
_OTHER = re.compile(
    r"\b(?:order|tracking|transaction|reference|ref|invoice|parcel|shipment|ticket|case)\W{0,3}(?:(?:number|no|nr|id|is)\W{1,3})"
    r"{0,2}$",
    re.IGNORECASE,
)
"""Before unspaced digits: numbers of parcels and orders pass Luhn once in ten."""
_SAID_CARD = re.compile(
    rf"\b(?:(?:credit|debit|bank) ?card|card (?:number|no|nr|num))\b"
    rf"[^\d\n]{{0,25}}(\d(?:{GAP}?\d){{12,18}})(?!\w|[.,]\d)",
    re.IGNORECASE,
)
_GROUP = re.compile(r"\d+")
_MOST_DIGITS = 19
_ISSUERS = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})"  # Visa
    r"|5[1-5]\d{14}|(?:222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}"  # Mastercard
    r"|3[47]\d{13}"  # American Express
    r"|3(?:0[0-5]|[689]\d)\d{11,16}"  # Diners Club
    r"|(?:6011|64[4-9]\d|65\d\d|622\d)\d{12,15}"  # Discover
    r"|35\d{14,17}|(?:1800|2131)\d{11}"  # JCB, all of 35 as the generators of test cards have it
    r"|62\d{14,17}"  # UnionPay
    r"|220[0-4]\d{12,15}"  # Mir
    r"|(?:5[0678]|6\d)\d{10,17}"  # Maestro
)
"""First digits and lengths by issuer (ISO/IEC 7812 ranges as the networks publish them)."""

_IBAN = re.compile(rf"(?<![^\W_])(?=([A-Za-z]{{2}}\d{{2}}(?:{GAP}?[A-Za-z0-9]){{11,34}}))")
"""Looks ahead only, so that a code standing right before an account does not swallow it."""
_REGISTRY = (
    "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 "
    "EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 "
    "KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 "
    "PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 "
    "UA29 VA22 VG24 XK20 YE30"
)
_IBAN_LENGTHS = {listed[:2]: int(listed[2:]) for listed in _REGISTRY.split()}
"""Country -> characters (SWIFT IBAN registry)."""


def cards(text: str) -> Found:
    """12-19 digits with an issuer's first digits and length, and a right Luhn digit."""
    for match in _RUN.finditer(text):
        groups = [(group.start(), group.end()) for group in _GROUP.finditer(match.group())]
        odd_spacing_counts = len(groups) <= _MOST_DIGITS
        first = 0
        while first < len(groups):
            start, end = groups[first]
            if end - start < 4 and not odd_spacing_counts:
                first += 1
                continue
            last = _card_from(match.group(), groups, first)
            before = text[max(0, match.start() - 40) : match.start()]
            if last is not None and not (len(groups) == 1 and _OTHER.search(before)):
                start, end = match.start() + groups[first][0], match.start() + groups[last][1]
                yield Span("card", start, end, text[start:end])
                first = last
            first += 1


def said_cards(text: str) -> Found:
    """13-19 digits right after `card number`: whoever mistyped a digit gave the rest away all the same."""
    for match in _SAID_CARD.finditer(text):
        yield Span("card", match.start(1), match.end(1), match.group(1), "said")


def _card_from(run: str, groups: list[tuple[int, int]], first: int) -> int | None:
    """The group that a card starting at group `first` ends with; None when there is no card. The longest wins."""
    found, begin = None, groups[first][0]
    for last in range(first, len(groups)):
        digits = digits_of(run[begin : groups[last][1]])
        if len(digits) > _MOST_DIGITS:
            break
        if len(digits) >= 12 and _ISSUERS.fullmatch(digits) and luhn(digits):
            found = last
    return found


def ibans(text: str) -> Found:
    """Bank accounts of the countries in the IBAN registry, in any spacing and case, with right check digits."""
    for match in _IBAN.finditer(text):
        written = match.group(1)
        length = _IBAN_LENGTHS.get(written[:2].upper())
        places = [at for at, char in enumerate(written) if char.isalnum()]
        if length is None or len(places) < length:
            continue
        end = places[length - 1] + 1
        follows = text[match.start() + end : match.start() + end + 1]
        account = "".join(written[at] for at in places[:length]).upper()
        if not follows.isalnum() and account.isascii() and mod_97(account) == 1:
            yield Span("iban", match.start(), match.start() + end, written[:end])
