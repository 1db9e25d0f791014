"""Identity: canonical JSON, hashed. The version is part of what is hashed, so a new rule never collides with an old id.

What goes into a case's `id` (what is asked): kind, input, context, system, tools.
What goes into `content` (what is judged): id, expected, criteria.
What stays out, and why:
    metadata, tags, language, difficulty   labels about the case; relabelling asks the same thing
    extra                                  the owner's own columns, never sent to the target
    provenance, cluster                    where it came from does not change what it asks
    findings, reviews, status, split       said about a content, after it exists
    revision_of, schema                    bookkeeping of the record, not of the question

What this module does not know: which noun it hashes.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

ID_VERSION = 1
"""Raised when the rule above changes; ids of different versions never meet."""

HEX = 16
"""64 bits: a million cases collide with probability below 3e-8 (birthday bound n²/2⁶⁵)."""


_ENCODER = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def canonical(value: Any) -> str:
    """JSON with sorted keys and no spaces: equal values give equal text. Raises ValueError for NaN and infinities."""
    return _ENCODER.encode(value)


def short_hash(value: Any) -> str:
    """16 hex digits of SHA-256 over the canonical JSON of `value`."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()[:HEX]


def case_id(*, kind: str, input: Any, context: Any, system: str | None, tools: Any) -> str:
    """`c_` and 16 hex digits: the hash of what is asked. Arguments are plain JSON values."""
    return "c_" + short_hash([ID_VERSION, kind, input, context, system, tools])


def content_hash(*, id: str, expected: Any, criteria: Any) -> str:
    """16 hex digits: the hash of what is judged. Findings, decisions and results bind to it."""
    return short_hash([ID_VERSION, id, expected, criteria])


def draw(*key: str | int) -> int:
    """A 64-bit number that depends on `key` alone: the root of every random choice, so that none depends on order."""
    return int.from_bytes(hashlib.blake2b("\x1f".join(map(str, key)).encode(), digest_size=8).digest(), "big")
