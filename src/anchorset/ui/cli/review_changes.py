"""What a command line changes in a case: its options, and what they come to.

What this module does not know: what an edit is for.
"""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

Input = Annotated[str | None, typer.Option("--input", help="New text; JSON for chats and records.")]
Expected = Annotated[str | None, typer.Option("--expected", help="New expected answer; JSON when it is no text.")]
Criteria = Annotated[list[str] | None, typer.Option("--criterion", help="What a good answer does; one an option.")]
Metadata = Annotated[list[str] | None, typer.Option("--metadata", help="axis=value; may be given several times.")]


def changes_of(
    input: str | None, expected: str | None, criteria: list[str] | None, metadata: list[str] | None
) -> dict[str, Any]:
    """Field -> its new value, of those that were given."""
    changes: dict[str, Any] = {}
    if input is not None:
        changes["input"] = _value(input)
    if expected is not None:
        changes["expected"] = _value(expected)
    if criteria:
        changes["criteria"] = tuple(criteria)
    if metadata:
        pairs = (part.partition("=") for part in metadata)
        changes["metadata"] = {axis: value or None for axis, _, value in pairs}
    return changes


def _value(text: str) -> Any:
    try:
        return json.loads(text) if text[:1] in "[{" else text
    except ValueError:
        return text
