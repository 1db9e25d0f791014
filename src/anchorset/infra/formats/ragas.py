"""Ragas samples, of one turn and of several. Ragas drops what it does not know, so a sidecar file has the lineage.

One file holds one kind of sample: with a chat among the cases, every case is written as several turns.
What this module does not know: the sidecar.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anchorset.core.case import Case, Message
from anchorset.infra.formats.case_format import CaseFormat, as_text, input_text, messages_in, present
from anchorset.infra.formats.foreign import parse_input
from anchorset.infra.formats.messages import messages_from

_TYPES = {"user": "human", "assistant": "ai", "tool": "tool"}


def _render(case: Case) -> dict[str, Any]:
    contexts = [passage.text for passage in case.context]
    return {"user_input": input_text(case)} | present(reference_contexts=contexts, reference=as_text(case.expected))


def _render_turns(case: Case) -> dict[str, Any]:
    turns = [_turn(turn) for turn in messages_in(case) if turn.role != "system"]
    return {"user_input": turns} | present(reference=as_text(case.expected))


def _turn(turn: Message) -> dict[str, Any]:
    calls = [{"name": call.name, "args": call.arguments} for call in turn.tool_calls]
    return {"type": _TYPES[turn.role], "content": turn.content} | present(tool_calls=calls)


def _parse(row: Mapping[str, Any]) -> dict[str, Any]:
    asked = row["user_input"]
    read = {"kind": "chat", "input": messages_from(asked)} if isinstance(asked, list) else parse_input(asked)
    return read | {"expected": row.get("reference")}


FORMAT = CaseFormat(
    name="ragas",
    layouts=("jsonl",),
    render=_render,
    parse=_parse,
    recognise=lambda row: isinstance(row.get("user_input"), str),
    bag=None,
    holds=frozenset({"expected", "context"}),
    kinds=frozenset({"text"}),
)

TURNS_FORMAT = CaseFormat(
    name="ragas-turns",
    layouts=("jsonl",),
    render=_render_turns,
    parse=_parse,
    recognise=lambda row: isinstance(row.get("user_input"), list),
    bag=None,
    holds=frozenset({"expected"}),
    kinds=frozenset({"text", "chat"}),
)
