"""Limits as vendors write them in headers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchorset.infra.llm.wire.limits import limits_in, retry_after, seconds_until


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("6m0s", 360.0), ("1h2m3.5s", 3723.5), ("88ms", 0.088), ("2m59.56s", 179.56), ("12.5", 12.5), ("0", 0.0),
        ("1970-01-01T00:16:50Z", 10.0), ("1970-01-01T00:16:50+00:00", 10.0), ("1970-01-01T00:00:00Z", 0.0),
        ("soon", None), ("", None), (None, None), ("-5", None), ("nan", None), ("5 bananas", None),
    ],
)  # fmt: skip
def test_times_in_all_forms(said: str | None, seconds: float | None) -> None:
    found = seconds_until(said, now=1_000.0)
    assert found is seconds if seconds is None else found == pytest.approx(seconds)


def test_unix_times_in_seconds_and_milliseconds() -> None:
    now = 1_790_000_000.0
    assert seconds_until(str(int(now) + 30), now=now) == 30
    assert seconds_until(str((int(now) + 30) * 1000), now=now) == 30


def test_openais_headers() -> None:
    headers = {
        "x-ratelimit-limit-requests": "60", "x-ratelimit-remaining-requests": "59", "x-ratelimit-reset-requests": "1s",
        "x-ratelimit-remaining-tokens": "149984", "x-ratelimit-reset-tokens": "6m0s",
    }  # fmt: skip
    seen = limits_in(headers, now=5.0)
    assert seen is not None
    assert (seen.requests_limit, seen.requests_remaining, seen.requests_reset) == (60, 59, 1.0)
    assert (seen.tokens_remaining, seen.tokens_reset, seen.at) == (149984, 360.0, 5.0)


def test_anthropics_headers_and_gateways() -> None:
    seen = limits_in(
        {"anthropic-ratelimit-requests-remaining": "3", "anthropic-ratelimit-requests-reset": "1970-01-01T00:01:00Z"},
        now=0.0,
    )
    assert seen is not None
    assert (seen.requests_remaining, seen.requests_reset) == (3, 60.0)
    seen = limits_in({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1790000010000"}, now=1_790_000_000.0)
    assert seen is not None
    assert (seen.requests_remaining, seen.requests_reset) == (0, 10.0)
    assert limits_in({"content-type": "x"}, now=0.0) is None


@given(st.text(max_size=50))
def test_no_header_can_hurt(said: str) -> None:
    for wait in (retry_after({"retry-after": said}, now=0.0), retry_after({"retry-after-ms": said}, now=0.0)):
        assert wait is None or 0 <= wait <= 86_400
    reset = seconds_until(said, now=0.0)
    assert reset is None or 0 <= reset <= 86_400
    limits_in({"x-ratelimit-remaining": said, "x-ratelimit-reset": said}, now=0.0)
