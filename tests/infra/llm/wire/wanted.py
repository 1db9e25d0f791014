"""Shapes and asks that the tests of both wires share."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel

from anchorset.core.ask import Ask, Line, Shape


class Message(BaseModel):
    n: int = 0
    message: str
    mood: Literal["calm", "angry"] | None = None


SHAPE = Shape(Message, many=True)
SYSTEM = Line(role="system", content="You write messages.")
USER = Line(role="user", content="Write five.")


def ask(model: str = "openai:gpt-4o", **changes: Any) -> Ask:
    return Ask(**({"model": model, "lines": (SYSTEM, USER), "shape": SHAPE, "wanted": 5} | changes))


def closed(body: dict[str, Any], params: type) -> None:
    """Every key of the body is one that the official types know."""
    unknown = (
        set(body)
        - set(params.__annotations__)
        - {key for base in params.__orig_bases__ for key in getattr(base, "__annotations__", {})}
    )
    assert not unknown
