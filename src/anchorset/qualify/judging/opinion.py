"""What the judge's answer has to look like: one object, a field a question, the reason before the word.

What this module does not know: what was asked.
"""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, create_model

from anchorset.core.ask import Shape


def _text(value: Any) -> Any:
    return "" if value is None else value


def _level(value: Any) -> Any:
    return value.strip().lower() if isinstance(value, str) else value


Why = Annotated[str, BeforeValidator(_text)]


class Opinion(BaseModel):
    """A reason and the word it leads to."""

    why: Why = ""
    ok: bool


class LevelOpinion(BaseModel):
    """A reason and the level it leads to."""

    why: Why = ""
    level: Annotated[Literal["easy", "medium", "hard", "adversarial"], BeforeValidator(_level)]


@cache
def shape_for(fields: tuple[str, ...], level: str) -> Shape:
    """The shape of an answer with an Opinion under each of `fields`, and a LevelOpinion under `level`."""
    parts: dict[str, Any] = dict.fromkeys(fields, (Opinion, ...)) | {level: (LevelOpinion, ...)}
    return Shape(create_model("Judgement", **parts))


def read(item: Any, field: str) -> Opinion | LevelOpinion | None:
    """What stands under `field` of an answer; None where nothing usable does."""
    found = getattr(item, field, None)
    return found if isinstance(found, (Opinion, LevelOpinion)) else None
