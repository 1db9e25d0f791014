"""`tool_call`: the application called the tools it should.

What this module does not know: arguments of calls.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal, Self

from pydantic import JsonValue

from anchorset.core.case import Case
from anchorset.core.errors import ConfigError
from anchorset.core.inert import short
from anchorset.core.noun import Names
from anchorset.core.run import Score
from anchorset.trust.run.answer import Answer
from anchorset.trust.run.evaluators.evaluator import Evaluator, Means


class ToolCall(Evaluator):
    """The application called the tools it should, or left alone the ones it should not.

    What it looks at: names of the tools called, against the setting `tools`, else the case's `extra.expected_tools`
    (an empty list there: no tool at all).
    Why it matters: what an agent does weighs more than what it says.
    Example that fails: no `create_ticket` where it is expected.
    How to fix it: `mode: set` when the order is free, `only: true` when nothing else may be called.
    """

    code: ClassVar[str] = "tool_call"
    version: ClassVar[int] = 1

    tools: Names | None = None
    """Names; None: the case says them."""
    mode: Literal["order", "set", "never"] = "order"
    """order: called in this order, others may come between. set: all called, in any order. never: none of them called;
    without names, no tool at all."""
    only: bool = False
    """Whether calls of other tools, or more calls of these, fail."""

    def resolved(self, means: Means) -> Self:
        if self.mode == "never" and self.only:
            raise ConfigError("`evaluators.tool_call` has `mode: never` and `only: true`, which contradict; drop one.")
        return self

    async def judge(self, case: Case, answer: Answer, means: Means) -> Score:
        wanted = self.tools if self.tools is not None else expected_tools(case.extra.get("expected_tools"))
        if wanted is None and self.mode != "never":
            return self.said(None, "the case has no `extra.expected_tools` that can be read")
        if answer.tools is None:
            return self.said(None, "the target does not report tools")
        passed = self._holds(wanted or (), answer.tools)
        ask = {"order": "in this order", "set": "in any order", "never": "never"}[self.mode]
        told = f"expected {ask}: {', '.join(wanted or ()) or 'no tool'}; called: {', '.join(answer.tools) or 'none'}"
        return self.said(passed, None if passed else short(told, 200))

    def _holds(self, wanted: tuple[str, ...], called: tuple[str, ...]) -> bool:
        if self.mode == "never":
            return not (set(called) & set(wanted) if wanted else called)
        if not wanted:
            return not called
        if self.mode == "set":
            return sorted(called) == sorted(wanted) if self.only else set(wanted) <= set(called)
        if self.only:
            return called == wanted
        rest = iter(called)
        return all(name in rest for name in wanted)


def expected_tools(value: JsonValue) -> tuple[str, ...] | None:
    """Names in a case's own column: a name, a list of names, or of objects with `name`. None: none of these."""
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list):
        return None
    names = [call.get("name") if isinstance(call, Mapping) else call for call in value]
    return tuple(str(name) for name in names) if all(isinstance(name, str) for name in names) else None
