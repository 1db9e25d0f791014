"""Personal data out of a draft, with the same placeholder for the same value through the whole run.

What this module does not know: how personal data is recognised.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from anchorset.infra.text.scrub import Scrubber
from anchorset.ingest.draft import Draft


def reserve(draft: Draft, scrubber: Scrubber) -> None:
    """Keeps placeholders that the texts hold already from being given out again."""
    scrubber.reserve(_strings([draft.input, draft.expected, draft.system, draft.extra]))


def scrubbed(draft: Draft, scrubber: Scrubber) -> Draft:
    """The draft without personal data. An id that looks personal is dropped: the row is then known by its line."""
    clean = scrubber.scrub
    return dataclasses.replace(
        draft,
        input=deep(draft.input, scrubber),
        expected=deep(draft.expected, scrubber),
        criteria=tuple(map(clean, draft.criteria)),
        system=clean(draft.system) if draft.system else draft.system,
        metadata=deep(draft.metadata, scrubber),
        extra=deep(draft.extra, scrubber),
        id=draft.id if draft.id is None or Scrubber().scrub(draft.id) == draft.id else None,
    )


def deep(value: Any, scrubber: Scrubber) -> Any:
    """Every string inside, scrubbed; the names of fields stay."""
    if isinstance(value, str):
        return scrubber.scrub(value)
    if isinstance(value, dict):
        return {key: deep(inner, scrubber) for key, inner in value.items()}
    if isinstance(value, list):
        return [deep(inner, scrubber) for inner in value]
    return value


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _strings(inner)
