"""Two versions compared: what was added, removed and changed, by bucket and axis; and which number the next one gets.

What this module does not know: files.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from anchorset.core.case import Case
from anchorset.core.dataset import Bump, row_digest

LOOKED_AT = ("bucket", "expected", "criteria", "metadata", "split", "difficulty", "tags", "language")
"""What a row of one id can differ in; every other difference is how it is written. Another bucket is another weight
in every verdict: a regression that becomes a seed anchors from then on."""
SHOWN = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Diff:
    """What the second version has that the first has not, and the other way round. All are case ids."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: dict[str, tuple[str, ...]]
    """Id -> fields that differ."""
    rewritten: tuple[str, ...]
    """Same in every field above, written anew: findings, reviews, status."""
    by_bucket: dict[str, dict[str, int]]
    """Bucket -> added, removed, changed."""
    by_axis: dict[str, dict[str, dict[str, int]]]
    """Metadata name -> value -> added, removed, changed."""

    @property
    def bump(self) -> Bump | None:
        """Which number goes up; None when nothing is different."""
        if self.removed or self.changed:
            return "major"
        return "minor" if self.added else "patch" if self.rewritten else None

    def sentence(self) -> str:
        """One line: what changed."""
        fields = Counter(field for names in self.changed.values() for field in names)
        parts = [
            f"{len(ids):,} {what}"
            for ids, what in ((self.added, "added"), (self.removed, "removed"), (self.rewritten, "written anew"))
            if ids
        ]
        if self.changed:
            named = ", ".join(f"{name} {n:,}" for name, n in fields.most_common())
            parts.append(f"{len(self.changed):,} changed ({named})")
        return ", ".join(parts) or "nothing changed"

    def report(self) -> dict[str, Any]:
        """The machine form."""
        return {
            "bump": self.bump, "added": list(self.added), "removed": list(self.removed),
            "changed": {id: list(fields) for id, fields in self.changed.items()}, "rewritten": list(self.rewritten),
            "by_bucket": self.by_bucket, "by_axis": self.by_axis, "says": self.sentence(),
        }  # fmt: skip

    def lines(self) -> list[str]:
        """The difference in words."""
        found = [self.sentence()]
        for bucket, counts in self.by_bucket.items():
            found.append(f"  {bucket}: " + ", ".join(f"{n:,} {what}" for what, n in counts.items() if n))
        for axis, values in self.by_axis.items():
            for value, counts in list(values.items())[:SHOWN]:
                found.append(f"  {axis}={value}: " + ", ".join(f"{n:,} {what}" for what, n in counts.items() if n))
            if len(values) > SHOWN:
                found.append(f"  … and {len(values) - SHOWN:,} more values of {axis}")
        for what, ids in (("added", self.added), ("removed", self.removed), ("changed", tuple(self.changed))):
            if ids:
                more = f" … and {len(ids) - SHOWN:,} more" if len(ids) > SHOWN else ""
                found.append(f"  {what}: {', '.join(ids[:SHOWN])}{more}")
        return found


def compared(before: Sequence[Case], after: Sequence[Case]) -> Diff:
    """What `after` changes against `before`. Ids are unique in each."""
    old, new = {case.id: case for case in before}, {case.id: case for case in after}
    changed: dict[str, tuple[str, ...]] = {}
    rewritten: list[str] = []
    for id in sorted(old.keys() & new.keys()):
        fields = tuple(name for name in LOOKED_AT if getattr(old[id], name) != getattr(new[id], name))
        if fields:
            changed[id] = fields
        elif row_digest(old[id]) != row_digest(new[id]):
            rewritten.append(id)
    added, removed = sorted(new.keys() - old.keys()), sorted(old.keys() - new.keys())
    marked = [(new[id], "added") for id in added] + [(old[id], "removed") for id in removed]
    marked += [(new[id], "changed") for id in changed]
    by_axis: dict[str, dict[str, dict[str, int]]] = {}
    by_bucket: dict[str, dict[str, int]] = {}
    for case, what in marked:
        _count(by_bucket, str(case.bucket), what)
        for axis, value in case.metadata.items():
            _count(by_axis.setdefault(axis, {}), str(value), what)
    return Diff(
        added=tuple(added), removed=tuple(removed), changed=changed, rewritten=tuple(rewritten),
        by_bucket=dict(sorted(by_bucket.items())),
        by_axis={axis: dict(sorted(values.items())) for axis, values in sorted(by_axis.items())},
    )  # fmt: skip


def _count(where: dict[str, dict[str, int]], name: str, what: str) -> None:
    found = where.setdefault(name, {"added": 0, "removed": 0, "changed": 0})
    found[what] += 1


def splits_of(cases: Sequence[Case]) -> Mapping[str, str]:
    """Case id -> split, for the next version to keep."""
    return {case.id: case.split for case in cases if case.split is not None}
