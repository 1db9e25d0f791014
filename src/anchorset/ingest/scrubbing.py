"""Personal data out of a draft, with the same placeholder for the same value through the whole run.

What this module does not know: how personal data is recognised.
"""

from __future__ import annotations

import dataclasses
from typing import Any, Protocol

from anchorset.ingest.draft import Draft


class Scrubber(Protocol):
    """What is needed of a scrubber."""

    def scrub(self, text: str) -> str:
        """The text with typed placeholders."""
        ...

    def report(self) -> dict[str, int]:
        """Kind -> how many were replaced so far."""
        ...


def open_scrubber() -> Scrubber | None:
    from importlib import import_module

    try:
        scrubber: Scrubber = import_module("anchorset.infra.text.scrub").Scrubber()
    except ImportError:
        return None
    return scrubber


def scrubbed(draft: Draft, scrubber: Scrubber) -> Draft:
    """The draft without personal data. An id that looks personal is dropped: the row is then known by its line."""
    clean = scrubber.scrub
    return dataclasses.replace(
        draft,
        input=_deep(draft.input, scrubber) if draft.kind != "text" else clean(draft.input),
        expected=_deep(draft.expected, scrubber),
        criteria=tuple(map(clean, draft.criteria)),
        system=clean(draft.system) if draft.system else draft.system,
        metadata={axis: clean(value) if isinstance(value, str) else value for axis, value in draft.metadata.items()},
        extra=_deep(draft.extra, scrubber),
    )


def _deep(value: Any, scrubber: Scrubber) -> Any:
    if isinstance(value, str):
        return scrubber.scrub(value)
    if isinstance(value, dict):
        return {key: _deep(inner, scrubber) for key, inner in value.items()}
    if isinstance(value, list):
        return [_deep(inner, scrubber) for inner in value]
    return value
