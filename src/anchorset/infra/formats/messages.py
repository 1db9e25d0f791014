"""Chat turns in the dialects of the outside world, as our messages and back: OpenAI, ShareGPT, Ragas, plain logs.

What this module does not know: files and rows.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, get_args

from pydantic_core import from_json

from anchorset.core.case import Message, Role, ToolCall
from anchorset.infra.formats.row import as_json

ROLES: dict[str, Role] = {role: role for role in get_args(Role)} | {
    "developer": "system",
    "human": "user", "customer": "user", "client": "user", "caller": "user", "visitor": "user",
    "gpt": "assistant", "ai": "assistant", "bot": "assistant", "model": "assistant", "agent": "assistant",
    "chatgpt": "assistant", "function_call": "assistant", "operator": "assistant", "system operator": "assistant",
    "function": "tool", "observation": "tool", "action": "tool",
}  # fmt: skip
"""Names that chat logs give their speakers, in lower case -> our role."""

TURN_COLUMNS = ("messages", "conversations", "conversation", "turns", "dialogue", "utterances", "user_input")
"""Fields that hold a whole conversation when their value is a list of turns."""

_SPEAKER = ("role", "from", "type", "speaker", "author")
_WORDS = ("content", "value", "text", "utterance", "message")


def role_of(name: object) -> Role:
    """Our role for a speaker's name. Raises ValueError naming the known ones."""
    role = ROLES.get(str(name).strip().lower())
    if role is None:
        raise ValueError(f"the role is {as_json(name)}; known: {', '.join(ROLES)}")
    return role


def is_turns(value: object) -> bool:
    """Whether this is a list of objects that have a speaker, or of `[speaker, text]` pairs: a conversation."""
    if not isinstance(value, list) or not value:
        return False
    if isinstance(value[0], list):
        return all(isinstance(turn, list) and len(turn) == 2 and _strings(turn) for turn in value)
    return all(isinstance(turn, dict) and any(key in turn for key in _SPEAKER) for turn in value)


def _strings(pair: list[Any]) -> bool:
    return isinstance(pair[0], str) and isinstance(pair[1], str)


def messages_from(turns: Sequence[Mapping[str, Any] | Sequence[str]]) -> tuple[Message, ...]:
    """Our messages. Raises ValueError with the turn's number for an unknown role or content that is no text."""
    return tuple(_message(number, turn) for number, turn in enumerate(turns, start=1))


def _message(number: int, turn: Mapping[str, Any] | Sequence[str]) -> Message:
    if not isinstance(turn, Mapping):
        if not isinstance(turn, (list, tuple)) or len(turn) != 2:
            raise ValueError(f"turn {number}: {as_json(turn)} is neither an object nor a pair of speaker and text")
        turn = {"role": turn[0], "content": turn[1]}
    speaker = next((turn[key] for key in _SPEAKER if key in turn), None)
    words = next((turn[key] for key in _WORDS if turn.get(key) is not None), "")
    try:
        role = role_of(speaker)
        text = _text(words)
        if str(speaker) == "function_call":
            call = from_json(text, allow_inf_nan=False)
            return Message(role=role, tool_calls=(_call(call),))
        name, call_id = turn.get("name"), turn.get("tool_call_id")
        return Message(
            role=role,
            content=text,
            name=None if name is None else str(name),
            tool_calls=tuple(_call(call) for call in turn.get("tool_calls") or ()),
            tool_call_id=None if call_id is None else str(call_id),
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"turn {number}: {error}") from None


def _text(words: Any) -> str:
    if isinstance(words, str):
        return words
    if isinstance(words, list):  # content parts; what is no text has no place in a case of text
        kinds = [part.get("type") for part in words if part.get("type") not in ("text", "input_text", "output_text")]
        if kinds:
            raise ValueError(f"content parts of type {as_json(kinds[0])} are not read; text parts are")
        return "".join(part["text"] for part in words)
    raise ValueError(f"the content is {as_json(words)}, a string expected")


def _call(call: Mapping[str, Any]) -> ToolCall:
    made = call.get("function", call)
    arguments = made.get("arguments", made.get("args", {}))
    if isinstance(arguments, str):
        arguments = from_json(arguments, allow_inf_nan=False)
    return ToolCall(name=made["name"], arguments=arguments, id=call.get("id"))


def to_openai(messages: Sequence[Message]) -> list[dict[str, Any]]:
    """OpenAI chat: tool calls nested, their arguments a JSON string."""
    return [_openai(message) for message in messages]


def _openai(message: Message) -> dict[str, Any]:
    turn: dict[str, Any] = {"role": message.role, "content": message.content}
    if message.name:
        turn["name"] = message.name
    if message.tool_calls:
        turn["content"] = message.content or None
        turn["tool_calls"] = [
            {
                "id": call.id or f"call_{number}",
                "type": "function",
                "function": {"name": call.name, "arguments": json.dumps(call.arguments, ensure_ascii=False)},
            }
            for number, call in enumerate(message.tool_calls, start=1)
        ]
    if message.tool_call_id:
        turn["tool_call_id"] = message.tool_call_id
    return turn
