"""What an answer has to hold: one item a candidate, read leniently and closed in what is asked for.

What this module does not know: prompts and cases.
"""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field, create_model

from anchorset.core.errors import ConfigError
from anchorset.produce.asking.settings import Needs

_OURS = frozenset(("n", "thinking", "message", "turns", "expected", "criteria"))


class Turn(BaseModel):
    """One turn of a conversation."""

    role: Literal["user", "assistant"]
    content: str = Field(min_length=1)


def _text(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def _texts(value: Any) -> Any:
    """One text where a list was asked for is a list of one; the empty text is none."""
    return [one for one in value.splitlines() if one.strip()] if isinstance(value, str) else value


def _said(value: Any) -> Any:
    """A number or a truth value where a text was asked for is its text."""
    return str(value) if isinstance(value, (int, float)) else _text(value)


Text = Annotated[str, BeforeValidator(_text), Field(min_length=1)]
Texts = Annotated[list[str], BeforeValidator(_texts)]
Answer = Annotated[str, BeforeValidator(_said)]


@cache
def item_type(
    *, turns: bool = False, thinking: bool = False, expected: bool = False, criteria: bool = False,
    columns: tuple[str, ...] = (),
) -> type[BaseModel]:  # fmt: skip
    """The item of these parts: `n` is the line it answers. The same arguments give the same class.

    Raises ConfigError for a column whose name cannot be one.
    """
    fields: dict[str, Any] = {"n": (int, 0)}
    if thinking:
        fields["thinking"] = (str, "")
    fields |= {"turns": (list[Turn], Field(min_length=1))} if turns else {"message": (Text, ...)}
    if expected:
        fields["expected"] = (Answer, "")
    if criteria:
        fields["criteria"] = (Texts, [])
    for column in columns:
        if not column.isidentifier() or column.startswith("_") or column in _OURS:
            raise ConfigError(
                f"the extra column {column!r} cannot be asked of a model; give it a name of letters, digits and `_` "
                f"that is none of {', '.join(sorted(_OURS))}"
            )
        fields[column] = (Texts, []) if column.endswith("s") else (Answer, "")
    return create_model("Conversation" if turns else "Message", **fields)


def form(item: type[BaseModel], needs: Needs) -> str:
    """The answer's form in a line, for the prompt: an example object with what stands where."""
    shown = {
        "n": "1",
        "thinking": '"who this is and what happened, in one sentence"',
        "message": '"…"',
        "turns": '[{"role": "user", "content": "…"}, {"role": "assistant", "content": "…"}, …]',
        "expected": '"…"',
        "criteria": '["…", "…"]',
    }
    parts = [
        f'"{name}": ' + (shown[name] if name in shown else '["…"]' if name.endswith("s") else '"…"')
        for name in item.model_fields
    ]
    return '{"items": [{' + ", ".join(parts) + "}, …]}"
