"""What reviewers said of earlier candidates, as prompts tell it: why, what not to write, and one put right by hand.

No example: a synthetic case is never an anchor. It is told apart from the real ones by its fence and by what is said
of it.
What this module does not know: which decisions were chosen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from anchorset.core.decision import RejectReason
from anchorset.core.inert import fenced

LONGEST = 600
"""Characters of a text that is shown; the rest is cut."""
WORDS: Mapping[RejectReason, str] = {
    "duplicate": "it says again what another message says already",
    "unrealistic": "no user would write so",
    "ambiguous_expected": "nobody could say what the right answer to it is",
    "not_enough_context": "it lacks what is needed to answer it",
    "off_policy": "it does not fit the product or its rules",
    "private_data": "it holds personal data",
    "caricature": "it overdoes the person: a caricature",
    "overfit": "it is made for the test, not out of a need",
    "other": "a reviewer would not have it",
}
"""Why, in the words of a prompt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlike:
    """A rejected candidate."""

    content: str
    why: str
    """One of `WORDS`."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Better:
    """A candidate that a reviewer put right."""

    content: str
    after_content: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """What is told in one cell. Falsy: nothing."""

    reasons: tuple[str, ...] = ()
    """Of `WORDS`, commonest first."""
    unlike: tuple[Unlike, ...] = ()
    better: Better | None = None

    def __bool__(self) -> bool:
        return bool(self.reasons or self.unlike or self.better)

    def within(self, prompt: str) -> Lesson:
        """What of it a prompt shows: a workspace's own prompt file need not tell it."""
        better = self.better if self.better and _shown(self.better.after) in prompt else None
        return Lesson(
            reasons=self.reasons, unlike=tuple(one for one in self.unlike if _shown(one.text) in prompt), better=better
        )

    @property
    def recorded(self) -> dict[str, Any]:
        """What a candidate keeps of it: the contents that were shown."""
        found: dict[str, Any] = {}
        if self.unlike:
            found["unlike"] = [one.content for one in self.unlike]
        if self.better:
            found["better"] = [self.better.content, self.better.after_content]
        return found

    def values(self) -> dict[str, Any]:
        """What a prompt is told; reasons only where they say more than the texts with theirs."""
        more = set(self.reasons) - {one.why for one in self.unlike}
        return {
            "reasons": list(self.reasons) if more else [],
            "unlike": [{"why": one.why, "shown": _shown(one.text)} for one in self.unlike],
            "better": {"before": _shown(self.better.before), "after": _shown(self.better.after)} if self.better else {},
        }


def _shown(text: str) -> str:
    return fenced(text[:LONGEST], "made")
