"""Which column is what: `item=subset+strategy+item,order_ab=winner_order_ab`, parsed, checked, and read from rows.

What this module does not know: files, and what becomes of the values.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from anchorset.core.errors import UsageError, nearest
from anchorset.infra.formats.fields import at, no_column

ROWS = (
    "case_id", "system", "passed", "score", "bucket", "root", "repeat", "dataset", "input", "output", "error",
    "usd", "seconds",
)  # fmt: skip
"""Targets of result rows."""
PAIRS = ("item", "order_ab", "order_ba", "judge", "strategy", "label", "family")
"""Targets of judge pairs."""

JOIN = " | "
ABSENT = frozenset(("", "null", "none", "nan", "na", "n/a"))
"""Cells that say nothing, in lower case: what tools write into CSV for a missing value."""


def parse(text: str) -> dict[str, str]:
    """Target -> column, or columns joined by `+` into one key. Raises UsageError naming the part."""
    mapping: dict[str, str] = {}
    for part in re.split(r",\s*(?=[\w.-]+\s*=)", text.strip()):
        target, equals, column = (piece.strip() for piece in part.partition("="))
        if not (target and equals and column):
            raise UsageError(
                f"`--map` has the part {part!r}, which is no `target=column`; write it as `case_id=id,passed=correct`, "
                "or `item=subset+item` to join columns."
            )
        if target in mapping:
            raise UsageError(
                f"`--map` names {target!r} twice ({mapping[target]!r} and {column!r}); give it one column."
            )
        mapping[target] = column
    return mapping


def check(mapping: Mapping[str, str], targets: Sequence[str]) -> None:
    """Raises UsageError for a target that is not among these."""
    for target in mapping:
        if target not in targets:
            raise UsageError(f"`--map` has the target {target!r}, which we do not know; {nearest(target, targets)}")


def parts(column: str, columns: Sequence[str]) -> tuple[str, ...]:
    """The columns that a mapped name stands for: itself when it is one, else what `+` joins."""
    return (column,) if column in columns or "+" not in column else tuple(part.strip() for part in column.split("+"))


def against(mapping: Mapping[str, str], columns: Sequence[str], *, where: str) -> None:
    """Raises InputError for a mapped column that is not there. A dotted path needs its first part."""
    for target, column in mapping.items():
        for part in parts(column, columns):
            if part not in columns and part.partition(".")[0] not in columns:
                raise no_column(part, columns, where=where, way=f"with `--map {target}=COLUMN`")


def value(fields: Mapping[str, Any], column: str | None) -> Any:
    """What the row holds under a column or dotted path; None when absent or a cell that says nothing."""
    if column is None:
        return None
    found = at(fields, column)
    return None if isinstance(found, str) and found.strip().casefold() in ABSENT else found


def word(found: Any) -> str | None:
    """A value as a trimmed word, so that 1, "1" and 1.0 are the same one; None for None, lists and objects."""
    if found is None or isinstance(found, (list, dict)):
        return None
    if isinstance(found, bool):
        return "true" if found else "false"
    if isinstance(found, float) and found.is_integer():
        found = int(found)
    text = str(found).strip()
    return text[:-2] if re.fullmatch(r"-?\d{1,18}\.0", text) else text


def key(fields: Mapping[str, Any], columns: Sequence[str]) -> str | None:
    """The words of these columns, joined; None when one of them says nothing."""
    words = [word(value(fields, column)) for column in columns]
    return None if None in words else JOIN.join(map(str, words))
