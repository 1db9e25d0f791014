"""Answers become candidates, each with everything that it was made from.

What this module does not know: how a request was written, and whether a candidate is any good.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, JsonValue

from anchorset.core.ask import Reply
from anchorset.core.case import Case, Message
from anchorset.core.provenance import Step, Synthetic
from anchorset.produce.asking.paraphrase import OPERATOR, PARAPHRASE
from anchorset.produce.asking.redteam import REDTEAM
from anchorset.produce.asking.request import Request, Slot
from anchorset.produce.message import last_message, message_of, until_user

ANSWER_TAG = "answer:generated"
"""On a case whose expected answer or criteria a model wrote, until a person has approved them."""
_QUOTED = re.compile(r"""^(?:"([^"]+)"|“([^“”]+)”)$""", re.DOTALL)
_MOST_CRITERIA = 8


def read(request: Request, reply: Reply) -> list[Case]:
    """The candidates of an answer, in the order of the request's lines; at most as many as were wanted.

    What is missing (`request.wanted - len(...)`) came malformed, empty, or word for word as its parent.
    """
    made = []
    for slot, item in _matched(request, reply.items):
        case = _case(request, slot, item, reply)
        if case is not None:
            made.append(case)
    return made


def _matched(request: Request, items: Sequence[Any]) -> list[tuple[Slot, BaseModel]]:
    """Each item with its line: the one it names; of what is no rewrite else the next free one, in the order they came.

    Of rewrites none is matched by guess, for it would get another's parent: items that name no line of their own are
    taken in order when they are all there, and are lost when they are not.
    """
    slots = {slot.n: slot for slot in request.slots}
    named = [getattr(item, "n", 0) for item in items]
    clear = len(set(named)) == len(named) and set(named) <= set(slots)
    if not clear and len(items) == len(slots):
        return list(zip(request.slots, items, strict=True))
    found: dict[int, BaseModel] = {}
    lost: list[BaseModel] = []
    for n, item in zip(named, items, strict=True):
        if n in slots and n not in found:
            found[n] = item
        elif request.method.rewrites:
            break  # a second answer that counts anew from 1: what comes after it cannot be trusted either
        else:
            lost.append(item)
    free = [n for n in slots if n not in found]
    found |= dict(zip(free, lost, strict=False))
    return [(slots[n], found[n]) for n in sorted(found)]


def _case(request: Request, slot: Slot, item: Any, reply: Reply) -> Case | None:
    order, settings, method = request.scene.order, request.scene.settings, request.method
    parent = slot.parent
    given = _input(request, slot, item)
    if given is None:
        return None
    kind, input = given
    expected, criteria, extra, filled = _answer(request, slot, item)
    case = Case(
        kind=kind,
        input=input,
        expected=expected,
        criteria=criteria,
        context=parent.context if parent else (),
        system=parent.system if parent else None,
        tools=parent.tools if parent else (),
        extra=extra,
        metadata=parent.metadata if parent else dict(order.brief.values),
        tags=_tags(slot, filled),
        language=request.language,
        provenance=Synthetic(
            source="synthetic",
            technique=method.technique,
            label=order.label,
            parents=(parent.id,) if parent else (),
            roots=parent.roots if parent else (),
            anchors=request.anchors,
            operators=_steps(request, slot),
            persona=order.brief.persona,
            model=settings.model,
            family=settings.family,
            prompt=request.prompt,
            params=_params(request, slot, item, reply),
            random_seed=order.random_seed,
            run=order.run,
        ),
    )
    return None if parent is not None and case.id == parent.id else case


