"""What the outside lends a run, in one hand: built by a way in, passed down, never looked up.

What this module does not know: which implementations it holds.
"""

from __future__ import annotations

from dataclasses import dataclass

from anchorset.core.ports import Embedder, Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbench:
    """The tools of a run."""

    embedder: Embedder
    progress: Progress


class Silent:
    """Progress that nobody watches."""

    def start(self, what: str, total: int | None) -> None: ...

    def advance(self, n: int = 1) -> None: ...

    def tell(self, what: str, text: str) -> None: ...

    def stop(self) -> None: ...
