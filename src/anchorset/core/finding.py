"""What a check said of one content, with its evidence. A finding lives on the record whose `content` it judged.

What this module does not know: any check.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import SerializerFunctionWrapHandler, model_serializer

from anchorset.core.noun import Noun

Says = Literal["pass", "flag", "reject", "not_run"]
"""not_run is neither: the check had nothing to look at, or its model was absent."""

OnHit = Literal["reject", "flag"]


class Finding(Noun):
    """One check's word on one content."""

    check: str
    """The stable code: `duplicate.near`."""
    version: int
    says: Says
    score: float | None = None
    """The number that was compared; None for a check without one."""
    threshold: float | None = None
    """What it was compared with, as used."""
    evidence: str | None = None
    """What was seen, in a few words: the word, the span, the id of the other case."""

    @model_serializer(mode="wrap")
    def _only_what_was_said(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {key: value for key, value in handler(self).items() if value is not None}
