"""What a target is: a name, a version, a family, and a way to be asked one case.

What this module does not know: any kind of target.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from anchorset.core.case import Case
from anchorset.trust.run.answer import Answer

Ask = Callable[[Case], Awaitable[Answer]]
"""One call. Raises CallError with the cause when there is nothing to judge."""


class Target(Protocol):
    """One application under test, checked and ready. Holds settings, never results, so that it can be run again."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str:
        """Answers are kept under it: two versions never share one."""
        ...

    @property
    def family(self) -> str | None: ...

    @property
    def concurrency(self) -> int:
        """Calls at a time."""
        ...

    def check(self, cases: Iterable[Case]) -> None:
        """Raises ConfigError when a template names something that a case does not have. Nothing is sent."""
        ...

    def opened(self) -> AbstractAsyncContextManager[Ask]:
        """The target ready for calls; what it started ends with the context."""
        ...
