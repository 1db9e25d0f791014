"""Rows that were set aside, without personal data when the run scrubs, and the file that lists them.

What this module does not know: why a row is refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from anchorset.core.hashing import canonical
from anchorset.infra.formats.row import KEPT_RAW, BadRow
from anchorset.infra.formats.writing import atomic_text
from anchorset.infra.text.scrub import Scrubber
from anchorset.ingest.scrubbing import deep

_ESCAPE = re.compile(r"(\\[nrt])")
_CUT_OFF = 100
"""Characters at the end of a row that was cut: half a value is not recognised as personal data."""


class Unusable(NamedTuple):
    """One row that was read and cannot become a case, why, and what it says."""

    line: int
    reason: str
    value: Any


class Refused(NamedTuple):
    """One row that was set aside: where it begins, why, and its beginning (scrubbed when the run scrubs)."""

    line: int
    reason: str
    raw: str


def refused(row: BadRow | Unusable, scrubber: Scrubber | None) -> Refused:
    """The row as it is listed: its value as JSON, or the text that could not be read; reason and text scrubbed."""
    if scrubber is None:
        raw = row.raw if isinstance(row, BadRow) else _shown(row.value)
        return Refused(row.line, row.reason, raw[:KEPT_RAW])
    if isinstance(row, BadRow):
        raw = _scrubbed(row.raw, scrubber)
        raw = raw[:-_CUT_OFF] if len(row.raw) >= KEPT_RAW else raw
    else:
        # Values first: in JSON an `\\n` glues an n to the number after it. Then the whole, for the names of fields.
        raw = _scrubbed(_shown(deep(row.value, scrubber)), scrubber)
    return Refused(row.line, _scrubbed(row.reason, scrubber), raw[:KEPT_RAW])


def _shown(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _scrubbed(text: str, scrubber: Scrubber) -> str:
    """Text that may be broken JSON: what stands between two escaped line ends or tabs is scrubbed alone."""
    return "".join(piece if _ESCAPE.fullmatch(piece) else scrubber.scrub(piece) for piece in _ESCAPE.split(text))


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
