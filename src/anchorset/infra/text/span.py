"""A stretch of text that means something, by Unicode code point offsets.

What this module does not know: what finds one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

PrivateKind = Literal[
    "email", "phone", "card", "iban", "ip", "url_credentials", "secret", "national_id", "account", "name", "address"
]


@dataclass(frozen=True, slots=True)
class Span:
    """Personal data in a text: `text` is what stands from `start` to `end` (exclusive)."""

    kind: PrivateKind
    start: int
    end: int
    text: str
    detector: str = ""
    """Which rule of the kind found it (`us_ssn`, `aws_access_key`)."""

    def __len__(self) -> int:
        return self.end - self.start


Found = Iterator[Span]
