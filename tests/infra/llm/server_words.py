"""What the misbehaving server may be told, and the made-up answers that it gives.

What this module does not know: HTTP, and which wire an answer is for.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from typing import Any


@dataclass
class Settings:
    """How the server behaves. Times in seconds."""

    seed: int = 7
    steady: bool = False
    """What is said to a request hangs on its body alone; only faults hang on how often it came."""
    latency: float = 0.0
    items: int = 5
    """Items in a list, where the schema does not say."""
    key: str | None = None
    """The only API key that is accepted; None: any and none."""
    models: tuple[str, ...] = ()
    """Models that exist; empty: all."""
    refuses: tuple[str, ...] = ()
    """Fields of a request that are answered with 400, as a server that does not know them."""
    retry_after: float | None = 1.0
    """What a 429 says; None: nothing."""
    per_minute: float | None = None
    """A real limit: a token bucket of requests, empty requests are answered with 429."""
    burst: int = 64
    headers: bool = True
    """Whether the limit is told in headers."""
    limited: float = 0.0
    """429 with Retry-After, whatever the load."""
    limited_silent: float = 0.0
    """429 without."""
    error: float = 0.0
    """500 after the latency."""
    overloaded: float = 0.0
    """503 at once."""
    slow: float = 0.0
    """Ten times the latency."""
    hang: float = 0.0
    """No answer ever."""
    cut: float = 0.0
    """The connection is closed in the middle of the body."""
    broken: float = 0.0
    """200 with a body that is no JSON."""
    truncated: float = 0.0
    """The text ends in the middle of the JSON, finish reason length."""
    malformed: float = 0.0
    """The text is no JSON, finish reason stop."""
    wrong_schema: float = 0.0
    refusal: float = 0.0
    empty: float = 0.0
    """200 without choices."""
    filtered: float = 0.0
    duplicates: float = 0.0
    """Every item of the list is the same."""
    same_id: float = 0.0
    """The id of the response is one given before."""


FAULTS = (
    "limited", "limited_silent", "error", "overloaded", "slow", "hang", "cut", "broken", "truncated", "malformed",
    "wrong_schema", "refusal", "empty", "filtered", "duplicates", "same_id",
)  # fmt: skip
ANSWERED = {"ok", "slow", "duplicates", "same_id"}
SAYINGS = (
    "where is my parcel order refund still waiting please can you help the box came broken I want a new one "
    "charged twice card never again three days late driver left it next door changed my mind when does it arrive "
    "wrong size return label coupon does not work cancel subscription today why no answer call me back"
)
WORDS = SAYINGS.split()


def filled(schema: dict[str, Any], rng: random.Random, settings: Settings, *, same: bool = False) -> Any:
    """A value of the schema, with texts of the small vocabulary; `same`: all items of a list are one."""
    shared = schema.get("$defs", {})

    def value(part: dict[str, Any], depth: int) -> Any:
        if "$ref" in part:
            return value(shared.get(part["$ref"].rpartition("/")[2], {}), depth + 1)
        if "const" in part:
            return part["const"]
        if "enum" in part:
            return rng.choice(part["enum"])
        for either in ("anyOf", "oneOf"):
            if either in part:
                real = [one for one in part[either] if one.get("type") != "null"] or part[either]
                return value(real[0], depth + 1)
        kind = part.get("type")
        kind = next((one for one in kind if one != "null"), "null") if isinstance(kind, list) else kind
        if kind == "object" or "properties" in part:
            return {name: value(inner, depth + 1) for name, inner in part.get("properties", {}).items()}
        if kind == "array":
            inner = part.get("items", {"type": "string"})
            n = part.get("minItems", settings.items if depth < 2 else 2)
            return [value(inner, depth + 1)] * n if same else [value(inner, depth + 1) for _ in range(n)]
        if kind == "boolean":
            return rng.random() < 0.5
        if kind == "integer":
            return rng.randint(int(part.get("minimum", 0)), int(part.get("maximum", 5)))
        if kind == "number":
            return round(rng.uniform(part.get("minimum", 0), part.get("maximum", 1)), 3)
        return None if kind == "null" else " ".join(rng.choices(WORDS, k=rng.randint(6, 14)))

    return value(schema, 0)


def schema_in(text: str) -> dict[str, Any] | None:
    """A JSON schema that stands in a prompt."""
    at = text.find("{")
    while at >= 0:
        try:
            found, _ = json.JSONDecoder().raw_decode(text, at)
        except ValueError:
            found = None
        if isinstance(found, dict) and ("properties" in found or "$defs" in found):
            return found
        at = text.find("{", at + 1)
    return None


def said_in(lines: list[Any]) -> str:
    return "\n".join(line["content"] if isinstance(line["content"], str) else str(line["content"]) for line in lines)
