"""Which column is what: `input=text,metadata.intent=category`, parsed and held against the columns there are.

What this module does not know: how rows are read, and what becomes of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from anchorset.core.errors import UsageError, nearest
from anchorset.infra.formats.fields import no_column

TARGETS = (
    "input", "expected", "criteria", "id", "observed_at", "system", "language", "author",
    "conversation", "turn", "role",
)  # fmt: skip
OPEN_TARGETS = ("metadata.", "extra.")
"""Followed by a name of the owner's choice."""

_EXAMPLE = "write it as `input=text,expected=answer,metadata.intent=category`"


def parse(text: str) -> dict[str, str]:
    """Target -> column. A column name may hold commas and dots, no `,name=`. Raises UsageError naming the part."""
    mapping: dict[str, str] = {}
    for part in re.split(r",\s*(?=[\w.-]+\s*=)", text.strip()):
        target, equals, column = (piece.strip() for piece in part.partition("="))
        if not equals or not column:
            raise UsageError(f"`--map` has the part {part!r}, which is no `target=column`; {_EXAMPLE}.")
        if target in mapping:
            raise UsageError(
                f"`--map` names {target!r} twice ({mapping[target]!r} and {column!r}); give it one column."
            )
        mapping[target] = column
    check(mapping)
    return mapping


def check(mapping: Mapping[str, str]) -> None:
    """Raises UsageError for a target that we do not know, or turns without a conversation."""
    for target in mapping:
        opened = next((prefix for prefix in OPEN_TARGETS if target.startswith(prefix)), None)
        if target not in TARGETS and (opened is None or target == opened):
            names = [*TARGETS, *(f"{prefix}NAME" for prefix in OPEN_TARGETS)]
            raise UsageError(f"`--map` has the target {target!r}, which we do not know; {nearest(target, names)}")
    if "conversation" not in mapping and (lost := sorted({"turn", "role"} & set(mapping))):
        raise UsageError(
            f"`--map` names {lost[0]!r} but no `conversation`, so nothing says which turns belong together. "
            "Add `conversation=COLUMN`."
        )


def against(mapping: Mapping[str, str], columns: Sequence[str], *, where: str) -> None:
    """Raises InputError for a mapped column that is not there. A dotted path needs its first part."""
    for target, column in mapping.items():
        if column not in columns and column.partition(".")[0] not in columns:
            raise no_column(column, columns, where=where, way=f"with `--map {target}=COLUMN`")