def _input(request: Request, slot: Slot, item: Any) -> tuple[Any, Any] | None:
    """(kind, input); None when nothing is left of it."""
    if slot.parent is not None:
        place = last_message(slot.parent) if request.method is REDTEAM else message_of(slot.parent)
        if place is None:
            return None
        text = _bare(item.message, place[0])
        return (slot.parent.kind, until_user(place[1](text), slot.parent.kind)) if text else None
    if request.scene.settings.multi_turn:
        turns = _turns(item.turns, request.scene.settings.max_turns)
        return ("chat", turns) if turns else None
    text = _bare(item.message, "")
    if not text:
        return None
    if request.scene.book.kind == "chat":
        return "chat", (Message(role="user", content=text),)
    return "text", text


def _turns(given: Sequence[Any], most: int) -> tuple[Message, ...]:
    """From the first to the last user turn, at most `most` of them; empty when the user is silent."""
    turns: list[Message] = []
    said = 0
    for turn in given:
        text = turn.content.strip()
        if not text or (turn.role == "assistant" and not turns):
            continue
        if turn.role == "user":
            if said == most:
                break
            said += 1
        turns.append(Message(role=turn.role, content=text))
    while turns and turns[-1].role != "user":
        turns.pop()
    return tuple(turns)


def _bare(text: str, parent: str) -> str:
    """Without the quotation marks that models put around a whole message, where its parent has none."""
    text = text.strip()
    found = _QUOTED.match(text)
    if found and not _QUOTED.match(parent.strip()):
        text = (found[1] or found[2]).strip()
    return text


def _answer(
    request: Request, slot: Slot, item: Any
) -> tuple[JsonValue, tuple[str, ...], dict[str, JsonValue], bool]:  # fmt: skip
    """(expected, criteria, extra, whether a model wrote any of it)."""
    written = tuple(one.strip() for one in getattr(item, "criteria", ()) if one.strip())[:_MOST_CRITERIA]
    if request.method is PARAPHRASE and slot.parent is not None:
        return slot.parent.expected, slot.parent.criteria, dict(slot.parent.extra), False
    if slot.way is not None:
        ours = (*slot.way.criteria, *(slot.policy.criteria if slot.policy else ()))
        return None, tuple(dict.fromkeys((*ours, *written))), {}, bool(written)
    columns = request.scene.settings.needs.columns
    extra: dict[str, JsonValue] = {name: getattr(item, name) for name in columns if hasattr(item, name)}
    said: JsonValue = getattr(item, "expected", "") or None
    owners = request.scene.settings.expected(request.scene.order.brief)
    expected = owners if owners is not None else said
    return expected, written, extra, bool(written or extra or (owners is None and said is not None))


def _tags(slot: Slot, filled: bool) -> tuple[str, ...]:
    tags = slot.way.tags if slot.way is not None else ()
    tags += (f"policy:{slot.policy.name}",) if slot.policy is not None else ()
    return (*tags, ANSWER_TAG) if filled else tags


def _steps(request: Request, slot: Slot) -> tuple[Step, ...]:
    if request.method is PARAPHRASE:
        return (Step(operator=OPERATOR, relation="invariant"),)
    if slot.way is not None:
        return (Step(operator="written.redteam", relation="changed", detail=slot.way.family),)
    return ()


def _params(request: Request, slot: Slot, item: Any, reply: Reply) -> dict[str, JsonValue]:
    """What the candidate was asked with, beside the prompt: enough to find the answer again and to ask once more."""
    settings, ask = request.scene.settings, request.ask
    params: Mapping[str, JsonValue] = {
        "ask": ask.key,
        "line": slot.n,
        "attempt": slot.attempt,
        "temperature": ask.temperature,
        "max_tokens": ask.max_tokens,
        "style": slot.style.recorded if slot.style else None,
        "topic": slot.topic,
        "policy": slot.policy.name if slot.policy else None,
        "code_switching": settings.code_switching,
        "thinking": (getattr(item, "thinking", "") or "").strip() or None,
        "answered_by": reply.model if reply.model and reply.model != settings.model.partition(":")[2] else None,
    }
    return {name: value for name, value in params.items() if value is not None} | request.lesson.recorded
