"""An answer of the application under test: what it said, the tools it called, what it cost; or why there is none.

What comes from outside is made safe to keep here: finite numbers, whole characters, at most 1 MB, not too deep.
What this module does not know: how the application was called, and whether the answer is right.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import JsonValue

from anchorset.core.inert import short
from anchorset.core.run import Cause, Result

CAP_BYTES = 1_000_000
"""A larger answer (UTF-8 JSON) is not kept and not judged: its row has the cause `too_large` and the head."""
HEAD_CHARACTERS = 2_000
"""What is kept of an answer that is too large or cannot be read."""
DEEPEST = 64
"""Levels of nesting. JSON readers stop at about 200, and a row must be readable by all of them."""
LONGEST_ERROR = 400
"""Characters of a row's error sentence."""

_SURROGATE = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one call gave."""

    output: JsonValue = None
    """The answer itself. None: only tools were called, or `cause` says why there is none."""
    tools: tuple[str, ...] | None = None
    """Names of the tools called, in order; None: not reported."""
    usd: float | None = None
    seconds: float | None = None
    cause: Cause | None = None
    """Why there is no answer to judge; None: there is one."""
    error: str | None = None
    """One sentence; None when there is an answer."""


class CallError(Exception):
    """A call that gave nothing to judge. It costs one row, never the run."""

    def __init__(self, cause: Cause, error: str, *, head: str | None = None, seconds: float | None = None) -> None:
        super().__init__(error)
        self.cause: Cause = cause
        self.error = error
        self.head = head
        """The beginning of what was said instead of an answer; None: nothing was said."""
        self.seconds = seconds

    def as_answer(self, seconds: float) -> Answer:
        """The row's part. `seconds` is used when the call did not measure itself."""
        return Answer(
            cause=self.cause,
            error=short(self.error, LONGEST_ERROR),
            output=None if self.head is None else _whole(self.head[:HEAD_CHARACTERS]),
            seconds=self.seconds if self.seconds is not None else seconds,
        )


@dataclass(frozen=True, slots=True)
class Served:
    """What a call gave, not yet read, and how long it took: waits for a free worker or for a next try are left out."""

    value: Any
    seconds: float


def timed(read: Callable[[Any], Answer], served: Served, place: str = "") -> Answer:
    """The answer with its seconds. Raises CallError with the same; `place` (of an exchange) begins its sentence."""
    try:
        return replace(read(served.value), seconds=served.seconds)
    except CallError as error:
        head = head_of(served.value) if place and error.head is None else error.head
        said = f"{place}: {error.error}" if place else error.error
        raise CallError(error.cause, said, head=head, seconds=served.seconds) from None


def read_answer(value: Any) -> Answer:
    """The answer in what an application gave: a JSON value, or an object with `output` and maybe `tools` and `usd`.

    `tools` is a list of names or of objects with `name` (as in the OpenAI format, nested under `function`).
    Raises CallError: `garbage` for what is no JSON value or says nothing, `too_large` beyond 1 MB.
    """
    if isinstance(value, Mapping) and "output" in value:
        return answer_of(value["output"], tools=value.get("tools"), usd=value.get("usd"))
    return answer_of(value)


def answer_of(output: Any, *, tools: Any = None, usd: Any = None) -> Answer:
    """An answer whose parts have been found. Raises CallError as `read_answer` does."""
    safe = kept(output)
    names = None if tools is None else tool_names(tools)
    if safe is None and not names:
        raise CallError("garbage", "the answer is null and no tool was called; give a string or any other JSON value")
    size = len(json.dumps(safe, ensure_ascii=False).encode())
    if size > CAP_BYTES:
        raise CallError("too_large", too_large(size), head=head_of(safe))
    return Answer(output=safe, tools=names, usd=None if usd is None else _cost(usd))


def too_large(size: int | None) -> str:
    """The sentence for an answer beyond the cap. `size` in bytes; None: it was cut before its end was seen."""
    found = "more" if size is None else f"{size:,} bytes"
    return f"the answer has {found}, the limit is {CAP_BYTES:,}; only its head is kept and nothing is judged"


def head_of(value: Any) -> str:
    """The beginning of a value as text, to be looked at."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=repr)
    return text[:HEAD_CHARACTERS]


def from_row(row: Result) -> Answer | None:
    """The answer in an earlier row, to be judged again without asking. None when the row has no whole answer."""
    if row.cause not in (None, "not_judged"):
        return None
    return Answer(output=row.output, tools=row.tools, usd=row.usd, seconds=row.seconds)


def kept(value: Any) -> JsonValue:
    """The value as it can be kept: lone surrogates become U+FFFD. Raises CallError for what is no finite JSON value."""
    return _kept(value, 0)


def _kept(value: Any, depth: int) -> JsonValue:
    if depth > DEEPEST:
        raise CallError("garbage", f"the answer is nested deeper than {DEEPEST} levels; flatten it")
    if isinstance(value, str):
        return _whole(value)
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise CallError("garbage", f"the answer holds {value!r}, which is no JSON number; give null or a text")
        return value
    if isinstance(value, Mapping):
        return {_whole(str(key)): _kept(inner, depth + 1) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_kept(inner, depth + 1) for inner in value]
    raise CallError("garbage", f"the answer holds a {type(value).__name__}; give strings and JSON values only")


def _whole(text: str) -> str:
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def tool_names(tools: Any) -> tuple[str, ...]:
    """Names of the tools called. Raises CallError `garbage` for what is no list of calls."""
    if isinstance(tools, (list, tuple)):
        names = [_tool_name(call) for call in tools]
        if all(names):
            return tuple(_whole(str(name)) for name in names)
    found = short(repr(tools), 60)
    raise CallError("garbage", f"`tools` is {found}; give a list of names, or of objects with `name` and `arguments`")


def _tool_name(call: Any) -> str | None:
    if isinstance(call, Mapping):
        inner = call.get("function")
        call = inner.get("name") if isinstance(inner, Mapping) else call.get("name")
    return call if isinstance(call, str) and call else None


def _cost(usd: Any) -> float:
    if isinstance(usd, (int, float)) and not isinstance(usd, bool) and 0 <= usd < 1e12:
        return float(usd)
    raise CallError("garbage", f"`usd` is {short(repr(usd), 60)}; give a number of 0 or more, or leave it out")
