"""Cases that are open on somebody's page are kept from the others for some minutes, so that no two decide the same.

In the memory of the one process that serves a team: a crash forgets them, and then nothing is lost but the keeping.
What this module does not know: cases, lanes, and how many people may have one at a time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field


@dataclass
class Reserved:
    """Content -> who has it open on which page until when. The caller sees to it that one thread at a time asks."""

    seconds: float
    """How long; 0: nothing is ever kept."""
    clock: Callable[[], float] = time.monotonic
    _until: dict[str, dict[tuple[str, str], float]] = field(default_factory=dict)

    def hold(self, who: str, page: str, contents: Collection[str]) -> None:
        """These are open on this page now. A page that has a name holds nothing else."""
        if page:
            self.leave(who, page, but=contents)
        for content in contents if self.seconds > 0 else ():
            self._until.setdefault(content, {})[who, page] = self.clock() + self.seconds

    def leave(self, who: str, page: str, *, but: Collection[str] = ()) -> int:
        """The page is closed. Returns how many it held."""
        held = [content for content, until in self._until.items() if (who, page) in until and content not in but]
        for content in held:
            self._drop(content, [(who, page)])
        return len(held)

    def free(self, who: str, content: str) -> None:
        """Decided or put off: it is open nowhere any more for this reviewer."""
        self._drop(content, [key for key in self._until.get(content, ()) if key[0] == who])

    def others(self, who: str) -> dict[str, list[float]]:
        """Content -> for each other reviewer who has it open, the seconds until it is free."""
        now = self.clock()
        for content in list(self._until):
            self._drop(content, [key for key, until in self._until[content].items() if until <= now])
        found: dict[str, list[float]] = {}
        for content, until in self._until.items():
            last: dict[str, float] = {}
            for (name, _), at in until.items():
                last[name] = max(at - now, last.get(name, 0.0))
            last.pop(who, None)
            if last:
                found[content] = sorted(last.values())
        return found

    def _drop(self, content: str, keys: Collection[tuple[str, str]]) -> None:
        until = self._until.get(content, {})
        for key in keys:
            until.pop(key, None)
        if not until:
            self._until.pop(content, None)
