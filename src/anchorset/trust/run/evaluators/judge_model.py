"""A language model that evaluators may ask, and what it is told of the workspace. Injected: no evaluator opens one.

What this module does not know: how a model is reached, and what is asked.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from anchorset.core.ask import Answer, Ask
from anchorset.core.config import ModelSpec

AsyncAsk = Callable[[Ask], Awaitable[Answer]]
"""One question to whichever model it names. Limits, retries, memory and budget are behind it; it never raises for a
model's failure, but gives a Fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeModel:
    """What a judge of answers is lent."""

    ask: AsyncAsk
    spec: ModelSpec
    """The judge of the workspace; `auto` has been found by now. An evaluator may name another."""
    product: str = ""
    """What the application is and is not."""
    rubric: str = ""
    prompts: Mapping[str, str] = field(default_factory=dict)
    """Name -> text of the workspace's own prompt files."""
