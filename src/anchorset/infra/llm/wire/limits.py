"""What a vendor's headers say of its limits: how many requests are left, and when there are more.

OpenAI's form (`x-ratelimit-remaining-requests: 59`, `x-ratelimit-reset-requests: 1m30.5s`; Groq, Together, Mistral and
gateways send the like) and Anthropic's (`anthropic-ratelimit-requests-remaining`, `…-reset: 2026-01-01T00:00:00Z`).
What this module does not know: what is done about it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

_PARTS = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_LONGEST = 86_400.0
"""A day: what asks for a longer wait has a broken clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Of the last answer that said anything. None: not said."""

    requests_limit: int | None = None
    """Allowed in the vendor's window, mostly a minute."""
    requests_remaining: int | None = None
    requests_reset: float | None = None
    """Seconds from `at` until the window is full again."""
    tokens_limit: int | None = None
    tokens_remaining: int | None = None
    tokens_reset: float | None = None
    at: float
    """When the answer came, in seconds since 1970."""


def limits_in(headers: Mapping[str, str], *, now: float) -> Limits | None:
    """What the headers of an answer say; None where they say nothing. Their names are looked up in small letters."""
    if "x-ratelimit-remaining-requests" in headers or "x-ratelimit-remaining-tokens" in headers:
        return Limits(
            requests_limit=_count(headers.get("x-ratelimit-limit-requests")),
            requests_remaining=_count(headers.get("x-ratelimit-remaining-requests")),
            requests_reset=seconds_until(headers.get("x-ratelimit-reset-requests"), now=now),
            tokens_limit=_count(headers.get("x-ratelimit-limit-tokens")),
            tokens_remaining=_count(headers.get("x-ratelimit-remaining-tokens")),
            tokens_reset=seconds_until(headers.get("x-ratelimit-reset-tokens"), now=now),
            at=now,
        )
    if "anthropic-ratelimit-requests-remaining" in headers or "anthropic-ratelimit-tokens-remaining" in headers:
        return Limits(
            requests_limit=_count(headers.get("anthropic-ratelimit-requests-limit")),
            requests_remaining=_count(headers.get("anthropic-ratelimit-requests-remaining")),
            requests_reset=seconds_until(headers.get("anthropic-ratelimit-requests-reset"), now=now),
            tokens_limit=_count(headers.get("anthropic-ratelimit-tokens-limit")),
            tokens_remaining=_count(headers.get("anthropic-ratelimit-tokens-remaining")),
            tokens_reset=seconds_until(headers.get("anthropic-ratelimit-tokens-reset"), now=now),
            at=now,
        )
    if "x-ratelimit-remaining" in headers:  # OpenRouter and many gateways: one window, its end as a time.
        return Limits(
            requests_limit=_count(headers.get("x-ratelimit-limit")),
            requests_remaining=_count(headers.get("x-ratelimit-remaining")),
            requests_reset=seconds_until(headers.get("x-ratelimit-reset"), now=now),
            at=now,
        )
    return None


def retry_after(headers: Mapping[str, str], *, now: float) -> float | None:
    """Seconds that the vendor asks us to wait, 0 to a day; None where it asks for none, or for nonsense."""
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return min(milliseconds / 1000, _LONGEST)
    said = headers.get("retry-after")
    seconds = _number(said)
    if seconds is not None:
        return min(seconds, _LONGEST)
    if said:
        try:
            return min(max(0.0, parsedate_to_datetime(said).timestamp() - now), _LONGEST)
        except (ValueError, TypeError, OverflowError):
            return None
    return None


def seconds_until(said: str | None, *, now: float) -> float | None:
    """Seconds in `6m0.5s`, `88ms`, `12.5`, until an ISO time, or until a Unix time in seconds or milliseconds."""
    if not said:
        return None
    said = said.strip()
    number = _number(said)
    if number is not None:
        if number > 1e11:
            number = number / 1000
        if number > 1e8:
            number = max(0.0, number - now)
        return min(number, _LONGEST)
    parts = _PARTS.findall(said)
    if parts and "".join(value + unit for value, unit in parts) == said:
        return min(sum(float(value) * _UNITS[unit] for value, unit in parts), _LONGEST)
    try:
        return min(max(0.0, datetime.fromisoformat(said).timestamp() - now), _LONGEST)
    except (ValueError, OverflowError):
        return None


def _count(said: str | None) -> int | None:
    number = _number(said)
    return None if number is None or number > 1e15 else int(number)


def _number(said: str | None) -> float | None:
    """A finite number of 0 or more; None for everything else."""
    if said is None or len(said) > 40:
        return None
    try:
        number = float(said)
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None
