"""Secrets: keys by the prefix their vendor gives them, key blocks, tokens, and values after `password=`.

What this module does not know: whether a key still works.
"""

from __future__ import annotations

import re
from collections import Counter
from math import log2

from anchorset.infra.text.span import Found, Span

_VENDORS: dict[str, str] = {
    "aws_access_key": r"(?:AKIA|ASIA|ABIA|ACCA|AGPA|AIDA|AROA|AIPA|ANPA|ANVA)[0-9A-Z]{16}",
    "anthropic": r"sk-ant-[\w\-]{20,200}",
    "openai": r"sk-(?:proj-|svcacct-|admin-)?[\w\-]{20,200}",
    "github": r"gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_\w{22,255}",
    "gitlab": r"gl(?:pat|dt|ptt|rt|cbt|ft|soat|agent|imt|oas)-[\w\-]{20,60}",
    "slack": r"xox[abeoprs]-[\w\-]{10,250}|xapp-\d-[\w\-]{10,250}",
    "slack_webhook": r"hooks\.slack\.com/(?:services|workflows)/[\w/]{20,120}",
    "discord": r"[MNO][\w\-]{23,25}\.[\w\-]{6}\.[\w\-]{27,38}",
    "discord_webhook": r"discord(?:app)?\.com/api/webhooks/\d{17,20}/[\w\-]{60,80}",
    "telegram": r"\d{8,10}:AA[\w\-]{33}",
    "stripe": r"(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{16,200}|whsec_[A-Za-z0-9+/=]{24,100}",
    "square": r"sq0(?:atp|csp|idp)-[\w\-]{22,60}|EAAA[\w\-]{60}",
    "paypal": r"access_token\$(?:production|sandbox)\$[0-9a-z]{16}\$[0-9a-f]{32}",
    "google": r"AIza[\w\-]{35}|ya29\.[\w\-]{20,300}|GOCSPX-[\w\-]{28}",
    "azure_storage": r"AccountKey=[A-Za-z0-9+/=]{80,100}",
    "sendgrid": r"SG\.[\w\-]{16,32}\.[\w\-]{16,64}",
    "mailgun": r"key-[0-9a-f]{32}",
    "mailchimp": r"[0-9a-f]{32}-us\d{1,2}",
    "twilio": r"(?:AC|SK)[0-9a-f]{32}",
    "npm": r"npm_[A-Za-z0-9]{36}|//[\w.\-]{1,80}/:_authToken=\S{8,200}",
    "pypi": r"pypi-[\w\-]{16,300}",
    "huggingface": r"hf_[A-Za-z0-9]{30,60}",
    "replicate": r"r8_[A-Za-z0-9]{37}",
    "groq": r"gsk_[A-Za-z0-9]{40,60}",
    "digitalocean": r"do[opr]_v1_[0-9a-f]{64}",
    "databricks": r"dapi[0-9a-f]{32}(?:-\d)?",
    "shopify": r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}",
    "linear": r"lin_api_[A-Za-z0-9]{40}",
    "notion": r"(?:secret|ntn)_[A-Za-z0-9]{43,50}",
    "doppler": r"dp\.(?:pt|st|ct)\.[A-Za-z0-9]{40,44}",
    "vault": r"hv[sbr]\.[\w\-]{24,150}",
    "age": r"AGE-SECRET-KEY-1[0-9A-Z]{58}",
    "jwt": r"eyJ[\w\-]{8,4000}\.eyJ[\w\-]{2,8000}(?:\.[\w\-]{0,2000})?",
}
_VENDOR = re.compile(
    r"(?<![A-Za-z0-9_\-])(?:"
    + "|".join(f"(?P<{name}>{shape})" for name, shape in _VENDORS.items())
    + r")(?![A-Za-z0-9])"
)
_PRIVATE_KEY = re.compile(
    r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:[^-]|-(?!----)){0,16000}(?:-----END[^\n-]{0,60}-----)?"
)
_BEARER = re.compile(r"\b(?:bearer|basic|token)\s{1,3}([A-Za-z0-9_\-.+/=~]{16,4000})", re.IGNORECASE)
_GIVEN = re.compile(
    r"(?<![^\W_])(?:[a-z0-9]{1,20}[_\-]){0,3}(?:passwords?|passwd|pwd|passphrase|passcode|secret|token|credentials?"
    r"|(?:api|access|secret|private|auth)[_\- ]?key|client[_\- ]?secret)[\"'`]?"
    r"(?P<link>\s{0,3}(?:=>|:=|[:=])\s{0,3}|\s{1,3}(?:is|was)\s{0,2}:?\s{1,3})"
    r"[\"'`]?(?P<value>[^\s\"'`,;&<>()\[\]{}]{4,200})",
    re.IGNORECASE,
)


def vendor_keys(text: str) -> Found:
    for match in _VENDOR.finditer(text):
        if any(map(str.isdigit, match.group())):
            yield Span("secret", match.start(), match.end(), match.group(), match.lastgroup or "")


def private_keys(text: str) -> Found:
    for match in _PRIVATE_KEY.finditer(text):
        yield Span("secret", match.start(), match.end(), match.group().rstrip(), "private_key")


def given_secrets(text: str) -> Found:
    """`Authorization: Bearer …`, `api_key=…`, `my password is Hunter2`: the value, when it looks like one."""
    for match in _BEARER.finditer(text):
        if _entropy(match.group(1)) >= 3 and any(map(str.isdigit, match.group(1))):
            yield Span("secret", match.start(1), match.end(1), match.group(1), "bearer")
    for match in _GIVEN.finditer(text):
        value = match.group("value").rstrip(".!?")
        if _looks_secret(value, said_in_words="=" not in match.group("link")):
            start = match.start("value")
            yield Span("secret", start, start + len(value), value, "given")


def _looks_secret(value: str, *, said_in_words: bool) -> bool:
    """Letters with digits, or marks inside; a date, an amount and a plain word are none."""
    letters, digits = any(map(str.isalpha, value)), any(map(str.isdigit, value))
    if said_in_words:
        return len(value) >= 5 and letters and digits and "/" not in value and value[0] not in "$€£"
    return len(value) >= 6 and digits and (letters or _entropy(value) >= 2.5)


def _entropy(value: str) -> float:
    """Shannon entropy in bits a character."""
    return -sum(n / len(value) * log2(n / len(value)) for n in Counter(value).values())
