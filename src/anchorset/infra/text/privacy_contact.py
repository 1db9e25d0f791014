"""How to reach somebody: e-mail addresses, phone numbers, IP addresses, URLs with a password.

Every quantifier is bounded and every pattern starts where a word starts, so the time is linear in the text.
What this module does not know: card numbers and ids, which look like phone numbers and win over them.
"""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import ip_address

import phonenumbers

from anchorset.infra.text.digits import digits_of
from anchorset.infra.text.span import Found, PrivateKind, Span

_LOCAL = r"[\w.+%\-]{1,64}(?:'[\w.+%\-]{1,64})?"
_EMAIL = re.compile(
    rf"(?<![\w.+%\-]){_LOCAL}[\u200b-\u200d\u2060]?@[\u200b-\u200d\u2060]?"
    r"(?:[^\W_](?:[\w\-]{0,61}[^\W_])?\.){1,8}[^\W\d_]{2,24}"
)
_EMAIL_IN_WORDS = re.compile(
    rf"(?<![\w.+%\-]){_LOCAL}\s?(?:\(at\)|\[at\]|\{{at\}}|\sat\s)\s?[\w\-]{{1,63}}"
    r"(?:\s?(?:\(dot\)|\[dot\]|\{dot\}|\sdot\s)\s?[a-z]{2,24}){1,3}(?!\w)",
    re.IGNORECASE,
)
_URL_CREDENTIALS = re.compile(
    r"(?<![\w+.\-])[a-z][a-z0-9+.\-]{1,20}://[^\s/:]{0,64}:[^\s/@]{1,128}@[\w.\-]{1,253}", re.I
)
_IPV4 = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w]|\.\d)")
_IPV6 = re.compile(r"(?<![\w:.])(?:[0-9a-f]{1,4}:|::)(?:[0-9a-f]{0,4}:){1,7}[0-9a-f.]{0,15}(?![\w:])", re.I)
_VERSION = re.compile(r"(?:\bv|ver|version|release|build|firmware|update|section|clause)[\s.:#]{0,3}$", re.IGNORECASE)

_PHONE = re.compile(
    r"(?<![\w.,/#$€£¥@\-])(?:\+|\(\+?)?\d(?:[ \t().\-/\u00a0\u200b-\u200d\u2010-\u2013\u2060]{0,3}\d){6,16}"
    r"(?![\w@%€£]|[.,:]\d|-\d|-[0-9a-fA-F]{4}(?![^\W_]))"
)
_CALLS = re.compile(
    r"\b(?:phone|telephone|tel|call(?:ed|ing)?|mobile|cell|cellphone|fax|whatsapp|sms|ring|dial|hotline|landline|reach"
    r"|contact|text me|my number|answering|telefon\w*|handy\w*|tel[eé]fono|m[oó]vil|celular|t[eé]l[eé]phone|portable"
    r"|cellulare)\b",
)
_OTHER = re.compile(
    r"(?:order|invoice|ref|reference|ticket|case|tracking|track|booking|confirmation|account|policy|flight|serial|model|"
    r"sku|item|product|transaction|receipt|member|customer|id|code|zip|isbn|pin|amount|parcel|shipment|bestell\w*|"
    r"kunden\w*|commande|pedido)\W{0,3}(?:(?:number|no|nr|num|id|code|is|was|are|my|the)\W{1,3}){0,3}$",
)
_ANNOUNCES = re.compile(
    r"\b(?:(ssn|social security|social insurance|tax id)|account|acct|card)"
    r"(?:\W{1,3}(?:number|no|nr|num|digits?|is|was|ending|ends|in|with|are)\b){0,4}\W{0,4}$"
)
"""Right before a number: it is no phone number, whatever it looks like. The group tells a national id."""
_STARTS_A_PHONE = re.compile(r"[+(]|\d{3}[-.]\d{3}[-.]\d{4}$")
_NO_PHONE = re.compile(
    r"\d{4}([ \-])\d{4}\1\d{4}(?:\1\d{1,4})?"  # the shape of a card
    r"|\d{3}-\d\d-\d{4}"  # of an American id
    r"|[1-9]\d{0,2}(?: \d{3}){1,3} 000|[1-9]\d?(?: \d{3}){2,4}"  # of millions
    r"|(?!\d\d(?:\.\d\d){3}$)\d{1,3}(?:\.\d{1,3}){3}"  # of an IP address
    r"|\d+\.\d+|\d{1,3}(?:\.\d{1,3}){2}"  # of a decimal number, of a version
)
_KNOWN_SHAPES = (
    "334 34 333 44 2222 323 322 3222 3322 2322 234 244 254 26 36 37 55 56 46 47 1334 2334 2234 2433 2333 22222 "
    "433 434 533"
)
_SHAPES = frozenset(tuple(map(int, shape)) for shape in _KNOWN_SHAPES.split())
"""How many digits stand together, in numbers without country code or trunk zero; `5 89 392 75` is four numbers."""
_SAID_AFTER = re.compile(r"\W{1,3}(?:office|fax|mobile|home|work|cell|phone|tel|handy)\b")
_ON_AN_ADDRESS = re.compile(r",? (?:[A-Z]|(?:\w{1,20} ){0,2}(?:street|avenue|road|rue|lane|drive|calle|via|blvd)\b)")
_DATE = re.compile(
    r"\(?(?:[0-3]?\d([./\- ])[01]?\d\1(?:(?:19|20)\d\d|\d\d)|[01]?\d([./\- ])[0-3]?\d\2(?:(?:19|20)\d\d|\d\d)"
    r"|(?:19|20)\d\d([./\- ])[01]?\d\3[0-3]?\d|[0-3]\d[0-3]\d(?:19|20)\d\d)(?:[ T]\d{1,2})?\)?"
)
REGIONS = (
    "US", "GB", "DE", "FR", "ES", "IT", "NL", "BE", "CH", "AT", "SE", "NO", "DK", "FI", "PL", "PT", "IE", "AU", "BR",
    "IN", "CY",
)  # fmt: skip
"""Where a number without a country code may be from."""


