"""Every item of an answer that can be used, and why the others cannot. Pure: the same text always gives the same.

What this module does not know: who answered, and whether anyone asks again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from anchorset.core.ask import Shape
from anchorset.infra.llm.loose_json import Cut, values

SHOWN = 5
"""Problems that are told one by one."""


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What an answer held."""

    items: tuple[BaseModel, ...]
    """Valid, whole, no two the same, in the order they came, as many as wanted at most."""
    problems: tuple[str, ...]
    """Why items are missing, a clause each; empty: none is."""


def salvage(text: str, shape: Shape, wanted: int = 1) -> Salvaged:
    """The items of `shape` in `text`: up to `wanted` where the shape has many, else one. Never raises."""
    wanted = wanted if shape.many else 1
    items: list[BaseModel] = []
    problems: list[str] = []
    found = values(text)
    for nth, one in enumerate(_elements(found, shape), 1):
        if len(items) == wanted:
            break
        try:
            item = shape.item.model_validate(_dressed(one, shape.item))
        except ValidationError as error:
            problems.append(f"item {nth}: {_why(error)}" if shape.many else _why(error))
            continue
        if item in items:
            problems.append(f"item {nth}: says the same as an earlier one")
            continue
        items.append(item)
    if len(items) >= wanted:
        return Salvaged(tuple(items), ())
    if any(isinstance(value, Cut) for value in found):
        problems.append("the JSON ends in the middle")
    elif not found:
        problems.append("there is no JSON in it")
    elif not problems:
        problems.append(f"{len(items)} of {wanted} items are there" if shape.many else "the object is not there")
    more = len(problems) - SHOWN
    return Salvaged(tuple(items), tuple([*problems[:SHOWN], f"and {more} more"] if more > 0 else problems))


def _elements(found: list[Any], shape: Shape) -> Iterator[Any]:
    """What may be items. Half objects are never among them."""
    for value in found:
        cut = isinstance(value, Cut)
        inner = value.value if isinstance(value, Cut) else value
        if isinstance(inner, list):
            yield from inner
            continue
        listed = _list_in(inner, shape)
        if listed is not None:
            yield from listed
        elif not cut:
            yield inner


def _list_in(answer: dict[str, Any], shape: Shape) -> list[Any] | None:
    """The items of an answer that is none itself: under `items`, or under whatever name the model gave them."""
    fields = shape.item.model_fields
    if isinstance(answer.get("items"), list) and "items" not in fields:
        return list(answer["items"])
    if any(name in fields for name in answer):
        return None
    if len(answer) == 1 and isinstance(inner := next(iter(answer.values())), dict):
        return [inner]
    lists = [inner for inner in answer.values() if isinstance(inner, list) and any(isinstance(x, dict) for x in inner)]
    return list(lists[0]) if len(lists) == 1 else None


def _dressed(one: Any, item: type[BaseModel]) -> Any:
    """A bare string, where the item has one field to hold it."""
    if isinstance(one, str) and len(item.model_fields) == 1:
        return {next(iter(item.model_fields)): one}
    return one


def _why(error: ValidationError) -> str:
    """The first error, without the value: that is hostile text."""
    errors = error.errors(include_url=False, include_context=False, include_input=False)
    where = ".".join(str(part)[:40] for part in errors[0]["loc"])
    said = "".join(mark if mark.isprintable() else " " for mark in f"{where}: {errors[0]['msg']}".removeprefix(": "))
    return said[:160] + (f" (and {len(errors) - 1} more)" if len(errors) > 1 else "")
