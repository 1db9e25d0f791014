"""`scripted:demo`: a writer that is no model. It fills any shape with texts put together from those in the prompt.

For demonstrations, tests and CI without a key: the same question has the same answer on every machine, and everything
downstream can be seen at work. What it writes is recombined from the seeds that the prompt shows, so it says nothing
about how good a model's cases would be, and its judgements are drawn.
What this module does not know: who asks, and what for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import orjson

from anchorset.core.ask import Ask, Reply, Usage
from anchorset.core.hashing import draw
from anchorset.infra.llm.tokens import tokens, tokens_of

_FENCE = re.compile(r"<([A-Za-z]+-[0-9a-f]{16})>\n(.*?)\n</\1>", re.DOTALL)
_QUOTED = re.compile(r"[\"“]([^\"“”\n]{12,400})[\"”]")
_CLAUSES = re.compile(r"(?<=[.!?;,])\s+|\s+(?=(?:and|but|because|so|since|und|aber|weil|mais|pero)\s)")
_WHY = ("why", "reason", "evidence", "rationale", "thinking", "explanation")
_REASONS = (
    "It names what happened and what is wanted.",
    "It reads like a message that somebody typed.",
    "It stays with one matter.",
    "Nothing in it contradicts what is known.",
)
_JOINS = (" ", ", and ", ". ", " - ", ", ")
_NO_IN = 10
"""One judgement in so many says no."""


class Demo:
    """Fills `core.ports.ChatModel`. Every answer hangs on its question alone."""

    name = "scripted:demo"
    host = None

    async def reply(self, ask: Ask, *, timeout: float) -> Reply:
        text = written(ask)
        return Reply(text=text, usage=Usage(input=tokens_of(ask), output=tokens(text)), model=self.name)

    async def close(self) -> None:
        return None


def written(ask: Ask, said: str | None = None) -> str:
    """The answer: JSON of the ask's shape, else one message. `said`: what every text of it is, in place of new ones."""
    hand = _Hand(ask.key, shown_in("\n".join(line.content for line in ask.lines)), said)
    if ask.shape is None:
        return hand.message(0)
    schema = ask.shape.schema()
    hand.shared = schema.get("$defs", {})
    if ask.shape.many:
        item = schema["properties"]["items"]["items"]
        made: Any = {"items": [hand.value(item, at, "item") for at in range(ask.wanted)]}
    else:
        made = hand.value(schema, 0, "item")
    return orjson.dumps(made).decode()


def shown_in(prompt: str) -> list[str]:
    """The texts that a prompt shows: those in fences, else those in quotation marks, else its longer lines."""
    found = [text.strip() for _, text in _FENCE.findall(prompt) if text.strip()]
    found = found or [text.strip() for text in _QUOTED.findall(prompt)]
    found = found or [line.strip() for line in prompt.splitlines() if len(line.split()) > 3]
    return list(dict.fromkeys(found)) or ["where is my order"]


class _Hand:
    """Writes one answer. What it draws hangs on the ask's key and the place in the answer."""

    def __init__(self, key: str, shown: Sequence[str], said: str | None) -> None:
        self.key, self.shown, self.said = key, shown, said
        self.shared: dict[str, Any] = {}

    def value(self, schema: dict[str, Any], at: int, name: str) -> Any:
        """A value of the schema for the `at`-th item; `name`: of the field."""
        if "$ref" in schema:
            return self.value(self.shared.get(schema["$ref"].rpartition("/")[2], {}), at, name)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return self.pick(schema["enum"], at, name)
        for either in ("anyOf", "oneOf", "allOf"):
            if either in schema:
                real = [one for one in schema[either] if one.get("type") != "null"]
                return self.value(real[0], at, name) if real else None
        kind = schema.get("type")
        if isinstance(kind, list):
            kind = next((one for one in kind if one != "null"), "null")
        if kind == "object" or "properties" in schema:
            return {field: self.value(part, at, field) for field, part in schema.get("properties", {}).items()}
        if kind == "array":
            return self.list(schema, at, name)
        if kind == "boolean":
            return self.drawn(at, name) % _NO_IN != 0
        if kind in ("integer", "number"):
            return self.number(schema, kind, at, name)
        return self.words(schema, at, name) if kind == "string" else None

    def list(self, schema: dict[str, Any], at: int, name: str) -> list[Any]:
        item = schema.get("items", {"type": "string"})
        inner = self.shared.get(item["$ref"].rpartition("/")[2], {}) if "$ref" in item else item
        if {"role", "content"} <= set(inner.get("properties", {})):
            # A conversation ends with the user, who has yet to be answered.
            said = [self.message(at), "Can you tell me more about it?", self.message(at + 1)]
            return [{"role": ("user", "assistant")[n % 2], "content": text} for n, text in enumerate(said)]
        n = max(schema.get("minItems", 1), min(2, schema.get("maxItems", 2)))
        return [self.value(item, at * 7 + one, f"{name}/{one}") for one in range(n)]

    def number(self, schema: dict[str, Any], kind: str, at: int, name: str) -> int | float:
        low = schema.get("minimum", schema.get("exclusiveMinimum", 0))
        if kind == "integer" and name in ("n", "number", "index"):
            return int(max(low, at + 1))
        high = schema.get("maximum", schema.get("exclusiveMaximum", low + (10 if kind == "integer" else 1)))
        part = self.drawn(at, name) % 1001 / 1000
        return int(low + part * (high - low)) if kind == "integer" else round(low + part * (high - low), 3)

    def words(self, schema: dict[str, Any], at: int, name: str) -> str:
        reason = self.said is None and name.split("/")[0] in _WHY
        text = self.pick(_REASONS, at, name) if reason else self.message(at, name)
        return str(text)[: schema.get("maxLength", 2000)]

    def message(self, at: int, name: str = "message") -> str:
        """The beginning of one text that was shown and the end of another; alone, its clauses in another order."""
        if self.said is not None:
            return self.said
        first = self.shown[(at + self.drawn(0, "first")) % len(self.shown)]
        second = self.shown[(at + 1 + self.drawn(at, name, "second")) % len(self.shown)]
        heads, tails = _clauses(first), _clauses(second)
        head = " ".join(heads[: max(1, len(heads) // 2)])
        tail = " ".join(tails[len(tails) // 2 :])
        if head == tail or first == second:
            tail = " ".join(heads[max(1, len(heads) // 2) :]) or self.pick(_ENDS, at, name)
            head, tail = (tail, head) if len(heads) > 1 else (head, tail)
        return head.rstrip(" ,;.-") + str(self.pick(_JOINS, at, name)) + tail.lstrip()

    def pick(self, among: Sequence[Any], at: int, name: str) -> Any:
        return among[self.drawn(at, name, "pick") % len(among)]

    def drawn(self, at: int, *name: str) -> int:
        return draw("demo", self.key, at, *name)


_ENDS = ("can you check please", "what now", "I have waited long enough", "please sort this out today", "any news?")


def _clauses(text: str) -> list[str]:
    """The text in pieces that can stand alone; a single one is cut in the middle when it is long."""
    pieces = [piece for piece in _CLAUSES.split(text) if piece and piece.strip()]
    if len(pieces) == 1 and len(words := text.split()) > 7:
        return [" ".join(words[: len(words) // 2]), " ".join(words[len(words) // 2 :])]
    return pieces or [text]
