"""OpenAI chat messages as JSONL: `{"messages": […], "tools": […]}`. A sidecar file has lineage and expected answers.

The expected answer is not written as a last turn of the assistant: the app under test would be shown its own solution.
What this module does not know: the sidecar, and requests of the batch interface.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anchorset.core.case import Case, Message
from anchorset.infra.formats.case_format import CaseFormat, messages_in, present
from anchorset.infra.formats.messages import messages_from, to_openai


def _render(case: Case) -> dict[str, Any]:
    system = (Message(role="system", content=case.system),) if case.system is not None else ()
    return {"messages": to_openai((*system, *messages_in(case)))} | present(tools=list(case.model_dump()["tools"]))


def _parse(row: Mapping[str, Any]) -> dict[str, Any]:
    turns = messages_from(row["messages"])
    tools = tuple(row.get("tools") or ())
    head = turns[0] if turns and turns[0].role == "system" and len(turns) > 1 else None
    rest = turns[1:] if head else turns
    asked: dict[str, Any] = {"kind": "chat", "input": rest}
    if len(rest) == 1 and rest[0].role == "user" and rest[0].content and not rest[0].name:
        asked = {"kind": "text", "input": rest[0].content}
    return asked | {"system": head.content if head else None, "tools": tools}


FORMAT = CaseFormat(
    name="openai-chat",
    layouts=("jsonl", "json"),
    render=_render,
    parse=_parse,
    recognise=lambda row: isinstance(row.get("messages"), list),
    bag=None,
    holds=frozenset({"system", "tools"}),
    kinds=frozenset({"text", "chat"}),
)
