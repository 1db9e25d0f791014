"""Personal data in a text: every detector, cheapest question first, and the rule for what overlaps.

What this module does not know: what is done about a finding (see `scrub`), and any text but this one.
"""

from __future__ import annotations

import re

from anchorset.infra.text.privacy_contact import addresses_of_machines, emails, emails_in_words, phones, url_credentials
from anchorset.infra.text.privacy_ids import lettered_ids, national_ids
from anchorset.infra.text.privacy_numbers import cards, ibans, said_cards
from anchorset.infra.text.privacy_people import names, streets
from anchorset.infra.text.privacy_secrets import given_secrets, private_keys, vendor_keys
from anchorset.infra.text.span import PrivateKind, Span

__all__ = ["KINDS", "PrivateKind", "Span", "find"]

KINDS: tuple[PrivateKind, ...] = (
    "url_credentials", "secret", "iban", "card", "national_id", "account", "email", "ip", "phone", "address", "name",
)  # fmt: skip
"""Most specific first: what wins when two detectors claim the same stretch."""
_RANK = {kind: rank for rank, kind in enumerate(KINDS)}

_DIGIT = re.compile(r"\d")
_LONG_NUMBER = re.compile(r"\d(?:[^\w\n]{0,3}\d){5}")
"""Six digits close together: fewer are no phone number, card or id."""
_LONG_TOKEN = re.compile(r"[\w\-]{14}")
# Substrings of the lower-case text: ten of them cost a tenth of one case-blind alternation.
_GIVES_SECRET = ("passw", "pwd", "passphrase", "passcode", "secret", "token", "key", "credential", "bearer", "basic")
_INTRODUCES = (
    "name",
    "called",
    "hei\u00dfe",
    "heisse",
    "appelle",
    "llamo",
    "nombre",
    "chiamo",
    "nome",
    "naam",
    "nazywam",
    "heter",
)
_PLACEHOLDER = re.compile(r"\[[A-Z]+(?:_[A-Z]+)*_\d+\]|\{\{[^{}]{0,80}\}\}")


def find(text: str) -> list[Span]:
    """The personal data in `text`, in order, never overlapping, never inside a placeholder (`[EMAIL_1]`, `{{name}}`).

    Where two claims overlap the longer wins, and of equally long ones the kind that comes first in `KINDS`.
    Time is linear in the length of the text.
    """
    spans: list[Span] = []
    low = text.lower()
    if "@" in text:
        spans += emails(text)
        if "://" in text:
            spans += url_credentials(text)
    if ":" in text and text.count(":") > 2:
        spans += addresses_of_machines(text)
    if any(word in low for word in _INTRODUCES):
        spans += names(text)
    if " dot " in text or "dot)" in text or "dot]" in text:
        spans += emails_in_words(text)
    if "-----BEGIN" in text:
        spans += private_keys(text)
    if _DIGIT.search(text):
        spans += _with_digits(text, low)
    if not spans:
        return spans
    # In one array, so that a text full of findings costs no more than its length.
    covered = bytearray(len(text))
    if "[" in text or "{{" in text:
        for match in _PLACEHOLDER.finditer(text):
            _cover(covered, match.start(), match.end())
    kept = []
    for span in sorted(spans, key=lambda span: (span.start - span.end, _RANK[span.kind], span.start)):
        if 1 not in covered[span.start : span.end]:
            _cover(covered, span.start, span.end)
            kept.append(span)
    return sorted(kept, key=lambda span: span.start)


def _cover(covered: bytearray, start: int, end: int) -> None:
    covered[start:end] = b"\1" * (end - start)


def _with_digits(text: str, low: str) -> list[Span]:
    spans: list[Span] = []
    long_number = _LONG_NUMBER.search(text) is not None
    if long_number:
        spans += cards(text)
        spans += said_cards(text)
        spans += phones(text)
        if text.count(".") >= 3:
            spans += addresses_of_machines(text)
        spans += national_ids(text)
    long_token = _LONG_TOKEN.search(text) is not None
    if long_token or long_number:
        spans += ibans(text)
    if long_token:
        spans += vendor_keys(text)
    if any(word in low for word in _GIVES_SECRET):
        spans += given_secrets(text)
    spans += lettered_ids(text)
    spans += streets(text)
    return spans
