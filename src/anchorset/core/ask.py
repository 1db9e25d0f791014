"""A question to a language model, and what comes back: the words that techniques, judges and the engine share.

    Ask      everything that decides the answer; its key is what answers are kept under
    Shape    what the answer has to look like, item by item
    Reply    an answer with at least one usable item (or plain text), what it used and what it cost
    Fault    no usable answer, with the cause as the ledger counts it

What this module does not know: vendors, wires, limits and prices.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from pydantic import BaseModel

from anchorset.core.hashing import short_hash
from anchorset.core.ledger import FailedBy, PendingBy

Role = Literal["system", "user", "assistant"]
Finish = Literal["stop", "length", "refused", "filtered", "other"]
"""length: cut off at `max_tokens`. refused: the model said that it will not. filtered: the vendor cut it out."""


@dataclass(frozen=True, slots=True)
class Line:
    """One message of a prompt."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class Shape:
    """What the answer has to look like: one object of `item`, or with `many` a list of them under `items`."""

    item: type[BaseModel]
    many: bool = False

    @property
    def name(self) -> str:
        return self.item.__name__.lower() + ("s" if self.many else "")

    def schema(self) -> dict[str, Any]:
        """JSON schema of the whole answer, every object closed and every field required, as vendors ask of it."""
        return _schema(self.item, self.many)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One request. Two asks of one key are one question: the second is answered by the first one's answer."""

    model: str
    """`provider:model`."""
    lines: tuple[Line, ...]
    shape: Shape | None = None
    """None: plain text."""
    wanted: int = 1
    """Items asked for, where the shape has many."""
    temperature: float | None = None
    """None: the vendor's own."""
    max_tokens: int | None = None
    nth: int = 0
    """Which sample this is, where the same question is asked several times on purpose."""

    @property
    def key(self) -> str:
        """`a_` and 16 hex digits over all of it."""
        shape = self.shape and self.shape.schema()
        lines = [[line.role, line.content] for line in self.lines]
        return "a_" + short_hash([self.model, lines, shape, self.wanted, self.temperature, self.max_tokens, self.nth])


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Tokens, as the vendor counts them."""

    input: int = 0
    output: int = 0
    cached: int = 0
    """Of the input, those that the vendor had in its cache."""

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            input=self.input + other.input, output=self.output + other.output, cached=self.cached + other.cached
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer that can be used."""

    text: str
    """As it came; where there was a second round, that of the last one."""
    items: tuple[Any, ...] = ()
    """Objects of the ask's shape, valid each; fewer than wanted when the rest could not be saved. Empty: plain text."""
    usage: Usage = Usage()
    usd: float | None = None
    """None: the model's price is not known."""
    model: str | None = None
    """The model that the vendor says answered."""
    finish: Finish = "stop"
    seconds: float = 0.0
    recalled: bool = False
    """Whether it was kept from before: nothing was sent and nothing paid this time."""
    problems: tuple[str, ...] = ()
    """Why items are missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """No usable answer."""

    cause: FailedBy | PendingBy
    message: str
    """One sentence for people."""
    text: str | None = None
    """What came, where something came: malformed output and refusals are kept."""
    usage: Usage = Usage()
    usd: float | None = 0.0
    """What the useless answers cost; None: not known."""
    final: bool = field(default=True)
    """Whether asking again in this run is pointless: pending ones are not final."""


Answer = Reply | Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What a run's questions have taken so far, all its sittings together."""

    answers: int = 0
    """Replies that were paid for."""
    recalled: int = 0
    """Answers of this sitting that were there already."""
    usage: Usage = Usage()
    usd: float | None = 0.0
    """None: the price of a model is not known."""


@cache
def _schema(item: type[BaseModel], many: bool) -> dict[str, Any]:
    one = item.model_json_schema()
    shared = one.pop("$defs", {})
    whole: dict[str, Any] = (
        {"type": "object", "properties": {"items": {"type": "array", "items": one}}, "required": ["items"]}
        if many
        else one
    )
    if shared:
        whole["$defs"] = shared
    _close(whole)
    return whole


def _close(schema: Any) -> None:
    """Vendors' strict modes want closed objects with all fields required, and know no defaults and titles."""
    if isinstance(schema, list):
        for one in schema:
            _close(one)
    if not isinstance(schema, dict):
        return
    if schema.get("type") == "object" and "properties" in schema:
        schema["additionalProperties"] = False
        schema["required"] = list(schema["properties"])
    for key in ("default", "title"):
        if not isinstance(schema.get(key), dict):
            schema.pop(key, None)
    for value in schema.values():
        _close(value)