def emails(text: str) -> Found:
    if "@" in text:
        for match in _EMAIL.finditer(text):
            yield Span("email", match.start(), match.end(), match.group())


def emails_in_words(text: str) -> Found:
    """`jane (at) example (dot) com`."""
    for match in _EMAIL_IN_WORDS.finditer(text):
        yield Span("email", match.start(), match.end(), match.group(), "in_words")


def url_credentials(text: str) -> Found:
    for match in _URL_CREDENTIALS.finditer(text):
        yield Span("url_credentials", match.start(), match.end(), match.group())


def addresses_of_machines(text: str) -> Found:
    """IPv4 and IPv6. Four numbers after `version` are a version; `::` and `::1` are nobody's."""
    if text.count(".") >= 3:
        for match in _IPV4.finditer(text):
            before = text[max(0, match.start() - 12) : match.start()]
            if all(int(part) < 256 for part in match.group().split(".")) and not _VERSION.search(before):
                yield Span("ip", match.start(), match.end(), match.group(), "v4")
    if text.count(":") >= 2:
        for match in _IPV6.finditer(text):
            address = match.group().rstrip(".")
            if sum(map(bool, address.split(":"))) >= 3 and _is_ip(address):
                yield Span("ip", match.start(), match.start() + len(address), address, "v6")


def _is_ip(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def phones(text: str) -> Found:
    """Numbers that a numbering plan knows: with a country code, spelt as phone numbers are, or said to be one.

    A number right after `SSN` or `account number` is that, however like a phone number it looks.
    """
    for match in _PHONE.finditer(text):
        number, start = match.group(), match.start()
        if number.startswith("(") and ")" not in number:
            start, number = start + 1, number[1:]
        before, after = text[max(0, start - 40) : start].lower(), text[match.end() : match.end() + 60]
        said = _CALLS.search(before) is not None or _SAID_AFTER.match(after.lower()) is not None
        if _DATE.fullmatch(number) or (_OTHER.search(before) and not said):
            continue
        on_an_address = _ON_AN_ADDRESS.match(after) is not None
        if not _plausible(number, said=said, on_an_address=on_an_address):
            first, _, number = number.partition(" ")  # another number may stand right before it
            start += len(first) + 1
            if not (_STARTS_A_PHONE.match(number) and _plausible(number, said=said, on_an_address=on_an_address)):
                continue
        announced = _ANNOUNCES.search(before)
        kind: PrivateKind = "phone" if announced is None else "national_id" if announced[1] else "account"
        yield Span(kind, start, match.end(), number, "said" if announced else "")


def _plausible(number: str, *, said: bool, on_an_address: bool) -> bool:
    digits = digits_of(number.replace("(0)", ""))
    if not 7 <= len(digits) <= 15:
        return False
    if number.lstrip("(").startswith("+"):
        return _possible("+" + digits)
    if digits.startswith("00"):
        return _possible("+" + digits[2:])
    if said:
        return True
    groups = [len(group) for group in re.findall(r"\d+", number)]
    if len(groups) == 1:
        return len(digits) >= 10 and any(
            _valid(digits, region) for region in (REGIONS if digits[0] == "0" else ("US",))
        )
    if _NO_PHONE.fullmatch(number):
        return False
    if digits[0] != "0" and number[0] != "(" and tuple(groups) not in _SHAPES:
        return False
    if len(digits) < 9 and on_an_address:
        return False
    return any(_valid(digits, region) for region in REGIONS)


@lru_cache(maxsize=4096)
def _possible(international: str) -> bool:
    try:
        return bool(phonenumbers.is_possible_number(phonenumbers.parse(international)))
    except phonenumbers.NumberParseException:
        return False


@lru_cache(maxsize=4096)
def _valid(digits: str, region: str) -> bool:
    try:
        return bool(phonenumbers.is_valid_number(phonenumbers.parse(digits, region)))
    except phonenumbers.NumberParseException:
        return False
