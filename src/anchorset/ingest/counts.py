"""What became of every source row. The counts cannot be built out of balance.

What this module does not know: how rows are read.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from anchorset.core.errors import LedgerError


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """In source rows: read = kept + folded + grouped + refused."""

    read: int
    kept: int
    """Rows that became a case (of a conversation: its first)."""
    folded: int
    """Rows that say exactly what a kept one says; its `count` has them."""
    grouped: int
    """Turns that went into a conversation beyond its first."""
    refused: int
    """Rows that were set aside, each with a reason."""

    def __post_init__(self) -> None:
        total = self.kept + self.folded + self.grouped + self.refused
        if total != self.read or min(self.kept, self.folded, self.grouped, self.refused) < 0:
            raise LedgerError(
                f"the counts of ingest do not add up: read {self.read}, but kept {self.kept} + folded {self.folded} "
                f"+ grouped {self.grouped} + refused {self.refused} = {total}. This is a bug; please report it."
            )

    def report(self) -> dict[str, int]:
        """The machine form: each term under its name."""
        return asdict(self)
