"""Rows that were set aside, and the file that lists them.

What this module does not know: why a row is refused.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from anchorset.core.hashing import canonical
from anchorset.infra.formats.row import KEPT_RAW
from anchorset.infra.formats.writing import atomic_text


def shown(value: object) -> str:
    """The beginning of a value as JSON, for showing."""
    return json.dumps(value, ensure_ascii=False, default=str)[:KEPT_RAW]


class Refused(NamedTuple):
    """One row that was set aside: where it begins, why, and its beginning (scrubbed when the run scrubs)."""

    line: int
    reason: str
    raw: str


def refused_path(source: str | Path) -> Path:
    """Where the refused rows of `source` are listed: `FILE.rejected.jsonl` beside it."""
    source = Path(source)
    return source.with_name(source.name + ".rejected.jsonl")


def write_refused(refused: Sequence[Refused], path: str | Path) -> Path:
    """Writes one JSON object a row (`line`, `reason`, `raw`) to `path`, whole or not at all. Returns the path.

    Raises MachineError when the disk refuses.
    """
    with atomic_text(path) as file:
        for row in refused:
            file.write(canonical(row._asdict()) + "\n")
    return Path(path)
