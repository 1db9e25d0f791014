"""ShareGPT conversations: `{"id", "system", "conversations": [{"from", "value"}]}`. A sidecar file has the lineage.

What this module does not know: the sidecar.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from anchorset.core.case import Case, Message
from anchorset.infra.formats.case_format import CaseFormat, messages_in, present
from anchorset.infra.formats.messages import is_turns, messages_from

_FROM = {"user": "human", "assistant": "gpt", "tool": "observation", "system": "system"}


def _render(case: Case) -> dict[str, Any]:
    turns = [said for turn in messages_in(case) for said in _turns(turn)]
    tools = [json.dumps(tool, ensure_ascii=False) for tool in case.model_dump()["tools"]]
    return {"id": case.id, "conversations": turns} | present(
        system=case.system, tools=f"[{','.join(tools)}]" if tools else None
    )


def _turns(turn: Message) -> list[dict[str, str]]:
    calls = [
        {"from": "function_call", "value": json.dumps({"name": c.name, "arguments": c.arguments}, ensure_ascii=False)}
        for c in turn.tool_calls
    ]
    said = [{"from": _FROM[turn.role], "value": turn.content}] if turn.content or not calls else []
    return said + calls


def _parse(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"kind": "chat", "input": messages_from(row["conversations"]), "system": row.get("system") or None}


FORMAT = CaseFormat(
    name="sharegpt",
    layouts=("json", "jsonl"),
    render=_render,
    parse=_parse,
    recognise=lambda row: is_turns(row.get("conversations")),
    bag=None,
    holds=frozenset({"system", "tools"}),
    kinds=frozenset({"chat"}),
)
