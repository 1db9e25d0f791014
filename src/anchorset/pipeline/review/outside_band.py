"""Techniques, personas and cells whose survival lies outside the band, each with what to do.

What this module does not know: how decisions are asked for and counted in full; that is reviewing.py's.
"""

from __future__ import annotations

from collections import Counter

from anchorset.infra.db import cases as case_rows
from anchorset.infra.db import lessons as rows
from anchorset.pipeline.workspace import Workspace
from anchorset.review.advice import UNDER, Advised, advised
from anchorset.review.survival import by

SLICES = {"bucket": "technique", "persona": "persona", "cell": "cell"}
"""Column -> what it is called, in the order in which they are told."""


def outside_band(workspace: Workspace) -> tuple[Advised, ...]:
    """What to do about each slice whose whole interval lies outside the band; from the store alone."""
    columns = [*SLICES, "status"]
    slices: dict[str, Counter[tuple[str, str]]] = {name: Counter() for name in SLICES}
    with workspace.store.reading() as connection:
        for (*where, status), n in case_rows.decided(connection, columns).items():
            for name, value in zip(SLICES, where, strict=True):
                if value is not None:
                    slices[name][value, status] += n
        each = {name: by(found) for name, found in slices.items()}
        under = any(one.band in UNDER for found in each.values() for one in found.values())
        why = rows.reasons_by(connection, [*SLICES]) if under else Counter()
    found: list[Advised] = []
    for at, (column, name) in enumerate(SLICES.items()):
        reasons: dict[str, Counter[str]] = {}
        for values, n in why.items():
            if values[at] is not None:
                reasons.setdefault(values[at], Counter())[values[-1]] += n
        found += advised(name, each[column], reasons)
    return tuple(found)
